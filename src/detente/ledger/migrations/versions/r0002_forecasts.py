"""The log of forecasts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "forecasts",
        sa.Column("seq", number, nullable=False, autoincrement=False),
        sa.Column("line", number, nullable=False),
        sa.Column("recorded", sa.String(27), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("made", sa.String(10), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("forecast", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_forecasts"),
        sa.UniqueConstraint("line", name="uq_forecasts_line"),
        sa.UniqueConstraint("id", name="uq_forecasts_id"),
    )
    op.create_index("ix_forecasts_recorded", "forecasts", ["recorded"])
    op.create_index("ix_forecasts_milestone", "forecasts", ["milestone"])
