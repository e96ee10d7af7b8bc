"""What the index would be without one occurrence: on the day it weighs most, and on the last day.

The index is a ratio of sums that decay alike, so that taking one occurrence out needs no second run: its weight and its
weight times its score are taken from the sums of the day. Nothing else is asked, and nothing is fitted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from detente.engine import EventRow, EventRows, rows_between
from detente.measures.index import DailyIndex, IndexPoint, check_dyad, faded

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Without:
    """One series on one day, with an occurrence and without it.

    Attributes:
        value, low, high: The index as it is, with its interval.
        without: The index had the occurrence never been coded; None where nothing else had happened yet.
    """

    series: str
    day: date
    value: float
    low: float
    high: float
    without: float | None

    @property
    def change(self) -> float | None:
        """Points that the occurrence adds; None where there is no index without it."""
        return None if self.without is None else round(self.value - self.without, _DIGITS)

    @property
    def within(self) -> bool:
        """Whether the index without it lies inside the interval of the index with it."""
        return self.without is not None and self.low <= self.without <= self.high


@dataclass(frozen=True, slots=True)
class Effect:
    """What an occurrence does to each series it enters, the pair's own first.

    Attributes:
        then: On the last day of its stretch, on which it weighs most; empty where the index begins later.
        now: On the last day of the index.
    """

    then: tuple[Without, ...]
    now: tuple[Without, ...]


def without_each(events: EventRows, index: DailyIndex) -> dict[str, Effect]:
    """By occurrence, the index without it; those that enter no series by the last day of the index are left out.

    Args:
        events: What the index was made of.

    Raises:
        MeasureError: The rows were kept for another dyad.
    """
    check_dyad(events, index.dyad)
    grouped: dict[str, list[EventRow]] = defaultdict(list)
    begins: dict[str, dict[str, date]] = defaultdict(dict)
    for row in rows_between(events.rows, index.dyad):
        if row.first <= index.end:
            grouped[row.occurrence].append(row)
            for name in (str(index.dyad), f"{row.actor}>{row.recipient}"):
                begins[name][row.occurrence] = min(row.first, begins[name].get(row.occurrence, row.first))
    # Of all but one, the earliest is one of the two earliest.
    earliest = {name: sorted((day, key) for key, day in held.items())[:2] for name, held in begins.items()}
    return {key: _effect(key, rows, index, earliest) for key, rows in grouped.items()}


def _effect(
    key: str, rows: list[EventRow], index: DailyIndex, earliest: Mapping[str, list[tuple[date, str]]]
) -> Effect:
    own = min(max(row.last for row in rows), index.end)
    names = [str(index.dyad), *sorted({f"{row.actor}>{row.recipient}" for row in rows})]
    then = [_without(key, name, own, rows, index, earliest[name]) for name in names] if own >= index.start else []
    now = [_without(key, name, index.end, rows, index, earliest[name]) for name in names]
    return Effect(tuple(filter(None, then)), tuple(filter(None, now)))


def _without(
    key: str, name: str, day: date, rows: list[EventRow], index: DailyIndex, earliest: list[tuple[date, str]]
) -> Without | None:
    joint = name == str(index.dyad)
    point: IndexPoint = index.series[name].on(day)
    if point.value is None or point.low is None or point.high is None:
        return None
    held = [row for row in rows if joint or f"{row.actor}>{row.recipient}" == name]
    weight = sum(
        row.weight_thousandths / 1000 * faded(row, day, index.settings) / (row.pair_rows if joint else 1)
        for row in held
        if row.first <= day
    )
    others = next((first for first, other in earliest if other != key), None)
    without = None
    if others is not None and others <= day:
        whole = index.settings.prior_weight + point.effective_events
        without = round((point.value * whole - weight * held[0].score) / (whole - weight), _DIGITS) + 0.0
    return Without(name, day, point.value, point.low, point.high, without)
