"""Checks that every coder must pass; plugins run the same ones as our own."""

from __future__ import annotations

from datetime import UTC, date, datetime

from detente.codebook import modes, types
from detente.errors import CodingError
from detente.terms import Coding, Document, Event, PersonMention, Span, Statement, TimeExpression

_TEXTS = {
    "fr": "Le 18 février 2025, les deux parties se sont vues à Genève, a déclaré le ministère.\nPartagez cet article:",
    "en": "The two sides held talks in Geneva on 18 February 2025, the ministry said.\nShare this article:",
    "ru": "18 февраля 2025 года стороны провели переговоры в Женеве, сообщили в министерстве.\nПоделиться:",
}


def check_coder(coder: object) -> None:
    """Hold a coder to its contract on small texts in three languages.

    Raises:
        CodingError: It has no versioned name, quotes what is not there, codes boilerplate, names a type or mode that
            PLOVER lacks, signs another's name, or reads the same text in two ways.
    """
    name, codebook = getattr(coder, "name", ""), getattr(coder, "codebook", "")
    code = getattr(coder, "code", None)
    if not callable(code) or not codebook or "." not in str(name):
        raise CodingError(f"{type(coder).__name__}: a coder has a versioned name, a codebook and a method `code`.")
    for language, text in _TEXTS.items():
        for whole in (text, "", "…", text.replace(" ", "\u00a0")):
            document = _document(whole, language)
            coding = code(document)
            _check(coding, document, str(name), str(codebook))
            if code(document) != coding:
                raise CodingError(f"{name}: reads {document.id} in two ways. The same text must give the same coding.")


def _document(text: str, language: str) -> Document:
    at = text.find("\n")
    tail = (Span(at + 1, len(text)),) if 0 <= at < len(text) - 1 else ()
    return Document(
        id=f"check-{language}-{len(text)}",
        text=text,
        language=language,
        published=date(2025, 2, 19),
        published_basis="given",
        fetched=datetime(2025, 2, 19, tzinfo=UTC),
        boilerplate=tail,
    )


def _check(coding: object, document: Document, name: str, codebook: str) -> None:
    if not isinstance(coding, Coding):
        raise CodingError(f"{name}: gave a {type(coding).__name__} for {document.id}, expected a Coding.")
    if (coding.document, coding.coder, coding.codebook) != (document.id, name, codebook):
        raise CodingError(f"{name}: signed {coding.coder} ({coding.codebook}) for {coding.document}.")
    items: list[Event | Statement | TimeExpression | PersonMention] = [*coding.events, *coding.statements]
    items += [*coding.times, *coding.persons]
    for item in items:
        evidence = item.evidence
        evidence.check(document)
        if document.in_boilerplate(evidence.start, evidence.end):
            raise CodingError(f"{name}: {document.id} {evidence.start}:{evidence.end} is boilerplate, not the article.")
        if isinstance(item, Event):
            if item.type not in types():
                raise CodingError(f"{name}: {document.id}: PLOVER has no type {item.type!r}.")
            if item.mode and (item.type, item.mode) not in modes():
                raise CodingError(f"{name}: {document.id}: {item.type} has no mode {item.mode!r}.")
