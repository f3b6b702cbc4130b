"""Run migrations on the connection that the caller opened (see `tracker/storage/maintenance/migrate.py`).

Without one, as for `alembic check` in a checkout, on the database that $TRACKER_DB names.
"""

import os
from contextlib import ExitStack

from alembic import context

from tracker.storage.backends.transactions import backend_of, migrating, open_database
from tracker.storage.schema import WORD_INDEX_TABLES, metadata

with ExitStack() as stack:
    connection = context.config.attributes.get("connection")
    if connection is None:
        backend = backend_of(os.environ.get("TRACKER_DB", "tracker.db"))
        connection = stack.enter_context(migrating(open_database(backend), backend))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,
        include_name=lambda name, *_: name not in WORD_INDEX_TABLES,
    )
    with context.begin_transaction():
        context.run_migrations()
