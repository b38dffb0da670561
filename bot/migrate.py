"""The schema: which one a database has, and how it is brought up to date."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect, text

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


class SchemaError(Exception):
    """A database whose schema is not the one that this program reads; `str()` says what to do."""


def all_metadata() -> MetaData:
    """The metadata with every room's tables in it."""
    for module in TABLES:
        import_module(module)
    return metadata


def migrate(engine: Engine) -> bool:
    """Bring the schema up to date; False when it was. Safe to call from several processes at once."""
    if current_schema(engine) == newest_schema():
        return False
    with writing(engine) as connection:
        _lock(connection)
        upgrade_in(connection, "head")
    return True


def require_schema(engine: Engine) -> None:
    """Create the schema in an empty database; leave any other as it is. Raises SchemaError when it is not the newest.

    A newcomer's first command just works, and no command changes the database of a program that still runs.
    """
    found = current_schema(engine)
    if found is None:
        migrate(engine)
    elif found not in known_schemas():
        raise SchemaError(f"資料庫的結構({found})是更新版的羅盤用的:裝回那一版,或用舊的備份還原。")
    elif found != newest_schema():
        raise SchemaError(
            f"資料庫的結構是 {found},這一版要 {newest_schema()}:先 luopan backup,停掉服務,再執行 luopan migrate。"
        )


def upgrade_in(connection: Connection, revision: str) -> None:
    """Bring the schema up to `revision`, within a transaction of the caller's."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def newest_schema() -> str:
    """The schema that this program reads and writes."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def known_schemas() -> set[str]:
    """Every schema that this program can bring up to date."""
    return {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def current_schema(engine: Engine) -> str | None:
    """The schema of a database; None where there is none."""
    with reading(engine) as connection:
        return schema_in(connection)


def schema_in(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None  # asked of PostgreSQL, a missing table would end the transaction
    return MigrationContext.configure(connection).get_current_revision()


def _lock(connection: Connection) -> None:
    """SQLite's BEGIN IMMEDIATE locks by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
