"""A series: one number for each week, month or year, which breaks, levels and answers of one side to the other need.

| what | value |
|---|---|
| `score` | mean PLOVER score, -10 to +10: sum(w * s) / (1 + sum(w)) over the events' weights w and scores s |
| `verbal` | (cooperation - conflict) / (1 + cooperation + conflict), -1 to +1, of what was said and promised |
| `material` | the same of what was done |
| `balance` | the same of both |

The 1 draws stretches with few events toward 0, so that thin weeks do not shout; with less than half an event a stretch
says nothing, and its value is None. All are shares or means, never sums: coverage grows.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from detente.engine import FULL, DaySum, Engine, EventRows, ImportedEvents, NetScore, YearCounts
from detente.errors import MeasureError
from detente.measures.index import BOUND, check_dyad, check_stretch, series_names, sums_until
from detente.terms import Dyad

Step = Literal["day", "week", "month", "year"]
What = Literal["score", "verbal", "material", "balance"]
STEPS: tuple[Step, ...] = ("day", "week", "month", "year")
ENDS = {"score": BOUND, "verbal": 1.0, "material": 1.0, "balance": 1.0}
"""Where the scale of each kind of series ends, on both sides; a share of the world's events has no end near by."""
_PRIOR_WEIGHT = 1.0
_LEAST_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Series:
    """Values by stretch of time.

    Attributes:
        name: `RUS>USA`, `USA>RUS`, or `RUS-USA` for both.
        starts: Shape (n,), first days of the stretches, without gaps: Mondays, firsts of months or of years.
        values: Shape (n,); None where the stretch says nothing.
        weights: Shape (n,), events of full confidence behind each value; empty where nobody counted.
        world: Shape (n,), events between all states in each stretch; empty where nobody counted them.
        conflict: Shape (n,), those of `weights` that are conflict, said or done; empty where nobody counted them.
        step: Length of a stretch.
        what: What the values are, as above; `share` for net scores as a share of the world's.
    """

    name: str
    starts: tuple[date, ...]
    values: tuple[float | None, ...]
    weights: tuple[float, ...] = ()
    step: Step = "week"
    what: str = "score"
    world: tuple[float, ...] = ()
    conflict: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        for held in (self.values, self.weights, self.world, self.conflict):
            if (held or held is self.values) and len(held) != len(self.starts):
                raise MeasureError(
                    f"{self.name}: {len(held)} values for {len(self.starts)} {self.step}s. Give one each."
                )
        days = {"day": timedelta(days=1), "week": timedelta(weeks=1)}.get(self.step)
        for earlier, later in itertools.pairwise(self.starts):
            if later - earlier != days if days else later != following(earlier, self.step):
                raise MeasureError(
                    f"{self.name}: {self.step} {later} does not follow {earlier}. "
                    f"Give every {self.step}, None if empty."
                )

    def until(self, last: date) -> Series:
        """The stretches that end by this day."""
        count = bisect_right(self.starts, last + timedelta(days=1), key=lambda start: following(start, self.step))
        cut = {name: getattr(self, name)[:count] for name in ("starts", "values", "weights", "world", "conflict")}
        return replace(self, **cut)


