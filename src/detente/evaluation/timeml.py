"""The time tagger scored against TimeML: French TimeBank, TempEval-3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

from detente.coding.times import find_times
from detente.documents.sentences import split
from detente.errors import EvaluationError
from detente.terms import Document


@dataclass(frozen=True, slots=True)
class GoldTime:
    """One TIMEX3 of a gold text, offsets into that text."""

    start: int
    end: int
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class GoldText:
    """The TEXT of one TimeML file, its tags removed and its time expressions kept.

    Attributes:
        published: Document creation time, or None where the file gives no day.
    """

    name: str
    text: str
    published: date | None
    times: tuple[GoldTime, ...]


def read_timeml(path: Path) -> GoldText:
    """Read the text, the creation time and the time expressions of a TimeML file.

    Raises:
        EvaluationError: The file is not XML, has no TEXT, or a TIMEX3 in it lacks its type or value.
    """
    try:
        root = ElementTree.fromstring(path.read_bytes())  # noqa: S314 - a gold file chosen by the person who evaluates
    except ElementTree.ParseError as problem:
        raise EvaluationError(f"{path.name}: not well-formed XML ({problem}). Give TimeML files (.tml).") from problem
    body = root.find(".//TEXT")
    if body is None:
        raise EvaluationError(f"{path.name}: has no TEXT element. Give TimeML files, as TempEval-3 has them.")
    published = None
    for timex in root.iter("TIMEX3"):
        if timex.get("functionInDocument") == "CREATION_TIME":
            value = (timex.get("value") or "")[:10]
            try:
                published = date.fromisoformat(value)
            except ValueError as problem:
                raise EvaluationError(
                    f"{path.name}: creation time {value!r} is no day. Write YYYY-MM-DD in the TIMEX3 of DCT."
                ) from problem
            break
    pieces: list[str] = []
    times: list[GoldTime] = []

    def walk(element: ElementTree.Element, at: int) -> int:
        start = at
        pieces.append(element.text or "")
        at += len(pieces[-1])
        for child in element:
            at = walk(child, at)
            pieces.append(child.tail or "")
            at += len(pieces[-1])
        if element.tag == "TIMEX3" and at > start:
            kind, value = element.get("type"), element.get("value")
            if not kind or value is None:
                raise EvaluationError(
                    f"{path.name}: TIMEX3 {element.get('tid', '?')} lacks its type or value. Complete it."
                )
            times.append(GoldTime(start, at, kind, value))
        return at

    walk(body, 0)
    return GoldText(path.name, "".join(pieces), published, tuple(sorted(times, key=lambda time: time.start)))


def score_timeml(folder: Path, language: str) -> dict[str, object]:
    """Score the time tagger on a folder of TimeML files.

    Args:
        folder: Holds `.tml` files; only what is inside their TEXT is scored.
        language: `fr`, `en` or `ru`, the language of all of them.

    Returns:
        `language`, `documents`, `n` (expressions in the gold), `found`, and under `strict` (same offsets), `relaxed`
        (offsets overlap), `value` and `type` (offsets overlap and it is the same) precision, recall and f1 as shares.

    Raises:
        EvaluationError: The folder has no such file, or one cannot be read.

    Source:
        UzZaman et al. (2013), SemEval-2013 Task 1: TempEval-3, section 4; each expression is matched at most once.
    """
    files = sorted(Path(folder).glob("*.tml"))
    if not files:
        raise EvaluationError(f"{folder}: holds no .tml file. Give the folder that TimeML files lie in.")
    counts = {"strict": 0, "relaxed": 0, "value": 0, "type": 0}
    gold_total = found_total = 0
    for path in files:
        gold = read_timeml(path)
        fetched = datetime(1970, 1, 1, tzinfo=UTC)  # never looked at: gold texts are anchored by their creation time
        document = Document(gold.name, gold.text, language, gold.published, "given", fetched)
        found = [
            GoldTime(time.evidence.start, time.evidence.end, time.type, time.value)
            for time in find_times(document, split(gold.text, language))
        ]
        gold_total += len(gold.times)
        found_total += len(found)
        for wanted, got in _pairs(gold.times, found):
            counts["strict"] += (wanted.start, wanted.end) == (got.start, got.end)
            counts["relaxed"] += 1
            counts["value"] += wanted.value == got.value
            counts["type"] += wanted.type == got.type
    scores: dict[str, object] = {"language": language, "documents": len(files), "n": gold_total, "found": found_total}
    scores.update({name: _rates(hits, gold_total, found_total) for name, hits in counts.items()})
    return scores


def _pairs(gold: Sequence[GoldTime], found: Sequence[GoldTime]) -> list[tuple[GoldTime, GoldTime]]:
    """Gold and found expressions that overlap, each used once, equal offsets first."""
    at = {(time.start, time.end): time for time in found}
    pairs = [(time, at[time.start, time.end]) for time in gold if (time.start, time.end) in at]
    used_gold = {id(wanted) for wanted, _ in pairs}
    used_found = {id(got) for _, got in pairs}
    for wanted in gold:
        if id(wanted) in used_gold:
            continue
        for got in found:
            if id(got) not in used_found and got.start < wanted.end and wanted.start < got.end:
                pairs.append((wanted, got))
                used_found.add(id(got))
                break
    return pairs


def _rates(hits: int, gold: int, found: int) -> dict[str, float]:
    """Precision, recall and F1.

    >>> _rates(8, 10, 16)
    {'precision': 0.5, 'recall': 0.8, 'f1': 0.6154}
    """
    return {
        "precision": round(hits / found, 4) if found else 0.0,
        "recall": round(hits / gold, 4) if gold else 0.0,
        "f1": round(2 * hits / (gold + found), 4) if gold + found else 0.0,
    }
