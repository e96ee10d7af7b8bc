"""How far unread codings can move the index: the ends are those of trying every way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import event_row

from detente.engine import EventRow, EventRows
from detente.measures import daily_index
from detente.measures.unread import effects, index_if_unread
from detente.terms import Dyad

DYAD = Dyad("RUS", "USA")
DAY = date(2025, 6, 1)


def row(number: int, score: int, confidence: int, ago: int, decided: str = "") -> EventRow:
    return event_row(
        number,
        DAY - timedelta(days=ago),
        score_tenths=score,
        confidence_thousandths=confidence,
        weight_thousandths=1000 if decided else confidence,
        decided=decided,
    )


def index_of(rows: list[EventRow], day: date = DAY) -> float:
    value = daily_index(EventRows(tuple(rows), dyad=DYAD), DYAD, start=day, end=day).joint.last.value
    return value or 0.0


ROWS = st.lists(
    st.tuples(
        st.integers(-100, 100), st.integers(1, 1000), st.integers(0, 60), st.sampled_from(["", "", "accept", "amend"])
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_the_ends_are_those_of_every_way_of_being_right_or_wrong(given_rows: list[tuple[int, int, int, str]]) -> None:
    rows = [row(n, *each) for n, each in enumerate(given_rows)]
    found = index_if_unread(EventRows(tuple(rows), dyad=DYAD), DYAD, DAY)
    values = []
    for ways in product((0, 1000), repeat=len(rows)):
        kept = [
            r if r.decided else replace(r, weight_thousandths=way)
            for r, way in zip(rows, ways, strict=True)
            if r.decided or way
        ]
        values.append(index_of(kept) if kept else 0.0)
    assert found.value == pytest.approx(index_of(rows), abs=2e-6)
    assert found.low == pytest.approx(min([*values, found.value]), abs=2e-6)
    assert found.high == pytest.approx(max([*values, found.value]), abs=2e-6)
    assert found.most >= 0


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_an_effect_is_what_accepting_or_rejecting_moves(given_rows: list[tuple[int, int, int, str]]) -> None:
    rows = [row(n, *each) for n, each in enumerate(given_rows)]
    found = effects(EventRows(tuple(rows), dyad=DYAD), DYAD, end=DAY)
    for one in rows:
        others = [r for r in rows if r is not one]
        before = index_of(rows, one.last)
        without = index_of(others, one.last) if any(r.first <= one.last for r in others) else 0.0
        accepted = index_of([*others, replace(one, weight_thousandths=1000)], one.last)
        assert found[one.occurrence] >= abs(without - before) - 2e-5
        assert found[one.occurrence] >= abs(accepted - before) - 2e-5


def test_where_nothing_is_unread_the_index_is_not_off() -> None:
    found = index_if_unread(EventRows((row(1, 25, 500, 3, "accept"),), dyad=DYAD), DYAD, DAY)
    assert (found.most, found.occurrences) == (0.0, 0)


def test_an_empty_ledger_has_an_index_of_nought() -> None:
    found = index_if_unread(EventRows((), dyad=DYAD), DYAD, DAY)
    assert (found.value, found.low, found.high, found.occurrences) == (0.0, 0.0, 0.0, 0)
    assert effects(EventRows((), dyad=DYAD), DYAD, end=DAY) == {}
