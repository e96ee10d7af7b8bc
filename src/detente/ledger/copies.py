"""A copy of a ledger as it stands at one moment, in a new SQLite file, while others go on writing to it; and back."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.engine import URL

from detente.errors import LedgerError
from detente.ledger import chain
from detente.ledger.database import connect, locate, name_of, reading, refusals, writing
from detente.ledger.tables import failed_sign_ins, metadata, sessions

_ROWS = 500


def copy_ledger(path_or_url: str | Path, path: Path) -> None:
    """Write everything a ledger holds into a new file, but for who is signed in.

    A ledger in SQLite is copied page by page, one in PostgreSQL row by row in one transaction.

    Args:
        path_or_url: The ledger, as for `Ledger.open`.
        path: A file that is not there yet.

    Raises:
        LedgerError: There is no ledger, there is a file already, or it cannot be written.
    """
    if path.exists():
        raise LedgerError(f"{path}: there is a file already. Give another name.")
    url = locate(path_or_url)
    engine = connect(url, create=False)
    try:
        if url.get_backend_name() == "sqlite":
            _copy_pages(engine, path)
        else:
            _copy_rows(engine, name_of(url), locate(path))
        _sign_all_out(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()


def _copy_pages(engine: Engine, path: Path) -> None:
    with refusals(str(path)), contextlib.closing(sqlite3.connect(path)) as copy:
        held = engine.raw_connection()
        try:
            held.cursor().connection.backup(copy)
        finally:
            held.close()


def fill_ledger(path: Path, path_or_url: str | Path) -> None:
    """Write everything that a SQLite file holds into another ledger that holds nothing, in one transaction.

    Raises:
        LedgerError: The other one holds lines, or cannot be written.
    """
    engine = connect(locate(path), create=False)
    try:
        _copy_rows(engine, str(path), locate(path_or_url))
    finally:
        engine.dispose()


def _copy_rows(engine: Engine, where: str, url: URL) -> None:
    target = connect(url, create=True)
    try:
        with reading(engine, where) as held, writing(target, name_of(url)) as copy:
            if chain.head(copy).line:
                raise LedgerError(f"{name_of(url)}: holds a ledger already. Give an empty database.")
            for table in metadata.sorted_tables:
                for rows in held.execute(select(table).execution_options(yield_per=_ROWS)).partitions():
                    copy.execute(insert(table), [dict(row._mapping) for row in rows])
    finally:
        target.dispose()


def _sign_all_out(path: Path) -> None:
    engine = connect(locate(path), create=False)
    try:
        with writing(engine, str(path)) as connection:
            for table in (sessions, failed_sign_ins):
                connection.execute(delete(table))
    finally:
        engine.dispose()
