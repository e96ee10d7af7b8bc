"""What was sent, when and where: rows are only ever added, so that nobody is told the same twice.

A row `trying` is written before anything leaves, and `sent` or `failed` after. Where a run was broken off in between,
nobody knows whether it arrived: it counts as told, and `unsure` names it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from detente.errors import PublishError
from detente.ledger import AsOf, canonical, moment_of, read_moment, write_moment

FOLDER, NAME = "alerts", "log.jsonl"
RowKind = Literal["trying", "sent", "failed"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        digest: Names the sending, the same in `trying` and what follows it.
        known: All that the ledger had learned by then is told with it and those before it.
        values: By key of an alert, the chance of the milestone it told.
        why: What went wrong.
    """

    at: datetime
    kind: RowKind
    digest: str
    channel: str
    known: datetime
    keys: tuple[str, ...]
    values: Mapping[str, float]
    why: str = ""


@dataclass(frozen=True)
class AlertLog:
    """The log as it stood at a moment."""

    rows: tuple[Row, ...] = ()

    @cached_property
    def _left(self) -> tuple[tuple[Row, RowKind], ...]:
        """What left, or may have left, with what was last noted of it.

        A row that follows speaks of the last try alone: what failed goes out under the same name the next time.
        """
        latest: dict[tuple[str, str], int] = {}
        became: dict[int, RowKind] = {}
        for position, row in enumerate(self.rows):
            name = (row.digest, row.channel)
            if row.kind == "trying":
                latest[name] = position
            if name in latest:
                became[latest[name]] = row.kind
        return tuple((self.rows[position], kind) for position, kind in became.items() if kind != "failed")

    @cached_property
    def told(self) -> Mapping[str, Row]:
        """Keys of alerts that were told, with the sending that told them last."""
        return {key: row for row, _ in self._left for key in row.keys}

    @property
    def unsure(self) -> list[Row]:
        """Sendings of which nobody knows whether they arrived."""
        return [row for row, kind in self._left if kind == "trying"]

    @property
    def known(self) -> datetime | None:
        """Until when all that the ledger had learned has been told."""
        return max((row.known for row, _ in self._left), default=None)

    def digests_on(self, day: date, zone: ZoneInfo) -> int:
        """How many digests left on a day of a zone."""
        return len({row.digest for row, _ in self._left if row.at.astimezone(zone).date() == day})


def read(folder: Path | None, *, as_of: AsOf = None) -> AlertLog:
    """The log beside a dossier, without what was written after a moment; empty where there is none.

    Raises:
        PublishError: It cannot be read, or a row of it is none.
    """
    if folder is None:
        return AlertLog()
    path, limit = folder / FOLDER / NAME, moment_of(as_of)
    try:
        lines = path.read_bytes().decode().split("\n")
    except FileNotFoundError:
        return AlertLog()
    except (OSError, UnicodeDecodeError) as problem:
        raise PublishError(f"{path}: cannot be read: {problem}. Put the file back from a copy.") from problem
    # A line without its end was cut off while it was written, before anything left.
    rows = [_row(path, number, line) for number, line in enumerate(lines[:-1], start=1)]
    return AlertLog(tuple(row for row in rows if limit is None or row.at <= limit))


def _row(path: Path, number: int, line: str) -> Row:
    try:
        told = json.loads(line)
        if told["kind"] not in ("trying", "sent", "failed"):
            raise ValueError(told["kind"])
        return Row(
            read_moment(told["at"]),
            told["kind"],
            str(told["digest"]),
            str(told["channel"]),
            read_moment(told["known"]),
            tuple(map(str, told["keys"])),
            {str(key): float(value) for key, value in told["values"].items()},
            str(told["why"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise PublishError(f"{path}, line {number}: not a row of the log. Put the file back from a copy.") from problem


def add(folder: Path, row: Row) -> None:
    """Add a row and see it on the disk.

    Raises:
        PublishError: It cannot be written.
    """
    path = folder / FOLDER / NAME
    line: dict[str, Any] = {
        "at": write_moment(row.at),
        "kind": row.kind,
        "digest": row.digest,
        "channel": row.channel,
        "known": write_moment(row.known),
        "keys": list(row.keys),
        "values": dict(row.values),
        "why": row.why,
    }
    try:
        with path.open("ab+") as handle:
            # What a run that was broken off left of a line is ended by the next, so that no row is lost in it.
            handle.seek(0, os.SEEK_END)
            if handle.tell():
                handle.seek(-1, os.SEEK_END)
                if handle.read(1) != b"\n":
                    _cut(path)
                    handle.seek(0, os.SEEK_END)
            handle.write(canonical(line).encode() + b"\n")
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as problem:
        raise PublishError(f"{path}: cannot be written: {problem}. Free space or choose another place.") from problem


def _cut(path: Path) -> None:
    whole = path.read_bytes()
    os.truncate(path, whole.rfind(b"\n") + 1)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One sender at a time, where the system can lock files.

    Raises:
        PublishError: The folder cannot be written to, or another is sending.
    """
    place = folder / FOLDER
    try:
        place.mkdir(parents=True, exist_ok=True)
        handle = (place / ".lock").open("wb")
    except OSError as problem:
        raise PublishError(f"{place}: cannot be written: {problem}. Free space or choose another place.") from problem
    with handle:
        try:
            import fcntl
        except ImportError:
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublishError(f"{place}: another run is sending alerts. Wait for it to end.") from None
        yield


def row_of(
    kind: RowKind, digest: str, channel: str, *, at: datetime, known: datetime, keys: Sequence[str],
    values: Mapping[str, float], why: str = "",
) -> Row:  # fmt: skip
    """A row to add; moments as the log keeps them."""
    return Row(read_moment(write_moment(at)), kind, digest, channel, known, tuple(keys), dict(values), why)
