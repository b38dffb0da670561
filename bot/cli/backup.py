"""Safe copies: the whole database as one compressed file of JSON lines, the same for SQLite and PostgreSQL."""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, func, insert, inspect, select, text

from bot import program_version
from bot.migrate import all_metadata, schema_in
from corpus.database import reading, writing
from corpus.storage.schema import backups

FORMAT = "luopan-backup-2"
UNNUMBERED = "luopan-backup-1"  # the format that did not say its schema
UNNUMBERED_SCHEMA = "0003"
NOTES = 100  # of backups that are kept in the database

Row = tuple[str, dict[str, Any]]  # the table's name, and the row


class BackupError(ValueError):
    """A database or a file that cannot be copied; `str()` says why, in plain words."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a backup, or of a database, in figures."""

    schema: str
    version: str  # of the program that wrote it
    made_at: str  # ISO
    essays: int
    people: int
    rows: int

    @property
    def line(self) -> str:
        """The figures in plain words."""
        made = f"{self.made_at[:16].replace('T', ' ')}，" if self.made_at else ""
        return f"{made}{self.essays} 篇文章、{self.people} 個聊天室與個人、共 {self.rows} 列；結構 {self.schema}，羅盤 {self.version}"


def backup(engine: Engine, target: Path, at: datetime, *, empty_too: bool = False) -> Contents:
    """Write every row of every table, as of one moment; the file appears only when it is whole.

    Raises BackupError when there is nothing worth keeping.
    """
    partial = target.with_name(target.name + ".partial")
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        tables = tables_in(connection)
        contents = contents_of(connection, tables, at)
        if not contents.essays and not empty_too:
            raise BackupError("這個資料庫裡一篇文章也沒有，沒有備份。是不是在別的資料夾，或少了 DATABASE_URL？")
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("xb" if not partial.exists() else "wb") as raw:
            partial.chmod(0o600)
            with gzip.open(raw, "wt", encoding="utf-8") as file:
                file.write(json.dumps({"format": FORMAT, **asdict(contents)}, ensure_ascii=False) + "\n")
                for table in tables.sorted_tables:
                    for row in connection.execute(table.select()).mappings():
                        plain = {name: _plain(value) for name, value in row.items()}
                        file.write(json.dumps([table.name, plain], ensure_ascii=False) + "\n")
                file.write(json.dumps({"rows": contents.rows}) + "\n")
    partial.replace(target)
    return contents


def note(engine: Engine, target: Path, contents: Contents, at: datetime, *, checked: bool) -> None:
    """Note in the database that a backup was made, where it has a table for that: `doctor` and the admin pages look for it."""
    values = {"made_at": at.timestamp(), "name": target.name, "essays": contents.essays, "rows": contents.rows}
    with writing(engine) as connection:
        if inspect(connection).has_table(backups.name):
            made = connection.execute(insert(backups).values(**values, checked=checked).returning(backups.c.id))
            connection.execute(backups.delete().where(backups.c.id <= made.scalar_one() - NOTES))


def contents_of(connection: Connection, tables: MetaData | None = None, at: datetime | None = None) -> Contents:
    """Count what the database holds; its schema is empty where it has none. `tables`: those in it, where they are known."""
    counts = {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (tables or tables_in(connection)).sorted_tables
    }
    return _contents(schema_in(connection) or "", program_version(), at.isoformat() if at else "", counts)


def tables_in(connection: Connection) -> MetaData:
    """Return the tables as they are in this database, whatever version made them."""
    known = all_metadata().tables
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in known)
    return found


def read_contents(source: Path) -> Contents:
    """Return the contents of a backup, every line of it read. Raises BackupError for a file that is no backup, or not a whole one."""
    head = _head(source)
    counts = Counter(name for name, _ in rows_of(source))
    if head["format"] == UNNUMBERED:
        return _contents(UNNUMBERED_SCHEMA, "0.1", "", counts)
    contents = _contents(head["schema"], head["version"], head["made_at"], counts)
    if asdict(contents) != {name: head.get(name) for name in asdict(contents)}:
        raise BackupError("備份檔裡的筆數和它自己說的不一樣")
    return contents


def rows_of(source: Path) -> Iterator[Row]:
    """Yield all rows. Raises BackupError for a damaged file, and at the end of one that was cut off."""
    count, told = 0, None
    try:
        with gzip.open(source, "rt", encoding="utf-8") as file:
            next(file, None)
            for line in file:
                entry = json.loads(line)
                if isinstance(entry, dict):
                    told = entry["rows"]
                    continue
                count += 1
                yield entry[0], entry[1]
    except (OSError, EOFError, ValueError, LookupError, TypeError) as error:
        raise BackupError("備份檔壞了，讀不完") from error
    if told != count:
        raise BackupError("備份檔不完整")


def _head(source: Path) -> dict[str, Any]:
    if not source.is_file():
        raise BackupError("沒有這個檔案")
    try:
        with gzip.open(source, "rt", encoding="utf-8") as file:
            head = json.loads(next(file, "null") or "null")
    except (OSError, EOFError, ValueError) as error:
        raise BackupError("備份檔打不開，或不是羅盤的備份檔") from error
    if not isinstance(head, dict) or head.get("format") not in (FORMAT, UNNUMBERED):
        raise BackupError("這不是羅盤的備份檔")
    return head


def _contents(schema: str, program: str, made_at: str, counts: Counter[str] | dict[str, int]) -> Contents:
    return Contents(
        schema=schema,
        version=program,
        made_at=made_at,
        essays=counts.get("essays", 0),
        people=counts.get("chats", 0),
        rows=sum(counts.values()),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return value.isoformat() if isinstance(value, date | datetime) else value
