"""The time tagger scored against TimeML: French TimeBank, TempEval-3."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from detente.coding.times import find_times
from detente.documents import identify, split
from detente.errors import EvaluationError
from detente.evaluation.rates import Clock, rates
from detente.languages import codes
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


def score_timeml(folder: Path, language: str | None = None) -> dict[str, Any]:
    """Score the time tagger on a folder of TimeML files, or on one file.

    Args:
        folder: Holds `.tml` files, in folders of it too; only what is inside their TEXT is scored.
        language: Code of the language of all of them. Without it each text says itself which it is in, or
            where it is too short to, a folder above it that is named for one.

    Returns:
        `language`, `documents`, `n` (expressions in the gold), `found`, and under `strict` (same offsets), `relaxed`
        (offsets overlap), `value` and `type` (offsets overlap and it is the same) precision, recall and f1 as shares;
        the same for each of `languages`; `sentences` and `sentences_per_second` (one process, lexicons loaded before
        the clock starts, from text to time expressions); `errors`, a line for each expression that is missed, found
        where there is none, or differs in its span or value.

    Raises:
        EvaluationError: There is no such file, one cannot be read, or its language cannot be told.

    Source:
        UzZaman et al. (2013), SemEval-2013 Task 1: TempEval-3, section 4; each expression is matched at most once.
    """
    counts: dict[str, Counter[str]] = {}
    clock = Clock()
    errors: list[str] = []
    for path in _files(Path(folder)):
        gold = read_timeml(path)
        spoken = language or _language(gold, path)
        fetched = datetime(1970, 1, 1, tzinfo=UTC)  # never looked at: gold texts are anchored by their creation time
        document = Document(gold.name, gold.text, spoken, gold.published, "given", fetched)
        if spoken not in counts:
            find_times(document, split(gold.text, spoken))
        sentences = split(gold.text, spoken)
        with clock.reading(len(sentences)):
            times = find_times(document, split(gold.text, spoken))
        found = [GoldTime(t.evidence.start, t.evidence.end, t.type, t.value) for t in times]
        pairs = _pairs(gold.times, found)
        count = counts.setdefault(spoken, Counter())
        count["documents"] += 1
        count["n"] += len(gold.times)
        count["found"] += len(found)
        for wanted, got in pairs:
            count["strict"] += (wanted.start, wanted.end) == (got.start, got.end)
            count["relaxed"] += 1
            count["value"] += wanted.value == got.value
            count["type"] += wanted.type == got.type
        errors += _errors(gold, found, pairs)
    total = sum(counts.values(), Counter())
    return {
        "language": "+".join(sorted(counts)),
        **_report(total),
        "languages": {spoken: _report(count) for spoken, count in sorted(counts.items())},
        **clock.report(),
        "errors": errors,
    }


_NAMED = {"eng": "en", "english": "en", "fra": "fr", "french": "fr", "français": "fr", "rus": "ru", "russian": "ru"}


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    files = sorted(folder.rglob("*.tml")) or sorted(folder.rglob("*.xml"))
    if not files:
        raise EvaluationError(f"{folder}: holds no .tml file. Give the folder that TimeML files lie in.")
    return files


def _language(gold: GoldText, path: Path) -> str:
    """The language of the text where that is clear, else that of the nearest folder named for one, else a guess."""
    identified = identify(gold.text)
    if identified.sure and identified.code in codes():
        return identified.code
    if not identified.sure:
        for folder in path.absolute().parents:
            for word in re.findall(r"[^\W\d_]+", folder.name.casefold()):
                code: str = _NAMED.get(word, word)
                if code in codes():
                    return code
        if identified.code in codes():
            return identified.code
    raise EvaluationError(
        f"{path.name}: its language is not clear ({identified.code}). Say --language {' or '.join(codes())}."
    )


def _report(count: Counter[str]) -> dict[str, Any]:
    scores = {name: rates(count[name], count["found"], count["n"]) for name in ("strict", "relaxed", "value", "type")}
    return {"documents": count["documents"], "n": count["n"], "found": count["found"], **scores}


def _errors(gold: GoldText, found: Sequence[GoldTime], pairs: Sequence[tuple[GoldTime, GoldTime]]) -> list[str]:
    def shown(time: GoldTime) -> str:
        before, after = gold.text[max(0, time.start - 50) : time.start], gold.text[time.end : time.end + 40]
        return " ".join(f"…{before}[{gold.text[time.start : time.end]}]{after}…".split())

    lines: list[tuple[int, str]] = []
    for wanted, got in pairs:
        wrong = []
        if (wanted.start, wanted.end) != (got.start, got.end):
            wrong.append(f"span, found [{' '.join(gold.text[got.start : got.end].split())}]")
        if wanted.value != got.value:
            wrong.append(f"value {wanted.value}, found {got.value}")
        if wanted.type != got.type:
            wrong.append(f"type {wanted.type}, found {got.type}")
        if wrong:
            lines.append((wanted.start, f"{'; '.join(wrong)}: {shown(wanted)}"))
    matched, used = {id(wanted) for wanted, _ in pairs}, {id(got) for _, got in pairs}
    lines += [(t.start, f"missed {t.type} {t.value}: {shown(t)}") for t in gold.times if id(t) not in matched]
    lines += [(t.start, f"stray {t.type} {t.value}: {shown(t)}") for t in found if id(t) not in used]
    return [f"{gold.name}: {line}" for _, line in sorted(lines)]


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
