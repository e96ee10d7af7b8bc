"""Events as Russian agencies tell them: word order, impersonal forms, deeds named by nouns."""

from __future__ import annotations

import pytest
from tests.coding.reports import day, events, one


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("О прекращении соглашения с Россией объявило посольство США.", "RETREAT"),
        ("Отмену санкций с российских компаний анонсировал Вашингтон.", "RETREAT"),
        ("В МИД России вызвали посла США.", "ACCUSE"),
        ("Временный поверенный в делах США приглашён в МИД России.", "ACCUSE"),
        ("Американцам запрещено покупать российские облигации.", "SANCTION"),
        ("США аннулировали визы российским дипломатам.", "SANCTION"),
        ("Вашингтон в пятницу вышел из переговоров с Москвой.", "SANCTION"),
        ("Срок ареста американскому журналисту продлён московским судом на три месяца.", "COERCE"),
        ("Ответственность за срыв переговоров Вашингтон возложил на Москву.", "ACCUSE"),
        ("В Москве не приняли американский план урегулирования.", "REJECT"),
        ("С предложением о прекращении огня к Москве обратился Вашингтон.", "REQUEST"),
        ("Москва призвала Вашингтон воздержаться от размещения ракет.", "REQUEST"),
        ("Москва предложила Вашингтону продлить на год ограничения по ДСНВ.", "REQUEST"),
        ("США направили в Россию гуманитарный груз.", "AID"),
        ("Гуманитарная помощь из России доставлена в США.", "AID"),
    ],
)
def test_it_is_told_in_any_order_and_without_a_doer(text: str, kind: str) -> None:
    found = events(text, "ru", "RUS-USA", "2025-12-08")
    assert [(event.type, event.sides) for event in found] == [(kind, ("RUS", "USA"))]


def test_what_is_expected_within_a_time_not_over_is_planned() -> None:
    text = "К концу месяца ожидается приезд в Москву американского спецпосланника."
    assert one(events(text, "ru", "RUS-USA", "2025-12-08"), "CONSULT").realis == "planned"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Consultations between Russia and the United States were held in Istanbul on 2 and 3 December."),
        ("fr", "Des consultations entre la Russie et les États-Unis se sont tenues les 2 et 3 décembre à Istanbul."),
        ("ru", "Консультации России и США прошли 2 и 3 декабря в Стамбуле."),
    ],
)
def test_a_meeting_of_two_days_running_is_one(language: str, text: str) -> None:
    assert day(one(events(text, language, "RUS-USA", "2025-12-04"), "CONSULT")) == "2025-12-02"


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "Iran fired ballistic missiles at Israel on Friday.", "ASSAULT"),
        ("ru", "В пятницу Иран выпустил по Израилю десятки баллистических ракет.", "ASSAULT"),
        ("ru", "В пятницу Иран испытал баллистические ракеты.", "MOBILIZE"),
    ],
)
def test_missiles_fired_at_a_state_strike_it(language: str, text: str, kind: str) -> None:
    assert {event.type for event in events(text, language, "IRN-ISR", "2025-06-16")} == {kind}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Armenia handed over four villages to Azerbaijan on Friday."),
        ("fr", "L'Arménie a rendu vendredi quatre villages à l'Azerbaïdjan."),
        ("ru", "Армения передала в пятницу Азербайджану четыре села."),
    ],
)
def test_land_given_up_is_a_retreat(language: str, text: str) -> None:
    event = one(events(text, language, "ARM-AZE", "2025-06-16"), "RETREAT")
    assert {p.side for p in event.actors} == {"ARM"}
