"""Who speaks on official pages, and what of a page is nobody's statement."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from detente import plugins
from detente.dossier import starter
from detente.terms import Document, Dyad

WHITE_HOUSE = "https://www.whitehouse.gov/x/"
KREMLIN = "http://kremlin.ru/events/president/news/1"


def said(text: str, language: str, pair: str, url: str, title: str = "", day: date = date(2022, 5, 3)) -> list[str]:
    """Name and side of who makes each statement."""
    document = Document("d", text, language, day, "given", datetime(2022, 5, 3, tzinfo=UTC), url=url, title=title)
    found = plugins.coder(starter(Dyad.parse(pair), date(2015, 1, 1)), None).code(document).statements
    return [f"{one.speaker.name}/{one.speaker.side}" for one in found]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Vice President Kamala Harris met with President Boric of Chile. The Vice President praised Chile."),
        (
            "fr",
            "La vice-présidente Kamala Harris a rencontré le président Boric du Chili. "
            "La vice-présidente a salué le rôle du Chili.",
        ),
        (
            "ru",
            "Вице-президент Камала Харрис встретилась с президентом Чили Боричем. Вице-президент поблагодарила Чили.",
        ),
    ],
)
def test_a_deputy_who_is_named_once_is_heard_by_the_title(language: str, text: str) -> None:
    assert [one.split("/")[1] for one in said(text, language, "CHL-USA", WHITE_HOUSE)] == ["USA"]


def test_of_three_who_speak_together_those_of_the_pair_are_the_side() -> None:
    text = (
        "Jake Sullivan spoke with Foreign Minister Haruto Tanabe of Japan and Foreign Minister Rajesh Mehta of India, "
        "including about Chile. The three advisers welcomed the work of Chile."
    )
    assert said(text, "en", "CHL-USA", WHITE_HOUSE) == ["The three advisers/USA"]


def test_a_meeting_to_express_something_is_the_word_of_who_called_it() -> None:
    text = "President Biden spoke today with President Boric of Chile to express his gratitude to Chile."
    assert said(text, "en", "CHL-USA", WHITE_HOUSE) == ["Joe Biden/USA"]


def test_a_joint_text_with_somebody_else_is_signed_by_both_for_one_side() -> None:
    title = "Joint Statement by the United States and Canada on Chile"
    text = "The arrests in Chile are illegal. Chile has failed to keep its word. We will go on trading."
    found = said(text, "en", "CHL-USA", WHITE_HOUSE, title)
    assert found == ["the United States and Canada/USA"] * 2


def test_the_signer_behind_a_long_title_is_the_closing_name() -> None:
    title = "Statement by Deputy Advisor for International Affairs Jane Roe on Chile"
    assert said("We condemn the illegal arrests in Chile.", "en", "CHL-USA", WHITE_HOUSE, title) == ["Jane Roe/USA"]


def test_what_the_state_remains_committed_to_is_its_own_word() -> None:
    title = "Statement by President Joe Biden on Chile"
    text = "The United States and our partners will continue working with Chile. I thank the people of Chile."
    assert said(text, "en", "CHL-USA", WHITE_HOUSE, title) == ["United States/USA", "Joe Biden/USA"]


@pytest.mark.parametrize(
    "text",
    [
        "The President and President Boric of Chile discussed U.S. support for the schools of Chile.",
        "The President briefed President Boric of Chile on U.S. efforts to ensure free trade.",
        "They will discuss trade and underscore the importance of the alliance with Chile.",
        "In March, President Biden announced new sanctions against the regime of Chile.",
        "Tonight I will be monitoring the vote in Chile and will continue to receive reports.",
        "She will participate in a conference on the future of Chile.",
    ],
)
def test_narration_and_programme_are_no_statement(text: str) -> None:
    title = "Statement by President Joe Biden on Chile"
    assert said(text, "en", "CHL-USA", WHITE_HOUSE, title) == []


@pytest.mark.parametrize(
    "text",
    [
        "The arrest of the poets of Chile was shameful.",
        "The rights of the people of Chile must be respected.",
        "Chile has no better friend than the sea.",
        "My administration is fully committed to the people of Chile.",
        "The United States will never accept the seizure of ports in Chile.",
    ],
)
def test_what_a_signer_finds_right_or_wrong_is_a_statement(text: str) -> None:
    title = "Statement by President Joe Biden on Chile"
    assert len(said(text, "en", "CHL-USA", WHITE_HOUSE, title)) == 1


def test_what_leaders_ask_of_somebody_else_is_said() -> None:
    text = "President Biden met President Boric of Chile. The leaders called on Peru to open its ports."
    assert said(text, "en", "CHL-USA", WHITE_HOUSE) == ["The leaders/CHL+USA"]


def test_a_name_card_ends_before_the_verb() -> None:
    text = (
        "Состоялась встреча Владимира Путина с Президентом Чили Габриэлем Боричем. Габриэль Борич Борич Габриэль "
        "Президент Чили в свою очередь поблагодарил российскую сторону за помощь."
    )
    assert [one.split("/")[1] for one in said(text, "ru", "CHL-RUS", KREMLIN)] == ["CHL"]


def test_together_with_the_side_of_one_is_no_speaker() -> None:
    text = (
        "Состоялся разговор Владимира Путина с Президентом Чили Габриэлем Боричем. "
        "Отмечена работа, проведённая совместно с российской стороной. "
        "Подтверждена готовность чилийской стороны к диалогу."
    )
    assert [one.split("/")[1] for one in said(text, "ru", "CHL-RUS", KREMLIN)] == ["CHL+RUS", "CHL"]


def test_where_one_person_spoke_is_not_who_spoke() -> None:
    text = "Президент Чили Габриэль Борич приветствовал переговоры с Россией, прошедшие в Москве."
    assert [one.split("/")[1] for one in said(text, "ru", "CHL-RUS", KREMLIN)] == ["CHL"]


def test_a_turn_may_be_labelled_without_initials() -> None:
    text = (
        "В.Путин: Мы высоко ценим нашу дружбу с Китаем. В прошлом году товарооборот вырос на 17 процентов.\n"
        "Лю Бо (как переведено): Благодарю Вас за тёплый приём в России."
    )
    assert [one.split("/")[0] for one in said(text, "ru", "CHN-RUS", KREMLIN)] == ["Владимир Путин", "Лю Бо"]


def test_an_office_judges_a_relationship_in_its_own_voice() -> None:
    text = "Владимир Путин принял министра Чили. Отношения с Чили динамично развиваются по всем направлениям."
    assert said(text, "ru", "CHL-RUS", KREMLIN) == ["Кремль/RUS"]
