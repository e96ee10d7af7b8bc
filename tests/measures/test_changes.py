"""What changed: the weightiest first, with its sign, and nothing from before or after."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import END, RUS_USA, START, event, histories, rows, statement

from detente.engine import Engine, connect
from detente.errors import MeasureError
from detente.measures import Changes, what_changed
from detente.terms import Occurrence, Statement


@pytest.fixture(scope="module")
def engine() -> Engine:
    return connect()


def changed(engine: Engine, events: list[Occurrence], said: list[Statement] | None = None) -> Changes:
    return what_changed(events, said or [], RUS_USA, since=date(2025, 3, 1), until=date(2025, 3, 31), engine=engine)


def test_events_are_ordered_by_what_they_move_and_carry_their_sign(engine: Engine) -> None:
    found = changed(
        engine,
        [
            event("2025-03-20", "ACCUSE", "RUS", "USA"),
            event("2025-03-20", "SANCTION", "USA", "RUS"),
            event("2025-03-20", "CONSULT"),
            event("2025-03-02", "AID", "USA", "RUS", confidence=0.1),
        ],
    )
    assert [(e.type, e.sign) for e in found.events] == [("SANCTION", -1), ("ACCUSE", -1), ("CONSULT", 1), ("AID", 1)]
    assert found.events[2].directions == ("RUS>USA", "USA>RUS")


def test_events_of_the_first_day_before_it_and_after_the_last_are_not_new(engine: Engine) -> None:
    days = ("2025-02-28", "2025-03-01", "2025-03-02", "2025-03-31", "2025-04-01")
    assert [e.first.isoformat() for e in changed(engine, [event(day) for day in days]).events] == [
        "2025-03-31",
        "2025-03-02",
    ]


def test_the_move_of_the_index_is_the_difference_of_the_two_days(engine: Engine) -> None:
    found = changed(engine, [event("2025-02-20"), event("2025-03-31", "SANCTION", "USA", "RUS")])
    assert found.before.value is not None
    assert found.after.value is not None
    assert found.move == pytest.approx(found.after.value - found.before.value, abs=2e-6)
    assert found.move < 0


def test_without_any_earlier_event_no_move_is_made_up(engine: Engine) -> None:
    assert changed(engine, [event("2025-03-20")]).move is None


def test_a_statement_is_measured_against_what_its_speaker_used_to_say(engine: Engine) -> None:
    found = changed(
        engine,
        [],
        [
            statement("Rubio", "USA", -1, "2025-02-01"),
            statement("Rubio", "USA", -2, "2025-02-10"),
            statement("Rubio", "USA", 1, "2025-03-10"),
            statement("Peskov", "RUS", 2, "2025-03-11"),
            statement("Zelensky", "UKR", -2, "2025-03-12"),
            statement("Peskov", "RUS", 2, "2025-04-11"),
        ],
    )
    assert [(c.statement.speaker.name, c.usual, c.shift, c.sign) for c in found.statements] == [
        ("Rubio", -1.5, 2.5, 1),
        ("Peskov", None, 2.0, 1),
    ]


def test_too_few_weeks_to_look_for_breaks_are_said(engine: Engine) -> None:
    found = changed(engine, [event("2025-03-20")])
    assert (found.last_break, found.weeks_too_few) == (None, True)


def test_the_last_break_is_reported_once_there_are_weeks_enough() -> None:
    first = date(2024, 1, 1)
    events = [
        event(first + timedelta(days=7 * w + d), "SANCTION" if w < 30 else "AID", "USA", "RUS")
        for w in range(60)
        for d in (0, w % 5 + 1)
    ]
    found = what_changed(events, [], RUS_USA, since=date(2025, 1, 1), until=date(2025, 3, 1))
    assert found.last_break is not None
    assert found.last_break.week == first + timedelta(weeks=30)
    assert found.last_break.size > 0


def test_a_stretch_without_a_day_is_refused() -> None:
    with pytest.raises(MeasureError, match="no day lies between"):
        what_changed([], [], RUS_USA, since=END, until=END)


@settings(max_examples=15, deadline=None)
@given(history=histories(), cut=st.integers(1, 180))
def test_nothing_after_the_last_day_is_used(engine: Engine, history: list[Occurrence], cut: int) -> None:
    until = START + timedelta(days=cut)
    known = [o for o in history if o.event.event_date is not None and o.event.event_date.first <= until]
    then = what_changed(rows(*known), [], RUS_USA, since=START, until=until, engine=engine)
    now = what_changed(rows(*history), [], RUS_USA, since=START, until=until, engine=engine)
    assert (then.before, then.after, then.events, then.last_break) == (
        now.before,
        now.after,
        now.events,
        now.last_break,
    )
