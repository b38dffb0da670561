"""The database and its schema: which one it has, how it is brought up to date, and the archive in it opened.

Alembic, which takes a third of a second to load, is loaded only for a database whose schema changes.
"""

from __future__ import annotations

import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData, inspect, select, text
from sqlalchemy.exc import OperationalError

from bot.errors import SettingsError, cause_of
from bot.logs import log
from corpus.database import connect, metadata, reading, writing
from corpus.library import ArchiveResources

if TYPE_CHECKING:
    from alembic.config import Config

    from bot.config import Settings

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

DATABASE_WAIT = 2.0  # seconds between two looks for a database that is away


class SchemaError(Exception):
    """A database whose schema is not the one that this program reads; `str()` says what to do."""


def open_archive(settings: Settings, *, serving: bool = False) -> ArchiveResources:
    """Open the archive behind these settings. Raises SettingsError, or SchemaError where its schema is another version's.

    A process that is `serving` waits for the database, and brings an older schema up to date.
    """
    if problems := settings.archive_problems():
        raise SettingsError("\n".join(problems))
    engine = connect(settings.database_url)
    if serving:
        wait_for_database(engine)
        migrate(engine)
    else:
        require_schema(engine)
    return ArchiveResources(engine, settings.index_folder)


def wait_for_database(engine: Engine) -> None:
    """Wait until the database answers: whoever starts both at once need not start them in order."""
    while True:
        try:
            with reading(engine) as connection:
                connection.execute(select(1))
            return
        except OperationalError as error:
            log.warning("database_away", cause=cause_of(error), next_try_seconds=DATABASE_WAIT)
            time.sleep(DATABASE_WAIT)


def all_metadata() -> MetaData:
    """Return the metadata with every room's tables in it."""
    for module in TABLES:
        import_module(module)
    return metadata


def migrate(engine: Engine) -> bool:
    """Bring the schema up to date; return False when it was already. Safe to call from several processes at once."""
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
        raise SchemaError(f"資料庫的結構（{found}）是更新版的羅盤用的：裝回那一版，或用舊的備份還原。")
    elif found != newest_schema():
        raise SchemaError(
            f"資料庫的結構是 {found}，這一版要 {newest_schema()}：先 luopan backup，停掉服務，再執行 luopan migrate。"
        )


def upgrade_in(connection: Connection, revision: str) -> None:
    """Bring the schema up to `revision`, within a transaction of the caller's."""
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def alembic_config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def newest_schema() -> str:
    """Return the schema that this program reads and writes."""
    return max(known_schemas())


def known_schemas() -> set[str]:
    """Return every schema that this program can bring up to date; the name of its file begins with it."""
    return {file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*_*.py")}


def current_schema(engine: Engine) -> str | None:
    """Return the schema of a database; None where there is none."""
    with reading(engine) as connection:
        return schema_in(connection)


def schema_in(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None  # asked of PostgreSQL, a missing table would end the transaction
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _lock(connection: Connection) -> None:
    """Let one process migrate at a time; SQLite's BEGIN IMMEDIATE locks by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
