"""Run by Alembic; the connection and its transaction belong to `storage.migrate`."""

from alembic import context

from storage.migrate import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
context.run_migrations()
