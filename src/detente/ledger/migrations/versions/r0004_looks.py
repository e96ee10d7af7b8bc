"""How a decision made at the desk came about."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "looks",
        sa.Column("seq", number, nullable=False, autoincrement=False),
        sa.Column("line", number, nullable=False),
        sa.Column("recorded", sa.String(27), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("decision", number, nullable=False),
        sa.Column("reading", sa.String(8), nullable=False),
        sa.Column("second", sa.Text(), nullable=False),
        sa.Column("opened", number, nullable=False),
        sa.Column("dwell_ms", number),
        sa.Column("needed_ms", number, nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_looks"),
        sa.UniqueConstraint("line", name="uq_looks_line"),
        sa.UniqueConstraint("decision", name="uq_looks_decision"),
        sa.ForeignKeyConstraint(["decision"], ["decisions.seq"], name="fk_looks_decision"),
    )
    op.create_index("ix_looks_recorded", "looks", ["recorded"])
