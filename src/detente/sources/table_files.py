"""Files that hold tables, plain, gzipped or zipped, read in blocks of whole lines without unpacking them to disk."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from detente.errors import SourceError

TABLE_ENDINGS = frozenset({".csv", ".tab", ".tsv", ".txt"})
PACKED_ENDINGS = frozenset({".zip", ".gz"})

SHOWN_BYTES = 2_000
"""How much of a line that cannot be read is kept."""

_READ = 1 << 24


@dataclass(frozen=True, slots=True)
class TableLimits:
    """How much is read before a line or a packed file is refused.

    Attributes:
        line_bytes: A longer line is quarantined; it is read past, never held.
        unpacked_bytes: Most that one packed file may unpack to.
        unpacked_ratio: How many times its packed size a file may unpack to, once past ten megabytes: event tables
            shrink 5 to 30 times, a bomb a thousand times.
    """

    line_bytes: int = 1_000_000
    unpacked_bytes: int = 100_000_000_000
    unpacked_ratio: int = 200


TABLE_LIMITS = TableLimits()


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a table, one after the other.

    Attributes:
        first: Number of its first line, from 1.
        data: The lines with their breaks; the last of a file may have none.
        too_long: Length in bytes of a line longer than a block may be, of which `data` is the beginning; else 0.
    """

    first: int
    data: bytes
    too_long: int = 0


def tables(path: Path, limits: TableLimits = TABLE_LIMITS) -> Iterator[tuple[str, Iterator[Block]]]:
    """The tables of a file: itself, what it unpacks to, or the members of an archive.

    What it is packed with is seen from its first bytes, not from its name.

    Returns:
        (name, blocks) for each; a member of an archive is named by the archive's path, `/` and its own name.

    Raises:
        SourceError: The file cannot be read, is broken as an archive, holds no table or unpacks past the limits.
    """
    if not path.is_file():
        raise SourceError(f"{path}: no such file. Check the path.")
    with _named_problems(path), path.open("rb") as file:
        packed = path.stat().st_size
        start = file.read(2)
        file.seek(0)
        if start == b"PK":
            yield from _members(path, file, packed, limits)
        elif start == b"\x1f\x8b":
            with gzip.open(file, "rb") as stream:
                yield str(path), _blocks(path, cast(BinaryIO, stream), limits, _Allowance(str(path), packed, limits))
        else:
            yield str(path), _blocks(path, file, limits, None)


class _named_problems:
    """What goes wrong while an archive is read, as a SourceError that names it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if isinstance(problem, zipfile.BadZipFile | zlib.error | EOFError | gzip.BadGzipFile):
            raise SourceError(f"{self._path}: broken as an archive ({problem}). Get it again.") from problem
        if isinstance(problem, OSError):
            why = problem.strerror or problem
            raise SourceError(f"{self._path}: {why}. Check that the file may be read.") from problem


def passed_over(path: Path) -> tuple[str, ...]:
    """Names of the members of an archive that are no tables and are not read."""
    if not zipfile.is_zipfile(path):
        return ()
    with zipfile.ZipFile(path) as archive:
        return tuple(m.filename for m in archive.infolist() if not m.is_dir() and not _is_table(m.filename))


def _is_table(member: str) -> bool:
    name = member.rsplit("/", 1)[-1]
    return (
        not name.startswith(".") and not member.startswith("__MACOSX/") and Path(name).suffix.lower() in TABLE_ENDINGS
    )


def _members(path: Path, file: BinaryIO, packed: int, limits: TableLimits) -> Iterator[tuple[str, Iterator[Block]]]:
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(file))
        held = [member for member in archive.infolist() if not member.is_dir() and _is_table(member.filename)]
        if not held:
            names = ", ".join(member.filename for member in archive.infolist()[:3]) or "nothing"
            raise SourceError(
                f"{path}: the archive holds {names}, expected a table ending in {' '.join(sorted(TABLE_ENDINGS))}. "
                "Give the archive as the database publishes it."
            )
        # One allowance for the whole archive: many small members unpack to as much as one large one.
        allowance = _Allowance(str(path), packed, limits)
        for member in held:
            name = f"{path}/{member.filename}"
            if member.flag_bits & 0x1:
                raise SourceError(f"{name}: encrypted. Unpack it with its password and import the table.")
            try:
                stream = stack.enter_context(archive.open(member))
            except NotImplementedError as problem:
                raise SourceError(f"{name}: {problem}. Unpack it and import the table.") from problem
            buffered = io.BufferedReader(cast(io.RawIOBase, stream), 1 << 18)
            yield name, _blocks(path, cast(BinaryIO, buffered), limits, allowance)


class _Allowance:
    """How much a packed file may still unpack to."""

    def __init__(self, name: str, packed: int, limits: TableLimits) -> None:
        self._name = name
        self._packed = packed
        self._most = min(limits.unpacked_bytes, max(10_000_000, packed * limits.unpacked_ratio))
        self._spent = 0

    def spend(self, size: int) -> None:
        self._spent += size
        if self._spent > self._most:
            raise SourceError(
                f"{self._name}: unpacks to more than {self._most:,} bytes, from {self._packed:,} packed bytes. Tables "
                "do not: unpack it by hand, look at it, and give the table."
            )


def _blocks(path: Path, stream: BinaryIO, limits: TableLimits, allowance: _Allowance | None) -> Iterator[Block]:
    number, rest = 1, b""
    with _named_problems(path):
        while data := stream.read(_READ):
            if allowance:
                allowance.spend(len(data))
            data = rest + data
            cut = data.rfind(b"\n") + 1
            if cut:
                block = data[:cut]
                yield Block(number, block)
                number += block.count(b"\n")
            rest = data[cut:]
            if len(rest) > limits.line_bytes:
                size, after = _past_the_line(stream, len(rest), allowance)
                yield Block(number, rest[:SHOWN_BYTES], too_long=size)
                number, rest = number + 1, after
        if rest:
            yield Block(number, rest)


def _past_the_line(stream: BinaryIO, size: int, allowance: _Allowance | None) -> tuple[int, bytes]:
    """(length of the line that has begun, what was read after it)."""
    while data := stream.read(_READ):
        if allowance:
            allowance.spend(len(data))
        end = data.find(b"\n")
        if end >= 0:
            return size + end, data[end + 1 :]
        size += len(data)
    return size, b""
