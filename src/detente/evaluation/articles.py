"""Scoring a coder against annotated articles: one gold file and one text file per article.

The format and the matching rules are those of the annotation guidelines, version 1: an event matches on date within
precision, unordered pair of sides, type or its quad class, and evidence overlap of at least half; a statement on
speaker and overlap, its date exact or missing. A gold file that does not fit its text is an error, never a zero.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from detente.codebook import quad, types
from detente.coding import Coder
from detente.errors import EvaluationError, TermsError
from detente.evaluation.speakers import BOTH, same_speaker
from detente.registry import Registry
from detente.terms import LANGUAGES, Coding, Document, Dyad, Event, EventDate, Span, Statement

_G = TypeVar("_G")
_P = TypeVar("_P")

MINIMUM_OVERLAP = 0.5
COUNTED = ("events_main", "events_all", "events_dyad", "statements", "timex_strict", "timex_relaxed", "timex_value")
_TYPES = frozenset({*types(), "YIELD"})
_UNNAMED_SIDES = frozenset({"OTHER", "BOTH", ""})
# The guidelines leave such events out of the count: neither finding nor missing them is an error.
_OPTIONAL = re.compile(r"\boptional\b|same event as \S+ for scoring", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GoldEvent:
    id: str
    span: Span
    date: EventDate | None
    sides: frozenset[str]
    type: str
    main: bool
    dyad: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldStatement:
    id: str
    span: Span
    speaker: str
    side: str
    stance: int
    said: EventDate | None
    named: bool


@dataclass(frozen=True, slots=True)
class GoldTime:
    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One annotated article with its text."""

    id: str
    language: str
    text: Mapping[str, Any]
    events: tuple[GoldEvent, ...]
    statements: tuple[GoldStatement, ...]
    times: tuple[GoldTime, ...]
    persons: tuple[Span, ...]
    boilerplate: tuple[Span, ...]


@dataclass(slots=True)
class Tally:
    """Counts behind precision, recall and F1."""

    hits: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, hits: int, predicted: int, gold: int) -> None:
        self.hits += hits
        self.predicted += predicted
        self.gold += gold

    def report(self) -> dict[str, float | int | None]:
        """Shares rounded to four places; None where there is nothing to divide by."""
        precision = self.hits / self.predicted if self.predicted else None
        recall = self.hits / self.gold if self.gold else None
        f1 = 2 * self.hits / (self.predicted + self.gold) if self.predicted + self.gold else None
        return {"precision": _rounded(precision), "recall": _rounded(recall), "f1": _rounded(f1), "n": self.gold}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


