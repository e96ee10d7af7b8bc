"""Events of official pages: readouts, letters, orders, statements of governments."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.coding.reports import day, events, one

from detente.coding.events_forms import english_verb
from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.terms import Document, Dyad, Event


def coded(text: str, language: str, dyad: str, published: str) -> tuple[Event, ...]:
    """Events as the whole coder gives them, what is only said among them."""
    document = Document("d", text, language, date.fromisoformat(published), "given", datetime(2026, 11, 23, tzinfo=UTC))
    return RulesCoder(starter(Dyad.parse(dyad), date.fromisoformat(published))).code(document).events


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Prime Minister Modi of India spoke today with Foreign Minister Haruto Tanabe of Japan."),
        (
            "fr",
            "Narendra Modi s'est entretenu jeudi avec le ministre des affaires étrangères Haruto Tanabe du Japon.",
        ),
        ("ru", "Премьер-министр Индии Моди встретился в четверг с министром Харуто Танабэ из Японии."),
    ],
)
def test_a_state_behind_a_titled_name_is_whom_it_speaks_for(language: str, text: str) -> None:
    assert one(events(text, language, "IND-PAK", "2025-04-24"), "CONSULT").sides == ("IND", "JPN")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "India and Pakistan share a river. Members of the commission agreed on Monday to publish all data.",
        ),
        (
            "fr",
            "L'Inde et le Pakistan ont un fleuve. Les membres de la commission ont convenu lundi de tout publier.",
        ),
        ("ru", "У Индии и Пакистана общая река. Члены союза договорились в понедельник всё публиковать."),
    ],
)
def test_a_group_of_others_before_the_verb_is_not_the_two(language: str, text: str) -> None:
    assert not events(text, language, "IND-PAK", "2025-04-24")


def test_a_count_of_three_is_not_the_two_either() -> None:
    text = "India and Pakistan share a river. The three advisers reaffirmed on Monday their commitment to consult."
    assert not events(text, "en", "IND-PAK", "2025-04-24")


def test_a_clause_joined_by_and_keeps_a_subject_that_is_no_name() -> None:
    text = "India said on Monday that its exchanges will open, and short selling of shares has been banned."
    assert not [e for e in events(text, "en", "IND-PAK", "2025-04-24") if e.type in ("COERCE", "SANCTION")]


def test_who_is_named_with_other_talks_took_no_part_in_these() -> None:
    text = "President Obama held a call today with Prime Minister Modi on the summit between Putin and Xi Jinping."
    call = next(e for e in events(text, "en", "IND-USA", "2015-04-24") if e.mode == "phone")
    assert call.sides == ("IND", "USA")


def test_a_noun_behind_an_adjective_orders_nothing() -> None:
    text = "India keeps Pakistan out of the international economic order."
    assert not [e for e in events(text, "en", "IND-PAK", "2025-04-24") if e.type == "REQUEST"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "President Obama signed an executive order on Tuesday prohibiting new investment in Iran."),
        ("en", "On Tuesday President Obama issued an executive order to keep tightening trade with Iran."),
        ("fr", "Barack Obama a signé mardi un décret interdisant tout nouvel investissement en Iran."),
        ("ru", "Во вторник Барак Обама подписал указ о запрете новых инвестиций в Иран."),
    ],
)
def test_an_order_against_another_state_is_a_sanction(language: str, text: str) -> None:
    event = one(events(text, language, "IRN-USA", "2012-10-11"), "SANCTION")
    assert ({p.side for p in event.actors}, {p.side for p in event.recipients}) == ({"USA"}, {"IRN"})
    assert day(event) == "2012-10-09"


def test_an_order_to_do_more_together_is_none() -> None:
    text = "President Obama signed an executive order on Tuesday to expand cooperation with Iran."
    assert not [e for e in events(text, "en", "IRN-USA", "2012-10-11") if e.type == "SANCTION"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "President Obama issued an executive order to take additional steps with respect to the national emergency "
            "declared in Order 12170 of November 14, 1979 with respect to Iran.",
        ),
        (
            "fr",
            "Barack Obama a signé un décret interdisant les investissements en Iran, en vertu du décret 12170 "
            "du 14 novembre 1979.",
        ),
        (
            "ru",
            "Барак Обама подписал указ о запрете инвестиций в Иран по указу 12170 от 14 ноября 1979 года.",
        ),
    ],
)
def test_the_day_of_a_numbered_paper_is_not_that_of_what_is_done_under_it(language: str, text: str) -> None:
    assert day(one(events(text, language, "IRN-USA", "2012-10-11"), "SANCTION")) == "2012-10-11"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "President Obama spoke by phone today with President Putin. President Obama made clear that, if Russia "
            "invades again, the United States will respond decisively and impose costs.",
        ),
        (
            "fr",
            "Barack Obama s'est entretenu mardi par téléphone avec Vladimir Poutine. Il l'a averti que, si la Russie "
            "attaquait de nouveau, les États-Unis répondraient par des sanctions.",
        ),
        (
            "ru",
            "Барак Обама во вторник поговорил по телефону с Владимиром Путиным. Обама предупредил, что в случае нового "
            "наступления США ответят санкциями.",
        ),
    ],
)
def test_a_threat_with_its_condition_is_news_beside_the_call(language: str, text: str) -> None:
    event = one(coded(text, language, "RUS-USA", "2014-04-02"), "THREATEN")
    assert event.rank == "main"


def test_a_threat_without_one_is_background_there() -> None:
    text = "President Obama spoke by phone today with President Putin. President Obama warned Russia of consequences."
    assert one(coded(text, "en", "RUS-USA", "2014-04-02"), "THREATEN").rank == "background"


def test_who_is_counted_is_not_told_of() -> None:
    text = "India and Pakistan met on Monday. India will not rest until every Indian detained by Pakistan is free."
    assert not [e for e in events(text, "en", "IND-PAK", "2025-04-24") if e.type == "COERCE" and e.rank == "main"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Today three Indian fishermen who were imprisoned in Pakistan are finally coming home."),
        ("fr", "Trois pêcheurs indiens qui étaient emprisonnés au Pakistan rentrent chez eux aujourd'hui."),
    ],
)
def test_the_main_verb_behind_a_relative_clause_is_no_aside(language: str, text: str) -> None:
    event = one(events(text, language, "IND-PAK", "2025-04-24"), "RETREAT")
    assert (event.rank, day(event)) == ("main", "2025-04-24")


def test_a_commitment_beside_blame_is_not_made_to_the_one_blamed() -> None:
    text = (
        "The United States condemned Russia on Monday for its blackmail and reaffirmed its commitment to safe energy."
    )
    assert not [e for e in events(text, "en", "RUS-USA", "2022-05-24") if e.type == "AGREE"]


def test_the_term_of_what_is_talked_about_is_not_the_day_of_the_talks() -> None:
    text = "President Obama spoke today with President Putin. They discussed how to finish the treaty by May 5."
    assert day(one(events(text, "en", "RUS-USA", "2014-04-02"), "CONSULT")) == "2014-04-02"


def test_english_verbs_in_ee_keep_both_in_the_form_in_ing() -> None:
    assert "agreeing" in english_verb("agree")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Antony Blinken met NATO Secretary General Jens Stoltenberg today. Russia was not invited.", "en"),
        ("Antony Blinken a rencontré lundi le secrétaire général de l'Otan, Jens Stoltenberg.", "fr"),
        ("Сергей Лавров провёл переговоры с генеральным секретарём ООН Антониу Гутерришем.", "ru"),
    ],
)
def test_a_meeting_with_an_organisation_is_none_with_the_other_side(text: str, language: str) -> None:
    assert "CONSULT" not in {event.type for event in events(text, language, published="2024-01-29")}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Washington freed Artur Petrov, arrested in Cyprus in 2023, and thanked Russia.", "en"),
        ("Washington a libéré Arthur Petrov, arrêté à Chypre en 2023, et remercié la Russie.", "fr"),
        ("Вашингтон освободил Артура Петрова, арестованного на Кипре в 2023 году.", "ru"),
    ],
)
def test_the_third_state_where_somebody_was_arrested_is_no_party(text: str, language: str) -> None:
    assert not [event for event in events(text, language, published="2025-04-11") if "CYP" in event.sides]


def test_a_name_that_ends_like_an_adjective_is_a_subject() -> None:
    text = "The Philippines and the Dominican Republic agree that disputes should be resolved by arbitration."
    assert [event.type for event in events(text, "en", "DOM-PHL", "2025-04-11")] == ["AGREE"]
