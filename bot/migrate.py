"""The schema: brought up to date before anything else reads the database."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from corpus.database import metadata, reading, writing

FOLDER = Path(__file__).parent / "migrations"
TABLES = (
    "corpus.storage.schema",
    "handlers.club.tables",
    "handlers.club.digest_tables",
    "handlers.club.admin_tables",
    "bot.ledger.tables",
    "bot.outbound.quota_tables",
)
LOCK = 0x6C756F70616E  # PostgreSQL advisory lock: one process migrates, the others wait


def all_metadata() -> MetaData:
    """Collect the tables of every room."""
    for module in TABLES:
        import_module(module)
    return metadata


def migrate(engine: Engine) -> bool:
    """Bring the schema up to date; False when it was. Safe to call from several processes at once."""
    if _current(engine) == newest_schema():
        return False
    config = alembic_config()
    with writing(engine) as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def newest_schema() -> str | None:
    """The revision that the migrations of this version lead to."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _current(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _lock(connection: Connection) -> None:
    """SQLite's BEGIN IMMEDIATE locks by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
