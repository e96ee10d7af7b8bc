"""The index without an occurrence is what the index of all others is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import event_row

from detente.engine import EventRow, EventRows
from detente.measures import DailyIndex, daily_index, series_names
from detente.measures.without import without_each
from detente.terms import Dyad

DYAD = Dyad("RUS", "USA")
END = date(2025, 6, 1)
START = END - timedelta(days=200)


def rows(number: int, score: int, weight: int, ago: int, width: int, both: bool) -> list[EventRow]:
    given = {"score_tenths": score, "confidence_thousandths": weight, "weight_thousandths": weight}
    row = event_row(number, END - timedelta(days=ago), width, pair_rows=2 if both else 1, **given)
    return [row, replace(row, actor="USA", recipient="RUS")] if both else [row]


def index_of(held: list[EventRow]) -> DailyIndex:
    return daily_index(EventRows(tuple(held), dyad=DYAD), DYAD, start=START, end=END)


EVENTS = st.lists(
    st.tuples(
        st.integers(-100, 100), st.integers(1, 1000), st.integers(-3, 190), st.sampled_from([1, 1, 7]), st.booleans()
    ),
    min_size=1,
    max_size=8,
)


@given(EVENTS)
@settings(max_examples=40, deadline=None)
def test_taking_one_out_gives_the_index_of_all_others(given_: list[tuple[int, int, int, int, bool]]) -> None:
    held = [row for number, told in enumerate(given_) for row in rows(number, *told)]
    index = index_of(held)
    effects = without_each(EventRows(tuple(held), dyad=DYAD), index)
    assert set(effects) == {row.occurrence for row in held if row.first <= END}
    for key, effect in effects.items():
        others = index_of([row for row in held if row.occurrence != key])
        assert effect.now or index.joint.last.value is None
        for told in (*effect.then, *effect.now):
            expected = others.series[told.series].on(told.day).value
            assert (told.without is None) == (expected is None)
            assert told.value == index.series[told.series].on(told.day).value
            if expected is not None and told.without is not None:
                assert told.without == pytest.approx(expected, abs=2e-4)


def test_an_event_enters_its_own_direction_and_the_pair() -> None:
    held = [*rows(0, 50, 1000, 3, 1, both=False), *rows(1, -20, 1000, 3, 1, both=True)]
    effects = without_each(EventRows(tuple(held), dyad=DYAD), index_of(held))
    assert [told.series for told in effects["o00"].now] == ["RUS-USA", "RUS>USA"]
    assert sorted(told.series for told in effects["o01"].now) == sorted(series_names(DYAD))


def test_a_change_smaller_than_the_interval_is_told_as_such() -> None:
    held = [row for n in range(30) for row in rows(n, 40, 1000, n, 1, both=True)]
    now = without_each(EventRows(tuple(held), dyad=DYAD), index_of(held))["o00"].now[0]
    assert now.within
    assert now.change is not None
    assert 0 < now.change < 0.2
