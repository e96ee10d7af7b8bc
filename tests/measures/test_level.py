"""The level: known truths, bands that hold, no look ahead, and more reports of the same move nothing."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import END, RUS_USA, START, event, histories, rows, swapped

from detente.engine import DaySum, ImportedEvents
from detente.errors import MeasureError
from detente.measures import series_names
from detente.measures.index import of_acts
from detente.measures.level import Filter, filtered, level_index
from detente.terms import Occurrence


def day_sum(day: date, scores: np.ndarray) -> DaySum:
    """What a database has on a day, from the scores of its acts."""
    tenths = np.round(10 * scores).astype(int)
    sums = [2000 * int(part) for part in (len(tenths), tenths.sum(), (tenths**2).sum())]
    return DaySum("RUS-USA", day.toordinal(), 1, len(tenths), *sums, sums[0], 0, 0, 0)


def made_up(level: np.ndarray, rate: float, seed: int = 1) -> list[DaySum]:
    """Days whose events scatter about a level as PLOVER's scores do."""
    rng = np.random.default_rng(seed)
    drawn = [np.clip(rng.choice([-4.5, -3.0, 0.0, 2.5, 5.0], rng.poisson(rate)) + mean, -10, 10) for mean in level]
    return [day_sum(START + timedelta(days=n), scores) for n, scores in enumerate(drawn) if len(scores)]


def test_a_level_that_holds_is_found_ever_more_closely() -> None:
    found = filtered(made_up(np.full(400, 1.5), 5.0))
    first, last = found.days[20], found.days[-1]
    means, ends = found.bands([first, last], (0.05, 0.95))
    assert ends[1, 0] < 1.5 < ends[1, 1]
    assert ends[1, 1] - ends[1, 0] < (ends[0, 1] - ends[0, 0]) / 2
    assert means[1] == pytest.approx(1.5, abs=0.3)


def test_a_jump_is_followed_within_days_and_dated_looking_back() -> None:
    level = np.where(np.arange(300) < 200, -2.0, 2.0)
    found = filtered(made_up(level, 20.0))
    before, after = (START.toordinal() + day for day in (195, 205))
    means, _ = found.bands([before, after], (0.5,))
    assert means[0] == pytest.approx(-2.0, abs=0.5)
    assert means[1] == pytest.approx(2.0, abs=0.8)
    smooth = found.paths().mean(axis=1)
    days = np.array(found.days) - START.toordinal()
    assert smooth[days < 198].max() < -1
    assert smooth[days > 202].min() > 1


def test_a_day_far_off_hardly_moves_a_long_held_level() -> None:
    level = np.full(300, 1.0)
    sums = made_up(level, 5.0)
    off = day_sum(START + timedelta(days=300), np.full(5, -9.0))
    calm, stirred = filtered(sums), filtered([*sums, off])
    number = off.day_number
    assert abs(stirred.bands([number], (0.5,))[0][0] - calm.bands([number], (0.5,))[0][0]) < 0.5


