"""Rows of the event databases GDELT, ICEWS and POLECAT, read column by column and checked.

Every line that is not empty, the header apart, gives one row or one `QuarantinedRow` with its reason. One broken line
never stops a file; a file of another kind is refused at its first lines.

What is read:

| kind | layout |
|---|---|
| gdelt | Events 2.0 (61 tab-separated columns) and 1.0 (57 or 58), no header |
| icews | header with Event ID, Event Date, Source Name, Source Country, CAMEO Code, Target Name, Target Country |
| polecat | header with Event ID, Event Date, Event Type, Event Mode, and Name and Country of Actor and Recipient |

Columns of ICEWS and POLECAT are found by name, whatever their order, separated by tabs or commas.

Source:
    GDELT Event Codebook 2.0 (2015) and Data Format Codebook 1.03 (2013); ICEWS Coded Event Data, Harvard Dataverse
    doi:10.7910/DVN/28075; POLECAT, Harvard Dataverse doi:10.7910/DVN/AJGVIT.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from detente.errors import SourceError
from detente.registry import Registry, load
from detente.sources.table_files import SHOWN_BYTES, TABLE_LIMITS, TableLimits, tables

if TYPE_CHECKING:
    import pyarrow as pa

    from detente.sources.event_checks import Checked, Checks
    from detente.sources.event_layouts import Layout, TableLayout

Database = Literal["gdelt", "icews", "polecat"]
DATABASES: tuple[Database, ...] = get_args(Database)

Problem = Literal["columns", "encoding", "nul", "length", "id", "date", "number", "place", "code", "country", "count"]
"""What is wrong with a quarantined row, in one word, for counting."""


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A line that gives no event, and why.

    Attributes:
        file: Path of the file; for a member of an archive, followed by `/` and its name.
        line: From 1, the header counted.
        raw: Its first 2,000 bytes as text; bytes that are not UTF-8 as `\\xNN`.
        size: Its length in bytes.
    """

    origin: Database
    file: str
    line: int
    problem: Problem
    reason: str
    raw: str
    size: int

    @classmethod
    def of(cls, origin: Database, file: str, line: int, problem: Problem, reason: str, raw: bytes) -> QuarantinedRow:
        """One line, from its bytes."""
        return cls(origin, file, line, problem, reason, shown(raw), len(raw))


def shown(raw: bytes) -> str:
    """The beginning of a line as text."""
    return raw[:SHOWN_BYTES].decode("utf-8", "backslashreplace")


@dataclass(slots=True)
class Lines:
    """Lines of one table that have the right number of cells.

    Attributes:
        file: As in `QuarantinedRow`.
        numbers: Their numbers in the file.
        data: The lines, each with its break.
        cells: Their cells by column, where the layout cuts them itself.
    """

    file: str
    numbers: Sequence[int]
    data: bytes
    cells: list[list[str]] | None = None

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(slots=True)
class ReadTable:
    """One table of a file, cut into lines and not yet checked cell by cell."""

    layout: Layout | None
    lines: list[Lines] = field(default_factory=list)
    quarantined: list[QuarantinedRow] = field(default_factory=list)


def database(kind: str) -> Database:
    """Check the name of a database.

    Raises:
        SourceError: There is no reader for it.

    >>> database("icews")
    'icews'
    """
    if kind not in DATABASES:
        raise SourceError(f"event database {kind!r} is unknown. Give one of {', '.join(DATABASES)}.")
    return kind


class TableReader:
    """Reads files of one kind; words once looked up are remembered from file to file.

    Args:
        kind: `gdelt`, `icews` or `polecat`.
        registry: Gives the states' codes and English names; the shipped one where none is given.

    Raises:
        SourceError: The kind is unknown.
    """

    def __init__(self, kind: str, *, registry: Registry | None = None, limits: TableLimits = TABLE_LIMITS) -> None:
        from detente.sources.event_checks import Checks

        self.origin = database(kind)
        self._limits = limits
        self._checks: Checks = Checks(self.origin, registry or load())

    def tables(self, path: Path) -> Iterator[ReadTable]:
        """The tables of a file, each in one or several parts of at most some sixteen megabytes.

        Raises:
            SourceError: The file cannot be read, is of another kind, is a broken archive or unpacks past the limits.
        """
        from detente.sources.event_layouts import layout_of, too_long

        for name, blocks in tables(path, self._limits):
            layout: TableLayout | None = None
            for block in blocks:
                if block.too_long:
                    # Nothing of such a line is read, so that it need not wait for the layout.
                    yield ReadTable(layout, quarantined=[too_long(self.origin, name, block)])
                    continue
                rest = block
                if layout is None:
                    told = layout_of(self.origin, name, block)
                    if told is None:
                        continue
                    layout, rest = told
                yield layout.cut(name, rest, self._limits)
            if layout is None:
                expected = "" if self.origin == "gdelt" else ", expected a header"
                raise SourceError(f"{name}: holds no line{expected}. Get it again.")

    def check(self, lines: Sequence[Lines], layout: Layout) -> Checked:
        """Check the cells of lines of one layout, from one or many files: rows, and what is wrong with the others."""
        return self._checks.check(lines, layout)


@dataclass(frozen=True, slots=True)
class ReadRows:
    """Rows read from one file, for looking at: what an import does with them is in the engine room."""

    rows: pa.Table
    quarantined: tuple[QuarantinedRow, ...]


def read_rows(
    kind: str, path: Path, *, registry: Registry | None = None, limits: TableLimits = TABLE_LIMITS
) -> ReadRows:
    """Read a file of an event database whole; for files that memory can hold.

    Returns:
        The columns of `detente.sources.event_checks.CHECKED`, in the order of the file, and the quarantined rows.

    Raises:
        SourceError: The file cannot be read, is of another kind, is broken as an archive or unpacks past the limits.
    """
    import pyarrow as pa

    from detente.sources.event_checks import checked_schema

    reader = TableReader(kind, registry=registry, limits=limits)
    parts: list[pa.Table] = []
    quarantined: list[QuarantinedRow] = []
    for table in reader.tables(path):
        quarantined += table.quarantined
        if table.layout and table.lines:
            checked = reader.check(table.lines, table.layout)
            parts.append(checked.rows)
            quarantined += checked.quarantined
    rows = pa.concat_tables(parts).cast(checked_schema()) if parts else checked_schema().empty_table()
    return ReadRows(rows, tuple(sorted(quarantined, key=lambda row: (row.file, row.line))))
