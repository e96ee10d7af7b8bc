"""The tables of the ledger, with types that SQLite and PostgreSQL both have.

Every table but `originals` and those of accounts is a stretch of one log: `seq` counts its own rows from 1, `line`
counts all rows of the ledger, `hash` covers the row and `prev_hash`, the hash of the line before it. Records are kept
as JSON text, so that what was hashed is what is read. Days and moments are text that sorts in time order.

What the tables are at a given schema version is written in `migrations/versions`; a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

SCHEMA = "0006"
"""Newest revision in `migrations/versions`."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

_number = BigInteger().with_variant(Integer, "sqlite")


def _log_columns() -> list[Column[object]]:
    return [
        Column("seq", _number, primary_key=True, autoincrement=False),
        Column("line", _number, nullable=False, unique=True),
        Column("recorded", String(27), nullable=False, index=True),
        Column("prev_hash", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
    ]


originals = Table(
    "originals",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", _number, nullable=False),
    Column("zlib", LargeBinary, nullable=False),
)
"""The bytes a text was taken from, compressed, by their own hash."""

documents = Table(
    "documents",
    metadata,
    *_log_columns(),
    Column("id", Text, nullable=False, unique=True),
    Column("language", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("original", String(64), ForeignKey("originals.sha256")),
    Column("fingerprint", LargeBinary),
    Column("text", Text, nullable=False),
    Column("record", Text, nullable=False),
)
"""`record` is the Document without its text."""

issues = Table(
    "issues",
    metadata,
    *_log_columns(),
    Column("id", String(16), nullable=False, unique=True),
    Column("record", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("message", Text, nullable=False),
)

codings = Table(
    "codings",
    metadata,
    *_log_columns(),
    Column("document", Text, ForeignKey("documents.id"), nullable=False),
    Column("coder", Text, nullable=False),
    Column("codebook", Text, nullable=False),
    Column("entries", Text, nullable=False),
    Unique("document", "coder", "codebook"),
)
"""One row for each document a coder is done with; `entries` lists the ids of what it found."""

entries = Table(
    "entries",
    metadata,
    *_log_columns(),
    Column("id", String(16), nullable=False, unique=True),
    Column("document", Text, ForeignKey("documents.id"), nullable=False, index=True),
    Column("coder", Text, nullable=False),
    Column("codebook", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("coding", Text, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    *_log_columns(),
    Column("entry", String(16), ForeignKey("entries.id"), nullable=False, index=True),
    Column("action", String(16), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("saw", String(16), nullable=False),
    Column("amended", Text),
)

looks = Table(
    "looks",
    metadata,
    *_log_columns(),
    Column("decision", _number, ForeignKey("decisions.seq"), nullable=False, unique=True),
    Column("reading", String(8), nullable=False),
    Column("second", Text, nullable=False),
    Column("opened", _number, nullable=False),
    Column("dwell_ms", _number),
    Column("needed_ms", _number, nullable=False),
    Column("client", Text, nullable=False),
)
"""How each decision made at the desk came about. A table of its own: a line is sealed over all its columns, so that
`decisions` cannot have more of them than when its first lines were written."""

groupings = Table(
    "groupings",
    metadata,
    *_log_columns(),
    Column("action", String(16), nullable=False),
    Column("entries", Text, nullable=False),
    Column("others", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("undoes", _number, ForeignKey("groupings.seq"), unique=True),
)
"""Which entries a person merged into one event, or split from others; lists of ids as JSON."""

forecasts = Table(
    "forecasts",
    metadata,
    *_log_columns(),
    Column("id", String(16), nullable=False, unique=True),
    Column("milestone", Text, nullable=False, index=True),
    Column("made", String(10), nullable=False),
    Column("code", Text, nullable=False),
    Column("forecast", Text, nullable=False),
)
"""`code` is the version of detente that made it."""

questions = Table(
    "questions",
    metadata,
    *_log_columns(),
    Column("milestone", Text, nullable=False, unique=True),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("reference", Text, nullable=False),
)
"""Each milestone as it was put; `sha256` is that of `text`, `reference` the past cases it was compared with then."""

answers = Table(
    "answers",
    metadata,
    *_log_columns(),
    Column("milestone", Text, ForeignKey("questions.milestone"), nullable=False, index=True),
    Column("person", Text, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("answer", String(8), nullable=False),
    Column("day", String(10), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("why", Text, nullable=False),
    Unique("milestone", "person"),
)
"""What one person found to be the answer; `person` is the name without its case, so that nobody answers twice."""

accounts = Table(
    "accounts",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("display", Text, nullable=False),
    Column("role", String(8), nullable=False),
    Column("password", Text, nullable=False),
    Column("created", String(27), nullable=False),
    Column("disabled", String(27)),
)
"""Who may sign in. A row changes and is never dropped: decisions name it. `password` is a salted hash."""

account_changes = Table(
    "account_changes",
    metadata,
    Column("seq", _number, primary_key=True, autoincrement=False),
    Column("recorded", String(27), nullable=False),
    Column("account", String(32), ForeignKey("accounts.name"), nullable=False, index=True),
    Column("change", String(16), nullable=False),
    Column("role", String(8), nullable=False),
    Column("changed_by", Text, nullable=False),
)
"""What became of each account, only ever added: who had which role when. `role` is the one it has since."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", String(32), ForeignKey("accounts.name"), nullable=False, index=True),
    Column("created", String(27), nullable=False),
    Column("seen", String(27), nullable=False),
)
"""Who is signed in. The token itself is with the browser alone."""

failed_sign_ins = Table(
    "failed_sign_ins",
    metadata,
    Column("key_hash", String(64), primary_key=True),
    Column("failures", _number, nullable=False),
    Column("last", String(27), nullable=False),
    Column("until", String(27), nullable=False),
)
"""How often signing in failed for a name or from an address, by hash: a password typed as a name is not kept."""

LOG = (documents, issues, codings, entries, decisions, looks, groupings, forecasts, questions, answers)
"""The tables whose rows are lines of the one chain."""