def test_twice_as_many_reports_of_the_same_move_nothing() -> None:
    sums = made_up(1 + np.sin(np.arange(300) / 40), 3.0)
    twice = [
        replace(s, weight=2 * s.weight, weight_score=2 * s.weight_score, weight_score2=2 * s.weight_score2)
        for s in sums
    ]
    grown = [*sums[: len(sums) // 2], *twice[len(sums) // 2 :]]
    days = [s.day_number for s in sums][30:]
    once = filtered(sums).bands(days, (0.05, 0.95))
    for other in (twice, grown):
        means, ends = filtered(other).bands(days, (0.05, 0.95))
        half = (once[1][:, 1] - once[1][:, 0]) / 2
        assert (np.abs(means - once[0]) < half / 2).all()
        assert np.abs(means - once[0]).mean() < 0.12
        assert ((once[1] - ends) ** 2).mean() ** 0.5 < 0.3


def test_a_new_day_is_one_step_more() -> None:
    sums = made_up(np.zeros(60), 3.0)
    whole, part = filtered(sums), filtered(sums[:-1])
    last = sums[-1]
    weight = last.weight / 2000
    mean = last.weight_score / last.weight / 10
    part.add(last.day_number, weight, mean, last.weight_score2 / 200_000 - weight * mean**2)
    assert np.allclose(part.means[-1], whole.means[-1])
    with pytest.raises(MeasureError, match="does not follow"):
        part.add(last.day_number, weight, mean, 0.0)


def test_a_rise_is_said_to_be_one_and_dated() -> None:
    level = np.where(np.arange(360) < 300, -1.0, 2.0)
    events = ImportedEvents("icews", RUS_USA, tuple(made_up(level, 10.0)))
    found = level_index(events, RUS_USA, start=START, end=START + timedelta(days=359)).series["RUS-USA"]
    month, quarter = found.changes
    assert (month.days, quarter.days) == (30, 90)
    assert quarter.rose > 0.99
    assert quarter.low < 3.0 < quarter.high
    assert found.steady is not None
    assert abs((found.steady - START).days - 300) <= 5
    assert found.rose
    assert found.rose >= 0.95


def test_without_events_nothing_is_said() -> None:
    for series in level_index(rows(), RUS_USA, start=START, end=END).series.values():
        assert all(point.value is None and point.smoothed is None and point.too_few for point in series.points)
        assert (series.changes, series.steady, series.rose) == ((), None, None)


def test_words_and_deeds_are_told_apart() -> None:
    said = [event("2025-02-18", "ACCUSE", "RUS", "USA", key=f"a{n}") for n in range(9)]
    done = [event("2025-02-19", "AID", "RUS", "USA", key=f"b{n}") for n in range(9)]
    verbal, material = (
        level_index(rows(*said, *done), RUS_USA, start=START, end=END, acts=acts).series["RUS>USA"].last.value
        for acts in ("verbal", "material")
    )
    assert verbal is not None
    assert material is not None
    assert verbal < -5 < 5 < material
    assert of_acts([], "verbal") == []


@settings(max_examples=12, deadline=None)
@given(history=histories(), cut=st.integers(0, 180))
def test_events_that_begin_later_never_change_what_was_believed(history: list[Occurrence], cut: int) -> None:
    day = START + timedelta(days=cut)
    known = [o for o in history if o.event.event_date is not None and o.event.event_date.first <= day]
    then = level_index(rows(*known), RUS_USA, start=START, end=day)
    now = level_index(rows(*history), RUS_USA, start=START, end=END)
    for name in series_names(RUS_USA):
        for early, late in zip(then.series[name].points, now.series[name].points, strict=False):
            assert (early.value, early.low, early.high) == (late.value, late.low, late.high)
            if early.value is not None and early.low is not None and early.high is not None:
                assert -10 <= early.low <= early.value <= early.high <= 10


@settings(max_examples=8, deadline=None)
@given(history=histories())
def test_exchanging_the_sides_exchanges_the_directions(history: list[Occurrence]) -> None:
    one, other = (level_index(rows(*some), RUS_USA, start=START, end=END) for some in (history, swapped(history)))
    assert one.series["RUS>USA"].points == other.series["USA>RUS"].points
    assert one.series["RUS-USA"].points == other.series["RUS-USA"].points


def test_the_bands_of_a_wandering_level_hold_about_as_often_as_they_say() -> None:
    hits, asked = np.zeros(2), 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        level = np.clip(rng.uniform(-2, 2) + rng.normal(0, 0.08, 260).cumsum(), -5, 5)
        found = filtered(made_up(level, 4.0, seed))
        days = np.arange(90, 260, 5)
        _, ends = found.bands((days + START.toordinal()).tolist(), (0.025, 0.1, 0.9, 0.975))
        hits += [((ends[:, 1] <= level[days]) & (level[days] <= ends[:, 2])).sum(),
                 ((ends[:, 0] <= level[days]) & (level[days] <= ends[:, 3])).sum()]  # fmt: skip
        asked += len(days)
    assert 0.70 < hits[0] / asked < 0.92
    assert hits[1] / asked > 0.88


def test_days_must_be_in_order() -> None:
    found = Filter()
    found.add(5, 1.0, 1.0, 0.0)
    with pytest.raises(MeasureError, match="Add the days in order"):
        found.add(4, 1.0, 1.0, 0.0)
