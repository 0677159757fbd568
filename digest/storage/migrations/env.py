"""Run the migrations on the connection that `Database.upgrade` brings."""

from alembic import context
from sqlmodel import SQLModel

import digest.model  # the tables

assert digest.model
connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
