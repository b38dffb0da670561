"""Word of a draft's steps: at once, to those who may act on it, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from bot.ledger.tables import runs
from bot.outbound.review_notices import LATELY, ReviewNotices
from corpus.database import UnitOfWork, reading
from handlers.club.admin_tables import drafts
from handlers.club.club import Club
from handlers.club.drafts import Draft, DraftStage, new_draft
from handlers.identity import Role
from tests.support.digest_bot import coffee

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


class Desk:
    """A moderator's draft before another moderator and an editor."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.notices = ReviewNotices()
        with UnitOfWork(engine) as work:
            club = Club(work)
            for user, role in (("Uann", Role.MODERATOR), ("Uben", Role.MODERATOR), ("Ueve", Role.EDITOR)):
                club.people.set_role(user, role, NOW)
            self.draft: Draft = club.drafts.begin(new_draft("Uann", NOW, essays=(coffee(),), submitted_at=NOW))
            work.commit()

    def becomes(self, **changed: Any) -> None:
        with UnitOfWork(self.engine) as work:
            self.draft = Club(work).drafts.keep(replace(self.draft, **changed), NOW)
            work.commit()

    def ends_as(self, stage: DraftStage, at: datetime) -> None:
        with UnitOfWork(self.engine) as work:
            work.writer.execute(update(drafts).values(state=stage, changed_at=at))
            work.commit()

    def told(self, at: datetime = NOW) -> list[str]:
        """Whom a look tells, with all who were told before."""
        with UnitOfWork(self.engine) as work:
            self.notices.plan(work, at)
        with reading(self.engine) as connection:
            return list(connection.execute(select(runs.c.chat).order_by(runs.c.id)).scalars())


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_who_may_publish_a_draft_hears_of_it_at_the_first_look_and_its_writer_does_not(desk: Desk) -> None:
    assert desk.told() == desk.told() == ["Uben"]
    desk.notices = ReviewNotices()
    assert desk.told() == ["Uben"], "nor once more after a restart"


def test_its_writer_hears_that_it_came_back_and_the_others_when_it_comes_again(desk: Desk) -> None:
    desk.becomes(returned_for="附出處")
    assert desk.told() == ["Uann"]
    desk.becomes(returned_for="", submitted_at=NOW + timedelta(minutes=1))
    assert desk.told() == ["Uann", "Uben"]


@pytest.mark.parametrize(("age", "hears"), [(LATELY, ["Uann"]), (LATELY + timedelta(seconds=1), [])])
def test_its_writer_hears_for_a_day_that_it_was_published(desk: Desk, age: timedelta, hears: list[str]) -> None:
    desk.ends_as(DraftStage.PUBLISHED, NOW - age)
    assert desk.told() == hears


def test_of_a_draft_that_was_dropped_nobody_hears(desk: Desk) -> None:
    desk.ends_as(DraftStage.DROPPED, NOW)
    assert desk.told() == []
