"""Compiled SQL for all databases of a test run: SQLAlchemy compiles for each engine, and each test has an engine of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_compiled: dict[Any, Any] = {}


def share_compiled_statements() -> None:
    """Let a statement that was compiled for one database serve for the next one of its kind."""
    registry.register("sqlite", __name__, SharingSQLite.__name__)
    registry.register("postgresql.psycopg", __name__, SharingPsycopg.__name__)


class _Sharing:
    """One dialect is as good as another of its kind."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_compiled)


class SharingSQLite(_Sharing, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class SharingPsycopg(_Sharing, PGDialect_psycopg):
    supports_statement_cache = True
