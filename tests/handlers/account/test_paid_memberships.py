"""A payer's decisions hold by when they were made, and only for whom they were made, on either database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.club.paid_memberships import PaidChange
from handlers.identity import Role

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


def change(plan: str, until: datetime, seconds: int = 0, key: str = "cus_1") -> PaidChange:
    return PaidChange(key, plan, until, NOW + timedelta(seconds=seconds))


def test_a_key_that_nobody_has_typed_lets_nobody_in_and_then_one_person(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        club = Club(work)
        assert club.paid_memberships.decide(change("決策者", LATER), NOW)
        assert club.paid_memberships.owner("cus_1") is None
        assert club.people.chats() == []
        assert club.paid_memberships.bind("cus_1", "U1", NOW) == {"決策者": LATER}
        assert club.people.standing("U1", NOW).plans == {"決策者"}
        assert club.people.standing("U2", NOW).role is Role.GUEST
        assert [chat.id for chat in club.people.chats()] == ["U1"]
        assert club.paid_memberships.decide(change("分析者", LATER, 1), NOW)
        assert club.people.standing("U1", NOW).plans == {"決策者", "分析者"}
        assert club.people.standing("U1", LATER).role is Role.GUEST


def test_an_older_decision_changes_nothing(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        club = Club(work)
        club.paid_memberships.decide(change("決策者", NOW, 5), NOW)
        club.paid_memberships.bind("cus_1", "U1", NOW)
        assert not club.paid_memberships.decide(change("決策者", LATER, 4), NOW)
        assert club.people.standing("U1", NOW).role is Role.GUEST
        assert club.paid_memberships.decide(change("決策者", LATER, 6), NOW)
        assert club.people.standing("U1", NOW).role is Role.MEMBER


@pytest.mark.parametrize("plan", ["決策者", None])
def test_what_the_desk_ends_has_ended_however_it_came(engine: Engine, plan: str | None) -> None:
    with UnitOfWork(engine) as work:
        club = Club(work)
        club.paid_memberships.decide(change("決策者", LATER), NOW)
        club.paid_memberships.bind("cus_1", "U1", NOW)
        club.memberships.grant("U1", 30, NOW, "決策者")
        assert club.memberships.end("U1", NOW, plan)
        assert club.people.standing("U1", NOW).role is Role.GUEST


def test_of_an_erased_person_the_payers_key_is_forgotten_too(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        club = Club(work)
        club.paid_memberships.decide(change("決策者", LATER), NOW)
        club.paid_memberships.bind("cus_1", "U1", NOW)
        club.forget("U1", NOW)
        assert club.paid_memberships.owner("cus_1") is None
        assert club.memberships.of("U1") == {}
