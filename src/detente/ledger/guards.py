"""Triggers that make the database itself refuse to change or drop what was recorded.

They are put back after every migration: rewriting a table in batch mode, the only way on SQLite, drops its triggers.
"""

from __future__ import annotations

from sqlalchemy import Connection, PrimaryKeyConstraint, UniqueConstraint, inspect, text

from detente.ledger.tables import LOG, account_changes, originals

_PROTECTED = {
    table.name: sorted(
        tuple(column.name for column in each.columns)
        for each in table.constraints
        if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)
    )
    for table in (*LOG, originals, account_changes)
}
"""By table, the columns that no two rows share."""


def guards(dialect: str, table: str) -> tuple[str, ...]:
    """Names of the triggers that protect a table."""
    if dialect == "sqlite":
        return tuple(f"{table}_keeps_{what}" for what in ("update", "delete", "replace"))
    return (f"{table}_keeps_rows", f"{table}_keeps_all")


def protect(connection: Connection) -> None:
    """Create the triggers that are missing, in the transaction that is open."""
    present = set(inspect(connection).get_table_names())
    for table, keys in _PROTECTED.items():
        if table in present:
            written = _sqlite(table, keys) if connection.dialect.name == "sqlite" else _postgresql(table)
            for statement in written:
                connection.execute(text(statement))


def unprotected(connection: Connection) -> list[str]:
    """Triggers that should be there and are not; in SQLite, also those that say something else than ours."""
    dialect = connection.dialect.name
    if dialect == "sqlite":
        found = dict(map(tuple, connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))))
        return [
            name
            for table, keys in _PROTECTED.items()
            for name, written in zip(guards(dialect, table), _sqlite(table, keys), strict=True)
            if _body(found.get(name) or "") != _body(written)
        ]
    enabled = set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")))
    return [name for table in _PROTECTED for name in guards(dialect, table) if name not in enabled]


def _body(written: str) -> str:
    return written[written.find(" BEFORE ") :]


def _sqlite(table: str, keys: list[tuple[str, ...]]) -> list[str]:
    update, delete, replace = guards("sqlite", table)
    refusal = f"SELECT RAISE(ABORT, '{table} is append-only')"
    # INSERT OR REPLACE deletes the old row without firing delete triggers, so that it needs a guard of its own.
    same = " OR ".join(" AND ".join(f'"{name}" = NEW."{name}"' for name in key) for key in keys)
    return [
        f"CREATE TRIGGER IF NOT EXISTS {update} BEFORE UPDATE ON {table} BEGIN {refusal}; END",
        f"CREATE TRIGGER IF NOT EXISTS {delete} BEFORE DELETE ON {table} BEGIN {refusal}; END",
        f"CREATE TRIGGER IF NOT EXISTS {replace} BEFORE INSERT ON {table} "  # noqa: S608 (our own names)
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN {refusal}; END",
    ]


def _postgresql(table: str) -> list[str]:
    rows, all_rows = guards("postgresql", table)
    return [
        "CREATE OR REPLACE FUNCTION detente_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE OR REPLACE TRIGGER {rows} BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION detente_refuse()",
        f"CREATE OR REPLACE TRIGGER {all_rows} BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION detente_refuse()",
    ]
