"""The platform's own list sets right what a day's outage has missed, and nothing that was decided later."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from bot.outbound.member_list import MemberListReconciler
from corpus.database import UnitOfWork
from corpus.visibility import ALL_MEMBERS
from handlers.club.club import Club
from handlers.club.paid_memberships import PaidChange
from handlers.club.tables import codes

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


class Community:
    def __init__(self, engine: Engine, file: Path) -> None:
        self.engine = engine
        self.file = file
        self.reads = MemberListReconciler(file)

    def decides(self, key: str, until: datetime, at: datetime) -> None:
        with UnitOfWork(self.engine) as work:
            Club(work).paid_memberships.decide(PaidChange(key, ALL_MEMBERS, until, at), at)
            work.commit()

    def lists(self, *keys: str, at: datetime) -> None:
        rows = [f"{key},{ALL_MEMBERS},{LATER:%Y-%m-%d}" for key in keys]
        self.file.write_text("\n".join(["key,plan,until", *rows]), encoding="utf-8")
        os.utime(self.file, (at.timestamp(), at.timestamp()))

    def look(self, at: datetime = NOW) -> set[str]:
        """Who is a member after the worker has looked."""
        with UnitOfWork(self.engine) as work:
            self.reads(work, at)
        with UnitOfWork(self.engine) as work:
            return set(Club(work).paid_memberships.running(ALL_MEMBERS, at))


@pytest.fixture
def community(engine: Engine, tmp_path: Path) -> Community:
    return Community(engine, tmp_path / "members.csv")


def test_what_an_outage_has_missed_is_set_right(community: Community) -> None:
    for key in ("stays", "left"):
        community.decides(key, LATER, NOW - timedelta(days=3))
    community.lists("stays", "new", at=NOW - timedelta(hours=1))
    assert community.look() == {"stays", "new"}
    with community.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(codes)).scalar_one() == 0, "a list is told to nobody"


def test_what_was_told_after_the_list_was_written_holds(community: Community) -> None:
    community.decides("stays", LATER, NOW - timedelta(days=3))
    community.decides("just paid", LATER, NOW - timedelta(minutes=5))
    community.lists("stays", "just left", at=NOW - timedelta(hours=1))
    community.decides("just left", NOW - timedelta(minutes=4), NOW - timedelta(minutes=4))
    assert community.look() == {"stays", "just paid"}
    community.reads = MemberListReconciler(community.file)
    assert community.look() == {"stays", "just paid"}, "a restart changes nothing"


def test_a_list_that_is_still_being_written_waits_and_a_broken_one_is_refused(community: Community) -> None:
    keys = [f"key{n}" for n in range(12)]
    for key in keys:
        community.decides(key, LATER, NOW - timedelta(days=3))
    assert community.look() == set(keys), "there is no list yet"
    community.lists("key0", at=NOW - timedelta(seconds=5))
    assert community.look() == set(keys)
    assert community.look(NOW + timedelta(minutes=1)) == set(keys), "eleven of twelve would end"
    community.lists(*keys[:8], at=NOW)
    assert community.look(NOW + timedelta(minutes=2)) == set(keys[:8])
