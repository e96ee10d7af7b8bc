"""How a coding came about is told sentence by sentence, and so is why something was not coded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.errors import CodingError
from detente.terms import Document, Dyad

TEXTS = {
    "en": "The talks in Geneva between Armenian and Turkish diplomats were held on 3 March 2025.",
    "fr": "Les pourparlers entre diplomates arméniens et turcs se sont tenus à Genève le 3 mars 2025.",
    "ru": "Переговоры армянских и турецких дипломатов состоялись в Женеве 3 марта 2025 года.",
}


def document(text: str, language: str) -> Document:
    return Document("report", text, language, date(2025, 3, 4), "given", datetime(2025, 3, 4, tzinfo=UTC))


def coder(abstain_below: float = 0.0) -> RulesCoder:
    return RulesCoder(replace(starter(Dyad("ARM", "TUR"), date(2020, 1, 1)), abstain_below=abstain_below))


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_is_explained_by_its_acts_names_times_and_rule(language: str) -> None:
    text = TEXTS[language]
    found = coder().explain(document(text, language), 0, 10)
    (sentence,) = found.sentences
    assert (sentence.start, sentence.end, sentence.text) == (0, len(text), text)
    assert {name.side for name in sentence.names} >= {"ARM", "TUR"}
    assert [name.use for name in sentence.names if name.entity == "geneva"] == ["venue"]
    assert [time.value for time in sentence.times] == ["2025-03-03"]
    (event,) = sentence.events
    assert event.type == "CONSULT"
    assert event.rule
    shown = "\n".join(found.lines())
    assert f"rule {event.rule!r}" in shown
    assert f"confidence {event.confidence:.2f}" in shown


def test_what_was_seen_and_not_coded_comes_with_its_reason() -> None:
    text = "Officials of the two countries said that no talks had been planned."
    found = coder().explain(document(text, "en"), 0, len(text))
    assert not any(sentence.events for sentence in found.sentences)
    assert all(left.why for sentence in found.sentences for left in sentence.left)
    assert any(sentence.left for sentence in found.sentences)


@pytest.mark.parametrize(
    ("start", "end", "why"), [(5, 5, "ends where it begins"), (9, 4, "or before"), (10_000, 10_001, "begins outside")]
)
def test_a_stretch_outside_the_text_is_refused_with_one_that_is_inside(start: int, end: int, why: str) -> None:
    text = TEXTS["en"]
    with pytest.raises(CodingError, match=f"{why}.*:0-{len(text)}"):
        coder().explain(document(text, "en"), start, end)


def test_a_stretch_that_runs_past_the_end_is_read_to_the_end() -> None:
    report = document(TEXTS["en"], "en")
    assert coder().explain(report, 0, 10_000) == coder().explain(report, 0, len(report.text))


def test_an_event_without_a_day_of_its_own_says_that_its_date_is_in_doubt() -> None:
    text = "Armenia and Turkey agreed to reopen their border."
    (event,) = coder().code(document(text, "en")).events
    assert event.event_date is not None
    assert event.event_date.basis == "publication"
    assert "date" in event.doubts


def test_what_is_less_sure_than_the_dossier_asks_is_kept_back_and_counted() -> None:
    report = document(TEXTS["en"], "en")
    sure = coder().code(report)
    assert sure.events
    assert sure.abstained == ()
    strict = coder(1.0).code(report)
    assert strict.events == ()
    assert strict.statements == ()
    assert set(strict.abstained) == {*sure.events, *sure.statements}
