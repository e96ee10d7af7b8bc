"""Annotated sentences: one JSON object a line, each with what it says quoted from its text.

Scored like articles, see `detente.evaluation.matching`. A quote that the text does not hold is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detente.errors import EvaluationError
from detente.evaluation.articles import (
    GoldArticle,
    GoldEvent,
    GoldMention,
    GoldStatement,
    GoldTime,
    read_date,
    read_dyad,
    read_side,
    read_sides,
    read_stance,
    read_type,
)
from detente.languages import codes
from detente.registry import Registry
from detente.terms import REALIS, Span

_NEEDED = ("id", "language", "published", "dyad", "text", "events", "statements", "times")


def read_sentences(path: Path, registry: Registry) -> list[GoldArticle]:
    """Read annotated sentences.

    Raises:
        EvaluationError: The file cannot be read, an id comes twice, or a record lacks a field, quotes what its text
            does not hold, or names a type, side, date, stance or realis that cannot be.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise EvaluationError(f"{path}: cannot be read as UTF-8 text: {problem}.") from problem
    read = [
        _sentence(line, f"{path.name} line {number}", registry)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not read:
        raise EvaluationError(f"{path}: is empty. Give one JSON object a line.")
    seen: set[str] = set()
    for sentence in read:
        if sentence.id in seen:
            raise EvaluationError(f"{path.name}: the id {sentence.id!r} comes twice. Rename one.")
        seen.add(sentence.id)
    return read


def _sentence(line: str, where: str, registry: Registry) -> GoldArticle:
    try:
        raw = json.loads(line)
    except ValueError as problem:
        raise EvaluationError(f"{where}: is no JSON: {problem}.") from problem
    if not isinstance(raw, dict):
        raise EvaluationError(f"{where}: holds a {type(raw).__name__}, expected one object a line.")
    lacking = [key for key in _NEEDED if key not in raw]
    if lacking:
        raise EvaluationError(f"{where}: lacks {', '.join(lacking)}.")
    where = f"{where} ({raw['id']})"
    if raw["language"] not in codes():
        raise EvaluationError(f"{where}: language {raw['language']!r} is not one of {', '.join(codes())}.")
    text = str(raw["text"])
    dyad = read_dyad(raw, where)
    events = tuple(
        GoldEvent(
            id=f"e{number}",
            span=_quoted(event, "quote", text, where),
            date=read_date(event, where),
            sides=read_sides(event.get("sides", ()), registry, where),
            type=read_type(event, where),
            main=True,
            dyad=dyad is not None and set(dyad.sides) <= set(event.get("sides", ())),
            optional=False,
            realis=_realis(event, where),
        )
        for number, event in enumerate(_list(raw, "events", where), start=1)
    )
    statements = tuple(
        GoldStatement(
            id=f"s{number}",
            span=_quoted(statement, "quote", text, where),
            speaker=str(statement.get("speaker", "")),
            side=read_side(str(statement.get("side", "")), registry, where),
            stance=read_stance(statement, where),
            said=None,
        )
        for number, statement in enumerate(_list(raw, "statements", where), start=1)
    )
    return GoldArticle(
        id=str(raw["id"]),
        language=raw["language"],
        text=raw,
        dyad=dyad,
        events=events,
        statements=statements,
        times=_times(_list(raw, "times", where), text, where),
        persons=_persons(raw.get("persons"), text, where),
        boilerplate=(),
        construction=str(raw.get("construction") or ""),
        sided=False,
    )


def _list(raw: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(raw[key], list) or not all(isinstance(item, dict) for item in raw[key]):
        raise EvaluationError(f"{where}: {key!r} is no list of objects.")
    return list(raw[key])


def _quoted(item: Mapping[str, Any], key: str, text: str, where: str) -> Span:
    quote = str(item.get(key) or "")
    at = text.find(quote)
    if not quote or at < 0:
        raise EvaluationError(f"{where}: quote not found in its text: {quote!r}. Copy it from the text.")
    return Span(at, at + len(quote))


def _realis(event: Mapping[str, Any], where: str) -> str:
    realis = str(event.get("realis") or "")
    if realis and realis not in REALIS:
        raise EvaluationError(f"{where}: realis {realis!r} is not one of {', '.join(REALIS)}.")
    return realis


def _times(items: Sequence[Mapping[str, Any]], text: str, where: str) -> tuple[GoldTime, ...]:
    """Expressions in text order: a surface that comes again stands for its next place in the text."""
    found = []
    reached: dict[str, int] = {}
    for item in items:
        surface = str(item.get("surface") or "")
        at = text.find(surface, reached.get(surface, 0))
        if not surface or at < 0:
            raise EvaluationError(f"{where}: time not found in its text: {surface!r}. Copy it from the text.")
        reached[surface] = at + len(surface)
        found.append(GoldTime(Span(at, at + len(surface)), str(item.get("value", ""))))
    return tuple(found)


def _persons(surfaces: object, text: str, where: str) -> tuple[GoldMention, ...] | None:
    """Every place where a surface stands that lies in no longer one."""
    if surfaces is None:
        return None
    if not isinstance(surfaces, list) or not all(isinstance(surface, str) and surface for surface in surfaces):
        raise EvaluationError(f"{where}: 'persons' is no list of names.")
    spans: list[Span] = []
    for surface in sorted(surfaces, key=len, reverse=True):
        places = [Span(m.start(), m.end()) for m in re.finditer(rf"(?<!\w){re.escape(surface)}(?!\w)", text)]
        if not places:
            raise EvaluationError(f"{where}: person not found in its text: {surface!r}. Copy the name from the text.")
        spans += [place for place in places if not any(place.overlaps(span) for span in spans)]
    return tuple(GoldMention(span) for span in sorted(spans, key=lambda span: span.start))