@dataclass(slots=True)
class Sheet:
    """Everything counted for one language, or for all."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {k: Tally() for k in (*COUNTED, "persons")})
    sign: list[bool] = field(default_factory=list)
    types: list[bool] = field(default_factory=list)
    leaks: int = 0
    articles: int = 0

    def report(self) -> dict[str, Any]:
        out: dict[str, Any] = {name: tally.report() for name, tally in self.tallies.items()}
        out["stance_sign_accuracy"] = _rounded(sum(self.sign) / len(self.sign)) if self.sign else None
        out["type_accuracy"] = _rounded(sum(self.types) / len(self.types)) if self.types else None
        out["boilerplate_leaks"] = self.leaks
        out["articles"] = self.articles
        return out


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


def _date(raw: Mapping[str, Any], where: str) -> EventDate | None:
    value = raw.get("date")
    if value is None:
        return None
    try:
        tail = raw.get("date_end")
        return EventDate.of(f"{value}/{tail}" if tail else str(value), "explicit")
    except TermsError as problem:
        raise EvaluationError(f"{where}: {problem}") from problem


def _sides(codes: Sequence[str], registry: Registry, where: str) -> frozenset[str]:
    named = set()
    for code in codes:
        upper = code.upper()
        if upper in _UNNAMED_SIDES:
            continue
        try:
            named.add(registry.alpha3(upper))
        except Exception as problem:
            raise EvaluationError(f"{where}: side {code!r} is no state: {problem}") from problem
    return frozenset(named)


def _side(code: str, registry: Registry, where: str) -> str:
    return BOTH if code.upper() == BOTH else "".join(_sides([code], registry, where))


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
    if language not in LANGUAGES:
        raise EvaluationError(f"{path.name}: language {language!r} is not one of {', '.join(LANGUAGES)}.")
    for key in ("events", "statements", "timex", "persons", "boilerplate"):
        if not isinstance(gold.get(key), list):
            raise EvaluationError(f"{path.name}: {key!r} is missing or no list.")
    name = path.name
    events = []
    for raw in gold["events"]:
        where = f"{name} {raw.get('id')}"
        if raw.get("type") not in _TYPES:
            raise EvaluationError(f"{where}: type {raw.get('type')!r} is not PLOVER.")
        if raw.get("role") not in ("main", "background"):
            raise EvaluationError(f"{where}: role {raw.get('role')!r} is neither main nor background.")
        events.append(
            GoldEvent(
                id=str(raw["id"]),
                span=_span(raw.get("evidence", {}), text, where),
                date=_date(raw, where),
                sides=_sides(
                    [raw.get("source", {}).get("side", ""), raw.get("target", {}).get("side", "")], registry, where
                ),
                type=raw["type"],
                main=raw["role"] == "main",
                dyad=raw.get("scope") == "dyad",
                optional=bool(_OPTIONAL.search(str(raw.get("note", "")))),
            )
        )
    persons = {str(p.get("canonical")) for p in gold["persons"]}
    statements = []
    for raw in gold["statements"]:
        where = f"{name} {raw.get('id')}"
        if raw.get("stance") not in (-2, -1, 0, 1, 2):
            raise EvaluationError(f"{where}: stance {raw.get('stance')!r} is outside -2 ... 2.")
        statements.append(
            GoldStatement(
                id=str(raw["id"]),
                span=_span(raw.get("evidence", {}), text, where),
                speaker=str(raw.get("speaker", "")),
                side=_side(str(raw.get("side", "")), registry, where),
                stance=int(raw["stance"]),
                said=_date({"date": raw.get("reported_date")}, where),
                named=str(raw.get("speaker")) in persons,
            )
        )
    times = []
    for index, raw in enumerate(gold["timex"]):
        span = _span(raw, text, f"{name} timex[{index}]")
        times.append(GoldTime(span, str(raw.get("value", ""))))
    mentions = [
        _span(mention, text, f"{name} {person.get('canonical')}")
        for person in gold["persons"]
        for mention in person.get("mentions", [])
    ]
    boilerplate = tuple(_span(raw, text, f"{name} boilerplate") for raw in gold["boilerplate"])
    return GoldArticle(
        article_id, language, article, tuple(events), tuple(statements), tuple(times), tuple(mentions), boilerplate
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


def _overlap(gold: Span, mine: Span) -> float:
    """The better of intersection over union and the share of the gold span covered."""
    common = min(gold.end, mine.end) - max(gold.start, mine.start)
    if common <= 0:
        return 0.0
    union = len(gold) + len(mine) - common
    return max(common / union, common / len(gold))


def _dates_match(gold: EventDate | None, mine: EventDate | None) -> bool:
    if gold is None:
        # Undated in the gold: a date taken over from publication or the story is no claim about the text.
        return mine is None or mine.basis in ("publication", "narrative", "none")
    if mine is None:
        return False
    if mine.first >= gold.first and mine.last <= gold.last:
        return True
    return gold.precision == "day" == mine.precision and gold.first != gold.last and mine.meets(gold)


def _types_match(gold: str, mine: str) -> bool:
    if gold == "YIELD":
        return mine in ("CONCEDE", "RETREAT") or quad(mine) == 1
    return gold == mine or quad(gold) == quad(mine)


def _sides_match(gold: GoldEvent, mine: Event) -> bool:
    sides = set(mine.sides)
    return gold.sides == sides if len(gold.sides) == 2 else gold.sides <= sides


def _event_score(gold: GoldEvent, mine: Event) -> float:
    if not (
        _dates_match(gold.date, mine.event_date) and _sides_match(gold, mine) and _types_match(gold.type, mine.type)
    ):
        return 0.0
    overlap = _overlap(gold.span, mine.evidence.span)
    exact = mine.type == gold.type or (gold.type == "YIELD" and mine.type in ("CONCEDE", "RETREAT"))
    return overlap + exact if overlap >= MINIMUM_OVERLAP else 0.0


def _said_matches(gold: EventDate | None, mine: EventDate | None) -> bool:
    return gold is None or mine is None or (gold.first, gold.last) == (mine.first, mine.last)


def match(scores: np.ndarray) -> list[tuple[int, int]]:
    """One-to-one pairs (row, column) with a score above zero, best total.

    Args:
        scores: Shape (gold, predicted), 0 where the two cannot be paired.

    >>> match(np.array([[0.0, 1.0], [1.0, 0.9]]))
    [(0, 1), (1, 0)]
    """
    if not scores.size:
        return []
    rows, columns = linear_sum_assignment(-scores)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if scores[r, c] > 0]


def _pair(gold: Sequence[_G], mine: Sequence[_P], score: Callable[[_G, _P], float]) -> list[tuple[int, int]]:
    return match(np.array([[score(g, p) for p in mine] for g in gold], dtype=float).reshape(len(gold), len(mine)))


def score_article(
    article: GoldArticle, coding: Coding, dyad: Dyad, registry: Registry, sheets: Sequence[Sheet]
) -> list[str]:
    """Add one article's counts to every sheet.

    Returns:
        A line for each annotation missed and each coding that fits none: what to look at next.
    """
    pairs = _pair(article.events, coding.events, _event_score)
    partner = {column: article.events[row] for row, column in pairs}

    def events(of_gold: Callable[[GoldEvent], bool], of_mine: Callable[[Event], bool]) -> tuple[int, int, int]:
        wanted = [g for g in article.events if of_gold(g) and not g.optional]
        hits = sum(of_gold(g) and not g.optional for g in partner.values())
        strays = sum(of_mine(e) for column, e in enumerate(coding.events) if column not in partner)
        return hits, hits + strays, len(wanted)

    both = set(dyad.sides)
    counts = {
        "events_main": events(lambda g: g.main, lambda e: e.rank == "main"),
        "events_all": events(lambda _: True, lambda _: True),
        "events_dyad": events(lambda g: g.dyad, lambda e: both <= set(e.sides)),
    }

    def statement_score(gold: GoldStatement, mine: Statement) -> float:
        overlap = _overlap(gold.span, mine.evidence.span)
        if overlap < MINIMUM_OVERLAP or not _said_matches(gold.said, mine.said_date):
            return 0.0
        return overlap if same_speaker(gold.speaker, gold.side, mine.speaker, registry) else 0.0

    said = _pair(article.statements, coding.statements, statement_score)
    counts["statements"] = (len(said), len(coding.statements), len(article.statements))

    strict = {(t.span.start, t.span.end) for t in article.times} & {
        (t.evidence.start, t.evidence.end) for t in coding.times
    }
    relaxed = _pair(article.times, coding.times, lambda g, p: _overlap(g.span, p.evidence.span))
    values = sum(article.times[row].value == coding.times[column].value for row, column in relaxed)
    sizes = (len(coding.times), len(article.times))
    counts["timex_strict"] = (len(strict), *sizes)
    counts["timex_relaxed"] = (len(relaxed), *sizes)
    counts["timex_value"] = (values, *sizes)

    def mention_score(gold: Span, mine: Span) -> float:
        overlap = _overlap(gold, mine)
        return overlap if overlap >= MINIMUM_OVERLAP else 0.0

    named = [p.evidence.span for p in coding.persons]
    counts["persons"] = (len(_pair(article.persons, named, mention_score)), len(named), len(article.persons))

    spans = [
        x.evidence.span for group in (coding.events, coding.statements, coding.times, coding.persons) for x in group
    ]
    leaks = sum(any(span.overlaps(b) for b in article.boilerplate) for span in spans)
    for sheet in sheets:
        for name, (hits, predicted, gold) in counts.items():
            sheet.tallies[name].add(hits, predicted, gold)
        for row, column in said:
            mine, theirs = coding.statements[column].stance, article.statements[row].stance
            sheet.sign.append((mine > 0) - (mine < 0) == (theirs > 0) - (theirs < 0))
        for column, gold_event in partner.items():
            kind = coding.events[column].type
            sheet.types.append(
                kind == gold_event.type or (gold_event.type == "YIELD" and kind in ("CONCEDE", "RETREAT"))
            )
        sheet.leaks += leaks
        sheet.articles += 1
    return _misses(article, coding, {row for row, _ in pairs}, set(partner), said)


def _misses(
    article: GoldArticle, coding: Coding, found: set[int], used: set[int], said: Sequence[tuple[int, int]]
) -> list[str]:
    text = str(article.text["text"])

    def quoted(span: Span) -> str:
        return " ".join(text[span.start : span.end].split())[:110]

    lines = []
    for row, gold in enumerate(article.events):
        if row not in found and not gold.optional:
            when = gold.date.value if gold.date else "undated"
            lines.append(
                f"missed event {gold.id} {when} {gold.type} {'/'.join(sorted(gold.sides))}: {quoted(gold.span)}"
            )
    for column, event in enumerate(coding.events):
        if column not in used:
            when = event.event_date.value if event.event_date else "undated"
            lines.append(f"stray event {when} {event.type} {'/'.join(event.sides)}: {quoted(event.evidence.span)}")
    heard, spoken = {row for row, _ in said}, {column for _, column in said}
    for row, statement in enumerate(article.statements):
        if row not in heard:
            lines.append(f"missed statement {statement.id} {statement.speaker}: {quoted(statement.span)}")
    for column, statement_found in enumerate(coding.statements):
        if column not in spoken:
            lines.append(f"stray statement {statement_found.speaker.name}: {quoted(statement_found.evidence.span)}")
    return [f"{article.id}: {line}" for line in lines]


def score_articles(
    articles: Sequence[GoldArticle],
    coder: Coder,
    dyad: Dyad,
    registry: Registry,
    document_of: Callable[[Mapping[str, Any]], Document],
) -> dict[str, Any]:
    """Code every article and report precision, recall and F1 by language and for all.

    Args:
        document_of: Makes a Document of an article's record, as `detente add` does, text unchanged.

    Raises:
        EvaluationError: The text changed on its way into a Document, so that offsets would not hold.
    """
    misses: list[str] = []
    sheets: dict[str, Sheet] = {language: Sheet() for language in LANGUAGES}
    total = Sheet()
    for article in articles:
        document = document_of(article.text)
        if document.text != article.text["text"]:
            raise EvaluationError(
                f"{article.id}: the stored text differs from the annotated one; offsets cannot be compared."
            )
        counted = (sheets[article.language], total)
        misses += score_article(article, coder.code(document), dyad, registry, counted)
    return {
        "coder": coder.name,
        "languages": {language: sheet.report() for language, sheet in sheets.items() if sheet.articles},
        "all": total.report(),
        "misses": misses,
    }
