"""Insert a row, or change the one that has its key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Table, update

from corpus.database import dialect

Values = Mapping[str, Any]


def upsert(
    connection: Connection, table: Table, key: Values, values: Values, first: Values = MappingProxyType({})
) -> bool:
    """Update the row with this key to `values`, or insert it with them and those of `first`; return whether it is new."""
    row = dialect(connection).insert(table).values({**first, **values, **key})
    added = row.on_conflict_do_nothing(index_elements=list(key)).returning(*table.primary_key)
    if connection.execute(added).first() is not None:
        return True
    same = [table.c[name] == value for name, value in key.items()]
    connection.execute(update(table).where(*same).values({**values}))
    return False
