"""What is done to a thing tells which way a statement leans, in every language with the word lists."""

from __future__ import annotations

import pytest

from detente.coding.polarity import polarity

GOOD = {
    "en": ["lift the ban on arms sales", "sanctions will be lifted", "the border was reopened", "flights will resume"],
    "fr": ["lever l'embargo", "les sanctions seront levées", "rouvrir la frontière", "rétablir les vols directs"],
    "ru": ["снять эмбарго", "санкции будут сняты", "открыть границу", "восстановить авиасообщение"],
}
BAD = {
    "en": [
        "impose tariffs",
        "trade has been halted",
        "close the embassy",
        "refuse to lift the ban",
        "there are no talks",
    ],
    "fr": ["imposer des sanctions", "fermer l'ambassade", "rompre les relations", "refuser de lever l'embargo"],
    "ru": ["ввести санкции", "закрыть посольство", "разорвать отношения", "отказаться снять эмбарго"],
}


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in GOOD.items() for text in texts])
def test_ending_a_bad_thing_or_bringing_about_a_good_one_is_good(language: str, text: str) -> None:
    assert polarity(text, language)[0] > 0.4


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in BAD.items() for text in texts])
def test_ending_a_good_thing_or_bringing_about_a_bad_one_is_bad(language: str, text: str) -> None:
    assert polarity(text, language)[0] < -0.4


def test_words_without_colour_and_languages_without_lists_say_nothing() -> None:
    assert polarity("the minister spoke in the morning", "en") == (0.0, "")
    assert polarity("x", "zz") == (0.0, "")
