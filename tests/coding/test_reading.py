"""A reading: passages with their mentions, times and quotations, boilerplate left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

import pytest

from detente.coding.names import Names
from detente.coding.passages import Reading
from detente.coding.reading import quotations, read
from detente.dossier import Dossier, starter
from detente.terms import Document, Dyad, Span


@cache
def dossier() -> Dossier:
    return starter(Dyad("RUS", "USA"), date(2025, 1, 1))


@cache
def names() -> Names:
    return Names(dossier())


def reading(text: str, language: str, boilerplate: tuple[Span, ...] = ()) -> Reading:
    fetched = datetime(2026, 11, 23, tzinfo=UTC)
    document = Document("d", text, language, date(2025, 4, 14), "given", fetched, boilerplate=boilerplate)
    return read(document, dossier(), names())


def quoted(text: str) -> list[str]:
    return [text[q.start : q.end] for q in quotations(text)[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il a dit : « On avance vraiment. »", ["On avance vraiment."]),
        ('"We move on," she said.', ["We move on,"]),
        ("“We move on,” she said. “Slowly though.”", ["We move on,", "Slowly though."]),
        ("''We move on,'' she said.", ["We move on,"]),
        ("Он заявил: «Мы идём вперёд».", ["Мы идём вперёд"]),
        ("Er zitiert „auf gutem Weg“ daraus.", ["auf gutem Weg"]),
        ("Об этом сообщило «РИА Новости» утром.", []),
        ("Une question de « quand » plutôt que de « si ».", []),
        ("«Диалог, — отметил он, — только начался».", ["Диалог", "только начался"]),
        ("« Le dialogue, a-t-elle précisé, reprendra bien. »", ["Le dialogue", "reprendra bien."]),
        ("Он сказал: «Газета „Правда“ права во всём».", ["Газета „Правда“ права во всём"]),
        ("It's the envoys' idea and the dogs' too.", []),
    ],
)
def test_quotation_marks_count_where_they_hold_speech(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


def test_typewritten_quotation_marks_of_news_wires_hold_speech() -> None:
    text = "Lima called it`` a grave, unjust step'' on Monday."
    assert [text[q.start : q.end] for q in quotations(text)[0]] == ["a grave, unjust step"]


def test_a_quotation_left_open_closes_with_its_paragraph_and_is_noted() -> None:
    text = "Il dit : « On avance vraiment.\nLe reste."
    spans, notes = quotations(text)
    assert [text[s.start : s.end] for s in spans] == ["On avance vraiment."]
    assert len(notes) == 1


def test_a_quotation_reopened_by_the_next_paragraph_is_no_mistake() -> None:
    text = "“We move on, all of us.\n“And we do not stop here.”"
    spans, notes = quotations(text)
    assert len(spans) == 2
    assert notes == ()


def test_passages_leave_boilerplate_out_and_count_paragraphs() -> None:
    text = "Lavrov spoke.\nRubio spoke.\nShare this: Putin"
    found = reading(text, "en", (Span(26, len(text)),)).passages
    assert [p.text for p in found] == ["Lavrov spoke.", "Rubio spoke."]
    assert [p.paragraph for p in found] == [0, 1]
    assert [m.text for p in found for m in p.mentions] == ["Lavrov", "Rubio"]


def test_each_mention_time_and_quotation_lies_in_its_passage() -> None:
    text = (
        "Marco Rubio met Lavrov on 18 February 2025. He said: “We made real progress. Talks go on.” They left Riyadh."
    )
    for passage in reading(text, "en").passages:
        assert passage.text == text[passage.span.start : passage.span.end]
        assert all(passage.span.covers(m.span) for m in passage.mentions)
        assert all(passage.span.covers(t.evidence.span) for t in passage.times)
        assert all(passage.span.overlaps(q) for q in passage.quoted)
