"""Many rows in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Connection, Table, func, insert, literal, select


def insert_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name the same columns. PostgreSQL is given a list for each column: a statement a row would cost it twice as much."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    columns = [table.c[name] for name in rows[0]]
    values = [literal([row[column.name] for row in rows], ARRAY(column.type)) for column in columns]
    connection.execute(insert(table).from_select(columns, select(*map(func.unnest, values))))
