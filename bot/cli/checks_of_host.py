"""The checks of `luopan doctor` on this machine: database, index, disk, Redis. Nothing is created, nothing changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.checks import Check
from bot.config import Settings
from bot.errors import cause_of
from bot.migrate import known_schemas, newest_schema, schema_in
from bot.outbound.schedule import Schedule
from corpus.database import connect, reading
from corpus.storage.schema import backups, essays
from handlers.club.tables import people
from handlers.identity import Role

DAY = 86_400.0
UNPLANNED = timedelta(minutes=10)  # a digest that is still unplanned so long after its time shows that no worker runs
BACKUP_DAYS = 7
LEAST_FREE = 200 * 2**20  # bytes
REDIS_SECONDS = 2.0
_TAKES_NO_WRITES = text("SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean")
_CLOSED_TABLES = text(
    "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    " AND NOT has_table_privilege(oid, 'INSERT')"
)


def check_database(settings: Settings, now: float) -> Iterator[Check]:
    """Check that the database is there, answers, has our schema and was backed up lately."""
    address = make_url(settings.database_url)
    file = Path(address.database or "") if address.get_backend_name() == "sqlite" else None
    if file is not None and not _is_there(file):
        yield from _place_for(file)
        return
    engine = _read_only(file) if file is not None else connect(settings.database_url, pool_size=1)
    try:
        with reading(engine) as connection:
            yield from _contents(connection, settings, now)
    except (SQLAlchemyError, OSError) as error:
        do = "檢查 DATABASE_URL 的位址、帳號、密碼，以及資料庫開著沒有"
        if file is not None:
            do = "檔案壞了或不是資料庫：用最近的備份 luopan restore；或是權限不夠：檢查檔案的擁有者"
        yield Check(False, f"資料庫打不開（{cause_of(error)}）", do)
    finally:
        engine.dispose()
    if file is not None and not _may_write(file):
        do = "改檔案的擁有者：多半是用別的使用者跑過 luopan，之後都用服務的使用者"
        yield Check(False, f"資料庫檔寫不進去：{file.absolute()}", do)
    elif file is not None and not _is_writable(file.parent):
        yield Check(False, f"資料庫的資料夾寫不進去：{file.parent.absolute()}", "改資料夾的擁有者或權限")


def _place_for(file: Path) -> Iterator[Check]:
    folder = _nearest(file)
    if _is_writable(folder):
        yield Check(None, f"還沒有資料庫：{file.absolute()}，第一次啟動會建立", "已經有的話，到服務的資料夾裡執行")
    else:
        yield Check(False, f"沒辦法在 {folder.absolute()} 建立資料庫", "用服務的使用者執行，或改資料夾的擁有者與權限")


def _read_only(file: Path) -> Engine:
    def open_file() -> sqlite3.Connection:
        return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True, check_same_thread=False)

    return create_engine("sqlite://", creator=open_file)


def _contents(connection: Connection, settings: Settings, now: float) -> Iterator[Check]:
    if connection.dialect.name == "postgresql":
        encoding = connection.execute(text("SHOW server_encoding")).scalar()
        if encoding != "UTF8":
            yield Check(False, f"資料庫的編碼是 {encoding}，不是 UTF-8", "用 ENCODING 'UTF8' 重建資料庫")
    schema = schema_in(connection)
    if schema is None:
        yield Check(None, "資料庫是空的，第一次啟動會建立結構", "luopan migrate")
    elif schema not in known_schemas():
        yield Check(False, f"資料庫的結構（{schema}）是更新版的羅盤用的", "裝回那一版，或用舊的備份還原")
    elif schema != newest_schema():
        do = "先 luopan backup，停掉服務，再執行 luopan migrate"
        yield Check(False, f"資料庫的結構是 {schema}，這一版要 {newest_schema()}", do)
    else:
        yield from _rights(connection)
        yield from _archive(connection, now)
        yield from _worker(connection, settings, now)
        yield from _reviewers(connection, settings)


def _rights(connection: Connection) -> Iterator[Check]:
    """Check that we may write, where the server decides it."""
    if connection.dialect.name != "postgresql":
        return
    if connection.execute(_TAKES_NO_WRITES).scalar_one():
        yield Check(
            False, "資料庫唯讀：是複本，或設了 default_transaction_read_only", "DATABASE_URL 改指到寫得進去的那一台"
        )
    elif (count := connection.execute(_CLOSED_TABLES).scalar_one()) > 0:
        do = "把表的擁有者改成 DATABASE_URL 的帳號：REASSIGN OWNED BY 原來的帳號 TO 這個帳號"
        yield Check(False, f"有 {count} 張表這個帳號寫不進去", do)


def _worker(connection: Connection, settings: Settings, now: float) -> Iterator[Check]:
    """Check that what came due was planned."""
    at = datetime.fromtimestamp(now, UTC)
    if digests := Schedule(settings.zone, 0).unplanned(connection, at - UNPLANNED, at):
        do = "開 luopan worker，或 serve 加 --with-worker"
        yield Check(False, f"{digests} 份摘要過了十分鐘還沒有人排：worker 沒在跑", do)


def _reviewers(connection: Connection, settings: Settings) -> Iterator[Check]:
    """Check that somebody else can see drafts where that is asked for."""
    named = connection.execute(select(people.c.user_id).where(people.c.role >= Role.MODERATOR)).scalars()
    if settings.luopan_review and len({*named, *settings.owners}) < 2:
        do = "再核准一位版主（核准 ‹碼› 版主），或拿掉 LUOPAN_REVIEW"
        yield Check(None, "LUOPAN_REVIEW 開著，版主以上卻不到兩位：自己寫的只能自己核准", do)


def _archive(connection: Connection, now: float) -> Iterator[Check]:
    count, first = connection.execute(select(func.count(), func.min(essays.c.added_at))).one()
    if not count:
        yield Check(None, "資料庫可用，還沒有文章", "luopan add 檔案")
        return
    yield Check(True, f"資料庫可用，{count} 篇文章")
    made_at = connection.execute(select(func.max(backups.c.made_at))).scalar()
    do = "luopan backup --every 1d --keep 14 --check（放在另一個行程一直跑）"
    if made_at is not None:
        days = int((now - made_at) // DAY)
        fresh = days < BACKUP_DAYS
        yield Check(fresh, f"上次備份是 {days} 天前" if days else "一天內備份過", "" if fresh else do)
    else:
        added_at = first if first.tzinfo else first.replace(tzinfo=UTC)  # SQLite keeps no zone
        old = now - added_at.timestamp() > BACKUP_DAYS * DAY
        yield Check(False if old else None, "從來沒有備份過", do)


def check_index(settings: Settings) -> Iterator[Check]:
    """Check that the index can be written; it is made anew where it is missing."""
    folder = settings.index_folder
    place = _nearest(folder)
    if place.is_dir() and _is_writable(place):
        yield Check(True, "索引資料夾寫得進去")
    else:
        do = "改 LUOPAN_INDEX，或改資料夾的擁有者與權限；索引可以整個刪掉，會自己重建"
        yield Check(False, f"索引資料夾寫不進去：{folder.absolute()}", do)


def check_disk(settings: Settings) -> Iterator[Check]:
    places = {_nearest(settings.index_folder)}
    address = make_url(settings.database_url)
    if address.get_backend_name() == "sqlite" and address.database:
        places.add(_nearest(Path(address.database)))
    for place in sorted(places):
        free = shutil.disk_usage(place).free
        if free < LEAST_FREE:
            do = "清出空間：滿了就收不進訊息；舊備份、日誌可以先搬走"
            yield Check(False, f"磁碟快滿了：{place.absolute()} 剩 {free // 2**20} MB", do)


def check_redis(settings: Settings) -> Iterator[Check]:
    """Check that Redis answers; without it, answers go on and follow-ups are forgotten."""
    url = settings.redis_url
    if not url.startswith(("redis://", "rediss://", "unix://")):
        return
    from bot.inbound.sessions import trouble_of_redis

    trouble = trouble_of_redis(url, REDIS_SECONDS)
    if trouble:
        do = "檢查 REDIS_URL 的位址與密碼，以及 Redis 開著、寫得進去沒有；不用的話拿掉這個設定"
        yield Check(False, f"Redis 不能用（{trouble}）", do)
    else:
        yield Check(True, "Redis 通")


def _nearest(path: Path) -> Path:
    """Return the path itself, or the first of the folders above it that is there."""
    return next(one for one in (path.absolute(), *path.absolute().parents) if _is_there(one))


def _is_there(path: Path) -> bool:
    """Tell whether a path is there; where we may not look, there is nothing for us."""
    try:
        return path.exists()
    except PermissionError:
        return False


def _may_write(file: Path) -> bool:
    return os.access(file, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _is_writable(folder: Path) -> bool:
    """Tell whether a folder takes files, by a file without a name, which leaves nothing."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
