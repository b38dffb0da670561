"""What is erased is gone: a person's id and words are searched for, byte by byte, wherever anything is kept."""

from __future__ import annotations

import gzip
import logging
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Engine, LargeBinary, Table, insert, select
from sqlalchemy.types import TypeEngine

from bot import logs
from bot.cli.backup import backup
from bot.cli.restore import restore
from bot.config import Settings
from bot.dev.local import local_bot
from bot.ledger.erasure import LEDGER_RULES
from bot.ledger.tables import inbox, lanes, quarantine
from bot.migrate import all_metadata
from bot.outbound.quota_tables import member_counts
from corpus.database import connect, reading, scrub, writing
from corpus.library import ArchiveResources
from handlers.club import erasure
from handlers.club.admin_tables import plans
from handlers.club.erasure import CLUB_RULES, ErasureRule
from handlers.club.people import utc
from handlers.club.tables import audit, codes, missed_askers, misses, paid_memberships
from handlers.identity import Role
from tests.support.newsroom import COOLING, Newsroom, published
from tests.support.postgres import postgres_schema
from tests.support.schemas import create_tables, lay_schema

pytestmark = pytest.mark.slow


RULES = (*CLUB_RULES, *LEDGER_RULES)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
USER = "U" + "7d1c5e9ab0f34268" * 2
WORDS = "鯨落紀元"  # said by nobody else
UNSENT = "霜葉風箏"

# Columns that look like a person's and are no one's for long, or a group's.
EXCEPT = {lanes.c.key, inbox.c.lane, member_counts.c.chat}


def traces(folder: Path, redis_url: str, *sought: str) -> list[str]:
    """Where any of these stands in the files of a folder, or in Redis."""
    needles = [text.encode(how) for text in sought for how in ("utf-8", "utf-16-le")]
    needles += [text.encode("unicode_escape") for text in sought]
    with TemporaryDirectory() as copy:  # made by another process: to close a file here would drop SQLite's locks on it
        subprocess.run(["cp", "-r", str(folder), copy], check=True)
        files = [file for file in Path(copy).rglob("*") if file.is_file()]
        found = [str(file) for file in files if _holds(file.read_bytes(), needles)]
    if redis_url:
        with Redis.from_url(redis_url) as redis:
            found += [f"redis {key!r}" for key in redis.scan_iter() if _holds(key + (redis.get(key) or b""), needles)]
    return found


def _holds(data: bytes, needles: list[bytes]) -> bool:
    return any(needle in data for needle in needles)


