"""Annotated articles: one gold file and one text file per article, in the format of the annotation guidelines.

A gold file that does not fit its text is an error, never a zero.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.codebook import types
from detente.errors import EvaluationError, RegistryError, TermsError
from detente.evaluation.speakers import BOTH
from detente.languages import codes
from detente.registry import Registry
from detente.terms import Dyad, EventDate, Span

_TYPES = frozenset({*types(), "YIELD"})
_UNNAMED_SIDES = frozenset({"OTHER", "BOTH", ""})
# The guidelines leave such events out of the count: neither finding nor missing them is an error.
_OPTIONAL = re.compile(r"\boptional\b|same event as \S+ for scoring", re.IGNORECASE)


# What the guidelines call a promise or a claim, coders read as planned, proposed or happened, each with reason.
_REALIS = frozenset(("happened", "planned", "cancelled"))


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """One annotated event.

    Attributes:
        realis: As our records have it; empty where the gold does not decide it.
        optional: Neither finding nor missing it is an error.
    """

    id: str
    span: Span
    date: EventDate | None
    sides: frozenset[str]
    type: str
    main: bool
    dyad: bool
    optional: bool
    realis: str = ""


@dataclass(frozen=True, slots=True)
class GoldStatement:
    id: str
    span: Span
    speaker: str
    side: str
    stance: int
    said: EventDate | None


@dataclass(frozen=True, slots=True)
class GoldTime:
    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class GoldMention:
    """One mention of a person by name; `side` is empty where the gold says OTHER."""

    span: Span
    side: str = ""


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One annotated article with its text.

    Attributes:
        dyad: The pair of states it was annotated for, or None where its file does not say.
        persons: None where persons are not annotated.
        construction: What a single sentence was written to show; empty for an article.
        sided: Whether persons are annotated with their side.
    """

    id: str
    language: str
    text: Mapping[str, Any]
    dyad: Dyad | None
    events: tuple[GoldEvent, ...]
    statements: tuple[GoldStatement, ...]
    times: tuple[GoldTime, ...]
    persons: tuple[GoldMention, ...] | None
    boilerplate: tuple[Span, ...]
    construction: str = ""
    sided: bool = True


def _read_json(path: Path) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise EvaluationError(f"{path.name}: cannot be read as JSON: {problem}. Mend or remove it.") from problem
    if not isinstance(raw, dict):
        raise EvaluationError(f"{path.name}: holds a {type(raw).__name__}, expected one object per file.")
    return raw


def _span(raw: Mapping[str, Any], text: str, where: str) -> Span:
    try:
        start, end = int(raw["start"]), int(raw["end"])
        span = Span(start, end)
    except (KeyError, TypeError, ValueError, TermsError) as problem:
        raise EvaluationError(f"{where}: no usable start and end: {problem}.") from problem
    if end > len(text):
        raise EvaluationError(f"{where}: {start}:{end} leaves the text of {len(text)} characters.")
    surface = raw.get("surface")
    if surface is not None and text[start:end] != surface:
        raise EvaluationError(f"{where}: text at {start}:{end} reads {text[start:end]!r}, gold says {surface!r}.")
    return span


def read_date(raw: Mapping[str, Any], where: str) -> EventDate | None:
    """The day or stretch under `date` and `date_end`; None for an undated event."""
    value = raw.get("date")
    if value is None:
        return None
    try:
        tail = raw.get("date_end")
        return EventDate.of(f"{value}/{tail}" if tail else str(value), "explicit")
    except TermsError as problem:
        raise EvaluationError(f"{where}: {problem}") from problem


def read_sides(codes: Sequence[str], registry: Registry, where: str) -> frozenset[str]:
    """Alpha-3 codes of the states among the sides; OTHER names none."""
    named = set()
    for code in codes:
        upper = code.upper()
        if upper in _UNNAMED_SIDES:
            continue
        try:
            named.add(registry.alpha3(upper))
        except RegistryError as problem:
            raise EvaluationError(f"{where}: side {code!r} is no state: {problem}") from problem
    return frozenset(named)


def read_side(code: str, registry: Registry, where: str) -> str:
    """Alpha-3 code of a side, BOTH, or nothing for OTHER."""
    return BOTH if code.upper() == BOTH else "".join(read_sides([code], registry, where))


def read_type(raw: Mapping[str, Any], where: str) -> str:
    """A PLOVER type, or YIELD."""
    if raw.get("type") not in _TYPES:
        raise EvaluationError(f"{where}: type {raw.get('type')!r} is not PLOVER.")
    return str(raw["type"])


def read_stance(raw: Mapping[str, Any], where: str) -> int:
    """A stance from -2 to 2."""
    if raw.get("stance") not in (-2, -1, 0, 1, 2):
        raise EvaluationError(f"{where}: stance {raw.get('stance')!r} is outside -2 ... 2.")
    return int(raw["stance"])


