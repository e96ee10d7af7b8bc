"""Tsinghua's score: it never leaves its scale, counts less near the ends, and adds up by month."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import RUS_USA, START, event, histories, rows

from detente.measures.tsinghua import BOUND, influence, tsinghua
from detente.terms import Occurrence


@given(value=st.floats(-30, 30), standing=st.floats(-9, 9))
def test_an_event_never_moves_a_relation_off_the_scale(value: float, standing: float) -> None:
    assert -BOUND - 1e-9 <= standing + influence(value, standing) <= BOUND + 1e-9


@given(value=st.floats(0.01, 5), low=st.floats(-9, 9), high=st.floats(-9, 9))
def test_good_news_counts_less_the_better_a_relation_is_and_bad_news_more(
    value: float, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    assert influence(value, low) >= influence(value, high)
    assert abs(influence(-value, low)) <= abs(influence(-value, high))


def test_months_add_up_and_a_quiet_month_leaves_the_score() -> None:
    met = [event("2025-02-18", key="a"), event("2025-04-10", "SANCTION", "USA", "RUS", key="b")]
    months = tsinghua(rows(*met), RUS_USA, start=START, end=date(2025, 4, 30))
    assert [m.month.month for m in months] == [1, 2, 3, 4]
    assert [m.value for m in months] == [0.0, 0.25, 0.25, round(0.25 - 0.6 * 9.25 / 9, 6)]
    assert [m.events for m in months] == [0.0, 1.0, 0.0, 1.0]
    assert (months[1].band, months[3].band) == ("ordinary", "bad")


@settings(max_examples=25, deadline=None)
@given(history=histories())
def test_the_score_lies_in_its_interval(history: list[Occurrence]) -> None:
    for month in tsinghua(rows(*history), RUS_USA, start=START, end=date(2025, 6, 30)):
        assert -BOUND <= month.low <= month.value <= month.high <= BOUND
