"""Lines of a table that could not be read, and reading a table line by line without holding a long one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from detente.sources.table_files import SHOWN_BYTES, TABLE_LIMITS, tables


class BadLine(NamedTuple):
    """A line that gives no row, and why.

    Attributes:
        line: From 1, the header counted.
        problem: What is wrong, in one word: `columns`, `encoding`, `length`, `id`, `date`, `code`, `country`, `count`.
        reason: The same in a sentence.
        raw: Its first 2,000 bytes as text; bytes that are not UTF-8 as `\\xNN`.
    """

    line: int
    problem: str
    reason: str
    raw: str


class Unreadable(Exception):
    """Raised inside a reader for one line; its message is the reason."""

    def __init__(self, problem: str, reason: str) -> None:
        super().__init__(reason)
        self.problem = problem

    def on(self, line: int, raw: bytes) -> BadLine:
        """The quarantined line."""
        return BadLine(line, self.problem, str(self), raw[:SHOWN_BYTES].decode("utf-8", "backslashreplace"))


def filled_lines(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """Give each line that is not empty, of a plain or packed file: number, bytes without break, whole length.

    Of a line longer than a table's may be (`TABLE_LIMITS`) the first 2,000 bytes are given.

    Raises:
        SourceError: The file cannot be read, is broken as an archive, or unpacks to far more than a table does.
    """
    for _, blocks in tables(path):
        for block in blocks:
            if block.too_long:
                yield block.first, block.data, block.too_long
                continue
            for number, raw in enumerate(block.data.split(b"\n"), block.first):
                if len(raw) > TABLE_LIMITS.line_bytes:
                    yield number, raw[:SHOWN_BYTES], len(raw)
                elif raw.strip():
                    yield number, raw, len(raw)
