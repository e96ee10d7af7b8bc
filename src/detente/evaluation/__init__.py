"""Scoring what detente does against outside sets; a set that is misread is an error, never a silent zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from detente import registry as registries
from detente.dossier import Dossier
from detente.errors import EvaluationError
from detente.registry import Registry
from detente.terms import Document, Dyad, EventDate

if TYPE_CHECKING:
    from detente.coding import Coder
    from detente.evaluation.articles import GoldArticle

CoderOf: TypeAlias = "str | Callable[[Dossier], Coder] | None"
"""A coder by name, or what makes one for a dossier; None for the dossier's own."""

__all__ = [
    "evaluate_articles",
    "evaluate_folder",
    "evaluate_language_model",
    "evaluate_sentences",
    "score_newswire",
    "score_pairs",
    "score_timeml",
    "score_types",
]


def score_timeml(folder: Path, language: str | None = None) -> dict[str, Any]:
    """Strict, relaxed and value F1 of time expressions on a TimeML folder, see `detente.evaluation.timeml`."""
    from detente.evaluation import timeml

    return timeml.score_timeml(folder, language)


def score_types(path: Path, language: str | None = None) -> dict[str, Any]:
    """Macro-F1 of the type of sentences with source and target given, see `detente.evaluation.sentence_types`."""
    from detente.evaluation import sentence_types

    return sentence_types.score_types(path, language)


def score_pairs(path: Path) -> dict[str, Any]:
    """F1 on pairs of texts that tell of the same event or not, see `detente.evaluation.pairs`."""
    from detente.evaluation import pairs

    return pairs.score_pairs(path)


def score_newswire(path: Path, *, answers: Path | None = None, coder: str | None = None) -> dict[str, Any]:
    """F1 of directed dyad and CAMEO root on newswire sentences, see `detente.evaluation.newswire`."""
    from detente.evaluation import newswire

    return newswire.score_newswire(path, answers=answers, coder=coder)


def evaluate_language_model(
    path: Path, *, dossier: Dossier | None = None, model: str = "", prices: Sequence[tuple[str, float, float]] = ()
) -> dict[str, Any]:
    """What a language model's codings are worth and how steady they are, see `detente.evaluation.language_model`."""
    from detente.evaluation import language_model

    return language_model.evaluate_language_model(path, dossier=dossier, model=model, prices=prices)


def evaluate_articles(
    gold: Path, articles: Path, *, dossier: Dossier | None = None, coder: CoderOf = None
) -> dict[str, Any]:
    """Score a coder on annotated articles, see `detente.evaluation.scoring`.

    Args:
        dossier: Case to code all of them as. Without one each is coded as a new dossier for the dyad it was annotated
            for: its file's `dyad`, else the one that most events of the files without one are between.

    Raises:
        EvaluationError: The set cannot be read, or its offsets do not fit its texts.
    """
    return _evaluate_sets([(gold, articles)], dossier, coder)


def _evaluate_sets(sets: Sequence[tuple[Path, Path]], dossier: Dossier | None, coder: CoderOf) -> dict[str, Any]:
    from detente.evaluation.articles import dyad_of, read_articles

    registry = _registry(dossier)
    read = [article for gold, articles in sets for article in read_articles(gold, articles, registry)]
    unsaid = [article for article in read if article.dyad is None]
    inferred = dyad_of(unsaid) if unsaid and dossier is None else None
    paired = [(article, article.dyad or inferred) for article in read]
    return _score(paired, dossier, coder, lambda article: [("languages", article.language)])


def evaluate_sentences(
    files: Sequence[Path], *, dossier: Dossier | None = None, coder: CoderOf = None
) -> dict[str, Any]:
    """Score a coder on annotated sentences, one JSON object a line, see `detente.evaluation.sentences`.

    Args:
        dossier: Case to code all of them as; without one each is coded as a new dossier for its own dyad.

    Raises:
        EvaluationError: A file cannot be read, or a record does not fit its text.
    """
    from detente.evaluation.sentences import read_sentences

    registry = _registry(dossier)
    paired = [(sentence, sentence.dyad) for path in files for sentence in read_sentences(path, registry)]
    return _score(
        paired,
        dossier,
        coder,
        lambda sentence: [("languages", sentence.language), ("constructions", sentence.construction or "–")],
    )


def evaluate_folder(path: Path, *, dossier: Dossier | None = None, coder: CoderOf = None) -> dict[str, Any]:
    """Score a coder on what lies at a path: annotated sentences (`.jsonl`), or articles in `gold` and `texts`.

    A folder of folders with articles, or of files with sentences, is one set.

    Raises:
        EvaluationError: It is neither, or cannot be read.
    """
    if path.suffix in (".jsonl", ".ndjson") and path.is_file():
        return evaluate_sentences([path], dossier=dossier, coder=coder)
    folders = [path, *sorted(path.iterdir())] if path.is_dir() else []
    sets = []
    for folder in folders:
        texts = next((folder / name for name in ("texts", "articles") if (folder / name).is_dir()), None)
        if texts and (folder / "gold").is_dir():
            sets.append((folder / "gold", texts))
    if sets:
        return _evaluate_sets(sets, dossier, coder)
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else []
    if files:
        return evaluate_sentences(files, dossier=dossier, coder=coder)
    raise EvaluationError(
        f"{path}: is neither a file of annotated sentences (.jsonl) nor a folder that holds gold/ and texts/ (or "
        "articles/). Name one, or give --gold and --articles."
    )


def _registry(dossier: Dossier | None) -> Registry:
    return dossier.registry if dossier else registries.load()


def _score(
    paired: Sequence[tuple[GoldArticle, Dyad | None]],
    dossier: Dossier | None,
    coder: CoderOf,
    parts: Callable[[GoldArticle], Iterable[tuple[str, str]]],
) -> dict[str, Any]:
    """Code each article as its pair's dossier would; coders are made first, so that no clock runs meanwhile."""
    from detente import plugins
    from detente.dossier import starter
    from detente.evaluation.scoring import score_articles

    ready: list[tuple[GoldArticle, Dyad]] = []
    coders: dict[Dyad, Coder] = {}
    for article, own in paired:
        dyad = dossier.dyad if dossier else own
        if dyad is None:
            raise EvaluationError(f"{article.id}: the pair of states is unknown. Give it a dyad, or give --dossier.")
        if dyad not in coders:
            case = dossier or starter(dyad, date(2000, 1, 1))
            coders[dyad] = coder(case) if callable(coder) else plugins.coder(case, coder)
        ready.append((article, dyad))
    return score_articles(ready, coders, _registry(dossier), article_document, parts)


def article_document(record: Mapping[str, Any]) -> Document:
    """A document of an article's record, made as `detente add FILE.jsonl` makes it."""
    import json
    from datetime import UTC, datetime

    from detente import documents, sources

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
