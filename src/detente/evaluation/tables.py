"""Tab-separated sets with a header, whether fields are quoted or not; a row that does not fit is named."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.errors import EvaluationError

# A news text in one field is longer than the 128 KB that the csv module allows by default.
_LONGEST_FIELD = 10_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table.

    Attributes:
        where: File and line, for messages.
    """

    where: str
    cells: Mapping[str, str]


def read_table(path: Path) -> list[Row]:
    """Read a table with a header line: tabs, or commas where the header holds no tab.

    Raises:
        EvaluationError: The file cannot be read as UTF-8, is empty, names a column twice, or a record has another
            number of fields than the header.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise EvaluationError(
            f"{path}: cannot be read as UTF-8 text: {problem}. Give a tab-separated file."
        ) from problem
    lines = text.replace("\r\n", "\n").split("\n")
    if not text.strip():
        raise EvaluationError(f"{path}: is empty. Give a tab-separated file with a header line.")
    comma = "\t" not in lines[0]
    # Where every line has as many fields as the header, quotation marks belong to the fields: read as csv, a sentence
    # that opens with one would swallow the lines up to the next.
    plain = None if comma else _plain(lines)
    records = plain or _quoted(text, "," if comma else "\t")
    header = records[0][1]
    if len({name for name in header if name}) != sum(bool(name) for name in header):
        raise EvaluationError(f"{path}: its header names a column twice: {', '.join(header)}. Rename one.")
    rows = []
    for line, fields in records[1:]:
        if len(fields) != len(header):
            raise EvaluationError(
                f"{path.name} line {line}: {len(fields)} fields, the header has {len(header)}. "
                "Quote fields that hold tabs, quotation marks or line breaks, as csv writers do."
            )
        rows.append(Row(f"{path.name} line {line}", dict(zip(header, fields, strict=True))))
    if not rows:
        raise EvaluationError(f"{path}: has a header and no record under it.")
    return rows


def _plain(lines: Sequence[str]) -> list[tuple[int, list[str]]] | None:
    split = [(number, line.split("\t")) for number, line in enumerate(lines, start=1) if line.strip()]
    if any(len(fields) != len(split[0][1]) for _, fields in split):
        return None
    return [(number, [_unquoted(field) for field in fields]) for number, fields in split]


def _unquoted(field: str) -> str:
    inside = field[1:-1]
    if len(field) < 2 or field[0] != '"' or field[-1] != '"' or '"' in inside.replace('""', ""):
        return field
    return inside.replace('""', '"')


def _quoted(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        records = []
        line = 1
        for fields in reader:
            if any(field.strip() for field in fields):
                records.append((line, fields))
            line = reader.line_num + 1
        return records
    finally:
        csv.field_size_limit(limit)


def column(rows: Sequence[Row], names: Sequence[str], what: str) -> str:
    """The first of these columns that the table has, case aside.

    Raises:
        EvaluationError: It has none of them.
    """
    found = optional_column(rows, names)
    if found is None:
        raise EvaluationError(
            f"{rows[0].where.split(' line ')[0]}: no column for the {what}. Name it {' or '.join(names)}; "
            f"the header has {', '.join(name for name in rows[0].cells if name)}."
        )
    return found


def optional_column(rows: Sequence[Row], names: Sequence[str]) -> str | None:
    """The first of these columns that the table has, case aside, or None."""
    by_name = {name.strip().casefold(): name for name in reversed(list(rows[0].cells))}
    return next((by_name[name.casefold()] for name in names if name.casefold() in by_name), None)
