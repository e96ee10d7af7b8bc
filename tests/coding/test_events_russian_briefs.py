"""Events as Russian briefs and news tell them: passives, notes, questions put, places by their adjective."""

from __future__ import annotations

import pytest
from tests.coding.reports import events


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("В Министерство иностранных дел Армении был вызван посол Турции.", "ACCUSE"),
        ("В турецкий МИД была вызвана посол Армении.", "ACCUSE"),
        ("Состоялся обмен нотами о работе посольств Армении и Турции.", "AGREE"),
        ("Кандидатуру нового посла Армении одобрили в Турции.", "AGREE"),
        ("Делегации Армении и Турции наметили первые шаги к открытию границы.", "AGREE"),
        ("Ереван поставил перед Анкарой вопрос об открытии границы.", "REQUEST"),
        ("Армянской стороной вновь поставлен вопрос перед Турцией о скорейшем открытии границы.", "REQUEST"),
        ("Ереван предлагает Анкаре обсудить сроки открытия границы.", "REQUEST"),
        ("Анкара на год продлила санкции против Армении.", "SANCTION"),
        ("Требования Анкары неприемлемы для Армении.", "REJECT"),
        ("Переговоры Армении и Турции в грузинском Батуми заняли шесть часов.", "CONSULT"),
    ],
)
def test_it_is_told_in_a_brief(text: str, kind: str) -> None:
    found = events(text, "ru", "ARM-TUR", "2025-04-11")
    assert [(event.type, event.sides) for event in found] == [(kind, ("ARM", "TUR"))]


@pytest.mark.parametrize(
    "text",
    [
        "Ереван не подтверждает, что встреча Пашиняна и Эрдогана отложена.",
        "Речь шла о совместных проектах Армении и Турции.",
    ],
)
def test_it_is_only_spoken_of(text: str) -> None:
    assert not events(text, "ru", "ARM-TUR", "2025-04-11")


def test_whoever_is_received_takes_up_no_proposal() -> None:
    text = "Арарат Мирзоян был принят президентом Турции, которому вручил приглашение посетить Ереван."
    assert [event.type for event in events(text, "ru", "ARM-TUR", "2025-04-11")] == ["CONSULT", "REQUEST"]


def test_a_day_behind_a_conjunction_is_of_what_follows() -> None:
    text = "Турция приостановила соглашение с Арменией, а 7 апреля ввела санкции против Армении."
    found = events(text, "ru", "ARM-TUR", "2025-04-11")
    days = {event.type: event.event_date.value if event.event_date else None for event in found}
    assert days == {"RETREAT": None, "SANCTION": "2025-04-07"}
    assert {event.sides for event in found} == {("ARM", "TUR")}


@pytest.mark.parametrize(
    ("following", "day"),
    [
        ("Указ появился в среду на сайте правительства.", "2025-04-09"),
        ("В среду министры говорили по телефону.", "2025-04-11"),  # the day of what comes next
        ("Указ уже опубликован.", "2025-04-11"),
    ],
)
def test_an_undated_opening_is_of_the_day_that_the_next_sentence_names_within(following: str, day: str) -> None:
    text = f"Анкара на год продлила санкции против Армении. {following}"
    found = next(event for event in events(text, "ru", "ARM-TUR", "2025-04-11") if event.type == "SANCTION")
    assert found.event_date is not None
    assert found.event_date.value == day
