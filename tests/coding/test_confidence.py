"""Confidence is the share of such codings that was right; it rises with how sure the rule is."""

from __future__ import annotations

from itertools import pairwise

import pytest

from detente.coding.confidence import Kind, calibrated, points


@pytest.mark.parametrize("kind", ["event", "statement"])
def test_the_curve_rises_within_zero_and_one(kind: Kind) -> None:
    curve = points(kind)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in curve)
    assert all(left < right and low <= high for (left, low), (right, high) in pairwise(curve))
    figures = [calibrated(kind, raw / 20) for raw in range(21)]
    assert figures == sorted(figures)
