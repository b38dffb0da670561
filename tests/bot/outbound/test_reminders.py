"""Reminders of memberships that end: looked for once an hour, and told only of an end that is still to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.ledger.tables import outbox, runs
from bot.outbound.reminders import MembershipReminders
from corpus.database import UnitOfWork, reading
from handlers.club.club import Club
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, bot_over, pushes, seen

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def grant(engine: Engine, user: str, days: int, at: datetime = NOW) -> None:
    with UnitOfWork(engine) as work:
        Club(work).memberships.grant(user, days, at)
        work.commit()


def reminded(engine: Engine, reminders: MembershipReminders, at: datetime) -> dict[str, float]:
    """To whom a reminder is planned by a look, and after how many days from NOW it is pushed."""
    with UnitOfWork(engine) as work:
        reminders.plan(work, at)
    with reading(engine) as connection:
        found = connection.execute(select(outbox.c.chat, outbox.c.push_at)).all()
    return {chat: (push_at - NOW.timestamp()) / 86_400 for chat, push_at in found}


def test_it_looks_once_an_hour_a_week_ahead_and_waits_four_days_for_a_reply(engine: Engine) -> None:
    reminders = MembershipReminders()
    assert reminded(engine, reminders, NOW) == {}
    grant(engine, "Ulate", 2)
    grant(engine, "Usoon", 7)
    grant(engine, "Ufar", 8)
    assert reminded(engine, reminders, NOW + timedelta(minutes=59)) == {}
    assert reminded(engine, reminders, NOW + timedelta(hours=1)) == {"Ulate": pytest.approx(1 / 24), "Usoon": 4}


@pytest.fixture
def place(tmp_path: Path) -> InProcessBot:
    place = bot_over(tmp_path)
    place.say(ANN, ANN, "早安")
    grant(place.bot.engine, ANN.id, 5, place.clock.now)
    place.tick()
    return place


def test_a_membership_that_was_ended_early_is_not_said_to_go_on(place: InProcessBot) -> None:
    with UnitOfWork(place.bot.engine) as work:
        Club(work).memberships.end(ANN.id, place.clock.now)
        work.commit()
    place.say(ANN, ANN, "早安")
    assert "為止" not in seen(place, ANN)


def test_an_end_that_is_over_is_told_to_nobody(place: InProcessBot) -> None:
    place.pass_by(days=5)
    place.tick()
    place.say(ANN, ANN, "早安")
    assert "為止" not in seen(place, ANN)
    assert pushes(place) == []
    with reading(place.bot.engine) as connection:
        assert connection.execute(select(runs.c.state).where(runs.c.kind == "reminder")).scalars().all() == ["stopped"]
