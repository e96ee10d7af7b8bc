"""Acts that are answered in kind are counted, those of the same day or done together are not, and chance is told."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from measure_examples import END, RUS_USA, START, event, histories, rows, swapped

from detente.measures.answered import MIN_ACTS, AnsweredActs, answered_acts
from detente.terms import Occurrence


def counted(*events: Occurrence, end: date = END) -> AnsweredActs:
    found = answered_acts(rows(*events), RUS_USA, start=START, end=end, draws=199)
    assert found is not None
    return found


def test_an_answer_in_kind_within_two_weeks_counts_and_nothing_else_does() -> None:
    asked = event("2025-02-01", "SANCTION", "USA", "RUS", key="asked")
    for when, kind, answered in (
        ("2025-02-08", "ACCUSE", 1),
        ("2025-02-15", "ACCUSE", 1),
        ("2025-02-16", "ACCUSE", 0),
        ("2025-02-01", "ACCUSE", 0),
        ("2025-02-08", "AID", 0),
    ):
        to_usa, to_russia = counted(asked, event(when, kind, "RUS", "USA", key="answer")).answers
        assert (to_usa.who, to_usa.to) == ("RUS>USA", "USA>RUS")
        assert to_usa.answered == answered
        assert to_russia.answered == 0
        assert to_usa.evidence == ((("asked", "answer"),) if answered else ())
        assert to_usa.chance is None, "two acts are too few"


def test_what_both_do_together_is_counted_apart() -> None:
    found = counted(event("2025-02-01", key="talks"), event("2025-02-03", "AID", "USA", "RUS", key="aid"))
    assert found.joint == 1
    assert [each.acts for each in found.answers] == [1, 0]


def exchange(seed: int, answers: bool) -> list[Occurrence]:
    random = np.random.default_rng(seed)
    out = []
    for n, offset in enumerate(sorted(random.integers(0, 480, 30))):
        day, kind = START + timedelta(days=int(offset)), str(random.choice(["AID", "ACCUSE"]))
        other = (
            day + timedelta(days=int(random.integers(1, 5)))
            if answers
            else START + timedelta(days=int(random.integers(0, 480)))
        )
        out.append(event(day, kind, "USA", "RUS", key=f"u{n:02}"))
        out.append(
            event(other, kind if answers else str(random.choice(["AID", "ACCUSE"])), "RUS", "USA", key=f"r{n:02}")
        )
    return out


def test_draws_taken_in_parts_give_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    history, end = exchange(3, answers=True), START + timedelta(days=500)
    whole = counted(*history, end=end)
    monkeypatch.setattr("detente.measures.answered._AT_ONCE", 2_000)
    assert counted(*history, end=end) == whole


def test_answers_are_found_with_who_moves_first_and_chance_alone_seldom_is() -> None:
    end = START + timedelta(days=500)
    found = counted(*exchange(1, answers=True), end=end)
    assert [each.sure for each in found.answers] == [True, False]
    assert found.leader == "USA>RUS"
    none = [counted(*exchange(seed, answers=False), end=end) for seed in range(20)]
    # Of 40 tests two are expected to err.
    assert sum(each.sure for one in none for each in one.answers) <= 5
    assert sum(bool(one.leader) for one in none) <= 3


@settings(max_examples=25, deadline=None)
@given(histories())
def test_exchanging_the_sides_exchanges_the_counts(history: list[Occurrence]) -> None:
    one, other = counted(*history), counted(*swapped(history))
    assert [(e.acts, e.answered) for e in one.answers] == [(e.acts, e.answered) for e in other.answers[::-1]]
    assert one.joint == other.joint
    assert all((each.chance is None) == (min(each.acts, each.own) < MIN_ACTS) for each in one.answers)
