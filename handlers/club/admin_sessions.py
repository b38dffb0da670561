"""Visits to the admin site: each begins with a one-time code, whose row is the record of the visit from then on."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from corpus.database import UnitOfWork
from handlers.club.people import People, Purpose, code_hash, utc
from handlers.club.tables import codes

KNOCK = timedelta(minutes=5)  # a link works for that long, once
IDLE = timedelta(hours=12)  # after which a visit without a sign of work ends
LONGEST = timedelta(days=7)  # after which a visit ends in any case
NOTED = timedelta(minutes=10)  # between two notes of work in one visit


class AdminSessions:
    """Visits to the admin site, by a key that the browser holds; only its hash is kept."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def invite(self, user: str, at: datetime) -> str:
        """Make a code that lets this person in."""
        return People(self.work).make_code(Purpose.ADMIN_LINK, at, KNOCK, user=user)

    def begin(self, code: str, at: datetime) -> tuple[str, str] | None:
        """Spend a code and return (the visit's key, its visitor); None when the code is unknown, spent or too old."""
        key = code_hash(code)
        fresh = (codes.c.hash == key) & (codes.c.purpose == Purpose.ADMIN_LINK) & codes.c.used_at.is_(None)
        if self.work.reader.execute(select(codes.c.hash).where(fresh)).scalar() is None:
            return None  # without a write: strangers may knock as often as they like
        spent = self.work.writer.execute(
            update(codes)
            .where(fresh, codes.c.expires_at > utc(at))
            .values(used_by=codes.c.user_id, used_at=utc(at))
            .returning(codes.c.user_id)
        ).scalar()
        return (key, spent) if spent is not None else None

    def visitor(self, key: str, at: datetime) -> str | None:
        """Return the visitor of a visit; None once it is over."""
        running = (codes.c.used_at > utc(at - IDLE)) & (codes.c.made_at > utc(at - LONGEST))
        return self.work.reader.execute(select(codes.c.user_id).where(_begun(key), running)).scalar()

    def last_visitor(self, key: str) -> str | None:
        """Return the visitor of a visit, also of one that grew too old."""
        return self.work.reader.execute(select(codes.c.user_id).where(_begun(key))).scalar()

    def prolong(self, key: str, at: datetime) -> None:
        """Let a visit go on from now, since somebody works; noted once in NOTED."""
        is_due = _begun(key) & (codes.c.used_at <= utc(at - NOTED))
        if self.work.reader.execute(select(codes.c.hash).where(is_due)).first() is not None:
            self.work.writer.execute(update(codes).where(is_due).values(used_at=utc(at)))

    def end(self, key: str) -> None:
        self.work.writer.execute(delete(codes).where(codes.c.hash == key, codes.c.purpose == Purpose.ADMIN_LINK))


def _begun(key: str) -> ColumnElement[bool]:
    return (codes.c.hash == key) & (codes.c.purpose == Purpose.ADMIN_LINK) & codes.c.used_at.is_not(None)
