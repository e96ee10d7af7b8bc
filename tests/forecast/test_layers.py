"""A forecast in layers: coherent whatever is asked, each step on record, nothing later used."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import ForecastError
from detente.forecast import Adjustment, Case, forecast, layered_forecast, load_cases
from detente.forecast.event_evidence import CAP, Learnt, kind_of, load_learnt, moves_of
from detente.terms import (
    Dyad,
    Entry,
    Event,
    EventDate,
    Evidence,
    Forecast,
    Milestone,
    Occurrence,
    Participant,
    ReferenceClass,
    Resolution,
)

PAIR = Dyad("RUS", "USA")
CLOCK = date(2025, 2, 12)
MADE = date(2026, 5, 18)
UP = Adjustment(0.7, "both sides named envoys this week", "anna")


def milestone(stage: str = "ambassadors_exchanged", deadline: date = date(2027, 12, 31)) -> Milestone:
    return Milestone(stage, (), (), CLOCK, deadline, ReferenceClass(stage, CLOCK))


def occurrence(
    day: date, type_: str = "CONSULT", *, track: str = "", name: str = "e1", realis: str = "happened"
) -> Occurrence:
    sides = tuple(
        Participant(side, side, side, "", Evidence("doc", i, i + 3, side)) for i, side in enumerate(PAIR.sides)
    )
    event = Event(
        type_,
        "",
        sides,
        (),
        EventDate(day.isoformat(), day, day, "day", "explicit"),
        realis,  # type: ignore[arg-type]
        Evidence("doc", 0, 5, "Talks"),
        0.9,
        track=track,
    )
    entry = Entry(name, 1, datetime(2025, 1, 1, tzinfo=UTC), "doc", "rules.v2", "plover", "event", event)
    return Occurrence(name, event, (entry,), ("doc",), 1)


def check(found: Forecast) -> None:
    low, high = found.interval
    assert 0 <= low <= found.probability <= high <= 1
    assert 0 <= found.never_interval[0] <= found.never <= found.never_interval[1] <= 1
    shares = [share for _, share in found.curve]
    assert shares == sorted(shares)
    assert shares[-1] <= 1 - found.never + 1e-9
    if found.deadline > found.made:
        assert dict(found.curve)[found.deadline] == found.probability
    if found.window and found.median_day:
        assert found.made <= found.window[0] <= found.median_day <= found.window[1]
    if found.layers:
        last = found.layers[-1]
        assert (last.probability, last.never, last.curve) == (found.probability, found.never, found.curve)


@given(
    days=st.integers(0, 1500),
    stage=st.sampled_from(["ambassadors_exchanged", "relations_restored", "embassy_reopened", "none"]),
    log_odds=st.one_of(st.none(), st.floats(0.01, 3), st.floats(-3, -0.01)),
    until=st.integers(1, 2000),
)
@settings(max_examples=12, deadline=None)
def test_every_layered_forecast_is_coherent(days: int, stage: str, log_odds: float | None, until: int) -> None:
    made = CLOCK + timedelta(days=days)
    asked = milestone(stage, made + timedelta(days=until))
    change = None if log_odds is None else Adjustment(log_odds, "a reason that can be argued with", "anna")
    check(
        layered_forecast(
            asked, made=made, dyad=PAIR, adjustment=change, occurrences=[occurrence(CLOCK + timedelta(days=9))]
        )
    )


@given(days=st.integers(0, 1200), change=st.floats(-3, 3).filter(lambda x: x != 0))
@settings(max_examples=6, deadline=None)
def test_ambassadors_are_never_likelier_than_relations_whatever_a_person_says(days: int, change: float) -> None:
    made = CLOCK + timedelta(days=days)
    told = [occurrence(CLOCK + timedelta(days=9)), occurrence(CLOCK + timedelta(days=20), "RETREAT", track="embassies")]
    judged = Adjustment(change, "a reason that can be argued with", "anna")
    first = layered_forecast(milestone(), made=made, dyad=PAIR, occurrences=told, adjustment=judged)
    second = layered_forecast(milestone("relations_restored"), made=made, dyad=PAIR, occurrences=told)
    for (day, ambassadors), (other, relations) in zip(first.curve, second.curve, strict=True):
        assert day == other
        assert ambassadors <= relations + 1e-4
    assert first.never >= second.never - 1e-4


@given(days=st.integers(1, 900), more=st.integers(1, 500))
@settings(max_examples=6, deadline=None)
def test_hope_falls_while_nothing_happens(days: int, more: int) -> None:
    cases = [case for case in load_cases() if case.end_date < CLOCK]
    told = [occurrence(CLOCK + timedelta(days=1))]
    first, second = (
        layered_forecast(
            milestone(deadline=date(2030, 1, 1)),
            made=CLOCK + timedelta(days=d),
            dyad=PAIR,
            cases=cases,
            occurrences=told,
        )
        for d in (days, days + more)
    )
    assert second.probability <= first.probability + 0.002


@given(
    made=st.dates(date(2016, 1, 1), date(2024, 1, 1)),
    stage=st.sampled_from(["ambassadors_exchanged", "relations_restored"]),
)
@settings(max_examples=5, deadline=None)
def test_rows_planted_after_the_day_move_nothing(made: date, stage: str) -> None:
    def retold(case: Case) -> Case:
        """The same past, another future."""
        if case.end_date <= made:
            return case
        return replace(case.as_known(made), outcome="failed", end_date=made + timedelta(days=40))

    later = [case for case in load_cases() if case.process_start]
    begun = [case for case in later if case.process_start and case.process_start < made]
    planted = replace(later[0], label="planted", process_start=made + timedelta(days=1), end_date=date(2026, 1, 1))
    clock = date(2015, 6, 1)
    asked = Milestone("m", (), (), clock, date(2028, 1, 1), ReferenceClass(stage, clock))
    happened = [occurrence(clock + timedelta(days=30))]
    future = [occurrence(made + timedelta(days=days), name=f"later {days}") for days in (1, 90)]
    future += [occurrence(made + timedelta(days=3), "RETREAT", track="sanctions", name="later relief")]
    whole = layered_forecast(asked, made=made, dyad=Dyad("ISL", "NZL"), cases=later, occurrences=happened)
    past = layered_forecast(
        asked,
        made=made,
        dyad=Dyad("ISL", "NZL"),
        cases=[*map(retold, begun), planted],
        occurrences=[*happened, *future],
        stages={"relations_restored": made + timedelta(days=5)},
    )
    # The table of cases ends on another day where its last cases are retold, which a note says.
    assert replace(whole, notes=()) == replace(past, notes=())


def test_the_first_layer_is_what_past_cases_say_and_the_last_the_forecast() -> None:
    found = layered_forecast(
        milestone(), made=MADE, dyad=PAIR, occurrences=[occurrence(date(2026, 4, 1))], adjustment=UP
    )
    assert [layer.name for layer in found.layers] == ["classes", "stage", "events", "analyst"]
    plain = forecast(milestone(), made=MADE, dyad=PAIR)
    assert found.layers[0].curve == plain.curve
    assert found.layers[0].log_odds == 0
    assert found.layers[2].moves[0].entry == "e1"
    assert found.layers[3].moves[0].by == "anna"
    assert found.probability > found.layers[2].probability


def test_relations_restored_lift_the_chance_of_ambassadors() -> None:
    without = layered_forecast(milestone(), made=MADE, dyad=PAIR)
    restored = layered_forecast(
        milestone(), made=MADE, dyad=PAIR, stages={"relations_restored": MADE - timedelta(days=9)}
    )
    assert restored.layers[1].probability > without.layers[1].probability + 0.2
    check(restored)


@pytest.mark.parametrize("stage", ["ambassadors_exchanged", "relations_restored", "embassy_reopened"])
@pytest.mark.parametrize("change", [3.0, 0.7, -0.7, -3.0])
def test_the_days_told_are_those_of_the_chances_told(stage: str, change: float) -> None:
    judged = Adjustment(change, "a reason that can be argued with", "anna")
    told = [occurrence(date(2026, 5, 2))]
    found = layered_forecast(
        milestone(stage, date(2031, 5, 1)), made=MADE, dyad=PAIR, occurrences=told, adjustment=judged
    )
    assert found.median_day is not None
    assert found.window is not None
    compared = 0
    for day, part in zip((found.window[0], found.median_day, found.window[1]), (0.1, 0.5, 0.9), strict=True):
        if MADE + timedelta(days=92) <= day <= found.curve[-1][0]:  # Within a first month a curve bends out of sight.
            compared += 1
            assert found.by(day) / (1 - found.never) == pytest.approx(part, abs=0.02)
    assert compared


def test_ambassadors_held_down_are_held_down_for_ever_and_in_their_interval() -> None:
    judged = Adjustment(3.0, "a reason that can be argued with", "anna")
    held = layered_forecast(milestone(), made=MADE, dyad=PAIR, adjustment=judged)
    relations = layered_forecast(milestone("relations_restored"), made=MADE, dyad=PAIR)
    assert held.notes.count("capped-by-relations") == 1
    assert held.probability == relations.probability
    assert held.never == relations.never
    assert held.interval[1] <= relations.interval[1]
    assert held.never_interval[0] >= relations.never_interval[0]
    check(held)


def test_what_is_settled_has_no_layers() -> None:
    settled = replace(milestone(), resolution=Resolution("yes", date(2026, 3, 1), "entry"))
    assert layered_forecast(settled, made=MADE, dyad=PAIR, adjustment=UP).layers == ()


def test_an_adjustment_is_signed_reasoned_and_bounded() -> None:
    for broken in ((0.0, UP.why, "anna"), (3.1, UP.why, "anna"), (0.5, "so", "anna"), (0.5, UP.why, " ")):
        with pytest.raises(ForecastError, match="adjustment"):
            Adjustment(*broken)


def learnt(kind: str, log_odds: float, *, gain: float = 1.0, until: date = date(2025, 1, 1)) -> Learnt:
    return Learnt(until, "ambassadors_exchanged", kind, log_odds, 30, gain)  # type: ignore[arg-type]


def test_only_what_backtests_bear_out_moves_a_forecast_and_less_with_time() -> None:
    table = [learnt("talks", 0.4), learnt("sanctions-eased", 0.4, gain=-0.1)]
    told = [occurrence(date(2025, 3, 1)), occurrence(date(2025, 3, 1), "RETREAT", track="sanctions", name="relief")]

    def moved(made: date) -> list[tuple[str, float]]:
        found = moves_of(told, "ambassadors_exchanged", made=made, since=CLOCK, dyad=PAIR, learnt=table)
        return [(move.entry, move.log_odds) for move in found]

    assert moved(date(2025, 3, 1)) == [("e1", 0.4)]
    assert moved(date(2025, 8, 28)) == [("e1", 0.2)]
    assert moved(date(2025, 2, 28)) == []


def test_events_together_are_capped() -> None:
    table = [learnt("talks", 0.6), learnt("embassy-reopened", 0.6)]
    told = [occurrence(MADE), occurrence(MADE, "RETREAT", track="embassies", name="staff")]
    found = moves_of(told, "ambassadors_exchanged", made=MADE, since=CLOCK, dyad=PAIR, learnt=table)
    assert sum(move.log_odds for move in found) == pytest.approx(CAP, abs=1e-3)


def test_weights_learnt_later_are_not_used() -> None:
    table = [learnt("talks", 0.2, until=date(2020, 1, 1)), learnt("talks", 0.6, until=date(2030, 1, 1))]
    found = moves_of([occurrence(MADE)], "ambassadors_exchanged", made=MADE, since=CLOCK, dyad=PAIR, learnt=table)
    assert [move.log_odds for move in found] == [0.2]
    assert {each.until for each in load_learnt()} == {date(year, 1, 1) for year in (2005, 2010, 2015, 2020, 2025)}


def test_what_was_only_planned_or_of_others_is_no_evidence() -> None:
    assert kind_of(occurrence(MADE).event, PAIR) == "talks"
    assert kind_of(occurrence(MADE, realis="planned").event, PAIR) is None
    assert kind_of(occurrence(MADE).event, Dyad("CHN", "IND")) is None
