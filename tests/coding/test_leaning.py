"""The learned second opinion on stance: shares of three signs, and never without a table."""

from __future__ import annotations

import pytest

from detente.coding.leaning import features, loudest, shares_of
from detente.coding.stance import judge


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_shares_add_up_to_one_and_the_same_text_gives_the_same_shares(language: str) -> None:
    text = {
        "en": "the doors stay open to both",
        "fr": "la porte reste ouverte à tous",
        "ru": "двери остаются открытыми для всех",
    }[language]
    one, two = shares_of(text, language, 0), shares_of(text, language, 0)
    assert one is not None
    assert one == two
    assert sum(one) == pytest.approx(1)


def test_a_language_without_a_table_has_no_second_opinion() -> None:
    assert shares_of("x", "zz", 0) is None


def test_a_few_words_are_not_weighed() -> None:
    assert shares_of("there was no threat", "en", 0) is None


def test_the_words_shown_stand_in_the_text() -> None:
    text = "we welcome the reopening of the border and the return of the ambassador"
    found = loudest(text, "en", 1)
    assert found
    assert all(word in text for word in found.split(", "))


def test_what_the_lists_say_is_among_what_the_model_reads() -> None:
    assert dict(features("no word of ours", "en", -1))["*lists"] == -1.0


def test_a_clear_word_of_the_lists_is_not_overruled_by_a_faint_one() -> None:
    assert judge("he noted considerable progress", "en").value == 1
