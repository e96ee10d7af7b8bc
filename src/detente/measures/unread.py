"""What the index owes to codings that no person has decided on: how far one of them, or all of them, can move it.

A coding nobody has read weighs its confidence. Read, it weighs 1 where it is right and 0 where it is wrong. Only these
two ends are looked at: a coding amended to another type can move the index further.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from detente.engine import EventRow, EventRows, rows_between
from detente.measures.index import IndexSettings, check_dyad, daily_index, faded, series_names
from detente.terms import Dyad


@dataclass(frozen=True, slots=True)
class UnreadReach:
    """The index of a day, and its ends over every way in which the unread codings may be right or wrong.

    Attributes:
        occurrences: How many that nobody has decided on count in it.
    """

    day: date
    value: float
    low: float
    high: float
    occurrences: int

    @property
    def most(self) -> float:
        """The farthest the index can move, in points."""
        return max(self.high - self.value, self.value - self.low)


@dataclass(frozen=True, slots=True)
class _Part:
    """One occurrence in one series on one day: weights counted, if wrong and if right; score in points."""

    weight: float
    low: float
    high: float
    score: float


def index_if_unread(events: EventRows, dyad: Dyad, day: date, *, settings: IndexSettings | None = None) -> UnreadReach:
    """How far the joint index of a day can be from what it is, if what is unread stays so.

    The index is a ratio of sums, so that its greatest value is reached where every unread occurrence above some score
    counts fully and every other counts nothing: the thresholds are tried in turn, and the ends are exact.

    Raises:
        MeasureError: The rows were kept for another dyad.
    """
    settings = settings or IndexSettings()
    check_dyad(events, dyad)
    parts = _parts(events, dyad, str(dyad), day, settings)
    weight = settings.prior_weight + sum(part.weight for part in parts)
    value = sum(part.weight * part.score for part in parts) / weight
    unread = [part for part in parts if part.low != part.high]
    high = max(value, _end(parts, settings))
    low = min(value, -_end([_Part(p.weight, p.low, p.high, -p.score) for p in parts], settings))
    return UnreadReach(day, round(value, 6), round(low, 6), round(high, 6), len(unread))


def _end(parts: list[_Part], settings: IndexSettings) -> float:
    n = settings.prior_weight + sum(part.low for part in parts)
    total = sum(part.low * part.score for part in parts)
    best = total / n
    for part in sorted(parts, key=lambda part: -part.score):
        n += part.high - part.low
        total += (part.high - part.low) * part.score
        best = max(best, total / n)
    return best


def effects(events: EventRows, dyad: Dyad, *, end: date, settings: IndexSettings | None = None) -> dict[str, float]:
    """By occurrence, how far one decision on it can move the index, in points, on the day it ends.

    That is the day on which it weighs most; the largest of the three series is given. Occurrences that begin after
    `end` are left out.

    Raises:
        MeasureError: The rows were kept for another dyad.
    """
    settings = settings or IndexSettings()
    check_dyad(events, dyad)
    rows = [row for row in rows_between(events.rows, dyad) if row.first <= end]
    if not rows:
        return {}
    index = daily_index(events, dyad, start=min(row.first for row in rows), end=end, settings=settings)
    grouped: dict[str, list[EventRow]] = defaultdict(list)
    for row in rows:
        grouped[row.occurrence].append(row)
    found: dict[str, float] = {}
    for occurrence, own in grouped.items():
        day = min(end, max(row.last for row in own))
        moves = [0.0]
        for name in series_names(dyad):
            part = _part([row for row in own if _belongs(row, name, dyad)], day, settings, joint=name == str(dyad))
            point = index.series[name].on(day)
            if part is None or point.value is None:
                continue
            whole = settings.prior_weight + point.effective_events
            for weight in (0.0, part.high or part.weight):
                now = (point.value * whole + (weight - part.weight) * part.score) / (whole + weight - part.weight)
                moves.append(abs(now - point.value))
        found[occurrence] = round(max(moves), 6)
    return found


def _belongs(row: EventRow, name: str, dyad: Dyad) -> bool:
    return name in (str(dyad), f"{row.actor}>{row.recipient}")


def _parts(events: EventRows, dyad: Dyad, name: str, day: date, settings: IndexSettings) -> list[_Part]:
    grouped: dict[str, list[EventRow]] = defaultdict(list)
    for row in rows_between(events.rows, dyad):
        if row.first <= day and _belongs(row, name, dyad):
            grouped[row.occurrence].append(row)
    parts = (_part(rows, day, settings, joint=name == str(dyad)) for rows in grouped.values())
    return [part for part in parts if part is not None]


def _part(rows: list[EventRow], day: date, settings: IndexSettings, *, joint: bool) -> _Part | None:
    if not rows:
        return None
    whole = sum(faded(row, day, settings) / (row.pair_rows if joint else 1) for row in rows)
    weight = whole * rows[0].weight_thousandths / 1000
    decided = bool(rows[0].decided)
    return _Part(weight, weight if decided else 0.0, weight if decided else whole, rows[0].score)
