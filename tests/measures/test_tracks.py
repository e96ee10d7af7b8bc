"""Counts by track and month: every event once, and none moved into a month it is not known to be in."""

from datetime import date

import pytest
from hypothesis import given, settings
from measure_examples import END, RUS_USA, START, event, histories, rows

from detente.engine import Engine, connect
from detente.measures import by_track
from detente.terms import Occurrence


@pytest.fixture(scope="module")
def engine() -> Engine:
    return connect()


def test_events_are_counted_by_track_and_month(engine: Engine) -> None:
    found = by_track(
        rows(
            event("2025-02-18", track="embassies"),
            event("2025-02-27", "SANCTION", "USA", "RUS", track="embassies"),
            event("2025-04-10", track="embassies"),
            event("2025-02-18", "ACCUSE", "RUS", "USA", track="sanctions"),
        ),
        RUS_USA,
        start=START,
        end=END,
        engine=engine,
    )
    assert [(m.track, m.month, m.events, m.cooperative, m.conflictual) for m in found] == [
        ("embassies", date(2025, 2, 1), 2, 1, 1),
        ("embassies", date(2025, 4, 1), 1, 1, 0),
        ("sanctions", date(2025, 2, 1), 1, 0, 1),
    ]
    assert found[0].mean_score == pytest.approx((2.5 - 6) / 2)


def test_an_event_dated_to_a_quarter_is_in_no_month(engine: Engine) -> None:
    (found,) = by_track(rows(event("2025-Q1")), RUS_USA, start=START, end=END, engine=engine)
    assert (found.month, found.events) == (None, 1)


def test_events_outside_the_stretch_do_not_count(engine: Engine) -> None:
    events = rows(event("2024-12-31"), event("2025-07-01"))
    assert by_track(events, RUS_USA, start=START, end=END, engine=engine) == ()


def test_an_event_without_confidence_is_counted_and_has_no_mean(engine: Engine) -> None:
    (found,) = by_track(rows(event("2025-02-18", confidence=0)), RUS_USA, start=START, end=END, engine=engine)
    assert (found.events, found.mean_score) == (1, None)


@settings(max_examples=15, deadline=None)
@given(history=histories())
def test_every_event_of_the_dyad_is_counted_once(engine: Engine, history: list[Occurrence]) -> None:
    events = rows(*history)
    found = by_track(events, RUS_USA, start=START, end=END, engine=engine)
    assert sum(m.events for m in found) == len({row.occurrence for row in events})
    for month in found:
        assert month.cooperative + month.conflictual <= month.events
        assert month.mean_score is None or -10 <= month.mean_score <= 10
