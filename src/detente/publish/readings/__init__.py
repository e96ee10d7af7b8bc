"""Readings: each measure read out, in one form for terminal, page, program and figure.

A file for each measure, named after its command (`third-parties` is in `third_parties.py`), with a function of that
name which makes the reading from a `Material`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from detente.errors import PublishError

if TYPE_CHECKING:
    from detente.publish.material import Material
    from detente.publish.readings.reading import Reading

__all__ = ["READERS", "Reader", "read"]


@dataclass(frozen=True, slots=True)
class Reader:
    """A measure that can be asked for.

    Attributes:
        summary: What its command does, one sentence of at most 60 characters, so that `detente --help` shows it whole.
        more: A paragraph on what is shown.
    """

    summary: str
    more: str


READERS: Mapping[str, Reader] = {
    "index": Reader(
        "Show the daily index in each direction, and its breaks.",
        "Each day comes with its interval, each break with its date.",
    ),
    "agenda": Reader(
        "Show what is dealt with, what stalls and what waits.",
        "Shares of each issue by side over time, what is kept out, and stated conditions with their circles.",
    ),
    "deeds": Reader(
        "Show words against deeds, and what came of promises.",
        "Promises with the delay to the deed, those called off, and those still open.",
    ),
    "stage": Reader(
        "Show the stage of normalisation, measured and claimed.",
        "Rungs from contact to restoration, the day each was reached, what undid it, and who claims it.",
    ),
    "breaks": Reader(
        "Show when level, trend, swings or volume changed.",
        "Each break comes with its interval and probability, and with the day on which it would have been noticed.",
    ),
    "sources": Reader(
        "Show whose press tells what, and the index without it.",
        "By outlet, country, ownership and language; what one side's press tells and the other's does not.",
    ),
    "camps": Reader(
        "Show who stands harder in each side, and any camps.",
        "Positions come from statements until the day, with intervals; who contradicts himself or his government too.",
    ),
    "risers": Reader(
        "Show who comes up and who is new on each side.",
        "Shares of the side's contacts, words and mentions, now against before, with roles and their days.",
    ),
    "reciprocity": Reader(
        "Show who answers whom, how fast, and who moves first.",
        "Over the whole stretch, and in each period between breaks that is long enough.",
    ),
    "outlook": Reader(
        "Forecast the weekly score 1, 4 and 12 weeks ahead.",
        "Each forecast comes with intervals, and with how such forecasts of this series did against a 26-week mean.",
    ),
    "third-parties": Reader(
        "Show who pulls from outside, and who offers what to whom.",
        "Each side's ties to the dossier's third states are compared with the pair; levers are read from reports.",
    ),
}


def read(measure: str, material: Material, **options: Any) -> Reading:
    """Measure and read out.

    Args:
        options: What this measure alone can be asked for, as its function in this folder takes it.

    Raises:
        PublishError: There is no such measure, or it cannot be made of this origin.
        MeasureError: The material does not bear it.
    """
    if measure not in READERS:
        raise PublishError(f"no measure {measure!r}. Ask for one of {', '.join(READERS)}.")
    name = measure.replace("-", "_")
    found: Reading = getattr(import_module(f"detente.publish.readings.{name}"), name)(material, **options)
    return found
