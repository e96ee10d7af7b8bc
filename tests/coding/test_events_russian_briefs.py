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
        ("Перестрелка на армяно-турецкой границе продолжалась в четверг около двух часов.", "ASSAULT"),
        ("Требования Анкары неприемлемы для Армении.", "REJECT"),
        ("Переговоры Армении и Турции в грузинском Батуми заняли шесть часов.", "CONSULT"),
    ],
)
def test_it_is_told_in_a_brief(text: str, kind: str) -> None:
    found = events(text, "ru", "ARM-TUR", "2025-04-11")
    assert [(event.type, event.sides) for event in found] == [(kind, ("ARM", "TUR"))]


@pytest.mark.parametrize(
    ("text", "kind", "realis"),
    [
        ("Анкара объявила во вторник о снятии санкций с Армении.", "RETREAT", "happened"),
        ("Анкара объявила в понедельник о смягчении ограничений на поездки в Армению.", "RETREAT", "happened"),
        ("Ереван объявил о высылке двух турецких дипломатов.", "SANCTION", "happened"),
        ("Анкара объявила в среду о разрыве дипломатических отношений с Ереваном.", "SANCTION", "happened"),
        ("Анкара усилила во вторник санкции против Армении.", "SANCTION", "happened"),
        ("Ереван начал во вторник вывод войск с территории Турции.", "RETREAT", "happened"),
        ("Анкара намерена усилить санкции против Армении.", "SANCTION", "planned"),
        ("Анкара не готова продолжать переговоры с Ереваном.", "REJECT", "happened"),
    ],
)
def test_who_does_what_to_whom_in_plain_forms(text: str, kind: str, realis: str) -> None:
    found = events(text, "ru", "ARM-TUR", "2025-04-16")
    assert [(event.type, event.realis, event.sides) for event in found] == [(kind, realis, ("ARM", "TUR"))]
    actor = "TUR" if text.startswith("Анкара") else "ARM"
    assert found[0].actors[0].side == actor


def test_what_two_intend_to_do_is_planned_in_both_parts() -> None:
    text = "Анкара намерена открыть посольство в Ереване и смягчить ограничения на поездки в Армению."
    found = events(text, "ru", "ARM-TUR", "2025-04-16")
    assert [(event.type, event.realis) for event in found] == [("SUPPORT", "planned"), ("CONCEDE", "planned")]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Анкара пообещала ввести пошлины против Армении.", ["THREATEN"]),
        ("Анкара предупредила во вторник, что ответит на любые новые санкции Армении.", ["THREATEN"]),
        ("Эрдоган предупредил, что Анкара введет санкции, если Армения не прекратит огонь.", ["THREATEN"]),
        ("Президент Турции подписал в четверг указ о новых санкциях против Армении.", ["SANCTION"]),
        ("Анкара пообещала продолжить давление на Армению.", []),
        ("Анкара отказалась уточнить сроки возвращения посла Армении.", []),
        ("Анкара решила не вводить новые санкции против Армении.", []),
        ("Анкара решила не снимать санкции с Армении.", ["REJECT"]),
        ("Анкара отказалась вводить новые санкции против Армении.", []),
        ("Анкара отказалась снимать санкции с Армении.", ["REJECT"]),
    ],
)
def test_what_is_promised_or_refused_is_judged_by_what_it_is(text: str, kinds: list[str]) -> None:
    assert [event.type for event in events(text, "ru", "ARM-TUR", "2025-04-16")] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Армении и Турции не удалось достичь соглашения.",
        "Армения и Турция не смогли подписать соглашение.",
        "О возобновлении рейсов Армении и Турции договориться не удалось.",
        "Ереван не намерен отказываться от переговоров с Анкарой.",
        "Ереван не планирует выходить из договора с Турцией.",
        "Ереван намерен приостановить переговоры с Анкарой.",
        "Ереван готов направить войска к границам Турции.",
    ],
)
def test_nothing_is_agreed_offered_or_refused_by_what_fails_or_breaks(text: str) -> None:
    found = events(text, "ru", "ARM-TUR", "2025-04-16")
    assert not {event.type for event in found} & {"AGREE", "COOPERATE"}
    assert not any(event.type == "REJECT" and event.realis == "happened" for event in found)


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