@pytest.fixture(params=["memory", "redis"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    redis = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/luopan.db", redis_url=redis, luopan_rate=9)
    lay_schema(settings.database_url)
    engine = connect(settings.database_url)
    with local_bot(settings, ArchiveResources(engine, settings.index_folder)) as stage:
        yield Newsroom(stage)
    engine.dispose()


def everywhere(room: Newsroom, folder: Path, *sought: str) -> list[str]:
    ends = time.monotonic() + 5
    while not scrub(room.stage.bot.engine):  # the bot itself may be at it
        assert time.monotonic() < ends, "somebody still reads"
    memory = str(getattr(room.stage.bot.conversation.sessions.store, "_values", {}))
    kept = [f"memory holds {text}" for text in sought if text in memory]
    return kept + traces(folder, room.stage.bot.settings.redis_url, *sought)


def test_erasing_oneself_leaves_no_byte(room: Newsroom, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    number = published(room.someone(Role.MODERATOR), COOLING)
    chat = room.someone()
    chat(WORDS)
    chat(f"有文章再通知我 {WORDS}")
    chat(f"訂閱 {WORDS}")
    chat("水冷板")
    chat(f"收藏 {number}")
    chat(f"答非所問 {WORDS}")
    assert everywhere(room, tmp_path, chat.owner.id), "there was something to erase"
    assert everywhere(room, tmp_path, WORDS), "there was something to erase"

    assert "都刪掉了" in chat.press(chat("刪除我的資料"), "確定刪除")

    assert everywhere(room, tmp_path, chat.owner.id, WORDS) == []
    written = capsys.readouterr().err
    logs.configure(logging.WARNING)
    assert "reply" in written
    assert chat.owner.id not in written
    assert WORDS not in written


def hashes(room: Newsroom) -> set[str]:
    """Of all who asked something in vain."""
    with room.work() as work:
        return set(work.reader.execute(select(missed_askers.c.hash)).scalars())


def test_nobody_who_is_erased_is_counted_among_those_who_asked(room: Newsroom, tmp_path: Path) -> None:
    chat, other = room.someone(), room.someone()
    for word in (WORDS, UNSENT):
        chat(f"答非所問 {word}")
    mine = hashes(room)
    other(f"答非所問 {WORDS}")
    theirs = hashes(room) - mine
    assert len(mine) == 2
    assert everywhere(room, tmp_path, *mine), "there was something to erase"
    chat.press(chat("刪除我的資料"), "確定刪除")
    assert everywhere(room, tmp_path, *mine) == []
    assert hashes(room) == theirs


def test_unsending_leaves_no_byte_of_what_was_said(room: Newsroom, tmp_path: Path) -> None:
    chat = room.someone()
    heard = chat.stage.platform.say(chat.chat_id, chat.owner.id, WORDS)
    chat.hear(heard)
    assert everywhere(room, tmp_path, WORDS), "there was something to take back"
    room.stage.platform.unsend(heard.event["message"]["id"])
    assert everywhere(room, tmp_path, WORDS) == []


def test_unsending_takes_back_what_its_follow_ups_repeat(room: Newsroom, tmp_path: Path) -> None:
    chat = room.someone()
    heard = chat.stage.platform.say(chat.chat_id, chat.owner.id, WORDS)
    chat.hear(heard)
    chat("有文章再通知我 液冷")
    chat("那毛利率呢")
    room.stage.platform.unsend(heard.event["message"]["id"])
    assert everywhere(room, tmp_path, WORDS) == []
    assert "液冷" in chat("我的資料").text or everywhere(room, tmp_path, "液冷"), "what was said besides is kept"


def test_unsending_keeps_what_else_was_asked_in_vain(room: Newsroom) -> None:
    chat = room.someone()
    heard = chat.stage.platform.say(chat.chat_id, chat.owner.id, WORDS)
    chat.hear(heard)
    chat(UNSENT)
    room.stage.platform.unsend(heard.event["message"]["id"])
    with reading(room.stage.bot.engine) as connection:
        assert connection.execute(select(misses.c.question)).scalars().all() == [UNSENT]


@pytest.mark.parametrize("waits", [f"有文章再通知我 {WORDS}", None], ids=["typed", "pressed"])
def test_who_takes_a_question_back_waits_for_no_answer(room: Newsroom, tmp_path: Path, waits: str | None) -> None:
    chat = room.someone()
    chat("有文章再通知我 液冷")
    heard = chat.stage.platform.say(chat.chat_id, chat.owner.id, waits or WORDS)
    answer = chat.hear(heard)
    if waits is None:
        chat.press(answer, "有文章再通知我")
    assert WORDS in chat("通知清單").text
    room.stage.platform.unsend(heard.event["message"]["id"])
    listed = chat("通知清單").text
    assert WORDS not in listed
    assert "液冷" in listed
    assert everywhere(room, tmp_path, WORDS) == []


def test_in_a_group_unsending_leaves_no_byte_either(room: Newsroom, tmp_path: Path) -> None:
    someone = room.cast.in_group()
    heard = someone.stage.platform.say(someone.chat_id, someone.owner.id, f"羅盤 {WORDS}")
    someone.hear(heard)
    room.stage.platform.unsend(heard.event["message"]["id"])
    assert everywhere(room, tmp_path, WORDS) == []


def test_a_backup_from_before_brings_back_no_byte(
    room: Newsroom, tmp_path: Path, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither of who was erased nor of what was taken back: in SQLite's files, Redis, index, log, and on PostgreSQL."""
    logs.configure()
    published(room.someone(Role.MODERATOR), COOLING)
    leaves, stays = room.someone(), room.someone()
    leaves(f"有文章再通知我 {WORDS}")
    heard = stays.stage.platform.say(stays.chat_id, stays.owner.id, UNSENT)
    stays.hear(heard)
    stays("有文章再通知我 液冷")
    with TemporaryDirectory() as elsewhere:
        old = Path(elsewhere) / "old.gz"
        backup(room.stage.bot.engine, old, datetime.now(UTC))
        assert _holds(gzip.decompress(old.read_bytes()), [leaves.owner.id.encode()]), "there is something to bring back"
        leaves.press(leaves("刪除我的資料"), "確定刪除")
        room.stage.platform.unsend(heard.event["message"]["id"])

        restore(room.stage.bot.engine, old)
        assert everywhere(room, tmp_path, leaves.owner.id, WORDS, UNSENT) == []
        assert everywhere(room, tmp_path, stays.owner.id), "and nobody else's goes"
        with postgres_schema(postgres_url) as url:
            _onto_postgres(url, room.stage.bot.engine, old, leaves.owner.id, stays.owner.id)
    written = capsys.readouterr().err
    logs.configure(logging.WARNING)
    assert "reply" in written
    assert not any(text in written for text in (leaves.owner.id, WORDS, UNSENT))


def _onto_postgres(url: str, known_by: Engine, old: Path, gone: str, stays: str) -> None:
    """The newest backup first, then the older one, as docs/privacy.md says."""
    other = connect(url)
    newest = old.with_name("new.gz")
    backup(known_by, newest, datetime.now(UTC))
    restore(other, newest)
    restore(other, old)
    kept = contents(other)
    other.dispose()
    assert not any(text in kept for text in (gone, WORDS, UNSENT))
    assert stays in kept


def test_what_others_do_with_somebody_here_leaves_no_byte_either(room: Newsroom, tmp_path: Path) -> None:
    """Owners look at lists of names, and take questions off a list; the names and the words go with the person."""
    owner, editor, asker = room.someone(Role.OWNER), room.someone(Role.MODERATOR), room.someone()
    asker(f"答非所問 {WORDS}")
    assert "清掉了" in owner(f"沒答到的 清掉 {WORDS}")
    owner.press(owner("解任"), f"解任 {editor.owner.name}")
    editor.press(editor("刪除我的資料"), "確定刪除")
    owner.press(owner(f"刪除個人資料 {asker.owner.id}"), "確定刪除")
    sought = (editor.owner.id, asker.owner.id, editor.owner.name, asker.owner.name, WORDS)
    assert everywhere(room, tmp_path, *sought) == []


# every table, and every rule


def _value(column: Column[Any], number: int) -> Any:
    kind: TypeEngine[Any] = column.type
    if column.foreign_keys:
        return None if column.nullable else 1
    if isinstance(kind, JSON):
        return []
    if isinstance(kind, LargeBinary):
        return b""
    if isinstance(kind, DateTime):
        return utc(NOW)
    if isinstance(kind, Date):
        return date(2026, 11, 20)
    if isinstance(kind, Boolean):
        return False
    return f"x{number}" if kind.python_type is str else number


def row(table: Table, number: int, **known: Any) -> dict[str, Any]:
    return {column.name: _value(column, number) for column in table.c} | known


def _state(table: Table) -> list[dict[str, str]]:
    """The states that rules tell apart."""
    return {
        "drafts": [{"state": "open"}, {"state": "published"}],
        "plans": [{"state": "waiting"}, {"state": "done"}],
        "inbox": [{"state": "done"}],
    }.get(table.name, [{}])


def fill(engine: Engine) -> None:
    """A person in every column that may hold one, beside somebody else."""
    number = 0
    with writing(engine) as connection:
        tables = all_metadata().tables
        connection.execute(insert(tables["essays"]).values(row(tables["essays"], 1)))
        for rule in RULES:
            for column in rule.people:
                for state in _state(column.table):
                    for user in (USER, "Uother"):
                        number += 1
                        filled_in = row(column.table, number, **state) | {column.name: user}
                        connection.execute(insert(column.table).values(filled_in))
        connection.execute(insert(audit).values(row(audit, 901, subject=f"user:{USER}")))
        connection.execute(insert(codes).values(row(codes, 905, payer_key=f"cus_{USER}")))
        paid = row(paid_memberships, 906, key=f"cus_{USER}", user_id=USER)
        connection.execute(insert(paid_memberships).values(paid))
        connection.execute(insert(plans).values(row(plans, 902, chats=[[USER, "person"], ["Uother", "person"]])))
        connection.execute(insert(quarantine).values(row(quarantine, 903, body=f'{{"u":"{USER}"'.encode())))
        connection.execute(insert(misses).values(row(misses, 904, question=WORDS)))


def contents(engine: Engine) -> str:
    with reading(engine) as connection:
        return str([connection.execute(select(table)).all() for table in all_metadata().sorted_tables])


@pytest.fixture
def filled(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    create_tables(engine)
    fill(engine)
    yield engine
    engine.dispose()


def erase(engine: Engine, rules: tuple[ErasureRule, ...]) -> None:
    with writing(engine) as connection:
        erasure.erase(connection, USER, rules)
    scrub(engine)


def test_an_erasure_leaves_no_row_of_any_table_and_nobody_elses_goes(filled: Engine, tmp_path: Path) -> None:
    others = contents(filled).count("Uother")
    erase(filled, RULES)
    assert USER not in contents(filled)
    assert traces(tmp_path, "", USER) == []
    assert contents(filled).count("Uother") == others


@pytest.mark.parametrize("left_out", RULES, ids=lambda rule: rule.name)
def test_no_rule_can_be_left_out(left_out: ErasureRule, tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/luopan.db")
    create_tables(engine)
    fill(engine)
    erase(engine, tuple(rule for rule in RULES if rule is not left_out))
    assert traces(tmp_path, "", USER), left_out.name


def test_every_column_that_may_name_a_person_has_its_rule() -> None:
    named = {"user_id", "chat", "made_by", "set_by", "used_by", "changed_by", "added_by", "lane", "key"}
    tables = all_metadata().tables.values()
    likely = {column for table in tables for column in table.c if column.name in named}
    likely = {column for column in likely if column.name != "key" or column.table is lanes}
    ruled = {column for rule in RULES for column in rule.people}
    assert {str(column) for column in likely - ruled - EXCEPT} == set()
