"""Alembic's entry: the connection comes from `bot.migrate`, the metadata from every room."""

from __future__ import annotations

from alembic import context

from bot.migrate import all_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_metadata(),
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
