"""Databases on a server: PostgreSQL, and BigQuery, which no test here can reach."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.engine.backend import Engine, _dataset, _plain, first_line, settings_of, shown
from detente.errors import EngineError

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

_BATCH_ROWS = 1 << 16


@dataclass(frozen=True)
class Postgres(Engine):
    """A PostgreSQL server; everything stored is a temporary table of this connection."""

    def table(self, columns: pa.Table, name: str = "table") -> Table:
        plain = _plain(columns)
        return self._copied(plain.schema, plain.to_batches(max_chunksize=_BATCH_ROWS), name)

    def parquet(self, paths: Sequence[Path], columns: Sequence[str] | None = None, name: str = "files") -> Table:
        import psycopg
        import pyarrow as pa

        files = self._present(paths)
        with self._reading(pa.ArrowException, OSError, psycopg.Error):
            # By batches: the rows of a year need not fit into memory.
            scanner = _dataset(files).scanner(columns=None if columns is None else [*columns], batch_size=_BATCH_ROWS)
            schema = _plain(scanner.projected_schema.empty_table()).schema
            return self._copied(schema, scanner.to_batches(), name)

    def _copied(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch], name: str) -> Table:
        import ibis
        from psycopg import sql

        stored = self._unused(name)
        # PostgreSQL has no one-byte integer: the table holds int8 as smallint, and Ibis hands it back as int8.
        table = self.backend.create_table(stored, schema=ibis.Schema.from_pyarrow(schema), temp=True)
        connection: Any = self.backend.con
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(stored), sql.SQL(", ").join(map(sql.Identifier, schema.names))
        )
        with connection.cursor() as cursor, connection.transaction():
            with cursor.copy(into) as copy:
                for batch in batches:
                    for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        copy.write_row(row)
            # Nobody else counts a temporary table's rows, and plans for unknown ones are bad.
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(stored)))
        return table


def open_postgres(url: str) -> Engine:
    """Open a PostgreSQL server; what the address leaves out, libpq takes from PGPASSWORD, ~/.pgpass and the like.

    Raises:
        EngineError: It does not answer, or refuses.
    """
    import ibis
    import psycopg

    try:
        connection = psycopg.connect(url, autocommit=True)
    except psycopg.Error as problem:
        raise EngineError(
            f"engine {shown(url)!r} cannot be opened: {first_line(problem)} "
            "Check host, port, database and user; a password belongs in ~/.pgpass or PGPASSWORD."
        ) from problem
    return Postgres(shown(url), ibis.postgres.from_connection(connection))


def open_bigquery(url: str, rest: str) -> Engine:
    """Open BigQuery with the environment's credentials, or the emulator of BIGQUERY_EMULATOR_HOST without any.

    Compiled queries are tested; nothing was ever run against the service.

    Raises:
        EngineError: The address names no project and dataset, or there are no credentials.
    """
    import google.auth
    import ibis
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.credentials import AnonymousCredentials
    from google.auth.exceptions import GoogleAuthError

    path, settings = settings_of(url, rest)
    project, _, dataset = path.partition("/")
    if not project or not dataset or "/" in dataset or settings:
        raise EngineError(
            f"engine {shown(url)!r}: expected a project and a data set. Write bigquery://project/dataset."
        )
    try:
        credentials: Any = (
            AnonymousCredentials()  # type: ignore[no-untyped-call, unused-ignore]
            if os.environ.get("BIGQUERY_EMULATOR_HOST")
            # Asked here: Ibis would open a browser where it finds none.
            else google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])[0]
        )
        backend = ibis.bigquery.connect(project_id=project, dataset_id=dataset, credentials=credentials)
    except (GoogleAuthError, GoogleAPIError, ValueError) as problem:
        raise EngineError(
            f"engine {shown(url)!r} cannot be opened: {first_line(problem)} "
            "Run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS to a key file."
        ) from problem
    return Engine(url, backend)
