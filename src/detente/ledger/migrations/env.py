"""Alembic's way in: migrate on the connection `Ledger.open` holds, inside its transaction."""

from alembic import context

from detente.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
