"""Accounts of a team: who may sign in, what became of each account, who is signed in, where signing in failed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "accounts",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("display", sa.Text(), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("disabled", sa.String(27)),
        sa.PrimaryKeyConstraint("name", name="pk_accounts"),
    )
    op.create_table(
        "account_changes",
        sa.Column("seq", number, nullable=False, autoincrement=False),
        sa.Column("recorded", sa.String(27), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("change", sa.String(16), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_account_changes"),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name="fk_account_changes_account"),
    )
    op.create_index("ix_account_changes_account", "account_changes", ["account"])
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("seen", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name="fk_sessions_account"),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_table(
        "failed_sign_ins",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("failures", number, nullable=False),
        sa.Column("last", sa.String(27), nullable=False),
        sa.Column("until", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_failed_sign_ins"),
    )
