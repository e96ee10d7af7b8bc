"""Questions as they were put, and the answers that settle them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
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
    _log_table(
        "questions",
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.UniqueConstraint("milestone", name="uq_questions_milestone"),
    )
    _log_table(
        "answers",
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(8), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.UniqueConstraint("milestone", "person", name="uq_answers_milestone_person"),
        sa.ForeignKeyConstraint(["milestone"], ["questions.milestone"], name="fk_answers_milestone"),
        indexed=("milestone",),
    )
