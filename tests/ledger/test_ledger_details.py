"""How long a meeting took and how many an act had to do with: what is read, and what is a disagreement."""

from __future__ import annotations

import pytest
from ledger_examples import coding, document, event, ticking

from detente.ledger import Ledger
from detente.ledger.details import Details, Length
from detente.terms import Document, Occurrence, TimeExpression


def time(where: Document, quote: str, value: str, mod: str = "") -> TimeExpression:
    start = where.text.index(quote)
    return TimeExpression(where.quote(start, start + len(quote)), value, "DURATION", mod)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (("PT50M", ""), ("PT1H", ""), False),
        (("PT50M", ""), ("PT1H", "APPROX"), False),
        (("PT55M", ""), ("PT1H", "APPROX"), True),
        (("PT6H", "MORE_THAN"), ("PT6H30M", ""), True),
        (("PT6H", "MORE_THAN"), ("PT9H", ""), False),
        (("PT3H", "LESS_THAN"), ("PT165M", ""), True),
    ],
)
def test_lengths_agree_where_both_can_be_right(one: tuple[str, str], other: tuple[str, str], agree: bool) -> None:
    first, second = Length.of(*one), Length.of(*other)
    assert first is not None
    assert second is not None
    assert first.agrees(second) == second.agrees(first) == agree


@pytest.mark.parametrize(("value", "mod"), [("P30D", ""), ("PT48H", ""), ("PT", ""), ("PTXM", ""), ("PT2H", "START")])
def test_a_truce_or_a_deadline_is_no_length_of_a_meeting(value: str, mod: str) -> None:
    assert Length.of(value, mod) is None


MEETING = "The ministers met on Monday. The talks lasted two hours 45 minutes. The truce is to last six hours."


def test_a_length_is_told_in_the_words_of_a_meeting_or_right_after_them() -> None:
    doc = document("d1", MEETING)
    hours, minutes, truce = (
        time(doc, "two hours", "PT2H"),
        time(doc, "45 minutes", "PT45M"),
        time(doc, "six hours", "PT6H"),
    )
    met = event(doc, end=28)
    assert Details([met], [truce, minutes, hours]).length(met) == Length(165)
    # What stands after the next event's words is told of that one.
    assert Details([met, event(doc, start=29, type="AGREE")], [hours]).length(met) is None
    assert Details([met], [hours]).length(event(doc, end=28, type="ACCUSE")) is None
    assert Details([met], [hours]).length(event(doc, end=28, realis="planned")) is None


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Russia expelled two diplomats.", "en", 2),
        ("Россия выслала двенадцать дипломатов.", "ru", 12),
        ("Les États-Unis ont sanctionné 1 200 entreprises.", "fr", 1200),
        ("The 14th package of sanctions was adopted.", "en", None),
        ("Russia expelled two diplomats and closed three offices.", "en", None),
        ("Exports of gas fell by 30 % after the ban of 2022.", "en", None),
    ],
)
def test_a_count_is_the_one_number_of_an_act(text: str, language: str, count: float | None) -> None:
    doc = document("d1", text, language=language)
    assert Details([], []).count(event(doc, type="SANCTION"), language) == count
    assert Details([], []).count(event(doc), language) is None


def test_a_day_is_no_count() -> None:
    doc = document("d1", "On 2 July Washington imposed sanctions.")
    day = TimeExpression(doc.quote(0, 9), "2025-07-02", "DATE")
    assert Details([], [day]).count(event(doc, type="SANCTION"), "en") is None


def test_what_members_give_differently_is_listed() -> None:
    def told(number: int, minutes: str, value: str, mod: str = "") -> Occurrence:
        doc = document(f"d{number}", f"The ministers spoke for {minutes}.")
        ledger.add_document(doc)
        ledger.file(coding(doc, event(doc, mode="phone"), times=(time(doc, minutes, value, mod),)))
        (found,) = ledger.occurrences()
        return found

    with Ledger.open("sqlite://", create=True, clock=ticking()) as ledger:
        assert told(1, "50 minutes", "PT50M").disagreements == ()
        assert told(2, "nearly an hour", "PT55M", "APPROX").disagreements == ()
        assert dict(told(3, "two hours", "PT2H").disagreements)["length"] == (("120", 1), ("50", 1), ("~55", 1))
