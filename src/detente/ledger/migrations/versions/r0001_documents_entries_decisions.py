"""Documents with their originals, issues, codings, entries and decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _log_table(name: str, *rest: sa.schema.SchemaItem, indexed: tuple[str, ...] = ()) -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        name,
        sa.Column("seq", number, nullable=False, autoincrement=False),
        sa.Column("line", number, nullable=False),
        sa.Column("recorded", sa.String(27), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        *rest,
        sa.PrimaryKeyConstraint("seq", name=f"pk_{name}"),
        sa.UniqueConstraint("line", name=f"uq_{name}_line"),
    )
    for column in ("recorded", *indexed):
        op.create_index(f"ix_{name}_{column}", name, [column])


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "originals",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", number, nullable=False),
        sa.Column("zlib", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_originals"),
    )
    _log_table(
        "documents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("original", sa.String(64)),
        sa.Column("fingerprint", sa.LargeBinary()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.UniqueConstraint("id", name="uq_documents_id"),
        sa.ForeignKeyConstraint(["original"], ["originals.sha256"], name="fk_documents_original"),
        indexed=("sha256",),
    )
    _log_table(
        "issues",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.UniqueConstraint("id", name="uq_issues_id"),
    )
    _log_table(
        "codings",
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("coder", sa.Text(), nullable=False),
        sa.Column("codebook", sa.Text(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.UniqueConstraint("document", "coder", "codebook", name="uq_codings_document_coder_codebook"),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name="fk_codings_document"),
    )
    _log_table(
        "entries",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("coder", sa.Text(), nullable=False),
        sa.Column("codebook", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("coding", sa.Text(), nullable=False),
        sa.UniqueConstraint("id", name="uq_entries_id"),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name="fk_entries_document"),
        indexed=("document",),
    )
    _log_table(
        "decisions",
        sa.Column("entry", sa.String(16), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("saw", sa.String(16), nullable=False),
        sa.Column("amended", sa.Text()),
        sa.ForeignKeyConstraint(["entry"], ["entries.id"], name="fk_decisions_entry"),
        indexed=("entry",),
    )
