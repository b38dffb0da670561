"""Statements that run at every event: compiled once, then handed to the driver as they are.

SQLAlchemy's own way from a statement to its rows, even one whose compiled form it finds again, takes some twenty times as long
as SQLite itself.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.types import TypeEngine

from corpus.database import dialect as inserting
from corpus.database import driver_errors

Process = Callable[[Any], Any] | None
Make = Callable[[Any], Any]  # makes the statement from the dialect's module, whose `insert` knows ON CONFLICT


@dataclass(slots=True)
class _Compiled:
    """A statement in one database's SQL, with the conversions of the values that go in and come out."""

    sql: str
    names: tuple[str, ...] | None  # of the parameters in their order; None: the driver takes them by name
    given: Mapping[str, Any]  # values that the statement itself holds
    writes: Mapping[str, Callable[[Any], Any]]
    types: tuple[TypeEngine[Any], ...]  # of the columns
    row: Callable[..., Any]
    reads: tuple[Process, ...] | None = None  # known once the driver has told its own types

    def parameters(self, values: Mapping[str, Any]) -> Any:
        full = {**self.given, **values}
        for name, write in self.writes.items():
            full[name] = write(full[name])
        return full if self.names is None else [full[name] for name in self.names]

    def fetched(self, cursor: Any, dialect: Dialect) -> list[Any]:
        if self.reads is None:
            told = zip(self.types, cursor.description or (), strict=False)
            self.reads = tuple(kind.dialect_impl(dialect).result_processor(dialect, one[1]) for kind, one in told)
        reads = self.reads
        return [
            self.row(*(value if read is None else read(value) for value, read in zip(row, reads, strict=True)))
            for row in cursor.fetchall()
        ]


class Prepared:
    """A statement, or a function that makes it for a dialect. It takes values by name, always the same names, and no lists."""

    def __init__(self, statement: Any = None, *, make: Make | None = None) -> None:
        self._make: Make = make or (lambda _dialect: statement)
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, /, **values: Any) -> list[Any]:
        """Run the statement and return its rows, whose columns have names."""
        compiled = self._for(connection, values)
        with driver_errors(connection, compiled.sql):
            driver: Any = connection.connection.driver_connection
            return compiled.fetched(driver.execute(compiled.sql, compiled.parameters(values)), connection.dialect)

    def first(self, connection: Connection, /, **values: Any) -> Any:
        """Run the statement and return its first row, or None."""
        return next(iter(self.rows(connection, **values)), None)

    def scalar(self, connection: Connection, /, **values: Any) -> Any:
        """Run the statement and return the first column of its first row, or None."""
        row = self.first(connection, **values)
        return None if row is None else row[0]

    def run(self, connection: Connection, /, **values: Any) -> int:
        """Run the statement and return how many rows it changed."""
        compiled = self._for(connection, values)
        with driver_errors(connection, compiled.sql):
            driver: Any = connection.connection.driver_connection
            return int(driver.execute(compiled.sql, compiled.parameters(values)).rowcount)

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run the statement once for the values of each of `rows`."""
        compiled = self._for(connection, rows[0])
        with driver_errors(connection, compiled.sql):
            driver: Any = connection.connection.driver_connection
            driver.cursor().executemany(compiled.sql, [compiled.parameters(row) for row in rows])

    def _for(self, connection: Connection, values: Mapping[str, Any]) -> _Compiled:
        name = connection.dialect.name
        if name not in self._compiled:
            self._compiled[name] = _compile(self._make(inserting(connection)), connection.dialect, list(values))
        return self._compiled[name]


def _compile(statement: Any, dialect: Dialect, names: list[str]) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=names)
    columns = list(statement.exported_columns)
    writes = {}
    for bind, name in compiled.bind_names.items():
        if (write := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None:
            writes[name] = write
    keys = [getattr(column, "key", None) or f"column_{n}" for n, column in enumerate(columns)]
    return _Compiled(
        str(compiled),
        tuple(compiled.positiontup) if compiled.positional else None,
        {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required},
        writes,
        tuple(column.type for column in columns),
        namedtuple("Row", keys, rename=True),
    )
