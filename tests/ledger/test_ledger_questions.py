"""A question stays as it was put; two people who do not see each other settle it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_examples import Open, ticking

from detente.errors import LedgerError
from detente.ledger import Answer, Ledger, Poll, digest
from detente.ledger.questions import FROZEN, poll
from detente.terms import Milestone, ReferenceClass, Resolution

START = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
ENVOYS = Milestone(
    id="envoys",
    question=(("en", "Both ambassadors in post"), ("ru", "Оба посла на месте")),
    rule=(("en", "Yes on the day both have presented credentials."),),
    opened=date(2026, 1, 15),
    deadline=date(2026, 12, 31),
    reference=ReferenceClass("ambassadors_exchanged", date(2025, 2, 12)),
    track="embassies",
    day_of="deed",
    sources=((("en", "The host here"),), (("en", "The host there"),)),
    edge_cases=(("en", "A chargé does not count."),),
    tie_break=(("en", "The later day."),),
    void_rule=(("en", "A state is gone."),),
)
DATES = [
    replace(ENVOYS, id=f"envoys-{day}", deadline=day, chain="envoys")
    for day in (date(2026, 6, 30), date(2026, 12, 31), date(2027, 12, 31))
]
DAY = date(2026, 5, 4)


@pytest.fixture
def ledger(open_ledger: Open) -> Ledger:
    return open_ledger(ticking(START))


def resolution(ledger: Ledger, name: str, *, as_of: date | datetime | None = None) -> Resolution | None:
    return ledger.polls(as_of=as_of)[name].resolution


def settle(ledger: Ledger, name: str, answer: str, day: date | None, *people: str) -> None:
    for person in people:
        ledger.answer(name, answer, day=day, evidence=f"page {person}", by=person, why="so it is")  # type: ignore[arg-type]


# Questions


def test_a_question_is_opened_once_and_kept_with_its_hash(ledger: Ledger) -> None:
    question = ledger.open_question(ENVOYS)
    assert ledger.open_question(replace(ENVOYS, label=(("en", "Envoys"),), track="contacts")) == question
    assert ledger.questions() == {"envoys": question}
    assert question.sha256 == digest(ENVOYS)
    assert question.as_milestone() == replace(ENVOYS, track="")
    assert ledger.verify().ok


@pytest.mark.parametrize("name", FROZEN[1:])
def test_no_frozen_field_can_change(ledger: Ledger, name: str) -> None:
    ledger.open_question(ENVOYS)
    changed = {
        "day_of": "effect",
        "opened": date(2026, 1, 16),
        "deadline": date(2027, 1, 1),
        "chain": "c",
        "sources": ENVOYS.sources[:1],
    }
    with pytest.raises(LedgerError, match=rf"envoys: {name} changed since envoys was opened on 2027-03-01.*new id"):
        ledger.open_question(replace(ENVOYS, **{name: changed.get(name, (("en", "Otherwise."),))}))
    assert ledger.questions()["envoys"].sha256 == digest(ENVOYS)


def test_dates_of_a_chain_cannot_drift_apart(ledger: Ledger) -> None:
    ledger.open_question(DATES[0])
    with pytest.raises(LedgerError, match=r"envoys-2026-12-31: rule changed since envoys-2026-06-30"):
        ledger.open_question(replace(DATES[1], rule=(("en", "A little easier."),)))
    ledger.open_question(DATES[1])
    assert list(ledger.questions()) == [m.id for m in DATES[:2]]


def test_the_database_refuses_to_change_a_question_or_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger.open(path, create=True, clock=ticking(START)) as ledger:
        ledger.open_question(ENVOYS)
        settle(ledger, "envoys", "yes", DAY, "anna")
    with sqlite3.connect(path) as other:
        for table, column in (("questions", "text"), ("answers", "day")):
            for statement in (
                f"UPDATE {table} SET {column} = ''",
                f"DELETE FROM {table}",
                f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            ):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    other.execute(statement)


# Answers


def test_nobody_is_shown_the_first_answer(ledger: Ledger) -> None:
    ledger.open_question(ENVOYS)
    (after_one,) = ledger.answer("envoys", "yes", day=DAY, evidence="secret page", by="anna")
    assert (after_one.given, after_one.answers, after_one.resolution) == (1, (), None)
    assert "secret" not in repr(ledger.polls())
    (after_two,) = ledger.answer("envoys", "yes", day=DAY, evidence="another page", by="boris")
    assert [answer.by for answer in after_two.answers] == ["anna", "boris"]
    assert resolution(ledger, "envoys") == Resolution("yes", DAY, "secret page; another page")


def test_a_third_decides_by_majority(ledger: Ledger) -> None:
    ledger.open_question(ENVOYS)
    settle(ledger, "envoys", "yes", DAY, "anna")
    settle(ledger, "envoys", "no", None, "boris")
    assert ledger.polls()["envoys"].disagree
    settle(ledger, "envoys", "no", date(2026, 12, 31), "vera")
    assert resolution(ledger, "envoys") == Resolution("no", date(2026, 12, 31), "page boris; page vera")


def test_three_who_all_differ_leave_it_open(ledger: Ledger) -> None:
    ledger.open_question(ENVOYS)
    settle(ledger, "envoys", "yes", DAY, "anna")
    settle(ledger, "envoys", "yes", DAY + timedelta(days=1), "boris")
    settle(ledger, "envoys", "void", DAY, "vera")
    assert resolution(ledger, "envoys") is None
    assert ledger.polls()["envoys"].disagree
    settle(ledger, "envoys", "yes", DAY, "gleb")
    assert resolution(ledger, "envoys") == Resolution("yes", DAY, "page anna; page gleb")


@pytest.mark.parametrize("name", ["anna", " ANNA ", "Ａnna"])
def test_nobody_answers_twice(ledger: Ledger, name: str) -> None:
    ledger.open_question(ENVOYS)
    settle(ledger, "envoys", "yes", DAY, "Anna")
    for day in (DAY, DAY + timedelta(days=1)):
        with pytest.raises(LedgerError, match="answered by this person before") as refused:
            settle(ledger, "envoys", "yes", day, name)
        assert str(DAY) not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "answer", "day", "said"),
    [
        ("tea", "yes", DAY, "was not opened"),
        ("envoys", "maybe", DAY, "answer 'maybe' is unknown"),
        ("envoys", "yes", None, "no day given"),
        ("envoys", "yes", date(2025, 12, 31), "before the question was put"),
        ("envoys", "yes", date(2028, 1, 1), "after today"),
        ("envoys", "yes", date(2027, 1, 2), "The answer to this question is no"),
        ("envoys", "no", DAY, "Give --day 2026-12-31"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    ledger: Ledger, name: str, answer: str, day: date | None, said: str
) -> None:
    ledger.open_question(ENVOYS)
    with pytest.raises(LedgerError, match=said):
        settle(ledger, name, answer, day, "anna")


def test_no_is_not_known_before_the_deadline_has_passed(ledger: Ledger) -> None:
    ledger.open_question(replace(ENVOYS, deadline=date(2027, 3, 1)))
    with pytest.raises(LedgerError, match="has not passed"):
        settle(ledger, "envoys", "no", None, "anna")


def test_evidence_a_name_and_a_reason_to_void_are_asked_for(ledger: Ledger) -> None:
    ledger.open_question(ENVOYS)
    empty = (("", "anna", "so", "evidence"), ("page", " ", "so", "by"), ("page", "anna", "", "why"))
    for evidence, by, why, what in empty:
        with pytest.raises(LedgerError, match=f"{what} is empty"):
            ledger.answer("envoys", "void", day=DAY, evidence=evidence, by=by, why=why)


def test_nobody_learns_what_was_answered_by_answering_in_that_persons_name(ledger: Ledger) -> None:
    ledger.open_question(ENVOYS)
    settle(ledger, "envoys", "yes", DAY, "anna")
    said = set()
    for answer, day in (("yes", DAY), ("yes", DAY + timedelta(days=1)), ("void", DAY)):
        with pytest.raises(LedgerError) as refused:
            settle(ledger, "envoys", answer, day, "Anna")
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_settled_question_takes_no_more_answers(ledger: Ledger) -> None:
    ledger.open_question(ENVOYS)
    settle(ledger, "envoys", "yes", DAY, "anna", "boris")
    for day, said in ((DAY, "settled"), (DAY + timedelta(days=1), "was settled before, and otherwise")):
        with pytest.raises(LedgerError, match=said):
            settle(ledger, "envoys", "yes", day, "vera")


def test_a_chain_is_settled_as_a_whole(ledger: Ledger) -> None:
    for milestone in DATES:
        ledger.open_question(milestone)
    with pytest.raises(LedgerError, match="name envoys"):
        settle(ledger, "envoys-2026-06-30", "yes", DAY, "anna")
    settle(ledger, "envoys", "no", date(2026, 6, 30), "anna", "boris")
    assert resolution(ledger, "envoys-2026-06-30") == Resolution("no", date(2026, 6, 30), "page anna; page boris")
    assert resolution(ledger, "envoys-2026-12-31") is None
    with pytest.raises(LedgerError, match="envoys-2026-06-30: was answered by this person before, and otherwise"):
        settle(ledger, "envoys", "yes", DAY, "anna")
    settle(ledger, "envoys", "yes", date(2027, 2, 3), "anna", "vera")
    assert [resolution(ledger, m.id).answer for m in DATES] == ["no", "no", "yes"]  # type: ignore[union-attr]


def shown_of_a_chain(answer: str, day: date) -> dict[str, Poll]:
    """What everybody is shown of a chain once one person has answered."""
    with Ledger.open("sqlite://", create=True, clock=ticking(START)) as opened:
        for milestone in DATES:
            opened.open_question(milestone)
        settle(opened, "envoys", answer, day, "anna")
        return opened.polls()


@pytest.mark.parametrize(
    ("answer", "day"),
    [("yes", DAY), ("yes", date(2027, 2, 3)), ("void", DAY), ("no", date(2026, 12, 31))],
)
def test_dates_of_a_chain_do_not_tell_which_of_them_was_answered(answer: str, day: date) -> None:
    assert shown_of_a_chain(answer, day) == shown_of_a_chain("no", date(2026, 6, 30))


def test_a_settled_date_of_a_chain_tells_nothing_of_an_answer_to_the_next(ledger: Ledger) -> None:
    for milestone in DATES:
        ledger.open_question(milestone)
    settle(ledger, "envoys", "yes", date(2027, 2, 3), "anna")
    settle(ledger, "envoys", "no", date(2026, 6, 30), "boris")
    first, second, third = (ledger.polls()[m.id] for m in DATES)
    assert (first.resolution, first.answers) == (Resolution("no", date(2026, 6, 30), "page boris"), ())
    assert [(each.given, each.answers, each.resolution) for each in (second, third)] == [(1, (), None)] * 2
    settle(ledger, "envoys", "yes", date(2027, 2, 3), "vera")
    first, second, third = (ledger.polls()[m.id] for m in DATES)
    assert [answer.evidence for answer in first.answers] == ["page anna", "page boris"]
    assert [each.resolution.answer for each in (second, third) if each.resolution] == ["no", "yes"]


def test_what_was_settled_is_replayed_as_of_any_moment(ledger: Ledger) -> None:
    ledger.open_question(ENVOYS)
    settle(ledger, "envoys", "yes", DAY, "anna", "boris")
    first, second = (answer.recorded for answer in ledger.polls()["envoys"].answers)
    assert ledger.polls(as_of=START - timedelta(days=1)) == {}
    assert ledger.polls(as_of=first)["envoys"].given == 1
    assert resolution(ledger, "envoys", as_of=second - timedelta(seconds=1)) is None
    assert resolution(ledger, "envoys", as_of=second) == resolution(ledger, "envoys")


@given(st.lists(st.sampled_from(["yes 2026-05-04", "yes 2026-05-05", "no 2026-12-31", "void 2026-05-04"]), max_size=5))
def test_an_answer_counts_only_if_two_people_gave_it(given_answers: list[str]) -> None:
    answers = []
    for number, each in enumerate(given_answers):
        answer, day = each.split()
        answers.append(Answer("envoys", answer, date.fromisoformat(day), "page", str(number), "", number, START))  # type: ignore[arg-type]
    found = poll("envoys", answers).resolution
    twice = [each for number, each in enumerate(given_answers) if each in given_answers[:number]]
    assert (f"{found.answer} {found.day}" if found else None) == (twice[0] if twice else None)
