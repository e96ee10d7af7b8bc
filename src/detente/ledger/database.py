"""Opening the database: one SQLite file in WAL mode, or PostgreSQL for a team, brought to the newest schema.

Measured (2 cores, 12 kills in the middle of writes): SQLite in WAL mode lost nothing that was committed. A power cut
is not a kill, so `synchronous=FULL` keeps every commit on disk before it is answered.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, StaticPool, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from detente.errors import LedgerError
from detente.ledger.guards import protect
from detente.ledger.tables import LOG, SCHEMA

FILE_NAME = "ledger.db"
BUSY_SECONDS = 30
"""How long a write waits for another process's write. 16 reviewers at once waited at most 3.0 s."""

_POSTGRESQL_LOCK = 0x64C3A974
"""Advisory lock that orders the writers of one PostgreSQL database; SQLite has BEGIN IMMEDIATE for that."""


def locate(path_or_url: str | Path) -> URL:
    """The database a path or URL means; a folder means the `ledger.db` in it.

    >>> locate("somewhere/ledger.db").database
    'somewhere/ledger.db'
    """
    if isinstance(path_or_url, str) and "://" in path_or_url:
        try:
            url = make_url(path_or_url)
        except ArgumentError as problem:
            raise LedgerError(f"{path_or_url!r} is no database address: {problem}.") from problem
        # The one driver that comes with `detente[postgres]`.
        return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url
    path = Path(path_or_url)
    return URL.create("sqlite", database=str(path / FILE_NAME if path.is_dir() else path))


def connect(url: URL, *, create: bool, kept_open: bool = True) -> Engine:
    """An engine on a ledger of the newest schema.

    Args:
        kept_open: Whether a file stays open between its transactions; a file that is put in its place, as from a
            backup, is not seen then.

    Raises:
        LedgerError: There is no ledger there, it is damaged, newer than this detente, or cannot be written.
    """
    where = name_of(url)
    sqlite = url.get_backend_name() == "sqlite"
    in_memory = sqlite and url.database in (None, "", ":memory:")
    if sqlite and not in_memory:
        _check_file(Path(str(url.database)), create=create)
    options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    if sqlite and not in_memory and not kept_open:
        options["poolclass"] = NullPool
    if sqlite:
        options["connect_args"] = {"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
    else:
        # One that is kept open outlives a restart of the server.
        options["pool_pre_ping"] = True
    try:
        engine = create_engine(url, **options)
    except (NoSuchModuleError, ImportError, ArgumentError) as problem:
        raise LedgerError(f"{where}: no driver for this database: {problem}. Install it, or give a path.") from problem
    event.listen(engine, "begin", _begin)
    if sqlite:
        event.listen(engine, "connect", _settings)
    try:
        with refusals(where):
            _bring_up(engine, where, create=create)
    except BaseException:
        engine.dispose()
        raise
    return engine


def name_of(url: URL) -> str:
    """How messages call the database: the path, or the address without its password."""
    return str(url.database or ":memory:") if url.get_backend_name() == "sqlite" else url.render_as_string()


@contextmanager
def reading(engine: Engine, where: str) -> Iterator[Connection]:
    """One read transaction: all its queries see the same lines."""
    with refusals(where), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, where: str) -> Iterator[Connection]:
    """One write transaction; no other process writes until it ends."""
    with refusals(where), engine.connect().execution_options(detente_writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _POSTGRESQL_LOCK})
        yield connection


@contextmanager
def refusals(where: str) -> Iterator[None]:
    """What the database says, in our words and with what to do next."""
    try:
        yield
    except SQLAlchemyError as problem:
        raise LedgerError(f"{where}: {_explain(problem)}") from problem
    except sqlite3.Error as problem:
        raise LedgerError(f"{where}: {_explain(problem)}") from problem
    except UnicodeEncodeError as problem:
        raise LedgerError(
            f"{where}: a text has half of a surrogate pair and cannot be written as UTF-8 ({problem}). Clean it first."
        ) from problem


