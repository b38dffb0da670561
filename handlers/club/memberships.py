"""Memberships: each person's plans with their ends, and the plans there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, true, update

from corpus.database import UnitOfWork, aware
from corpus.storage.upsert import upsert
from corpus.visibility import ALL_MEMBERS
from handlers.club.people import utc
from handlers.club.tables import held, member_plans, memberships, paid_memberships

FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)


class Memberships:
    """Memberships and member plans. A membership runs until its moment, which each gate compares with its own clock: nothing has to end it."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    # plans

    def plans(self) -> tuple[str, ...]:
        """Return the names of all plans, the oldest first."""
        query = select(member_plans.c.name).order_by(member_plans.c.made_at, member_plans.c.name)
        return tuple(self.work.reader.execute(query).scalars())

    def add_plan(self, name: str, at: datetime) -> bool:
        """Add a plan; False where there is one of that name."""
        if name in self.plans():
            return False
        self.work.writer.execute(insert(member_plans).values(name=name, made_at=utc(at)))
        return True

    # members

    def of(self, user: str) -> dict[str, datetime]:
        """Return the end of each membership of a person, running or ended, by plan; of no plan under `ALL_MEMBERS`."""
        mine = select(held.c.plan, held.c.until).where(held.c.user_id == user).order_by(held.c.until)
        return {plan: aware(until) or FOR_GOOD for plan, until in self.work.reader.execute(mine)}

    def grant(self, user: str, days: int | None, at: datetime, plan: str = ALL_MEMBERS) -> datetime:
        """Extend a membership by `days` (None: for good) from its end, or from now; return its new end."""
        running = self.of(user).get(plan, at)
        start = max(running, at)
        until = FOR_GOOD if days is None or start == FOR_GOOD else utc(start + timedelta(days=days))
        self.set_until(user, plan, until, at)
        return until

    def set_until(self, user: str, plan: str, until: datetime, at: datetime) -> None:
        mine = {"user_id": user, "plan": plan}
        upsert(self.work.writer, memberships, mine, {"until": utc(until)}, first={"since": utc(at)})

    def end(self, user: str, at: datetime, plan: str | None = None) -> bool:
        """End a person's membership of a plan, or of all; False where there was none.

        A payer's platform may grant it anew.
        """
        ended = 0
        for table in (memberships, paid_memberships):
            mine = table.c.user_id == user
            mine &= table.c.plan == plan if plan is not None else true()
            ended += self.work.writer.execute(update(table).where(mine).values(until=utc(at))).rowcount
        return ended > 0
