"""Alembic's entry: the connection comes from `bot.migrate`, the metadata from the whole house."""

from __future__ import annotations

from alembic import context

from bot.migrate import metadata_of_the_house

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata_of_the_house(),
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
