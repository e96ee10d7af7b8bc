"""Scoring what detente does against outside sets; a set that is misread is an error, never a silent zero."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from detente.dossier import Dossier
from detente.terms import Document, EventDate

__all__ = ["evaluate_articles", "score_timeml"]


def score_timeml(folder: Path, language: str) -> dict[str, Any]:
    """Strict, relaxed and value F1 of time expressions on a TimeML folder, see `detente.evaluation.timeml`."""
    from detente.evaluation import timeml

    return timeml.score_timeml(folder, language)


def evaluate_articles(
    gold: Path, articles: Path, *, dossier: Dossier | None = None, coder: str | None = None
) -> dict[str, Any]:
    """Score a coder on annotated articles, see `detente.evaluation.articles`.

    Args:
        dossier: Case to code as; without one, a new dossier for the dyad the set was annotated for.

    Raises:
        EvaluationError: The set cannot be read, or its offsets do not fit its texts.
    """
    from detente import plugins
    from detente import registry as registries
    from detente.dossier import starter
    from detente.evaluation.articles import dyad_of, read_articles, score_articles

    registry = dossier.registry if dossier else registries.load()
    read = read_articles(gold, articles, registry)
    dyad = dossier.dyad if dossier else dyad_of(read)
    case = dossier or starter(dyad, date(2000, 1, 1))
    return score_articles(read, plugins.coder(case, coder), dyad, registry, article_document)


def article_document(record: Mapping[str, Any]) -> Document:
    """A document of an article's record, made as `detente add FILE.jsonl` makes it."""
    import json
    from datetime import UTC, datetime

    from detente import documents, sources
    from detente.errors import EvaluationError

    raw = json.dumps(record, ensure_ascii=False).encode()
    got = sources.Got(
        record=str(record["id"]),
        raw=raw,
        kind="jsonl",
        text=str(record["text"]),
        fetched=datetime(2000, 1, 1, tzinfo=UTC),
        got_by="evaluation.v1",
        url=str(record.get("url") or ""),
        title=str(record.get("title") or ""),
        # A month or year is taken as its last day, as `detente add` does.
        published=EventDate.of(str(record["published"]), "explicit").last if record.get("published") else None,
        published_basis="given",
        language=str(record.get("language") or ""),
        id=str(record["id"]),
    )
    made = documents.make(got)
    if made.document is None:
        raise EvaluationError(f"{record['id']}: no document came of it: {made.issues[0].message}")
    return made.document
