"""Occurrences become directed rows by stated rules, and nothing is lost on the way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from engine_examples import any_occurrence, occurrence
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.codebook import types
from detente.engine import counts_as, event_rows
from detente.errors import EngineError
from detente.terms import REALIS, Dyad, Occurrence

RUS_USA = Dyad("RUS", "USA")


def pairs(*given: Occurrence, dyad: Dyad | None = None) -> list[str]:
    return [f"{row.actor}>{row.recipient}" for row in event_rows(given, dyad=dyad)]


def test_a_meeting_without_a_host_gives_each_side_toward_the_other() -> None:
    rows = event_rows([occurrence()]).rows
    assert [(row.actor, row.recipient, row.pair_rows) for row in rows] == [("RUS", "USA", 2), ("USA", "RUS", 2)]
    assert {row.score_tenths for row in rows} == {25}


def test_a_call_has_no_direction_even_where_the_coder_gave_it_one() -> None:
    assert pairs(occurrence(actors="USA", recipients="RUS", mode="phone")) == ["RUS>USA", "USA>RUS"]


def test_a_visit_goes_from_visitor_to_host() -> None:
    assert pairs(occurrence(actors="USA", recipients="RUS", mode="visit")) == ["USA>RUS"]


def test_three_sides_at_one_table_give_six_rows_of_which_two_concern_a_dyad() -> None:
    three = occurrence(actors="RUS UKR USA")
    assert len(pairs(three)) == 6
    assert pairs(three, dyad=RUS_USA) == ["RUS>USA", "USA>RUS"]


def test_several_actors_toward_one_recipient_do_not_act_toward_each_other() -> None:
    assert pairs(occurrence(kind="SANCTION", actors="GBR USA", recipients="RUS")) == ["GBR>RUS", "USA>RUS"]


def test_two_persons_of_one_side_make_one_row() -> None:
    assert pairs(occurrence(kind="ACCUSE", actors="RUS RUS", recipients="USA")) == ["RUS>USA"]


def test_an_event_with_one_side_is_left_out_with_the_reason() -> None:
    found = event_rows([occurrence(actors="RUS", kind="MOBILIZE")], dyad=RUS_USA)
    assert len(found) == 0
    assert found.reasons() == {"one side only": 1}


def test_an_undated_event_is_left_out_and_counted() -> None:
    found = event_rows([occurrence(when=None), occurrence("o2")])
    assert {row.occurrence for row in found} == {"o2"}
    assert found.reasons() == {"undated": 1}


def test_an_event_of_other_states_is_neither_a_row_nor_missing() -> None:
    found = event_rows([occurrence(actors="CHN IND", when=None), occurrence("o2", actors="CHN IND")], dyad=RUS_USA)
    assert (found.rows, found.left_out) == ((), ())


def test_a_meeting_that_will_not_be_counts_once_beside_its_calling_off_in_one_sentence() -> None:
    told = (("d1", "2025-04-02T09:00:00+00:00", "cancelled"),)
    off = occurrence("o1", kind="REJECT", realis="cancelled", reports=told)
    meeting = occurrence("o2", realis="cancelled", reports=told)
    found = event_rows([meeting, off])
    assert {row.occurrence for row in found} == {"o1"}
    assert found.reasons() == {"its calling off is counted": 1}
    elsewhere = occurrence("o3", realis="cancelled")
    assert {row.occurrence for row in event_rows([elsewhere, off])} == {"o1", "o3"}


@pytest.mark.parametrize(
    ("kind", "realis", "expected"),
    [
        ("CONSULT", "planned", ("AGREE", 25, 1)),
        ("RETREAT", "planned", ("CONCEDE", 45, 1)),
        ("SANCTION", "planned", ("THREATEN", -35, 3)),
        ("CONSULT", "proposed", ("REQUEST", 0, 3)),
        ("COOPERATE", "proposed", ("AGREE", 25, 1)),
        ("CONSULT", "cancelled", ("REJECT", -20, 3)),
        ("REJECT", "cancelled", ("REJECT", -20, 3)),
        ("SANCTION", "cancelled", ("CONCEDE", 45, 1)),
    ],
)
def test_what_is_not_done_scores_as_what_it_is(kind: str, realis: str, expected: tuple[str, int, int]) -> None:
    row = event_rows([occurrence(kind=kind, realis=realis, actors="RUS", recipients="USA")]).rows[0]
    assert (row.counted_as, row.score_tenths, row.quad) == expected
    assert row.type == kind


def test_a_joint_accusation_without_a_target_is_not_hostility_between_those_who_make_it() -> None:
    found = event_rows([occurrence(kind="ACCUSE"), occurrence("o2", kind="SUPPORT")])
    assert {row.occurrence for row in found} == {"o2"}
    assert found.reasons() == {"one side only": 1}


@pytest.mark.parametrize("realis", ["denied", "hypothetical"])
def test_denied_and_hypothetical_events_do_not_score(realis: str) -> None:
    found = event_rows([occurrence(kind="ASSAULT", realis=realis)])
    assert found.reasons() == {f"{realis}, so not done": 1}


def test_nothing_but_what_happened_scores_outside_words() -> None:
    for realis in REALIS:
        for kind in types():
            counted = counts_as(kind, "", realis)
            if realis != "happened" and counted is not None:
                assert types()[counted[0]].quad in (1, 3), (realis, kind)


def test_a_plan_is_an_act_of_the_day_it_was_reported_not_of_the_day_it_speaks_of() -> None:
    plan = occurrence(realis="planned", when="2025-04-10", reports=(("d1", "2025-04-06T08:00:00+00:00", "planned"),))
    assert event_rows([plan], published={"d1": date(2025, 4, 5)}).rows[0].day == date(2025, 4, 5)
    assert event_rows([plan]).rows[0].day == date(2025, 4, 6)


def test_an_old_plan_filed_years_later_is_dated_no_later_than_what_was_planned() -> None:
    plan = occurrence(realis="planned", when="2021-06-16", reports=(("d1", "2026-01-01T08:00:00+00:00", "planned"),))
    assert event_rows([plan]).rows[0].day == date(2021, 6, 16)


def test_an_undated_proposal_takes_the_day_of_its_report() -> None:
    offer = occurrence(realis="proposed", when=None)
    assert event_rows([offer]).reasons() == {"undated": 1}
    assert event_rows([offer], published={"o1-doc": date(2025, 3, 1)}).rows[0].day == date(2025, 3, 1)


def test_a_meeting_first_reported_as_planned_keeps_its_own_day() -> None:
    both = occurrence(
        when="2025-04-10",
        reports=(("d1", "2025-04-05T08:00:00+00:00", "planned"), ("d2", "2025-04-10T20:00:00+00:00", "happened")),
    )
    found = event_rows([both], published={"d1": date(2025, 4, 5), "d2": date(2025, 4, 10)})
    assert found.rows[0].day == date(2025, 4, 10)


def test_an_event_said_to_have_happened_after_its_report_is_left_out() -> None:
    wrong = occurrence(when="2025-04-10", reports=(("d1", "2025-04-05T08:00:00+00:00", "happened"),))
    assert event_rows([wrong]).reasons() == {"said to have happened after it was reported": 1}


def test_a_month_ends_on_the_day_of_the_report() -> None:
    april = occurrence(when="2025-04", reports=(("d1", "2025-04-10T08:00:00+00:00", "happened"),))
    row = event_rows([april]).rows[0]
    assert (row.first, row.last, row.width_days) == (date(2025, 4, 1), date(2025, 4, 10), 10)
    assert (row.day, row.month_number, row.precision) == (None, 12 * 2025 + 3, "month")


def test_what_a_person_accepted_counts_in_full() -> None:
    weights = [event_rows([occurrence(decided=how)]).rows[0].weight_thousandths for how in ("", "accept", "amend")]
    assert weights == [800, 1000, 1000]


def test_an_unknown_type_is_left_out_with_what_was_found_and_the_others_go_on() -> None:
    found = event_rows([occurrence(kind="CRIME"), occurrence("o2")])
    assert [row.occurrence for row in found] == ["o2", "o2"]
    assert "no type 'CRIME'" in found.left_out[0].reason


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(EngineError, match="o1 is given twice"):
        event_rows([occurrence(), occurrence()])


def test_what_was_recorded_later_is_not_used() -> None:
    early = occurrence("early", reports=(("d1", "2025-02-19T08:00:00+00:00", "happened"),))
    late = occurrence("late", reports=(("d2", "2025-02-20T08:00:00+00:00", "happened"),))
    found = event_rows([early, late], as_of=date(2025, 2, 19))
    assert {row.occurrence for row in found} == {"early"}
    assert found.as_of is not None


def test_an_occurrence_merged_with_later_reports_is_refused_for_an_earlier_moment() -> None:
    merged = occurrence(
        reports=(("d1", "2025-02-19T08:00:00+00:00", "happened"), ("d2", "2025-02-21T08:00:00+00:00", "happened"))
    )
    with pytest.raises(EngineError, match="1 of its 2 reports were recorded after"):
        event_rows([merged], as_of=datetime(2025, 2, 20, tzinfo=UTC))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_occurrence_gives_rows_or_a_reason(data: st.DataObject) -> None:
    some = [data.draw(any_occurrence(f"o{i}")) for i in range(data.draw(st.integers(0, 6)))]
    found = event_rows(some)
    assert {row.occurrence for row in found} | {item.occurrence for item in found.left_out} == {o.id for o in some}
    assert not {row.occurrence for row in found} & {item.occurrence for item in found.left_out}
    for row in found:
        assert row.actor != row.recipient
        assert -100 <= row.score_tenths <= 100
        assert row.last - row.first == timedelta(days=row.width_days - 1)
    keys = [(row.occurrence, row.actor, row.recipient) for row in found]
    assert len(keys) == len(set(keys))
    assert event_rows(reversed(some)).rows == found.rows
