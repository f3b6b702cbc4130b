"""Run migrations on the connection that the caller opened (see `tracker/storage/migrate.py`)."""

from alembic import context

from tracker.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
