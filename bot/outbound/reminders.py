"""Reminders to members whose membership ends within seven days: with a reply of ours that goes out anyway, else pushed."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.ledger import REMINDER, Delivery, plan_deliveries
from corpus.database import UnitOfWork
from handlers.club.members import Members
from handlers.identity import Chat, Place

BEFORE = timedelta(days=7)
PATIENCE = timedelta(days=4)  # for which a reminder waits for a free ride
EVERY = timedelta(hours=1)


class MembershipReminders:
    """Plans one reminder for each end of each membership; whether it still holds is looked at when it goes out."""

    def __init__(self) -> None:
        self._next: datetime | None = None  # lost without harm: a planned reminder is known by its name

    def plan(self, work: UnitOfWork, now: datetime) -> None:
        """Plan a reminder to everybody whose membership ends soon; looks once an hour."""
        if self._next is not None and now < self._next:
            return
        wanted = [
            Delivery(
                REMINDER,
                Chat(one.user, Place.PERSON),
                f"reminder {one.plan} {one.until:%Y-%m-%dT%H:%M}",
                push_at=max(now, one.until - BEFORE + PATIENCE).timestamp(),
                subject=f"{one.plan}\n{one.until.isoformat()}",
            )
            for one in Members(work).ending(now, now + BEFORE)
        ]
        if wanted and plan_deliveries(work.writer, wanted, now.timestamp()):
            work.commit()
        self._next = now + EVERY