def read_dyad(gold: Mapping[str, Any], where: str) -> Dyad | None:
    """The pair of states under `dyad`, or None where there is none.

    Raises:
        EvaluationError: It is no pair of states.
    """
    if gold.get("dyad") is None:
        return None
    try:
        return Dyad.parse(str(gold["dyad"]))
    except TermsError as problem:
        raise EvaluationError(f"{where}: dyad: {problem}") from problem


def read_article(path: Path, articles_dir: Path, registry: Registry) -> GoldArticle:
    """Read one gold file and the text it points into.

    Raises:
        EvaluationError: The file is malformed, its text is missing or is not the annotated text, an offset,
            type, side or date cannot be.
    """
    gold = _read_json(path)
    article_id = str(gold.get("article_id", ""))
    text_path = articles_dir / f"{article_id}.json"
    if not article_id or not text_path.exists():
        raise EvaluationError(f"{path.name}: no text {article_id or '(no article_id)'}.json in {articles_dir}.")
    article = _read_json(text_path)
    text = article.get("text")
    if not isinstance(text, str):
        raise EvaluationError(f"{text_path.name}: has no text.")
    if len(text) != gold.get("text_length") or hashlib.sha256(text.encode()).hexdigest() != gold.get("text_sha256"):
        raise EvaluationError(f"{path.name}: its offsets belong to another version of {text_path.name} (hash differs).")
    language = gold.get("language")
    if language not in codes():
        raise EvaluationError(f"{path.name}: language {language!r} is not one of {', '.join(codes())}.")
    dyad = read_dyad(gold, path.name)
    for key in ("events", "statements", "timex", "persons", "boilerplate"):
        if not isinstance(gold.get(key), list):
            raise EvaluationError(f"{path.name}: {key!r} is missing or no list.")
    name = path.name
    events = []
    for raw in gold["events"]:
        where = f"{name} {raw.get('id')}"
        if raw.get("role") not in ("main", "background"):
            raise EvaluationError(f"{where}: role {raw.get('role')!r} is neither main nor background.")
        events.append(
            GoldEvent(
                id=str(raw["id"]),
                span=_span(raw.get("evidence", {}), text, where),
                date=read_date(raw, where),
                sides=read_sides(
                    [raw.get("source", {}).get("side", ""), raw.get("target", {}).get("side", "")], registry, where
                ),
                type=read_type(raw, where),
                main=raw["role"] == "main",
                dyad=raw.get("scope") == "dyad",
                optional=bool(_OPTIONAL.search(str(raw.get("note", "")))),
                realis=raw["modality"] if raw.get("modality") in _REALIS else "",
            )
        )
    statements = []
    for raw in gold["statements"]:
        where = f"{name} {raw.get('id')}"
        statements.append(
            GoldStatement(
                id=str(raw["id"]),
                span=_span(raw.get("evidence", {}), text, where),
                speaker=str(raw.get("speaker", "")),
                side=read_side(str(raw.get("side", "")), registry, where),
                stance=read_stance(raw, where),
                said=read_date({"date": raw.get("reported_date")}, where),
            )
        )
    times = []
    for index, raw in enumerate(gold["timex"]):
        span = _span(raw, text, f"{name} timex[{index}]")
        times.append(GoldTime(span, str(raw.get("value", ""))))
    mentions = [
        GoldMention(
            _span(mention, text, f"{name} {person.get('canonical')}"),
            read_side(str(person.get("side", "")), registry, f"{name} {person.get('canonical')}"),
        )
        for person in gold["persons"]
        for mention in person.get("mentions", [])
    ]
    boilerplate = tuple(_span(raw, text, f"{name} boilerplate") for raw in gold["boilerplate"])
    return GoldArticle(
        article_id,
        language,
        article,
        dyad,
        tuple(events),
        tuple(statements),
        tuple(times),
        tuple(mentions),
        boilerplate,
    )


def read_articles(gold_dir: Path, articles_dir: Path, registry: Registry) -> list[GoldArticle]:
    """Read every `*.json` of a gold folder, in name order.

    Raises:
        EvaluationError: A folder is missing or holds no gold file, or a file cannot be read.
    """
    for folder in (gold_dir, articles_dir):
        if not folder.is_dir():
            raise EvaluationError(f"{folder}: no such folder. Give --gold and --articles the folders of the set.")
    paths = sorted(gold_dir.glob("*.json"))
    if not paths:
        raise EvaluationError(f"{gold_dir}: holds no *.json. Give --gold the folder with the annotations.")
    return [read_article(path, articles_dir, registry) for path in paths]


def dyad_of(articles: Sequence[GoldArticle]) -> Dyad:
    """The pair of states most events of scope `dyad` are between: what the set was annotated for.

    Raises:
        EvaluationError: No event names two states.
    """
    pairs = Counter(tuple(sorted(e.sides)) for a in articles for e in a.events if e.dyad and len(e.sides) == 2)
    if not pairs:
        raise EvaluationError("no gold event of scope dyad names two states, so the dyad is unknown. Give --dossier.")
    first, second = min(pairs, key=lambda pair: (-pairs[pair], pair))
    return Dyad(first, second)
