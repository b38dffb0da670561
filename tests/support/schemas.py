"""The whole schema in an empty database, for less than the migrations cost: it is made once and copied."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, create_mock_engine, make_url, text

from bot.migrate import all_metadata, migrate, newest_schema
from corpus.database import connect, writing
from tests.support.postgres import lend_tables, take_tables

_folder = TemporaryDirectory(prefix="schema")  # as long as the process


def lay_schema(url: str) -> None:
    """Bring an empty database to the newest schema and its version: on SQLite by copying a file that was migrated."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        file = Path(address.database or "")
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_migrated_file(), file)
        return
    engine = connect(url)
    create_tables(engine)  # tests/bot/test_migrate.py sees that the migrations make the same
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": newest_schema()})
    engine.dispose()


def create_tables(engine: Engine) -> None:
    """Create every table in an empty database, in one go and without a version: for what looks at no migration."""
    is_postgres = engine.dialect.name == "postgresql"
    if is_postgres and take_tables(engine):
        return
    connection = engine.raw_connection()
    cursor: Any = connection.cursor()
    script = _script(engine.dialect.name)
    if is_postgres:
        cursor.execute(script)
    else:
        cursor.executescript(script)
    connection.commit()
    connection.close()
    if is_postgres:
        lend_tables(engine)


@cache
def _migrated_file() -> Path:
    file = Path(_folder.name) / "migrated.db"
    engine = connect(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()  # the last connection puts the write-ahead log into the file
    return file


@cache
def _script(dialect: str) -> str:
    """What `create_all` says to an empty database."""
    lines: list[str] = []
    url = "postgresql+psycopg://" if dialect == "postgresql" else "sqlite://"
    spoken = make_url(url).get_dialect()()
    listener = create_mock_engine(url, lambda said, *_args, **_more: lines.append(str(said.compile(dialect=spoken))))
    all_metadata().create_all(listener, checkfirst=False)
    return ";\n".join(lines)
