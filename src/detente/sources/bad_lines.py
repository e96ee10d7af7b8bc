"""Lines of a table that could not be read, and reading a table line by line without holding a long one."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from detente.errors import SourceError

LONGEST_LINE = 1_000_000
"""Bytes; a longer line is quarantined, read past and never held."""

_SHOWN = 2_000
# The yearly ICEWS counts shrink 9 times, rows of GDELT 30 times at most, a bomb a thousand times.
_MOST_RATIO = 200
_SMALL = 10_000_000


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
        return BadLine(line, self.problem, str(self), raw[:_SHOWN].decode("utf-8", "backslashreplace"))


def filled_lines(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """Give each line that is not empty, of a plain or gzipped file: number, bytes, whole length.

    Of a line longer than `LONGEST_LINE` the first 2,000 bytes are given.

    Raises:
        SourceError: The file cannot be read, is broken as an archive, or unpacks to far more than a table does.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if packed:
                most = max(_SMALL, path.stat().st_size * _MOST_RATIO)
                with gzip.open(file, "rb") as stream:
                    yield from _filled(cast(BinaryIO, stream), path, most)
            else:
                yield from _filled(file, path, None)
    except (gzip.BadGzipFile, zlib.error, EOFError) as problem:
        raise SourceError(f"{path}: broken as an archive ({problem}). Get it again.") from problem
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror or problem}. Check that the file may be read.") from problem


def _filled(stream: BinaryIO, path: Path, most: int | None) -> Iterator[tuple[int, bytes, int]]:
    number = spent = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        size = len(raw)
        if size > LONGEST_LINE and not raw.endswith(b"\n"):
            raw, rest = raw[:_SHOWN], raw
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(LONGEST_LINE)
                size += len(rest)
                _refuse_bomb(path, spent + size, most)
        spent += size
        _refuse_bomb(path, spent, most)
        if raw.strip():
            yield number, raw, size


def _refuse_bomb(path: Path, unpacked: int, most: int | None) -> None:
    if most is not None and unpacked > most:
        raise SourceError(
            f"{path}: unpacks to more than {most:,} bytes, {_MOST_RATIO} times its size. Tables do not: unpack it by "
            "hand, look at it, and give the table."
        )
