"""Which entries people merged into one event, or split."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "groupings",
        sa.Column("seq", number, nullable=False, autoincrement=False),
        sa.Column("line", number, nullable=False),
        sa.Column("recorded", sa.String(27), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("others", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("undoes", number),
        sa.PrimaryKeyConstraint("seq", name="pk_groupings"),
        sa.UniqueConstraint("line", name="uq_groupings_line"),
        sa.UniqueConstraint("undoes", name="uq_groupings_undoes"),
        sa.ForeignKeyConstraint(["undoes"], ["groupings.seq"], name="fk_groupings_undoes"),
    )
    op.create_index("ix_groupings_recorded", "groupings", ["recorded"])
