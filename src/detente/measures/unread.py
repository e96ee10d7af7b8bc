"""What the index owes to codings that no person has decided on: how far one of them, or all of them, can move it.

A coding nobody has read weighs its confidence. Read, it weighs 1 where it is right and 0 where it is wrong. Only these
two ends are looked at: a coding amended to another type can move the index further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

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
class Part:
    """One occurrence in one series on one day.

    Attributes:
        weight: What it weighs.
        low, high: What it weighs if it is wrong and if it is right; the same where a person has decided.
        score: In points.
    """

    weight: float
    low: float
    high: float
    score: float


def index_if_unread(events: EventRows, dyad: Dyad, day: date, *, settings: IndexSettings | None = None) -> UnreadReach:
    """How far the joint index of a day can be from what it is, if what is unread stays so.

    Raises:
        MeasureError: The rows were kept for another dyad.
    """
    return reach_of(index_parts(events, dyad, day, settings=settings).values(), day, settings=settings)


def index_parts(events: EventRows, dyad: Dyad, day: date, *, settings: IndexSettings | None = None) -> dict[str, Part]:
    """What the joint index of a day is made of, by occurrence.

    Raises:
        MeasureError: The rows were kept for another dyad.
    """
    settings = settings or IndexSettings()
    check_dyad(events, dyad)
    grouped: dict[str, list[EventRow]] = defaultdict(list)
    for row in rows_between(events.rows, dyad):
        if row.first <= day:
            grouped[row.occurrence].append(row)
    return {key: _part(rows, day, settings, joint=True) for key, rows in grouped.items()}


def reach_of(parts: Collection[Part], day: date, *, settings: IndexSettings | None = None) -> UnreadReach:
    """The index that parts make, and its ends."""
    sums = PartSums()
    for part in parts:
        sums.add(part)
    return sums.reach(day, settings=settings)


class PartSums:
    """Parts added up by score, exactly, so that one can be taken out again and the order makes no difference."""

    def __init__(self) -> None:
        self._open = 0
        self._weight: defaultdict[float, int] = defaultdict(int)
        self._low: defaultdict[float, int] = defaultdict(int)
        self._wide: defaultdict[float, int] = defaultdict(int)

    def add(self, part: Part, sign: Literal[1, -1] = 1) -> None:
        self._weight[part.score] += sign * _exact(part.weight)
        self._low[part.score] += sign * _exact(part.low)
        self._wide[part.score] += sign * (_exact(part.high) - _exact(part.low))
        self._open += sign * (part.low != part.high)

    def remove(self, part: Part) -> None:
        """Take out one that was added."""
        self.add(part, -1)

    def reach(self, day: date, *, settings: IndexSettings | None = None) -> UnreadReach:
        """The index and its ends.

        The index is a ratio of sums, so that its greatest value is reached where every unread occurrence above some
        score counts fully and every other counts nothing: the thresholds are tried in turn, and the ends are exact.
        """
        prior = (settings or IndexSettings()).prior_weight
        weight, low, wide = ({score: n / _UNIT for score, n in each.items()} for each in self._tables())
        value = sum(score * w for score, w in weight.items()) / (prior + sum(weight.values()))
        n, total = prior + sum(low.values()), sum(score * w for score, w in low.items())
        # All of one score together: between its first and its last the ratio moves one way only.
        rising = sorted(wide.items())
        most = max(value, _end(n, total, rising[::-1]))
        least = min(value, -_end(n, -total, [(-score, width) for score, width in rising]))
        return UnreadReach(day, round(value, 6), round(least, 6), round(most, 6), self._open)

    def _tables(self) -> Iterator[Mapping[float, int]]:
        return ({score: table[score] for score in sorted(table)} for table in (self._weight, self._low, self._wide))


_UNIT = 1 << 1100
"""Every float is a whole number of these parts of one (the smallest is 2**-1074)."""


def _exact(weight: float) -> int:
    over, under = weight.as_integer_ratio()
    return over * (_UNIT // under)


def _end(n: float, total: float, falling: Iterable[tuple[float, float]]) -> float:
    """The greatest ratio that adding some of these can give; score and weight, the highest scores first."""
    best = total / n
    for score, width in falling:
        n += width
        total += width * score
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
            within = [row for row in own if name in (str(dyad), f"{row.actor}>{row.recipient}")]
            point = index.series[name].on(day)
            if not within or point.value is None:
                continue
            part = _part(within, day, settings, joint=name == str(dyad))
            whole = settings.prior_weight + point.effective_events
            for weight in (0.0, part.high or part.weight):
                now = (point.value * whole + (weight - part.weight) * part.score) / (whole + weight - part.weight)
                moves.append(abs(now - point.value))
        found[occurrence] = round(max(moves), 6)
    return found


def _part(rows: list[EventRow], day: date, settings: IndexSettings, *, joint: bool) -> Part:
    whole = sum(faded(row, day, settings) / (row.pair_rows if joint else 1) for row in rows)
    weight = whole * rows[0].weight_thousandths / 1000
    decided = bool(rows[0].decided)
    return Part(weight, weight if decided else 0.0, weight if decided else whole, rows[0].score)
