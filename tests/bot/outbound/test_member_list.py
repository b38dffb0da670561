"""The platform's own list sets right what a day's outage has missed, and nothing that was decided later."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from bot.ledger.tables import runs
from bot.outbound.member_list import MemberListReconciler
from corpus.database import UnitOfWork
from corpus.visibility import ALL_MEMBERS
from handlers.club.club import Club
from handlers.club.paid_memberships import PaidChange
from handlers.club.tables import codes
from handlers.identity import Role

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


@pytest.mark.parametrize(("seconds", "who"), [(29, {"left"}), (30, {"stays"})])
def test_a_list_is_read_once_it_has_rested_for_half_a_minute(
    community: Community, seconds: float, who: set[str]
) -> None:
    community.decides("left", LATER, NOW - timedelta(days=3))
    community.lists("stays", at=NOW)
    assert community.look(NOW + timedelta(seconds=seconds)) == who


@pytest.mark.parametrize(
    ("paid", "ended", "is_believed"), [(6, 5, True), (11, 6, False), (12, 6, True), (13, 7, False)]
)
def test_a_list_may_end_five_memberships_or_half_of_them(
    community: Community, paid: int, ended: int, is_believed: bool
) -> None:
    keys = [f"key{number}" for number in range(paid)]
    for key in keys:
        community.decides(key, LATER, NOW - timedelta(days=3))
    community.lists(*keys[ended:], at=NOW - timedelta(hours=1))
    assert community.look() == set(keys[ended:] if is_believed else keys)


def told(community: Community) -> list[str]:
    """Whom the owners' word about an old list is on its way to."""
    with community.engine.connect() as connection:
        return list(connection.execute(select(runs.c.chat).where(runs.c.name.startswith("member list"))).scalars())


def test_a_read_that_fails_is_tried_again_with_growing_pauses(community: Community) -> None:
    community.decides("left", LATER, NOW - timedelta(days=3))
    community.file.mkdir()  # cannot be read
    os.utime(community.file, (NOW.timestamp() - 3_600, NOW.timestamp() - 3_600))
    looks = [NOW + timedelta(seconds=2 * n) for n in range(200)]
    tried = []
    for at in looks:
        community.look(at)
        if (after := community.reads._next) is not None and after not in tried:
            tried.append(after)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == [timedelta(seconds=seconds) for seconds in (20, 40, 80, 160, 320)]
    assert tried[0] == NOW + timedelta(seconds=10)
    community.file.rmdir()
    community.lists("stays", at=looks[-1] - timedelta(minutes=5))
    assert community.look(tried[-1] - timedelta(seconds=1)) == {"left"}, "it rests"
    assert community.look(tried[-1]) == {"stays"}


def test_what_the_database_refused_is_read_again(community: Community) -> None:
    community.decides("left", LATER, NOW - timedelta(days=3))
    community.lists("stays", at=NOW - timedelta(hours=1))
    with UnitOfWork(community.engine) as work:
        work.commit = lambda: (_ for _ in ()).throw(RuntimeError("away"))  # type: ignore[method-assign, assignment]
        with pytest.raises(RuntimeError):
            community.reads(work, NOW)
    assert community.look(NOW) == {"stays"}


def staffed(community: Community) -> None:
    with UnitOfWork(community.engine) as work:
        Club(work).people.set_role("Uowner", Role.OWNER, NOW)
        Club(work).people.set_role("Umoderator", Role.MODERATOR, NOW)
        work.commit()


def test_the_owners_hear_of_a_list_that_was_never_there_after_two_days(community: Community) -> None:
    staffed(community)
    for hours in (0, 24, 47.9):
        community.look(NOW + timedelta(hours=hours))
    assert told(community) == []
    for _ in range(2):
        community.look(NOW + timedelta(hours=48))
        assert told(community) == ["Uowner"]


def test_word_of_an_old_list_lets_nothing_through_of_what_was_refused_in_it(community: Community) -> None:
    staffed(community)
    keys = {f"key{number}" for number in range(12)}
    for key in keys:
        community.decides(key, LATER, NOW - timedelta(days=9))
    community.lists("key0", at=NOW - timedelta(days=3))
    assert community.look() == keys
    assert told(community) == ["Uowner"]


def test_the_owners_hear_once_of_a_list_that_is_two_days_old(community: Community) -> None:
    staffed(community)
    community.lists("stays", at=NOW)
    for hours in (1, 24, 47):
        community.look(NOW + timedelta(hours=hours))
    assert told(community) == []
    community.look(NOW + timedelta(hours=49))
    assert told(community) == ["Uowner"]
    community.reads = MemberListReconciler(community.file)
    for hours in (50, 60, 99):
        community.look(NOW + timedelta(hours=hours))
    assert told(community) == ["Uowner"], "once, also over a restart"
    community.lists("stays", at=NOW + timedelta(hours=100))
    community.look(NOW + timedelta(hours=150))
    assert told(community) == ["Uowner", "Uowner"], "of another list"
