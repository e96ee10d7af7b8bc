"""A pair's events as a share of all states' in one database: volume and score that coverage cannot move.

Databases read more in one year than in another. Of a week a pair has, for each 1,000 events between all states that the
same database has of it, so many events, and so many points of score. An event between two is one of each direction
that it is written in, for the pair as for the world.

The interval asks how much hangs on single days: a week's share is a ratio of sums over its days, whose variance comes
from what each day departs from that ratio (t quantile).

Source:
    Cochran (1977), Sampling Techniques, 3rd ed., ch. 6 (ratio estimates).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from detente.engine import FULL, ImportedEvents
from detente.measures.index import check_dyad, check_stretch, series_names
from detente.measures.series import stretches
from detente.terms import Dyad

METHOD = "of-world.v1"
EACH = 1000
"""Shares are told for so many events of the world."""
LEVEL = 0.90
FEWEST_DAYS = 4
"""Days of a week on which the database has events of anybody; with fewer the week says nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """For each `EACH` events between all states, with a 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WorldWeek:
    """One week of one series.

    Attributes:
        week: Its Monday.
        events, world: Events of the series, and between all states.
        share: Events; None where the database has too few days of the week.
        score: Points of PLOVER's scale, summed over events.
    """

    week: date
    events: float
    world: int
    share: Part | None
    score: Part | None


def of_world(
    events: ImportedEvents, world: Mapping[date, int], dyad: Dyad, *, start: date, end: date
) -> dict[str, tuple[WorldWeek, ...]]:
    """Count the whole weeks between two days, for each series of a dyad.

    Args:
        world: Events between all states by day, from `detente.engine.world_events`.

    Raises:
        MeasureError: `end` lies before `start`, or the rows were kept for another dyad.
    """
    check_stretch(start, end)
    check_dyad(events, dyad)
    first, second, pair = series_names(dyad)
    held: dict[str, dict[int, tuple[float, float]]] = {first: {}, second: {}, pair: {}}
    for sums in events.sums:
        if sums.series != pair and sums.width_days == 1:
            for name in (sums.series, pair):
                counted, points = held[name].get(sums.day_number, (0.0, 0.0))
                held[name][sums.day_number] = (
                    counted + sums.weight / FULL,
                    points + sums.weight_score / 10 / FULL,
                )
    weeks = stretches(start, end, "week")
    return {name: tuple(_week(monday, held[name], world) for monday in weeks) for name in (first, second, pair)}


def _week(monday: date, held: Mapping[int, tuple[float, float]], world: Mapping[date, int]) -> WorldWeek:
    days = [monday + timedelta(days=n) for n in range(7)]
    known = [day for day in days if world.get(day)]
    every = [world[day] for day in known]
    counted = [held.get(day.toordinal(), (0.0, 0.0)) for day in known]
    number, points = [each[0] for each in counted], [each[1] for each in counted]
    enough = len(known) >= FEWEST_DAYS
    return WorldWeek(
        monday,
        round(sum(number), 6),
        sum(every),
        _part(number, every, least=0.0, most=1.0) if enough else None,
        _part(points, every) if enough else None,
    )


def _part(mine: Sequence[float], every: Sequence[int], *, least: float = -inf, most: float = inf) -> Part:
    """Ratio of two sums over days, for each `EACH`.

    >>> _part([2.0, 2.0, 2.0, 2.0], [1000, 1000, 1000, 1000])
    Part(value=2.0, low=2.0, high=2.0)
    """
    from scipy.special import stdtrit  # type: ignore[import-untyped, unused-ignore]

    n, whole = len(mine), sum(every)
    ratio = sum(mine) / whole
    apart = sum((one - ratio * all_) ** 2 for one, all_ in zip(mine, every, strict=True))
    reach = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * (n / (n - 1) * apart) ** 0.5 / whole
    low, high = max(ratio - reach, least), min(ratio + reach, most)
    return Part(round(EACH * ratio, 6) + 0.0, round(EACH * low, 6) + 0.0, round(EACH * high, 6) + 0.0)
