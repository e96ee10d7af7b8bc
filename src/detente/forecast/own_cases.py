"""A dossier's own cases and classes: `cases.csv` and `classes.toml` beside `dossier.toml`.

A case is proposed by one person with two sources that have addresses, and counts once another person has reviewed it:
from that day on, for no forecast that speaks of an earlier one.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from detente.errors import ForecastError
from detente.forecast.cases import COLUMNS, Case, load_cases, parse_cases
from detente.forecast.classes import CLASSES, CaseClass
from detente.ledger.questions import person_key

CASES_FILE = "cases.csv"
CLASSES_FILE = "classes.toml"
REVIEW: tuple[str, ...] = ("proposed_by", "proposed", "reviewed_by", "reviewed")
_ADDRESS = re.compile(r"https?://[^\s;,]+[^\s;,.)]")
LEAST_ADDRESSES = 2


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case of a dossier, and who vouches for it.

    Attributes:
        reviewed_by, reviewed: Who agreed, and when; empty and None while nobody has.
    """

    case: Case
    proposed_by: str
    proposed: date
    reviewed_by: str = ""
    reviewed: date | None = None

    def counts(self, as_of: date) -> bool:
        """Whether a forecast made on a day may use it."""
        return self.reviewed is not None and self.reviewed <= as_of


def addresses(source: str) -> tuple[str, ...]:
    """Web addresses in a source, each once.

    >>> addresses("https://a.org/1; press; https://b.org/2")
    ('https://a.org/1', 'https://b.org/2')
    """
    return tuple(dict.fromkeys(_ADDRESS.findall(source)))


def _sites(source: str) -> set[str]:
    return {re.sub(r"^www\.", "", re.split(r"[/:]", each.split("//", 1)[1])[0].lower()) for each in addresses(source)}


def _check(case: Case, where: str) -> None:
    if len(_sites(case.source)) < LEAST_ADDRESSES:
        raise ForecastError(
            f"{where}: {case.label!r} needs two sources with addresses of two sites, has {len(_sites(case.source))}. "
            "Write both into `source`, with a semicolon between."
        )
    if any(known.label == case.label for known in load_cases()):
        raise ForecastError(f"{where}: {case.label!r} is in the table that ships. Call this attempt otherwise.")


def parse_own_cases(text: str, *, name: str = CASES_FILE) -> tuple[OwnCase, ...]:
    """Read a dossier's own cases: the columns of the table that ships, then who proposed and who reviewed, and when.

    Raises:
        ForecastError: As `parse_cases`; or a case has no two sources, no proposer, or its proposer for a reviewer.
    """
    reader = csv.DictReader(io.StringIO(text))
    found = tuple(reader.fieldnames or ())
    missing = [column for column in REVIEW if column not in found]
    if missing:
        raise ForecastError(f"{name} line 1: columns missing: {', '.join(missing)}. Use {', '.join(COLUMNS + REVIEW)}.")
    rows = list(reader)
    cases = parse_cases(_table(rows, [column for column in found if column not in REVIEW], name), name=name)
    out = []
    for case, row in zip(cases, rows, strict=True):
        where = f"{name}, {case.label}"
        _check(case, where)
        by, reviewer = (row["proposed_by"] or "").strip(), (row["reviewed_by"] or "").strip()
        proposed, reviewed = _day(row["proposed"], where, "proposed"), _day(row["reviewed"], where, "reviewed")
        if not by or proposed is None:
            raise ForecastError(f"{where}: nobody proposed it, or on no day. Fill in proposed_by and proposed.")
        if bool(reviewer) != (reviewed is not None):
            raise ForecastError(f"{where}: reviewed_by and reviewed go together. Fill in both or neither.")
        if reviewed is not None and reviewed < proposed:
            raise ForecastError(f"{where}: reviewed on {reviewed}, before it was proposed on {proposed}. Correct one.")
        if person_key(reviewer) == person_key(by):
            raise ForecastError(f"{where}: {by} proposed and reviewed it. Another person has to review it.")
        out.append(OwnCase(case, by, proposed, reviewer, reviewed))
    return tuple(out)


