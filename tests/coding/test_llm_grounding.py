"""Words that a model gives are found in the text or not at all, and what is found is the text's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.coding.llm_grounding import find, plain, same_facts
from detente.terms import Span

FR = "Selon lui, « la levée des sanctions n’est pas à l’ordre du jour » : 12 avions restent au sol à Genève."
EN = "Mr Rubio said the two sides did not agree on 15 flights between Moscow and Washington this spring."
RU = "«Мы — партнёры и ведём переговоры о 15 рейсах», — заявил Сергей Лавров в Эр-Рияде во вторник."


def quoted(words: str, text: str, language: str) -> str | None:
    found = find(words, text, Span(0, len(text)), language=language)
    return text[found.span.start : found.span.end] if found else None


LEVY = "la levée des sanctions n’est pas à l’ordre du jour"
FLIGHTS = "the two sides did not agree on 15 flights between Moscow"
RACES = "ведём переговоры о 15 рейсах», — заявил Сергей Лавров"


@pytest.mark.parametrize(
    ("words", "text", "language", "expected"),
    [
        ("la levée des sanctions n'est pas à l'ordre du jour", FR, "fr", LEVY),
        ('"la levée des sanctions"', FR, "fr", "la levée des sanctions"),
        ("lui, «la levée", FR, "fr", "lui, « la levée"),
        ("leve\u0301e des", FR.replace("levée", "leve\u0301e"), "fr", "leve\u0301e des"),
        ("Мы - партнеры", RU, "ru", "Мы — партнёры"),
        ("the two sides did  not\u00a0agree...", EN, "en", "the two sides did not agree"),
        ("the two sides did n\u00adot agree", EN, "en", "the two sides did not agree"),
        # A slip in copying: the text's words are taken.
        (FLIGHTS.replace("flights", "fligts"), EN, "en", FLIGHTS),
        (RACES.replace("ведём переговоры", "ведем перговоры"), RU, "ru", RACES),
    ],
)
def test_words_are_found_through_typography_and_slips(words: str, text: str, language: str, expected: str) -> None:
    assert quoted(words, text, language) == expected


@pytest.mark.parametrize(
    ("words", "text", "language"),
    [
        ("the two sides agreed on 15 flights between Moscow", EN, "en"),  # a negation lost
        ("the two sides did not agree on 16 flights between Moscow", EN, "en"),  # another number
        ("the two sides did not agree on 15 flights between Mostow", EN, "en"),  # another name
        ("les deux parties n'ont pas d'accord sur 15 vols", EN, "en"),  # a translation
        ("both sides failed to find common ground on flights", EN, "en"),  # other words
        ("Мы не партнёры и ведём переговоры о 15 рейсах", RU, "ru"),  # a negation added
        ("la levée des sanctions est pas à l'ordre du jour", FR.replace("n’est pas", "n’est jamais"), "fr"),
        ("o sides did not agr", EN, "en"),  # words cut in two
        ("…", EN, "en"),
        ("", EN, "en"),
    ],
)
def test_words_that_say_something_else_are_not_found(words: str, text: str, language: str) -> None:
    assert quoted(words, text, language) is None


def test_words_of_another_paragraph_are_not_found() -> None:
    text = "First talks.\nSecond talks in Geneva."
    assert find("talks in Geneva", text, Span(0, 12), language="en") is None
    assert find("talks in Geneva", text, Span(13, len(text)), language="en") is not None


def test_number_words_and_short_negations_count() -> None:
    assert not same_facts("three ships left the port", "two ships left the port", "en")
    assert not same_facts("they didn't sign", "they did sign", "en")
    assert same_facts("The minister left.", "the minister left.", "en")


@given(st.text(alphabet="aàé\u0301 «»“\"'’—-…ёЁ.\u00a0\u202f\u00ad\u200bßİﬁ0Аб\n", max_size=40))
def test_every_character_of_the_plain_text_knows_where_it_came_from(text: str) -> None:
    made = plain(text)
    assert len(made.text) == len(made.starts) == len(made.ends)
    assert list(made.starts) == sorted(made.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(made.starts, made.ends, strict=True))


@given(st.text(alphabet="abé «»’—ё.\u00a0\u00ad1A", min_size=1, max_size=60), st.data())
def test_whatever_is_found_is_a_stretch_of_the_text_that_reads_the_same(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = find(text[start:end], text, Span(0, len(text)), language="fr")
    if found is not None and not found.near:
        mine = plain(text[found.span.start : found.span.end]).text.strip(" \"'-.")
        assert mine == plain(text[start:end]).text.strip(" \"'-.")
