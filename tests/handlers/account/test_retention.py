"""Nothing is kept for longer than 隱私 says: each time of the table, with a turned clock."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, Table, insert, select

from bot.cli.backup import backup
from bot.cli.restore import restore
from bot.ledger import Ledger
from bot.ledger.tables import bubbles, runs
from bot.migrate import migrate
from corpus.database import UnitOfWork, aware, connect, reading, writing
from handlers.club.admin_tables import drafts, plans, unsaved_forms
from handlers.club.bookmarks import Bookmarks
from handlers.club.chats import ChatTable
from handlers.club.club import Club
from handlers.club.gaps import Gap
from handlers.club.retention import Retention
from handlers.club.tables import audit, chats, codes, missed_asks, misses, opened, saved
from handlers.identity import Chat, Place, Role
from tests.support.phones import Phone
from tests.test_erasure import row

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
KEPT = Retention()
TABLES: dict[str, tuple[Table, dict[str, Any]]] = {
    "shown": (bubbles, {"sent_at": NOW.timestamp()}),
    "missed": (misses, {"last_at": NOW}),
    "opened": (opened, {"at": NOW}),
    "deliveries": (runs, {"created_at": NOW.timestamp()}),
    "left": (chats, {"left_at": NOW, "seen_at": None}),
    "inactive": (chats, {"left_at": None, "seen_at": NOW}),
    "unsaved": (unsaved_forms, {"changed_at": NOW}),
    "plans": (plans, {"due_at": NOW, "state": "done"}),
    "visits": (codes, {"purpose": "desk", "expires_at": NOW, "used_at": NOW}),
    "audit": (audit, {"at": NOW}),
    "drafts": (drafts, {"changed_at": NOW, "state": "dropped"}),
}


def count(engine: Engine, table: Table) -> int:
    with reading(engine) as connection:
        return len(connection.execute(select(table)).all())


def test_the_day_on_which_a_chat_was_heard_is_the_communitys(engine: Engine) -> None:
    group, early = Chat("C1", Place.GROUP), datetime(2026, 11, 20, 7, 0, tzinfo=ZoneInfo("Asia/Taipei"))
    with UnitOfWork(engine) as work:
        assert ChatTable(work).says_joining(group, early)
        work.commit()
    with reading(engine) as connection:
        days = connection.execute(select(chats.c.seen_at, chats.c.join_said_at)).one()
    assert [aware(day) for day in days] == [early.replace(hour=0)] * 2


@pytest.mark.parametrize("name", TABLES)
def test_each_kind_is_kept_so_many_days_and_not_one_longer(engine: Engine, name: str) -> None:
    table, known = TABLES[name]
    with writing(engine) as connection:
        connection.execute(insert(table).values(row(table, 1, **known)))
    ends = NOW + timedelta(days=getattr(KEPT, name))
    Ledger(engine).sweep((ends - timedelta(seconds=1)).timestamp())
    assert count(engine, table) == 1
    Ledger(engine).sweep(ends.timestamp())
    assert count(engine, table) == 0


def test_a_code_that_nobody_typed_keeps_no_payers_id_for_longer_than_other_codes(engine: Engine) -> None:
    with writing(engine) as connection:
        known = {"purpose": "member", "expires_at": NOW, "used_at": None}
        connection.execute(insert(codes).values(row(codes, 1, payer_key="cus_1", **known)))
        connection.execute(insert(codes).values(row(codes, 2, batch="十一月", **known | {"payer_key": None})))
    Ledger(engine).sweep((NOW + timedelta(days=KEPT.visits)).timestamp())
    with reading(engine) as connection:
        assert connection.execute(select(codes.c.payer_key, codes.c.batch)).all() == [(None, "十一月")]


def test_the_words_that_a_bubble_answers_are_kept_for_a_day(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(insert(bubbles).values(row(bubbles, 1, sent_at=NOW.timestamp(), command="找 散熱")))
    for seconds, words in ((-1, "找 散熱"), (0, "")):
        Ledger(engine).sweep((NOW + timedelta(days=1, seconds=seconds)).timestamp())
        with reading(engine) as connection:
            assert connection.execute(select(bubbles.c.command)).scalar_one() == words


def test_who_asked_in_vain_is_known_for_a_day_and_the_question_stays(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        Club(work).gaps.note("鯨落紀元", Gap.MISS, NOW, user="U1", message="m1")
        work.commit()
    for seconds, known in ((-1, 1), (0, 0)):
        Ledger(engine).sweep((NOW + timedelta(days=1, seconds=seconds)).timestamp())
        assert (count(engine, missed_asks), count(engine, misses)) == (known, 1)


def test_every_time_of_the_table_has_its_test() -> None:
    assert {one.name for one in fields(Retention)} == {*TABLES, "quoted"}


def test_a_time_can_be_set_and_nonsense_is_named(engine: Engine) -> None:
    assert Retention.read("missed=90, audit=365") == Retention(missed=90, audit=365)
    for wrong in ("missing=3", "missed=x", "missed=0", "missed", "quoted=2"):
        with pytest.raises(ValueError, match=wrong.split("=")[0]):
            Retention.read(wrong)


def test_who_left_is_erased_whole_after_its_time_and_an_editor_is_not(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        club = Club(work)
        for user in ("U1", "U2"):
            Bookmarks(work).save(user, 1, NOW)
            club.leave(Chat(user, Place.PERSON), NOW)
        club.people.set_role("U2", Role.EDITOR, NOW)
        work.commit()
    Ledger(engine).sweep((NOW + timedelta(days=KEPT.left)).timestamp())
    with reading(engine) as connection:
        assert connection.execute(select(saved.c.user_id)).scalars().all() == ["U2"]


def test_a_restored_backup_is_erased_again_and_who_came_back_before_it_is_not(tmp_path: Path) -> None:
    gone, stays, returns = (f"U{digit * 32}" for digit in "123")  # so long that no bytes are it by chance
    engine = connect(f"sqlite:///{tmp_path}/luopan.db")
    migrate(engine)

    def save(*users: str) -> None:
        with UnitOfWork(engine) as work:
            for user in users:
                Bookmarks(work).save(user, 1, NOW)
            work.commit()

    def forget(user: str, at: datetime) -> None:
        with UnitOfWork(engine) as work:
            Club(work).forget(user, at)
            work.commit()

    save(gone, stays, returns)
    forget(returns, NOW)
    save(returns)  # and came back
    backup(engine, tmp_path / "old.gz", NOW, empty_too=True)
    forget(gone, NOW + timedelta(days=1))
    restore(engine, tmp_path / "old.gz")
    with reading(engine) as connection:
        assert sorted(connection.execute(select(saved.c.user_id)).scalars()) == [stays, returns]
    assert gone.encode() not in b"".join(file.read_bytes() for file in tmp_path.glob("luopan.db*"))


def test_privacy_says_every_time_of_the_table_and_so_do_the_docs(chat: Phone) -> None:
    said = chat("隱私").text
    documented = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")
    for name, what, days in KEPT.rows():
        assert what in said
        assert f"| `{name}` | {what} | {days} |" in documented
    assert not any(mark in said for mark in (",", ";", "(")), "full-width punctuation"
