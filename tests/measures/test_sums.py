"""Daily sums are the same whoever adds up."""

import pytest
from hypothesis import given, settings
from measure_examples import END, RUS_USA, START, histories, rows

from detente.engine import Engine, connect, day_sums, row_sums, row_tracks, track_sums
from detente.terms import Occurrence


@pytest.fixture(scope="module")
def engine() -> Engine:
    return connect()


@settings(max_examples=25, deadline=None)
@given(history=histories())
def test_rows_at_hand_add_up_to_what_a_database_gives(engine: Engine, history: list[Occurrence]) -> None:
    held = rows(*history, dyad=None)
    with engine.held(engine.events(held)) as table:
        expected = day_sums(engine, table, RUS_USA, last_number=END.toordinal()) if held.rows else []
    assert row_sums(held, RUS_USA, last_number=END.toordinal()) == expected
    assert held.sums(RUS_USA, last_number=END.toordinal()) == expected
    stretch = {"first_number": START.toordinal(), "last_number": END.toordinal() - 60}
    with engine.held(engine.events(held)) as table:
        tracks = track_sums(table, RUS_USA, **stretch) if held.rows else []
    assert row_tracks(held, RUS_USA, **stretch) == tracks
