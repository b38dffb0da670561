"""Memberships that are paid for elsewhere: the decisions of the payer's platform on its keys, and the keys' owners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from corpus.database import UnitOfWork, aware
from corpus.storage.upsert import upsert
from handlers.club.people import utc
from handlers.club.tables import codes, paid_memberships


@dataclass(frozen=True, slots=True)
class PaidChange:
    """A decision of the platform, made at `decided_at`: a key is a member of a plan until `until`."""

    key: str
    plan: str
    until: datetime
    decided_at: datetime


class PaidMemberships:
    """Paid memberships. Of two decisions about a key and a plan the later one holds, in whatever order they come."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def lock(self) -> None:
        """Let nobody else decide before this unit of work ends."""
        self.work.lock_table(paid_memberships)

    def decide(self, change: PaidChange, at: datetime) -> bool:
        """Store a decision; False where a later one is stored already."""
        mine = (paid_memberships.c.key == change.key) & (paid_memberships.c.plan == change.plan)
        known = self.work.writer.execute(select(paid_memberships.c.decided_at).where(mine)).scalar()
        if known is not None and (aware(known) or at) > change.decided_at:
            return False
        values = {"until": utc(change.until), "decided_at": utc(change.decided_at)}
        first = {"user_id": self.owner(change.key), "since": utc(at)}
        upsert(self.work.writer, paid_memberships, {"key": change.key, "plan": change.plan}, values, first)
        return True

    def owner(self, key: str) -> str | None:
        """Return the user whose key it is; None until somebody has typed its code."""
        bound = (paid_memberships.c.key == key) & paid_memberships.c.user_id.is_not(None)
        return self.work.reader.execute(select(paid_memberships.c.user_id).where(bound).limit(1)).scalar()

    def is_known(self, key: str) -> bool:
        """Tell whether the platform has decided anything about a key."""
        known = select(paid_memberships.c.key).where(paid_memberships.c.key == key).limit(1)
        return self.work.reader.execute(known).scalar() is not None

    def is_linked(self, user: str) -> bool:
        """Tell whether some key of a payer's platform is this person's."""
        mine = select(paid_memberships.c.key).where(paid_memberships.c.user_id == user).limit(1)
        return self.work.reader.execute(mine).scalar() is not None

    def running(self, plan: str, at: datetime) -> list[str]:
        """List the keys that are members of a plan at this moment."""
        runs = (paid_memberships.c.plan == plan) & (paid_memberships.c.until > utc(at))
        return list(self.work.reader.execute(select(paid_memberships.c.key).where(runs)).scalars())

    def count_running(self, at: datetime) -> int:
        """Count the running paid memberships."""
        runs = select(func.count()).select_from(paid_memberships).where(paid_memberships.c.until > utc(at))
        return self.work.reader.execute(runs).scalar_one()

    def bind(self, key: str, user: str, at: datetime) -> dict[str, datetime]:
        """Give a key to this person, and void its unused codes; return the key's plans, each with its end."""
        self.lock()
        mine = paid_memberships.c.key == key
        self.work.writer.execute(update(paid_memberships).where(mine).values(user_id=user))
        unused = (codes.c.payer_key == key) & codes.c.used_at.is_(None)
        self.work.writer.execute(update(codes).where(unused).values(used_at=utc(at)))
        rows = self.work.writer.execute(select(paid_memberships.c.plan, paid_memberships.c.until).where(mine))
        return {plan: aware(until) or at for plan, until in rows}
