"""Lines of the log: numbered, timed, and each sealed with the hash of the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import merge
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Table, bindparam, func, insert, literal, select, union_all

from detente.errors import LedgerError
from detente.ledger.records import canonical, read_moment, write_moment
from detente.ledger.tables import LOG

GENESIS = "0" * 64
"""`prev_hash` of the first line."""

_CLOCK_SLIP = timedelta(minutes=5)
"""A clock set back by less than this (time servers do it) records at the moment of the last line."""

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of the ledger; a brief that prints its hash can be checked against the ledger later."""

    line: int
    hash: str
    recorded: datetime | None


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the log is whole.

    Attributes:
        lines: Lines read before the first break, or all of them.
        head: Hash of the last of them.
        problem: The first break found, or empty.
    """

    lines: int
    head: str
    problem: str = ""

    @property
    def ok(self) -> bool:
        return not self.problem


def _ends(*, by_a_moment: bool) -> CompoundSelect[Any]:
    """The last line of every table of the log."""
    ends = []
    for table in LOG:
        last = select(func.max(table.c.line))
        if by_a_moment:
            last = last.where(table.c.recorded <= bindparam("until"))
        ends.append(select(table.c.line, table.c.hash, table.c.recorded).where(table.c.line == last.scalar_subquery()))
    return union_all(*ends)


_ENDS, _ENDS_BY = _ends(by_a_moment=False), _ends(by_a_moment=True)


def head(connection: Connection, until: datetime | None = None) -> Head:
    """The last line, or the last recorded by a moment."""
    if until is None:
        rows = connection.execute(_ENDS).all()
    else:
        rows = connection.execute(_ENDS_BY, {"until": write_moment(until)}).all()
    if not rows:
        return Head(0, GENESIS, None)
    line, digest, recorded = max(tuple(row) for row in rows)
    return Head(line, digest, read_moment(recorded))


def hash_of(connection: Connection, line: int) -> str:
    """The hash of a line, or nothing where there is no such line."""
    found = union_all(*(select(table.c.hash).where(table.c.line == line) for table in LOG))
    return connection.scalar(found) or ""


def first(connection: Connection) -> datetime | None:
    """When the first line was recorded."""
    found = [connection.scalar(select(func.min(table.c.recorded))) for table in LOG]
    return min((read_moment(recorded) for recorded in found if recorded), default=None)


@dataclass(slots=True)
class Writer:
    """Adds lines within one write transaction; all of them share its moment."""

    connection: Connection
    clock: Callable[[], datetime]
    _line: int = field(init=False)
    _hash: str = field(init=False)
    recorded: datetime = field(init=False)
    _seq: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        last = head(self.connection)
        now = read_moment(write_moment(self.clock()))
        if last.recorded is not None and now < last.recorded:
            # A line dated before one that is already there would change what was seen then.
            if last.recorded - now > _CLOCK_SLIP:
                raise LedgerError(
                    f"the clock says {now.isoformat()}, but line {last.line} was recorded {last.recorded.isoformat()}. "
                    "Set the clock right; lines are recorded in order of time."
                )
            now = last.recorded
        self._line, self._hash, self.recorded = last.line, last.hash, now

    def add(self, table: Table, **values: Any) -> int:
        """Add one line and return its `seq`."""
        if table.name not in self._seq:
            self._seq[table.name] = self.connection.scalar(select(func.coalesce(func.max(table.c.seq), 0))) or 0
        self._seq[table.name] += 1
        self._line += 1
        row = {
            **{column.name: None for column in table.columns},
            **values,
            "seq": self._seq[table.name],
            "line": self._line,
            "recorded": write_moment(self.recorded),
            "prev_hash": self._hash,
        }
        row["hash"] = self._hash = seal(table.name, row)
        self.connection.execute(insert(table), [row])
        return self._seq[table.name]


def seal(table: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over the table's name and every column but `hash`, blobs by their own SHA-256."""
    covered = {name: value for name, value in _plain(row).items() if name != "hash"}
    return hashlib.sha256(canonical([table, covered]).encode()).hexdigest()


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: hashlib.sha256(value).hexdigest() if isinstance(value, (bytes, memoryview)) else value
        for name, value in row.items()
    }


def lines(connection: Connection, tables: Collection[str] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Lines in order with the table of each, blobs by their own SHA-256; of some tables only where named."""
    named = [table for table in LOG if not tables or table.name in tables]
    for table, row in merge(*(_rows(connection, table) for table in named), key=lambda item: item[1]["line"]):
        yield table, _plain(row)


def verify(connection: Connection, expected: str | None = None) -> Verification:
    """Walk the chain from its first line.

    Args:
        expected: A hash that was printed earlier; it must still be in the chain. Without one, lines cut off the
            end cannot be noticed, as with any chain.
    """
    before, line, moment = GENESIS, 0, ""
    seqs = dict.fromkeys((table.name for table in LOG), 0)
    seen = expected in (None, GENESIS)
    for table, row in merge(*(_rows(connection, table) for table in LOG), key=lambda item: item[1]["line"]):
        where = f"line {row['line']} ({table} {row['seq']})"
        seqs[table] += 1
        if row["line"] != line + 1:
            return Verification(line, before, f"line {line + 1} is missing: after line {line} comes {where}.")
        if row["seq"] != seqs[table]:
            return Verification(line, before, f"{where}: expected number {seqs[table]} of {table}.")
        if row["recorded"] < moment:
            return Verification(line, before, f"{where}: recorded {row['recorded']}, before the line above it.")
        if row["prev_hash"] != before:
            return Verification(line, before, f"{where}: does not follow from line {line}; its prev_hash differs.")
        if row["hash"] != seal(table, row):
            return Verification(line, before, f"{where}: was changed after it was recorded; its hash differs.")
        line, before, moment = row["line"], row["hash"], row["recorded"]
        seen = seen or before == expected
    if not seen:
        return Verification(line, before, f"no line has the hash {expected}: lines were cut off, or it is another's.")
    return Verification(line, before)


def _rows(connection: Connection, table: Table) -> Iterator[tuple[str, dict[str, Any]]]:
    after = 0
    while True:
        page = connection.execute(
            select(table).where(table.c.line > literal(after)).order_by(table.c.line).limit(_PAGE)
        ).all()
        if not page:
            return
        for row in page:
            yield table.name, dict(row._mapping)
        after = page[-1].line
