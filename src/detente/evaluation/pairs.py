"""Whether two texts tell of the same event, scored against tab-separated pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from detente.documents import PairReading, Report, identify, same_event, split
from detente.documents.published import in_url
from detente.errors import EvaluationError
from detente.evaluation.rates import Clock, rates
from detente.evaluation.tables import Row, column, optional_column, read_table

_SAME = frozenset(("ok", "1", "1.0", "true", "yes", "same", "same_event", "y", "+", "да"))
_OTHER = frozenset(("bad", "0", "0.0", "false", "no", "different", "other", "not_same", "n", "-", "нет"))


@dataclass(frozen=True, slots=True)
class GoldPair:
    """Two texts, and whether they tell of the same event.

    Attributes:
        languages: Of the first and the second text, as found.
    """

    where: str
    first: Report
    second: Report
    same: bool
    languages: tuple[str, str]


def read_pairs(path: Path) -> tuple[list[GoldPair], int]:
    """Read a set of pairs, and how many of its records carry no label.

    Columns: `first_text`, `second_text` and, if there, `first_title`, `second_title`, `first_date`, `second_date`,
    `first_url`, `second_url` (a day in an address counts where no date is given), each also with `INPUT:` before it;
    the label as `GOLDEN:quality`, `label`, `same`, `quality`, `OUTPUT:quality` or `result`: OK, 1, true, yes, same
    against BAD, 0, false, no, different. A title alone will do where a text is empty.

    Raises:
        EvaluationError: A column is missing, a record has neither text nor title, a date or a label cannot be, or
            no record has a label.
    """
    rows = read_table(path)

    def named(name: str) -> tuple[str, ...]:
        return (f"INPUT:{name}", name)

    texts = [column(rows, named(f"{which}_text"), f"{which} text") for which in ("first", "second")]
    titles = [optional_column(rows, named(f"{which}_title")) for which in ("first", "second")]
    days = [optional_column(rows, named(f"{which}_date")) for which in ("first", "second")]
    urls = [optional_column(rows, named(f"{which}_url")) for which in ("first", "second")]
    label = column(rows, _labels(rows), "label")
    read: list[GoldPair] = []
    for row in rows:
        if not row.cells[label].strip():
            continue
        first, second = (_telling(row, *cells) for cells in zip(texts, titles, days, urls, strict=True))
        languages = (_language(first), _language(second))
        read.append(GoldPair(row.where, first, second, _same(row, label), languages))
    if not read:
        raise EvaluationError(f"{path}: no record has a label under {label!r}.")
    return read, len(rows) - len(read)


_LABELS = ("GOLDEN:quality", "label", "same", "same_event", "quality", "OUTPUT:quality", "result", "gold")


def _labels(rows: Sequence[Row]) -> tuple[str, ...]:
    """Names of the label's column, filled ones first: a task may keep an empty one for answers it hides."""
    filled = {name.casefold() for row in rows for name, cell in row.cells.items() if cell.strip()}
    return tuple(sorted(_LABELS, key=lambda name: name.casefold() not in filled))


def _telling(row: Row, text: str, title: str | None, day: str | None, url: str | None) -> Report:
    body = row.cells[text].strip()
    heading = row.cells[title].strip() if title else ""
    if not body and not heading:
        raise EvaluationError(f"{row.where}: {text} is empty and there is no title. Complete or remove the record.")
    written = row.cells[day].strip() if day else ""
    try:
        published = datetime.fromisoformat(written).date() if written else in_url(row.cells[url]) if url else None
    except ValueError as problem:
        raise EvaluationError(f"{row.where}: {day} {written!r} is no day. Write 2019-11-08.") from problem
    return Report(heading, body, published)


def _language(report: Report) -> str:
    return identify(f"{report.title}\n{report.text}").code


def _same(row: Row, label: str) -> bool:
    written = row.cells[label].strip().casefold().replace(" ", "_")
    if written not in _SAME | _OTHER:
        raise EvaluationError(f"{row.where}: label {row.cells[label]!r} is unknown. Write OK or BAD, 1 or 0.")
    return written in _SAME


def score_pairs(path: Path, *, judge: Callable[[Report, Report], PairReading] = same_event) -> dict[str, Any]:
    """Score whether two texts are seen to tell of the same event.

    Args:
        judge: Gives the answer to a pair, whose languages it finds itself.

    Returns:
        `precision`, `recall` and `f1` of "the same"; `accuracy`; `n`, `same` (labelled the same), `unlabelled`;
        `languages` with the same figures by language (`en+ru` where the two differ); `sentences` and
        `sentences_per_second` (one process, from text to answer, word lists loaded before the clock starts); `errors`,
        a line for each wrong one.

    Raises:
        EvaluationError: The set cannot be read, see `read_pairs`.
    """
    gold, unlabelled = read_pairs(path)
    warm: set[str] = set()
    clock = Clock()
    counts: dict[str, Counter[str]] = {}
    errors: list[str] = []
    for pair in gold:
        spoken = "+".join(sorted(set(pair.languages)))
        if spoken not in warm:
            warm.add(spoken)
            judge(*(Report(".", ".", language=language) for language in pair.languages))
        told = zip((pair.first, pair.second), pair.languages, strict=True)
        with clock.reading(sum(len(split(report.text, language)) for report, language in told)):
            answer = judge(pair.first, pair.second)
        count = counts.setdefault(spoken, Counter())
        count["n"] += 1
        count["same"] += pair.same
        count["found"] += answer.same
        count["hits"] += pair.same and answer.same
        count["right"] += pair.same == answer.same
        if answer.same != pair.same:
            kind = "missed, labelled the same" if pair.same else "false, labelled different"
            errors.append(f"{pair.where}: {kind} ({answer.probability:.2f}: {', '.join(answer.why)}): {_shown(pair)}")
    return {
        **_report(sum(counts.values(), Counter())),
        "unlabelled": unlabelled,
        "languages": {spoken: _report(count) for spoken, count in sorted(counts.items())},
        **clock.report(),
        "errors": errors,
    }


def _report(count: Counter[str]) -> dict[str, Any]:
    return {
        **rates(count["hits"], count["found"], count["same"]),
        "accuracy": round(count["right"] / count["n"], 4),
        "n": count["n"],
        "same": count["same"],
    }


def _shown(pair: GoldPair) -> str:
    return " | ".join(
        " ".join(f"{told.title or '(no title)'}: {told.text}".split())[:400] for told in (pair.first, pair.second)
    )
