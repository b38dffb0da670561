"""Safe copies: the whole database as one compressed file of JSON lines, the same for SQLite and PostgreSQL."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Date, DateTime, Engine, LargeBinary, Table, func, insert, select, text

from bot.migrate import all_metadata
from corpus.database import reading, writing

FORMAT = "luopan-backup-1"
BATCH = 500


class BackupError(ValueError):
    """A file that is no backup of ours, or not a whole one."""


def backup(engine: Engine, target: Path) -> int:
    """Write every row of every table, as of one moment; the file appears only when it is whole. Returns the rows."""
    partial = target.with_name(target.name + ".partial")
    count = 0
    with gzip.open(partial, "wt", encoding="utf-8") as file, reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        file.write(json.dumps({"format": FORMAT}) + "\n")
        for table in all_metadata().sorted_tables:
            for row in connection.execute(table.select()).mappings():
                file.write(json.dumps([table.name, {k: _plain(v) for k, v in row.items()}], ensure_ascii=False) + "\n")
                count += 1
        file.write(json.dumps({"rows": count}) + "\n")
    partial.replace(target)
    return count


def restore(engine: Engine, source: Path) -> int:
    """Replace all rows by those of a backup, or change nothing. Returns the rows. Raises BackupError."""
    tables = all_metadata().tables
    with writing(engine) as connection:
        for table in reversed(all_metadata().sorted_tables):
            connection.execute(table.delete())
        count = 0
        for name, rows in _batches(source):
            if name not in tables:
                raise BackupError(f"備份裡有不認得的表:{name}")
            connection.execute(insert(tables[name]), [_typed(tables[name], row) for row in rows])
            count += len(rows)
        if engine.dialect.name == "postgresql":
            _restart_sequences(connection, list(tables.values()))
    return count


def _batches(source: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows of one table at a time. Raises BackupError at the end of a file that was cut off."""
    name, count, told = "", 0, None
    rows: list[dict[str, Any]] = []
    try:
        with gzip.open(source, "rt", encoding="utf-8") as file:
            if json.loads(next(file, "null") or "null") != {"format": FORMAT}:
                raise BackupError("這不是羅盤的備份檔")
            for line in file:
                entry = json.loads(line)
                if isinstance(entry, dict):
                    told = entry["rows"]
                    continue
                if (entry[0] != name or len(rows) >= BATCH) and rows:
                    yield name, rows
                    rows = []
                name, count = entry[0], count + 1
                rows.append(entry[1])
    except (OSError, EOFError, ValueError) as error:
        raise error if isinstance(error, BackupError) else BackupError("備份檔壞了,讀不完") from error
    if told != count:
        raise BackupError("備份檔不完整")
    if rows:
        yield name, rows


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return value.isoformat() if isinstance(value, date | datetime) else value


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


def _restart_sequences(connection: Any, tables: list[Table]) -> None:
    """PostgreSQL hands out ids by itself: after the highest one there is."""
    for table in tables:
        key = table.primary_key.columns.values()
        if len(key) == 1 and key[0].autoincrement in (True, "auto") and key[0].type.python_type is int:
            highest = select(func.coalesce(func.max(key[0]), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, key[0].name)
            connection.execute(select(func.setval(sequence, highest, False)))
