"""Cells of tables that a spreadsheet opens: what it would run as a formula is made text, and can be turned back.

A table parted by commas is opened as one parted by semicolons or tabs where the machine speaks French or Russian, and
lines inside a cell then become rows. What follows one of these signs inside a text is a cell of its own there, and is
guarded as the beginning of the text is (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import Any, TextIO

# Spreadsheets look past blanks, quotation marks and signs that nobody sees, and take the full-width signs as well.
_FORMULA = r"[\s\"'\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠]"
_UNGUARDED = re.compile(rf"(^|[;\t\r\n])(?={_FORMULA})|^(?='*[\t\r\n])")
_GUARDED = re.compile(rf"(^|[;\t\r\n])'(?={_FORMULA})|^'(?='*[\t\r\n])")


def guarded(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula, made harmless by an apostrophe before it.

    >>> guarded("=1+1"), guarded(" @SUM(A1)"), guarded("Talks"), guarded("Talks;=1+1")
    ("'=1+1", "' @SUM(A1)", 'Talks', "Talks;'=1+1")
    """
    return _UNGUARDED.sub(lambda found: f"{found[1] or ''}'", value) if isinstance(value, str) else value


def unguarded(cell: str) -> str:
    """The text that a guarded cell stands for, to the letter.

    >>> unguarded("'=1+1"), unguarded("'tis"), unguarded(guarded("'=1+1"))
    ('=1+1', "'tis", "'=1+1")
    """
    return _GUARDED.sub(lambda found: found[1] or "", cell)


class _Lines:
    """What takes the rows of a table, and ends each as a line of ours ends."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, row: str) -> int:
        return self._out.write(row.removesuffix("\r\n") + "\n")


# Python quotes the signs that its own lines end with, and no other: a bare carriage return ends a row elsewhere.
def row_writer(out: TextIO) -> Any:
    """Writes rows of cells parted by commas, each a line."""
    return csv.writer(_Lines(out), lineterminator="\r\n")


def record_writer(out: TextIO, columns: Sequence[str], *, known_only: bool = False) -> csv.DictWriter[str]:
    """Writes records as rows; `known_only` leaves out what no column is named for."""
    extras = "ignore" if known_only else "raise"
    return csv.DictWriter(_Lines(out), columns, extrasaction=extras, lineterminator="\r\n")  # type: ignore[arg-type]