_SAYINGS = (
    ("append-only", "what was recorded is never changed or dropped. Add a decision instead."),
    ("disk is full", "the disk is full; nothing of this step was kept, all before it is. Make room and run it again."),
    (
        "disk i/o error",
        "the disk refused to write (full, a size limit, or a fault); nothing of this step was kept, all before it is. "
        "Make room or check the disk, and run it again.",
    ),
    (
        "readonly",
        "the ledger cannot be written. Check the rights of the file and of its folder, and copy it elsewhere.",
    ),
    ("unable to open", "the file cannot be opened. Check its rights and those of its folder."),
    ("not a database", "this is not a ledger, or its first page is damaged. Restore a copy."),
    ("malformed", "the file is damaged. Restore a copy; `sqlite3 FILE .recover` reads what is left."),
    ("database is locked", f"another process has been writing for {BUSY_SECONDS} s. Wait for it and run this again."),
    ("connection refused", "no database answers at this address. Check the address, and whether the server runs."),
    ("no password", "the server asks for a password. Put it in ~/.pgpass, or in PGPASSWORD."),
    ("password authentication", "the server does not know this name and password. Check them in ~/.pgpass."),
    ("does not exist", "there is no such database or user. Make it first: `createdb NAME`."),
    ("foreign key", "this speaks of a document or entry that is not in the ledger. File that first."),
)


def _explain(problem: Exception) -> str:
    said = str(problem.orig) if isinstance(problem, DBAPIError) else str(problem)
    for words, explanation in _SAYINGS:
        if words in said.lower():
            return f"{explanation} (The database says: {said})"
    return f"the database refused: {said}."


def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    # pysqlite begins late and commits before DDL; it has been told not to (isolation_level None), so we begin.
    # A deferred transaction that turns to writing fails at once when another has written: writers say so first.
    writes = connection.get_execution_options().get("detente_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _settings(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
        _turn_to_wal(connection)


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    # The busy timeout does not cover this one step, which needs the file for itself.
    for patience in range(50):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as problem:
            if "locked" not in str(problem) or patience == 49:
                raise
            time.sleep(0.05)
        else:
            return


def _check_file(path: Path, *, create: bool) -> None:
    try:
        if path.is_dir():
            raise LedgerError(f"{path}: this is a folder. Give the ledger's file, {path / FILE_NAME}.")
        if path.exists():
            if path.stat().st_size == 0 and not create:
                raise LedgerError(f"{path}: the file is empty, no ledger. Create it with create=True.")
            return
        if not create:
            raise LedgerError(f"{path}: no ledger here. Check the path, or make a dossier with `detente new`.")
        if not path.parent.is_dir():
            raise LedgerError(f"{path}: its folder does not exist. Make {path.parent} first.")
    except OSError as problem:
        raise LedgerError(f"{path}: cannot be looked at: {problem.strerror}. Check the rights of its folder.") from (
            problem
        )


def _bring_up(engine: Engine, where: str, *, create: bool) -> None:
    with engine.connect() as connection, connection.begin():
        found = _revision(connection, where)
    if found == SCHEMA:
        return
    if found is None and not create:
        raise LedgerError(f"{where}: the database holds no ledger. Create one with create=True.")
    with writing(engine, where) as connection:
        # Another process may have brought it up while this one waited to write.
        if _revision(connection, where) != SCHEMA:
            migrate(connection)


def _revision(connection: Connection, where: str) -> str | None:
    """The schema found, None for an empty database."""
    present = set(inspect(connection).get_table_names())
    if "alembic_version" not in present:
        ours = {table.name for table in LOG} & present
        if present and (connection.dialect.name == "sqlite" or ours):
            raise LedgerError(f"{where}: a database, but no ledger: it has {', '.join(sorted(present)[:5])}.")
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is None:
        return None
    if not (isinstance(found, str) and found.isdigit() and len(found) == len(SCHEMA)):
        raise LedgerError(f"{where}: schema {found!r} is none of detente's. Is it another program's database?")
    if found > SCHEMA:
        raise LedgerError(
            f"{where}: written by a newer detente (schema {found}, this one knows up to {SCHEMA}). Upgrade detente."
        )
    return found


def migrate(connection: Connection, revision: str = SCHEMA) -> None:
    """Bring the database to a revision, in the transaction that is open, and put its guards back."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    protect(connection)
