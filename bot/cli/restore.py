"""The way back from a backup to a database, whatever version of the program wrote it."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Engine, LargeBinary, Table, func, insert, select, text

from bot.cli.backup import BackupError, Contents, contents_of, read_contents, rows_of, tables_in
from bot.ledger import known_erasures, replay_erasures
from bot.migrate import known_schemas, schema_in, upgrade_in
from corpus.database import connect, reading, scrub, writing

BATCH = 500


def restore(engine: Engine, source: Path) -> Contents:
    """Replace all rows by those of a backup, or change nothing. Raises BackupError.

    A backup of an older schema is read into that schema, and both are brought up to date together. People erased since
    it was made are erased again.
    """
    contents = read_contents(source)
    if contents.schema not in known_schemas():
        raise BackupError(f"備份的結構（{contents.schema}）是更新版的羅盤寫的，這一版讀不了")
    with writing(engine) as connection:
        erased = known_erasures(connection)
        _make_room(connection, contents.schema)
        found = tables_in(connection)
        for name, rows in _batches(source):
            if name not in found.tables:
                raise BackupError(f"備份裡有不認得的表：{name}")
            table = found.tables[name]
            if unknown := {column for row in rows for column in row} - set(table.c.keys()):
                raise BackupError(f"備份的 {name} 裡有不認得的欄位：{'、'.join(sorted(unknown))}")
            connection.execute(insert(table), [_typed(table, row) for row in rows])
        if engine.dialect.name == "postgresql":
            _restart_sequences(connection, list(found.tables.values()))
        upgrade_in(connection, "head")
        replay_erasures(connection, erased)
    scrub(engine)
    return contents


def check(source: Path) -> Contents:
    """Restore a backup into a throw-away database and count what is there. Raises BackupError when it is not all of it."""
    with tempfile.TemporaryDirectory(prefix="luopan-check-") as folder:
        engine = connect(f"sqlite:///{folder}/check.db")
        try:
            contents = restore(engine, source)
            with reading(engine) as connection:
                restored = contents_of(connection)
        finally:
            engine.dispose()
    if (restored.essays, restored.people) != (contents.essays, contents.people):
        raise BackupError("備份還原出來的東西少了")
    return contents


def _make_room(connection: Connection, schema: str) -> None:
    """Empty the database, in the backup's schema; one that has it already keeps its tables."""
    if schema_in(connection) == schema:
        for table in reversed(tables_in(connection).sorted_tables):
            connection.execute(table.delete())
        return
    tables_in(connection).drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    upgrade_in(connection, schema)
    for table in reversed(tables_in(connection).sorted_tables):  # rows that a migration wrote by itself
        connection.execute(table.delete())


def _batches(source: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield rows of one table at a time, at most BATCH."""
    name, rows = "", list[dict[str, Any]]()
    for table, row in rows_of(source):
        if (table != name or len(rows) >= BATCH) and rows:
            yield name, rows
            rows = []
        name = table
        rows.append(row)
    if rows:
        yield name, rows


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    typed = dict(row)
    for name, value in row.items():
        kind = table.c[name].type
        if value is not None and isinstance(kind, LargeBinary):
            typed[name] = base64.b64decode(value["base64"])
        elif value is not None and isinstance(kind, DateTime):
            typed[name] = datetime.fromisoformat(value)
        elif value is not None and isinstance(kind, Date):
            typed[name] = date.fromisoformat(value)
    return typed


def _restart_sequences(connection: Connection, tables: list[Table]) -> None:
    """Set PostgreSQL's counters of ids behind the highest one there is."""
    for table in tables:
        key = table.primary_key.columns.values()
        if len(key) == 1 and key[0].autoincrement in (True, "auto") and key[0].type.python_type is int:
            highest = select(func.coalesce(func.max(key[0]), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, key[0].name)
            connection.execute(select(func.setval(sequence, highest, False)))