def _table(rows: list[dict[str, Any]], columns: list[str], name: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise ForecastError(f"{name} line {number}: too few or too many fields. Quote fields that hold a comma.")
        # A carriage return alone is not quoted, and would end the row for whoever reads it.
        writer.writerow({key: re.sub("\r\n?", "\n", value) for key, value in row.items()})
    return out.getvalue()


def _day(value: str | None, where: str, column: str) -> date | None:
    written = (value or "").strip()
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as problem:
        raise ForecastError(f"{where}: {column} is {written!r}, no day. Write 2025-02-18.") from problem


def own_cases(folder: Path | None) -> tuple[OwnCase, ...]:
    """The cases of a dossier; none where it has no `cases.csv`.

    Raises:
        ForecastError: The file cannot be read or contradicts itself.
    """
    path = (folder or Path()) / CASES_FILE
    if folder is None or not path.is_file():
        return ()
    return parse_own_cases(_read(path), name=str(path))


def own_digest(folder: Path) -> str:
    """Names the state of a dossier's own cases and classes: another text, another digest."""
    held = [path.read_bytes() if path.is_file() else b"" for path in (folder / CASES_FILE, folder / CLASSES_FILE)]
    return hashlib.sha256(b"".join(hashlib.sha256(each).digest() for each in held)).hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ForecastError(f"{path}: cannot be read ({problem}). Give a UTF-8 file.") from problem


def known_cases(folder: Path | None, *, as_of: date) -> tuple[Case, ...]:
    """The cases that ship and those of a dossier that had been reviewed by a day.

    Raises:
        ForecastError: As `own_cases`.
    """
    return (*load_cases(), *(own.case for own in own_cases(folder) if own.counts(as_of)))


def propose(folder: Path, text: str, *, by: str, day: date, name: str = "the table given") -> tuple[OwnCase, ...]:
    """Add cases to a dossier's table, not yet reviewed.

    Args:
        text: CSV with the columns of the table that ships.
        by: Who proposes them.
        day: The day of proposing.

    Returns:
        What was added.

    Raises:
        ForecastError: A row is broken, has no two sources, or is there already; nothing is added then.
    """
    if not by.strip():
        raise ForecastError("a case is proposed by somebody. Give a name.")
    cases = parse_cases(text, name=name)
    if not cases:
        raise ForecastError(f"{name}: holds no case. Give one line at least below the heading.")
    held = own_cases(folder)
    for case in cases:
        _check(case, name)
        if any(own.case.label == case.label for own in held):
            raise ForecastError(f"{name}: {case.label!r} was proposed before. Call this attempt otherwise.")
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        row.update(dict(zip(REVIEW, (by.strip(), day.isoformat(), "", ""), strict=True)))
    _write(folder, [*_rows_of(folder), *rows])
    return tuple(own for own in own_cases(folder) if own.case.label in {case.label for case in cases})


def review(folder: Path, label: str, *, by: str, day: date) -> OwnCase:
    """Agree to a proposed case: it counts from this day on.

    Raises:
        ForecastError: No such case, it was reviewed before, or by who proposed it.
    """
    held = {own.case.label: own for own in own_cases(folder)}
    if label not in held:
        raise ForecastError(f"{label!r} was not proposed. Proposed: {', '.join(held) or 'nothing'}.")
    if held[label].reviewed is not None:
        raise ForecastError(f"{label!r} was reviewed by {held[label].reviewed_by} on {held[label].reviewed}.")
    rows = _rows_of(folder)
    for row in rows:
        if row["dyad"].strip() == label:
            row.update({"reviewed_by": by.strip(), "reviewed": day.isoformat()})
    _write(folder, rows)
    return next(own for own in own_cases(folder) if own.case.label == label)


def _rows_of(folder: Path) -> list[dict[str, str]]:
    path = folder / CASES_FILE
    return list(csv.DictReader(io.StringIO(_read(path)))) if path.is_file() else []


def _write(folder: Path, rows: list[dict[str, str]]) -> None:
    text = _table(rows, [*COLUMNS, *REVIEW], CASES_FILE)
    parse_own_cases(text)
    partial = folder / f".{CASES_FILE}.partial"
    partial.write_text(text, encoding="utf-8")
    partial.replace(folder / CASES_FILE)


@dataclass(frozen=True, slots=True)
class OwnClasses:
    """Reference classes of a dossier beside those that ship.

    Attributes:
        classes: Those that ship, then its own.
        clocks: By class, the day its wait began, where that is not the start of the process.
    """

    classes: Mapping[str, CaseClass]
    clocks: Mapping[str, date]

    def chosen(self, name: str) -> CaseClass:
        """One of them.

        Raises:
            ForecastError: It is not known.
        """
        if name not in self.classes:
            raise ForecastError(f"reference class {name!r} is not known. Use one of {', '.join(self.classes)}.")
        return self.classes[name]


def own_classes(folder: Path | None) -> OwnClasses:
    """Reference classes of a dossier, from `classes.toml`:

    ```toml
    [clock]
    us-vacancies = 2025-06-27

    [[class]]
    id = "recent-major-power"
    query = "major_power and not severed and since 1990"
    label = {en = "cases with a major power since 1990"}
    ```

    Raises:
        ForecastError: The file is broken, a class is named twice or asks for endings, a clock is of no class.
    """
    path = (folder or Path()) / CLASSES_FILE
    if folder is None or not path.is_file():
        return OwnClasses(CLASSES, {})
    try:
        raw = tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as problem:
        raise ForecastError(f"{path}: not readable as TOML: {problem}. Mend that line.") from problem
    unknown = sorted(set(raw) - {"clock", "class"})
    if unknown:
        raise ForecastError(f"{path}: {', '.join(unknown)} is not known. Use [clock] and [[class]].")
    classes = dict(CLASSES)
    for number, each in enumerate(raw.get("class", []), start=1):
        one = _class(each, f"{path}, class {number}")
        if one.id in classes:
            raise ForecastError(f"{path}, class {number}: {one.id!r} is there already. Call it otherwise.")
        classes[one.id] = one
    clocks = raw.get("clock", {})
    for name, day in clocks.items():
        if name not in classes or type(day) is not date:
            raise ForecastError(
                f"{path}: clock {name} = {day!r}. Give a class ({', '.join(classes)}) and a day without quotes."
            )
    return OwnClasses(classes, clocks)


def _class(raw: Any, where: str) -> CaseClass:
    if not isinstance(raw, dict) or not set(raw) <= {"id", "query", "label", "unseen_failures"}:
        raise ForecastError(f"{where}: has keys that are not known. Use id, query, label, unseen_failures.")
    name, query, label = raw.get("id", ""), raw.get("query", ""), raw.get("label", {})
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise ForecastError(f"{where}: id is {name!r}. Use small letters, digits and hyphens.")
    if not isinstance(query, str) or not isinstance(label, dict):
        raise ForecastError(f"{where}: query is a text, label a table by language. Mend {name!r}.")
    unseen = raw.get("unseen_failures", 0.0)
    if not isinstance(unseen, int | float) or not 0 <= unseen <= 10:
        raise ForecastError(f"{where}: unseen_failures is {unseen!r}, expected 0 to 10 for each case.")
    labels = {language: str(label.get(language) or label.get("en") or name) for language in ("en", "fr", "ru")}
    try:
        return CaseClass(name, labels, query, float(unseen))
    except ForecastError as problem:
        raise ForecastError(f"{where}: {problem}") from problem
