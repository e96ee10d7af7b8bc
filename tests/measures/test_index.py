"""The daily index: bounds, no look ahead, both sides alike, and every point walked back to events."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import END, RUS_USA, START, event, histories, rows, swapped

from detente.codebook import VERSION
from detente.engine import Engine, connect, event_rows
from detente.errors import MeasureError
from detente.measures import DailyIndex, IndexSettings, contributions, daily_index, series_names
from detente.measures.index import heaviest, index_levels
from detente.terms import Dyad, Occurrence


@pytest.fixture(scope="module")
def engine() -> Engine:
    return connect()


def index(engine: Engine, *events: Occurrence, start: date = START, end: date = END) -> DailyIndex:
    return daily_index(rows(*events), RUS_USA, start=start, end=end, engine=engine)


def test_one_event_moves_the_index_by_a_fifth_of_its_score(engine: Engine) -> None:
    aid = index(engine, event("2025-03-01", "AID", "USA", "RUS"))
    assert aid.series["USA>RUS"].on(date(2025, 3, 1)).value == 2.0
    assert aid.series["RUS>USA"].last.value is None
    assert aid.joint.on(date(2025, 3, 1)).value == 2.0


def test_many_equal_events_come_close_to_their_score(engine: Engine) -> None:
    many = [event("2025-06-30", "SANCTION", "USA", "RUS", key=f"s{i}") for i in range(200)]
    assert index(engine, *many).series["USA>RUS"].last.value == pytest.approx(-6 * 200 / 204)


def test_a_half_life_halves_the_weight(engine: Engine) -> None:
    series = index(engine, event("2025-03-01", "AID", "USA", "RUS")).joint
    assert series.on(date(2025, 3, 31)).effective_events == pytest.approx(0.5)
    assert series.on(date(2025, 3, 31)).value == pytest.approx(10 * 0.5 / 4.5, abs=1e-6)


def test_the_interval_widens_while_nothing_happens(engine: Engine) -> None:
    talks = [event("2025-02-18", key=f"t{i}") for i in range(10)]
    points = index(engine, *talks).joint.points
    held = [p.high - p.low for p in points if p.high is not None and p.low is not None]
    assert all(earlier < later for earlier, later in pairwise(held))


def test_the_interval_allows_for_the_steps_that_the_mean_has_not_followed() -> None:
    landed, rate = np.zeros((3, 40)), 2 ** (-1 / 30)
    landed[0, [3, 9, 10, 25]] = 4.0, 1.0, 2.0, 3.0
    held, moving = (index_levels(landed, IndexSettings(drift=drift, prior_df=1e6)) for drift in (0.0, 0.3))
    weights = landed[0] * rate ** np.arange(39, -1, -1)
    older = [weights[: 39 - back].sum() / weights.sum() for back in range(39)]
    share = weights.sum() / (4.0 + weights.sum())
    added = (share * 0.3) ** 2 * sum(part**2 for part in older)
    z = 1.6448536
    wide, narrow = (((at[2, -1] - at[0, -1]) / z) ** 2 for at in (moving, held))
    assert wide - narrow == pytest.approx(added, rel=1e-3)


def test_more_events_narrow_the_interval(engine: Engine) -> None:
    def width(n: int) -> float:
        last = index(engine, *(event(END, key=f"t{i}") for i in range(n))).joint.last
        assert last.high is not None
        assert last.low is not None
        return last.high - last.low

    assert width(1) > width(5) > width(50)


def test_before_the_first_event_there_is_no_value(engine: Engine) -> None:
    series = index(engine, event("2025-02-18")).joint
    before = series.on(date(2025, 2, 17))
    assert (before.value, before.low, before.high, before.too_few) == (None, None, None, True)


def test_a_dyad_without_events_has_no_values_at_all() -> None:
    empty = daily_index(rows(), RUS_USA, start=START, end=END)
    assert all(point.value is None and point.too_few for s in empty.series.values() for point in s.points)


def test_two_events_of_today_are_enough_and_one_is_too_few(engine: Engine) -> None:
    assert index(engine, event(END)).joint.last.too_few
    assert not index(engine, event(END, key="a"), event(END, key="b")).joint.last.too_few


def test_a_month_gives_each_of_its_days_an_equal_part(engine: Engine) -> None:
    points = index(engine, event("2025-04", "AID", "USA", "RUS")).joint.points
    landed = {p.day: p.new_weight for p in points if p.new_weight}
    assert list(landed) == [date(2025, 4, d) for d in range(1, 31)]
    assert sum(landed.values()) == pytest.approx(1, abs=1e-4)


def test_a_meeting_counts_once_for_the_pair(engine: Engine) -> None:
    met = index(engine, event("2025-02-18"))
    assert {s.on(date(2025, 2, 18)).new_weight for s in met.series.values()} == {1.0}


def test_the_scale_and_the_settings_are_written_beside_the_values(engine: Engine) -> None:
    found = index(engine, event("2025-02-18"))
    assert (found.scale, found.method) == (VERSION, "decayed-mean.v2")
    assert found.settings == IndexSettings()


def test_rows_kept_for_another_dyad_are_refused() -> None:
    with pytest.raises(MeasureError, match="kept for RUS-USA, not CUB-USA"):
        daily_index(rows(event("2025-02-18")), Dyad("CUB", "USA"), start=START, end=END)


def test_a_stretch_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(MeasureError, match="before it starts"):
        daily_index(rows(), RUS_USA, start=END, end=START)


@pytest.mark.parametrize(
    "wrong", [{"half_life_days": 0}, {"prior_weight": float("nan")}, {"level": 90}, {"drift": -0.1}]
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(MeasureError):
        IndexSettings(**wrong)


def test_a_day_outside_the_index_is_refused(engine: Engine) -> None:
    with pytest.raises(MeasureError, match="no point on 2025-07-01"):
        index(engine, event("2025-02-18")).joint.on(date(2025, 7, 1))


def test_another_pair_of_states_is_measured_the_same_way(engine: Engine) -> None:
    cuba = Dyad("CUB", "USA")
    talks = event_rows([event("2025-02-18", "CONSULT", "CUB USA")], dyad=cuba)
    assert daily_index(talks, cuba, start=START, end=END, engine=engine).joint.on(date(2025, 2, 18)).value == 0.5


@settings(max_examples=20, deadline=None)
@given(history=histories())
def test_the_index_never_leaves_the_scale_and_lies_in_its_interval(engine: Engine, history: list[Occurrence]) -> None:
    for series in index(engine, *history).series.values():
        for point in series.points:
            if point.value is not None:
                assert point.low is not None
                assert point.high is not None
                assert -10 <= point.low <= point.value <= point.high <= 10


@settings(max_examples=20, deadline=None)
@given(history=histories(), cut=st.integers(0, 180))
def test_events_that_begin_later_never_change_earlier_days(engine: Engine, history: list[Occurrence], cut: int) -> None:
    day = START + timedelta(days=cut)
    known = [o for o in history if o.event.event_date is not None and o.event.event_date.first <= day]
    then, now = index(engine, *known, end=day), index(engine, *history)
    for name in series_names(RUS_USA):
        assert then.series[name].points == now.series[name].points[: cut + 1]


@settings(max_examples=15, deadline=None)
@given(history=histories(), start=st.integers(0, 180))
def test_the_value_of_a_day_does_not_depend_on_where_the_index_starts(
    engine: Engine, history: list[Occurrence], start: int
) -> None:
    whole = index(engine, *history)
    part = index(engine, *history, start=START + timedelta(days=start))
    assert all(part.series[name].points == whole.series[name].points[start:] for name in series_names(RUS_USA))


@settings(max_examples=15, deadline=None)
@given(history=histories())
def test_exchanging_the_sides_exchanges_the_directions_and_leaves_the_pair(
    engine: Engine, history: list[Occurrence]
) -> None:
    one, other = index(engine, *history), index(engine, *swapped(history))
    assert one.series["RUS>USA"].points == other.series["USA>RUS"].points
    assert one.series["USA>RUS"].points == other.series["RUS>USA"].points
    assert one.joint.points == other.joint.points


@settings(max_examples=15, deadline=None)
@given(history=histories(), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_show(engine: Engine, history: list[Occurrence], shuffle) -> None:  # type: ignore[no-untyped-def]
    mixed = list(history)
    shuffle.shuffle(mixed)
    assert index(engine, *mixed).series == index(engine, *history).series


@settings(max_examples=20, deadline=None)
@given(history=histories(), cut=st.integers(0, 180))
def test_contributions_add_up_to_the_index(engine: Engine, history: list[Occurrence], cut: int) -> None:
    day = START + timedelta(days=cut)
    found = index(engine, *history)
    for name in series_names(RUS_USA):
        point = found.series[name].on(day)
        parts = contributions(rows(*history), RUS_USA, day, series=name)
        assert sum(c.points for c in parts) == pytest.approx(point.value or 0.0, abs=2e-5)
        assert sum(c.weight for c in parts) == pytest.approx(point.effective_events, abs=2e-5)


def test_a_series_the_dyad_does_not_have_is_refused() -> None:
    with pytest.raises(MeasureError, match="no series 'USA>CUB'"):
        contributions(rows(), RUS_USA, END, series="USA>CUB")


@settings(max_examples=20, deadline=None)
@given(history=histories(), cut=st.integers(0, 180))
def test_the_heaviest_occurrences_of_a_day_are_those_that_contribute_most(history: list[Occurrence], cut: int) -> None:
    days = [START + timedelta(days=n) for n in range(cut + 1)]
    for name in series_names(RUS_USA):
        parts = [c for c in contributions(rows(*history), RUS_USA, days[-1], series=name) if c.points]
        found = heaviest(rows(*history), RUS_USA, days, series=name)
        assert len(found) == len(days)
        size = {c.occurrence: abs(c.points) for c in parts}
        # Equal ones may change places by the last bit.
        assert [size.get(key, 0.0) for key in found[-1]] == pytest.approx([abs(c.points) for c in parts[:3]], abs=2e-6)