def following(day: date, step: Step, count: int = 1) -> date:
    """The first day of the stretch `count` after that which begins on `day`.

    >>> following(date(2024, 12, 1), "month", 2)
    datetime.date(2025, 2, 1)
    """
    if step in ("day", "week"):
        return day + timedelta(days=count * (7 if step == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if step == "year" else 1)
    return date(months // 12, months % 12 + 1, 1)


def stretches(start: date, end: date, step: Step) -> tuple[date, ...]:
    """First days of the whole stretches between two days, both included.

    >>> [day.isoformat() for day in stretches(date(2025, 1, 15), date(2025, 4, 29), "month")]
    ['2025-02-01', '2025-03-01']
    """
    first = _beginning(start, step)
    if first < start:
        first = following(first, step)
    found = []
    while (after := following(first, step)) <= end + timedelta(days=1):
        found.append(first)
        first = after
    return tuple(found)


def _beginning(day: date, step: Step) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day if step == "day" else day.replace(day=1, **({"month": 1} if step == "year" else {}))


def series_of(
    events: EventRows | ImportedEvents,
    dyad: Dyad,
    *,
    start: date,
    end: date,
    series: str | None = None,
    step: Step = "week",
    what: What = "score",
    world: Mapping[date, int] | None = None,
    engine: Engine | None = None,
) -> Series:
    """Average a dyad's events over the whole weeks, months or years between two days.

    Args:
        series: `RUS>USA`, `USA>RUS` or `RUS-USA`, which is taken where none is given.
        what: See the table at the top.
        world: Events between all states by day, from `detente.engine.world_events`, where a database has them.

    Raises:
        MeasureError: `end` lies before `start`, the rows were kept for another dyad or it has no such series.
    """
    check_stretch(start, end)
    check_dyad(events, dyad)
    name = series or str(dyad)
    if name not in series_names(dyad):
        raise MeasureError(f"{dyad} has no series {name!r}. It has {', '.join(series_names(dyad))}.")
    starts = stretches(start, end, step)
    edges = [day.toordinal() for day in starts]
    after = following(starts[-1], step).toordinal() if starts else 0
    weight, above, against = [0.0] * len(starts), [0.0] * len(starts), [0.0] * len(starts)
    parts = _PARTS[what]
    for sums in sums_until(events, dyad, end, engine):
        if sums.series == name and starts and edges[0] <= sums.day_number < after:
            at = bisect_right(edges, sums.day_number) - 1
            more, points = parts(sums)
            weight[at] += more / sums.width_days / FULL
            above[at] += points / sums.width_days / FULL
            against[at] += more * _conflict_share(sums, what) / sums.width_days / FULL
    values = tuple(
        round(s / (_PRIOR_WEIGHT + w), 6) if w >= _LEAST_WEIGHT else None for w, s in zip(weight, above, strict=True)
    )
    around = [0.0] * len(starts)
    for day, count in (world or {}).items():
        if starts and edges[0] <= day.toordinal() < after:
            around[bisect_right(edges, day.toordinal()) - 1] += count
    return Series(
        name,
        starts,
        values,
        weights=tuple(round(w, 6) for w in weight),
        step=step,
        what=what,
        world=tuple(around) if world else (),
        conflict=tuple(round(w, 6) for w in against),
    )


def _score(sums: DaySum) -> tuple[float, float]:
    return sums.weight, sums.weight_score / 10


def _verbal(sums: DaySum) -> tuple[float, float]:
    return sums.verbal_cooperation + sums.verbal_conflict, sums.verbal_cooperation - sums.verbal_conflict


def _material(sums: DaySum) -> tuple[float, float]:
    return sums.material_cooperation + sums.material_conflict, sums.material_cooperation - sums.material_conflict


def _balance(sums: DaySum) -> tuple[float, float]:
    said, done = _verbal(sums), _material(sums)
    return said[0] + done[0], said[1] + done[1]


def _conflict_share(sums: DaySum, what: What) -> float:
    """Share of conflict in what is averaged. Classes count mutual acts in each direction, so only shares are theirs."""
    counted, points = (_balance if what == "score" else _PARTS[what])(sums)
    return (counted - points) / 2 / counted if counted else 0.0


_PARTS: dict[str, Callable[[DaySum], tuple[float, float]]] = {
    "score": _score, "verbal": _verbal, "material": _material, "balance": _balance,
}  # fmt: skip
"""Weight of a day's events and the points above 0, by what is averaged."""


def net_series(name: str, scores: Sequence[NetScore], *, start: date, end: date, step: Step = "week") -> Series:
    """Net scores as a share of the world's total, in thousandths, for coverage drifts.

    A stretch whose days are half missing or more says nothing.

    >>> days = [NetScore(date(2025, 1, 6 + n), 25, 10_000) for n in range(7)]
    >>> net_series("RUS-USA", days, start=date(2025, 1, 6), end=date(2025, 1, 12)).values
    (2.5,)
    """
    starts = stretches(start, end, step)
    place = {first: at for at, first in enumerate(starts)}
    held = [(0, 0, 0)] * len(starts)
    for day in scores:
        at = place.get(_beginning(day.day, step))
        if at is not None and day.world:
            days, score, world = held[at]
            held[at] = days + 1, score + day.score, world + day.world
    values = tuple(
        round(1000 * score / world, 6) if 2 * days > (following(first, step) - first).days else None
        for first, (days, score, world) in zip(starts, held, strict=True)
    )
    return Series(name, starts, values, (), step, "share")


def year_series(name: str, counts: Sequence[YearCounts], *, what: What = "balance") -> Series:
    """Yearly counts as a series of years: `balance`, `verbal` or `material` of one direction, or of both together.

    Args:
        name: Of one direction, or of a dyad, which adds up both.

    Raises:
        MeasureError: `what` is `score`: counts by class have none.
    """
    if what == "score":
        raise MeasureError(f"{name}: yearly counts have no scores. Ask for balance, verbal or material.")
    mine = [c for c in counts if c.series == name or ">" not in name]
    if not mine:
        return Series(name, (), (), (), "year", what)
    years = range(min(c.year for c in mine), max(c.year for c in mine) + 1)
    values: list[float | None] = []
    weights = []
    for year in years:
        said = [
            (c.verbal_cooperation, c.verbal_conflict, c.material_cooperation, c.material_conflict)
            for c in mine
            if c.year == year
        ]
        vc, vx, mc, mx = map(sum, zip(*said, strict=True)) if said else (0, 0, 0, 0)
        good = (vc if what != "material" else 0) + (mc if what != "verbal" else 0)
        bad = (vx if what != "material" else 0) + (mx if what != "verbal" else 0)
        weights.append(float(good + bad))
        values.append(round((good - bad) / (_PRIOR_WEIGHT + good + bad), 6) if good + bad else None)
    return Series(name, tuple(date(year, 1, 1) for year in years), tuple(values), tuple(weights), "year", what)
