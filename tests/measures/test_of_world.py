"""Shares of the world's events: twice the coverage moves nothing, and silence of the database says nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from measure_examples import MONDAY, RUS_USA

from detente.engine import DaySum, ImportedEvents
from detente.measures.of_world import WorldWeek, of_world

SUNDAY = MONDAY + timedelta(days=27)
DAYS = [MONDAY + timedelta(days=n) for n in range(28)]


def day_sum(series: str, day: date, events: int, points: int) -> DaySum:
    return DaySum(series, day.toordinal(), 1, events, 2000 * events, 20_000 * points, 0, 0, 0, 0, 0)


def measured(sums: list[DaySum], world: dict[date, int]) -> dict[str, tuple[WorldWeek, ...]]:
    return of_world(ImportedEvents("gdelt", RUS_USA, tuple(sums)), world, RUS_USA, start=MONDAY, end=SUNDAY)


SUMS = [
    day_sum(series, day, 3 + (day.day + n) % 4, n - day.day % 3)
    for day in DAYS
    for n, series in enumerate(("RUS>USA", "USA>RUS"))
]
WORLD = {day: 1000 + 10 * (day.day % 5) for day in DAYS}


def test_a_share_is_of_all_events_of_the_week_and_the_pair_is_both_directions() -> None:
    found = measured(SUMS, WORLD)
    for n in range(4):
        one, other, pair = (found[name][n] for name in ("RUS>USA", "USA>RUS", "RUS-USA"))
        assert pair.events == one.events + other.events
        assert pair.world == sum(WORLD[day] for day in DAYS[7 * n : 7 * n + 7])
        assert pair.share is not None
        assert pair.share.low <= pair.share.value <= pair.share.high
        assert pair.share.value == pytest.approx(1000 * pair.events / pair.world, abs=1e-6)
        assert one.score is not None
        assert other.score is not None
        assert pair.score is not None
        assert pair.score.value == pytest.approx(one.score.value + other.score.value, abs=2e-6)


def test_twice_the_coverage_moves_nothing() -> None:
    twice = [replace(s, weight=2 * s.weight, weight_score=2 * s.weight_score) for s in SUMS]
    for name, weeks in measured(twice, {day: 2 * count for day, count in WORLD.items()}).items():
        for one, other in zip(measured(SUMS, WORLD)[name], weeks, strict=True):
            assert (one.share, one.score) == (other.share, other.score)


def test_a_week_of_which_the_database_has_few_days_says_nothing_and_a_silent_pair_has_no_share() -> None:
    week = measured(SUMS, dict.fromkeys(DAYS[:10], 1000))["RUS-USA"][1]
    assert (week.share, week.score) == (None, None)
    silent = measured([], WORLD)["RUS-USA"][0].share
    assert silent is not None
    assert (silent.value, silent.high) == (0.0, 0.0)
