"""A brief says nothing without evidence, and says it in good French, English and Russian."""

from __future__ import annotations

import re
from datetime import date

import pytest
from publish_examples import document, found

from detente.errors import PublishError
from detente.publish import briefs
from detente.publish.brief_record import Brief, Data, Section, Sentence
from detente.publish.catalogue import Words, translated
from detente.publish.citing import Cited
from detente.publish.situation import Situation
from detente.publish.text import Text
from detente.terms import LANGUAGES

REPORT = document("en-1", "Envoys met in Istanbul on 10 April. They will meet again.")


def _cited(quote: str) -> Cited:
    return Cited(found(REPORT, quote), REPORT)


def _brief(now: Situation, *sentences: Sentence) -> Brief:
    title = Sentence(Text((("Title", ""),)), "fact", data=Data("ledger"))
    return Brief(now, "en", title, (Section("one", "Heading", sentences),))


def test_a_sentence_without_evidence_is_refused(now: Situation) -> None:
    with pytest.raises(PublishError, match="has neither quote nor data behind it"):
        _brief(now, Sentence(Text((("Relations are improving.", ""),)), "fact"))


def test_a_quote_cited_twice_has_one_footnote(now: Situation) -> None:
    first, second = _cited("Envoys met in Istanbul"), _cited("They will meet again.")
    brief = _brief(
        now,
        Sentence(Text((("One.", ""),)), "fact", (first,)),
        Sentence(Text((("Two.", ""),)), "fact", (second, first)),
    )
    assert [brief.number(c) for c in (first, second)] == [1, 2]
    assert len(brief.footnotes) == 2


def test_the_letters_of_data_go_on_after_z(now: Situation) -> None:
    brief = _brief(now, *(Sentence(Text((("X.", ""),)), "number", data=Data(f"d{n}")) for n in range(28)))
    assert [brief.letter(d) for d in (brief.data[0], brief.data[25], brief.data[26], brief.data[27])] == [
        "a",
        "z",
        "aa",
        "ab",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_quote_of_a_brief_stands_in_its_report_and_every_note_is_there(now: Situation, language: str) -> None:
    brief = briefs.of(now, language)
    assert brief.footnotes
    for cited in brief.footnotes:
        cited.evidence.check(cited.document)
    text = brief.as_markdown()
    cited_notes = set(re.findall(r"\[\^(\w+)\](?!:)", text))
    assert cited_notes == set(re.findall(r"(?m)^\[\^(\w+)\]:", text))
    for sentence in (s for section in brief.as_json()["sections"] for s in section["sentences"]):
        assert sentence["data"] or sentence["evidence"]
        assert sentence["data_version"] == now.data_version
        assert all(0 < n <= len(brief.footnotes) for n in sentence["evidence"] + sentence["points"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_begins_with_a_capital_or_a_figure(now: Situation, language: str) -> None:
    texts = [str(s.text) for section in briefs.of(now, language).sections for s in section.sentences]
    assert [text for text in texts if text[:1].islower()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_a_stray_space_or_an_unfilled_place(now: Situation, language: str) -> None:
    own = re.compile(r"«[^»]*»|“[^”]*”")  # quotes are as they were published
    for section in briefs.of(now, language).sections:
        for sentence in section.sentences:
            text = own.sub("«»", str(sentence.text))
            assert not re.search(r"  |\s[,.)]|\(\s|\{|\}|\.\.|; ?;", text), text


def test_french_sentences_keep_their_double_signs_from_breaking(now: Situation) -> None:
    own = re.compile(r"«[^»]*»")
    for section in briefs.of(now, "fr").sections:
        for sentence in section.sentences:
            text = own.sub("", str(sentence.text))
            for milestone in now.milestones:  # the dossier's own words
                for words in (milestone.milestone.question_in("fr"), milestone.milestone.reference.note_in("fr")):
                    text = text.replace(words, "")
            assert not re.search(r" [:;?!%»]|« |\w[;?!%]", text), text


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_a_translation_keeps_every_value_of_its_message(language: str) -> None:
    for message in translated(language):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = set(re.findall(r"\{(\w+)\}", ids[-1]))
        for string in strings:
            assert set(re.findall(r"\{(\w+)\}", string)) == wanted, message.id
            assert not (language == "fr" and re.search(r" [:;?!%»]|« ", string)), string


def test_the_first_of_a_month_is_premier_in_french_only() -> None:
    day = date(2025, 5, 1)
    assert [Words(language).day(day).replace("\u00a0", " ") for language in LANGUAGES] == [
        "1er mai 2025",
        "1 May 2025",
        "1 мая 2025",
    ]


def test_the_same_quote_keeps_its_words_whatever_the_language_of_the_brief(now: Situation) -> None:
    quotes = [{c.evidence.quote for c in briefs.of(now, language).footnotes} for language in LANGUAGES]
    assert quotes[0] == quotes[1] == quotes[2]
