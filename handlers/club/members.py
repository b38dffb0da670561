"""Members and the codes that make them, as moderators count them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, exists, func, or_, select, update

from corpus.database import UnitOfWork, aware
from corpus.visibility import ALL_MEMBERS
from handlers.club.people import Purpose, utc
from handlers.club.tables import codes, held, memberships, paid_memberships, people
from handlers.identity import Role


@dataclass(frozen=True, slots=True)
class Member:
    """One membership."""

    user: str
    plan: str
    until: datetime
    since: datetime
    note: str = ""
    batches: tuple[str, ...] = ()  # of the codes that this person used


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes that were made together; `open` ones can still be used."""

    name: str
    plan: str
    days: int | None  # of membership; None: for good
    made_at: datetime
    expires_at: datetime
    made: int
    used: int
    open: int


class Members:
    """Members and codes, listed and counted."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def count(self, at: datetime) -> int:
        return self.work.reader.execute(select(func.count(held.c.user_id.distinct())).where(_running(at))).scalar_one()

    def running(self, at: datetime, limit: int, offset: int = 0, words: str = "") -> list[Member]:
        """List running memberships, the next to end first; people with a role in editing need none.

        With `words`, list those, running or ended, whose user id, plan, note or batch of codes contains them.
        """
        order = (held.c.until, held.c.user_id, held.c.plan)
        which = _named(words) if words else _running(at)
        query = select(held).where(which).order_by(*order).limit(limit).offset(offset)
        return self._members(list(self.work.reader.execute(query)), at)

    def ending(self, at: datetime, until: datetime) -> list[Member]:
        """List the memberships that end within this time and are not prolonged by another of the same plan."""
        soon = select(
            held.c.user_id, held.c.plan, func.max(held.c.until).label("until"), func.min(held.c.since).label("since")
        ).where(_running(at), held.c.until <= utc(until))
        for table in (memberships, paid_memberships):
            same = (table.c.user_id == held.c.user_id) & (table.c.plan == held.c.plan)
            soon = soon.where(~exists().where(same, table.c.until > utc(until)))
        return self._members(list(self.work.reader.execute(soon.group_by(held.c.user_id, held.c.plan))), at)

    def _members(self, rows: Sequence[Row[Any]], at: datetime) -> list[Member]:
        users = [row.user_id for row in rows]
        known = select(people.c.user_id, people.c.note).where(people.c.user_id.in_(users))
        notes = {row.user_id: row.note for row in self.work.reader.execute(known)}
        used: dict[str, list[str]] = defaultdict(list)
        query = select(codes.c.used_by, codes.c.batch).where(codes.c.used_by.in_(users), codes.c.batch.is_not(None))
        for user, batch in self.work.reader.execute(query.order_by(codes.c.used_at)):
            used[user].append(batch)
        return [
            Member(
                row.user_id,
                row.plan,
                aware(row.until) or at,
                aware(row.since) or at,
                notes.get(row.user_id, ""),
                tuple(dict.fromkeys(used[row.user_id])),
            )
            for row in rows
        ]

    def batches(self, at: datetime, limit: int = 30) -> list[Batch]:
        """List the batches of membership codes, the latest first."""
        unused = codes.c.used_at.is_(None)
        is_open = unused & (codes.c.expires_at > utc(at))
        used = func.sum(case((codes.c.used_by.is_not(None), 1), else_=0))
        usable = func.sum(case((is_open, 1), else_=0))
        first = func.min(codes.c.made_at)
        query = (
            select(
                codes.c.batch,
                func.min(codes.c.plan),
                func.min(codes.c.days),
                first,
                func.max(codes.c.expires_at),
                func.count(),
                used,
                usable,
            )
            .where(codes.c.purpose == Purpose.MEMBER, codes.c.batch.is_not(None))
            .group_by(codes.c.batch)
            .order_by(first.desc())
        )
        rows = self.work.reader.execute(query.limit(limit))
        return [
            Batch(name, plan or ALL_MEMBERS, days, aware(made) or at, aware(end) or at, n, u, o)
            for name, plan, days, made, end, n, u, o in rows
        ]

    def void(self, batch: str, at: datetime) -> int:
        """Void the unused codes of a batch; return their number."""
        unused = (codes.c.batch == batch) & (codes.c.purpose == Purpose.MEMBER) & codes.c.used_at.is_(None)
        return self.work.writer.execute(update(codes).where(unused).values(used_at=utc(at))).rowcount


def _named(words: str) -> ColumnElement[bool]:
    noted = select(people.c.user_id).where(people.c.note.contains(words, autoescape=True))
    used = select(codes.c.used_by).where(codes.c.batch.contains(words, autoescape=True), codes.c.used_by.is_not(None))
    return or_(
        held.c.user_id.contains(words, autoescape=True),
        held.c.plan.contains(words, autoescape=True),
        held.c.user_id.in_(noted),
        held.c.user_id.in_(used),
    )


def _running(at: datetime) -> ColumnElement[bool]:
    """Return the condition for a membership that has not ended, of somebody without a role in editing."""
    staff = select(people.c.user_id).where(people.c.role >= Role.EDITOR)
    return (held.c.until > utc(at)) & held.c.user_id.not_in(staff)
