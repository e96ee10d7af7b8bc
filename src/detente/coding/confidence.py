"""From how sure a rule is to the share of its codings that are right.

A rule's figure, lowered by what the sentence leaves open, orders codings; `lexicons/calibration.toml` says what share
of codings of each figure was right on annotated development texts. `benchmarks/calibrate.py` makes that table.

Source: Zadrozny and Elkan (2002), "Transforming classifier scores into accurate multiclass probability estimates", KDD:
isotonic regression; points between are read off a straight line.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Literal

Kind = Literal["event", "statement"]
Points = tuple[tuple[float, float], ...]


@cache
def points(kind: Kind) -> Points:
    """(a rule's figure, share right) with both rising; empty where nothing was measured."""
    text = resources.files("detente.coding").joinpath("lexicons", "calibration.toml").read_text(encoding="utf-8")
    return tuple((float(raw), float(share)) for raw, share in tomllib.loads(text)[kind]["points"])


def calibrated(kind: Kind, raw: float) -> float:
    """The share of such codings that is right, in [0, 1], rounded to three places.

    >>> 0 <= calibrated("event", 0.2) <= calibrated("event", 0.9) <= 1
    True
    """
    return round(read_off(points(kind), raw), 3)


def read_off(curve: Sequence[tuple[float, float]], raw: float) -> float:
    """Read a rising curve at a point; outside it the nearest end holds, and without one the point itself.

    >>> read_off(((0.2, 0.1), (0.6, 0.5)), 0.4), read_off((), 0.7)
    (0.3, 0.7)
    """
    if not curve:
        return raw
    at = bisect_right([x for x, _ in curve], raw)
    if at == 0:
        return curve[0][1]
    if at == len(curve):
        return curve[-1][1]
    (low, left), (high, right) = curve[at - 1], curve[at]
    return round(left + (right - left) * (raw - low) / (high - low), 12)
