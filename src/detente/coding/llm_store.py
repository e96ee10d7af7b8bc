"""What asking a language model has cost, and what it answered: one SQLite file that all processes of a run share.

A request is booked before it is made, at the most it can cost, and booked again at what it did cost when the answer has
come. So bounds hold whatever happens in between: a process that dies leaves its booking behind, and it counts.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

from detente.dossier.llm import LlmOptions
from detente.errors import CodingError, ModelStopped

FILE_NAME = "llm.db"
STORE, RUN = "DETENTE_LLM_STORE", "DETENTE_LLM_RUN"
_BUSY_SECONDS = 30
_POLL_SECONDS = 0.05
_GRACE_SECONDS = 10.0
"""Beyond its timeout a request counts as under way for so long: closing a connection takes time, too."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, day TEXT NOT NULL, model TEXT NOT NULL,
    tokens_in INTEGER NOT NULL, tokens_out INTEGER NOT NULL, micros INTEGER NOT NULL,
    state TEXT NOT NULL, until REAL NOT NULL);
CREATE INDEX IF NOT EXISTS requests_day ON requests (day);
CREATE INDEX IF NOT EXISTS requests_run ON requests (run);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, prompt TEXT NOT NULL, served TEXT NOT NULL,
    content TEXT NOT NULL, tokens_in INTEGER NOT NULL, tokens_out INTEGER NOT NULL, made TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS served (model TEXT PRIMARY KEY, name TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was got before.

    Attributes:
        served: What the server called the model.
        tokens_in, tokens_out: What it cost when it was got.
    """

    content: str
    served: str
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What was booked in a run or on a day.

    Attributes:
        micros: Money, in millionths of the currency.
    """

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    micros: int = 0

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out


def micros(options: LlmOptions, tokens_in: int, tokens_out: int) -> int:
    """What so many tokens cost, in millionths of the currency, rounded up; 0 where no prices are given.

    >>> micros(LlmOptions(price_in="2.5", price_out="10"), 1000, 100)
    3500
    """
    if options.price_in is None or options.price_out is None:
        return 0
    cost = options.price_in * tokens_in + options.price_out * tokens_out
    return int(cost.to_integral_value(rounding=ROUND_CEILING))


def locate(folder: Path | None, environment: Mapping[str, str]) -> Path:
    """Where spending and answers are kept: as `DETENTE_LLM_STORE` says, else beside the dossier, else in the cache.

    >>> locate(Path("case"), {}).as_posix()
    'case/llm.db'
    """
    if given := environment.get(STORE, "").strip():
        return Path(given)
    if folder is not None:
        return folder / FILE_NAME
    caches = environment.get("XDG_CACHE_HOME", "").strip()
    return (Path(caches) if caches else Path.home() / ".cache") / "detente" / FILE_NAME


def run_name() -> str:
    """The name of this run; processes started from here have it, too.

    Several commands are one run where a script sets `DETENTE_LLM_RUN` for them.
    """
    return os.environ.setdefault(RUN, uuid.uuid4().hex)


class Store:
    """Books requests within the bounds of a dossier, and keeps answers.

    Args:
        path: The file; made where there is none. Readable by its owner alone: answers quote the texts.
        run: Name of the run, see `run_name`.
        clock: Seconds since 1970.

    Raises:
        CodingError: The file cannot be opened, or is none of ours.
    """

    def __init__(
        self,
        path: Path,
        options: LlmOptions,
        run: str,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.path = path
        self._options = options
        self._run = run
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode=WAL")
            # What was spent must not be forgotten in a power cut.
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_SCHEMA)
        except (sqlite3.Error, OSError) as problem:
            raise CodingError(
                f"{path}: the record of what the language model cost and answered cannot be opened ({problem}). "
                f"Check its rights, or move it away: bounds of today then start anew. {STORE} names another place."
            ) from problem

    def close(self) -> None:
        self._connection.close()

    # Spending

    def book(self, tokens_in: int, tokens_out: int, seconds: float) -> int:
        """Book a request at the most it can cost; waits while as many are under way as may be.

        Args:
            seconds: How long it may take.

        Returns:
            Number of the booking, for `settle`.

        Raises:
            ModelStopped: It would pass a bound.
        """
        while True:
            with self._writing() as connection:
                now = self._clock()
                if self._under_way(connection, now) < self._options.at_once:
                    self._refuse_beyond(connection, now, tokens_in, tokens_out)
                    row = connection.execute(
                        "INSERT INTO requests (run, day, model, tokens_in, tokens_out, micros, state, until)"
                        " VALUES (?, ?, ?, ?, ?, ?, 'open', ?)",
                        (
                            self._run,
                            _day(now),
                            self._options.model,
                            tokens_in,
                            tokens_out,
                            micros(self._options, tokens_in, tokens_out),
                            now + seconds + _GRACE_SECONDS,
                        ),
                    )
                    return int(row.lastrowid or 0)
            self._sleep(_POLL_SECONDS)

    def settle(self, booking: int, tokens_in: int | None = None, tokens_out: int | None = None) -> None:
        """Put in what a request did cost; without numbers it has cost what was booked."""
        with self._writing() as connection:
            if tokens_in is None or tokens_out is None:
                connection.execute("UPDATE requests SET state = 'unknown' WHERE id = ?", (booking,))
                return
            cost = micros(self._options, tokens_in, tokens_out)
            connection.execute(
                "UPDATE requests SET state = 'done', tokens_in = ?, tokens_out = ?, micros = ? WHERE id = ?",
                (tokens_in, tokens_out, cost, booking),
            )

    def spent(self, *, run: str | None = None, day: str | None = None) -> Spent:
        """What was booked in a run, on a day (UTC, `2025-02-18`), or ever."""
        with self._reading() as connection:
            return _spent(connection, run, day)

    @property
    def run(self) -> str:
        return self._run

    def _under_way(self, connection: sqlite3.Connection, now: float) -> int:
        # A process that was killed leaves its request open; after its time it is under way no more, and still counts.
        query = "SELECT count(*) FROM requests WHERE state = 'open' AND until > ?"
        return int(connection.execute(query, (now,)).fetchone()[0])

    def _refuse_beyond(self, connection: sqlite3.Connection, now: float, tokens_in: int, tokens_out: int) -> None:
        options = self._options
        cost = micros(options, tokens_in, tokens_out)
        for name, spent, tokens, money in (
            ("run", _spent(connection, self._run, None), options.tokens_per_run, options.money_per_run),
            ("day", _spent(connection, None, _day(now)), options.tokens_per_day, options.money_per_day),
        ):
            later = "tomorrow (UTC)" if name == "day" else "in another run"
            rest = f"Go on {later}, or raise it under [llm] in dossier.toml. What was coded stays."
            if tokens is not None and spent.tokens + tokens_in + tokens_out > tokens:
                raise ModelStopped(
                    f"tokens_per_{name} is {tokens:,}: {spent.tokens:,} are spent, and the next request may take "
                    f"{tokens_in + tokens_out:,}. {rest}"
                )
            if money is not None and spent.micros + cost > money * 1_000_000:
                raise ModelStopped(
                    f"money_per_{name} is {money} {options.currency}: {_money(spent.micros)} is spent, and the next "
                    f"request may cost {_money(cost)}. {rest}"
                )

    # Answers

    def answer(self, key: str) -> Kept | None:
        """The answer kept under a key."""
        query = "SELECT content, served, tokens_in, tokens_out FROM answers WHERE key = ?"
        with self._reading() as connection:
            row = connection.execute(query, (key,)).fetchone()
        return Kept(*row) if row else None

    def keep(self, key: str, kept: Kept, prompt: str) -> None:
        """Keep an answer; the first one under a key stays."""
        made = datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds")
        with self._writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    key,
                    self._options.model,
                    prompt,
                    kept.served,
                    kept.content,
                    kept.tokens_in,
                    kept.tokens_out,
                    made,
                ),
            )

    def served_as(self, name: str) -> str:
        """Note what a server calls the model, and give what it was called the first time."""
        with self._writing() as connection:
            connection.execute("INSERT OR IGNORE INTO served VALUES (?, ?)", (self._options.model, name))
            found = connection.execute("SELECT name FROM served WHERE model = ?", (self._options.model,)).fetchone()
        return str(found[0])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            # Immediate: two processes never both see room for the last request.
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as problem:
                # Without the record no bound can be kept, so nothing more is asked.
                raise ModelStopped(
                    f"{self.path}: what the language model costs cannot be recorded ({problem}). Make room on the "
                    "disk or check the file; nothing more was asked."
                ) from problem


def key_of(model: str, version: str, prompt: str, messages: Any) -> str:
    """Under what an answer is kept: model, version of the prompt, and everything that was sent.

    >>> key_of("m", "", "p1", ["a"]) == key_of("m", "", "p2", ["a"])
    False
    """
    written = json.dumps([model, version, prompt, messages], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _spent(connection: sqlite3.Connection, run: str | None, day: str | None) -> Spent:
    row = connection.execute(
        "SELECT count(*), coalesce(sum(tokens_in), 0), coalesce(sum(tokens_out), 0), coalesce(sum(micros), 0)"
        " FROM requests WHERE (? IS NULL OR run = ?) AND (? IS NULL OR day = ?)",
        (run, run, day, day),
    ).fetchone()
    return Spent(*row)


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def _money(amount: int) -> str:
    return f"{Decimal(amount) / 1_000_000:.6f}".rstrip("0").rstrip(".")
