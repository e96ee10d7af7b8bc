"""What is news in a text, and what is only said beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.terms import Document, Dyad

CALLS = {
    "en": "President Lukashenko spoke by phone today with President Duda of Poland. He praised Poland's restraint and "
    "called on Warsaw to reopen the crossing.",
    "fr": "Alexandre Loukachenko s'est entretenu jeudi par téléphone avec le président polonais Andrzej Duda. Il a "
    "salué la retenue de la Pologne et appelé Varsovie à rouvrir le passage.",
    "ru": "Александр Лукашенко провёл телефонный разговор с президентом Польши Анджеем Дудой. Он поблагодарил Польшу "
    "за сдержанность и призвал Варшаву открыть переход.",
}
ALONE = {
    "en": "Poland condemned Belarus today over the closed crossing.",
    "fr": "La Pologne a dénoncé jeudi l'attitude de la Biélorussie à la frontière.",
    "ru": "Польша осудила действия Белоруссии на границе.",
}


def ranks(text: str, language: str) -> dict[str, str]:
    document = Document("d", text, language, date(2021, 5, 20), "given", datetime(2026, 11, 23, tzinfo=UTC))
    coded = RulesCoder(starter(Dyad.parse("BLR-POL"), date(2021, 5, 20))).code(document)
    return {event.type: event.rank for event in coded.events}


@pytest.mark.parametrize("language", CALLS)
def test_a_call_is_the_news_and_what_was_said_in_it_stands_beside(language: str) -> None:
    found = ranks(CALLS[language], language)
    assert found.pop("CONSULT") == "main"
    assert set(found.values()) == {"background"}


@pytest.mark.parametrize("language", ALONE)
def test_words_are_the_news_where_nothing_else_is(language: str) -> None:
    assert ranks(ALONE[language], language)["ACCUSE"] == "main"
