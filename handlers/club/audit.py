"""The record of who did what: rows are appended, and lose a name only when a person is erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from corpus.database import UnitOfWork
from handlers.club.people import utc
from handlers.club.tables import audit


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of a person."""

    at: datetime
    user: str
    action: str
    subject: str
    detail: str


class Audit:
    """The record of acts."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def note(self, user: str, action: str, subject: str, at: datetime, detail: str = "") -> None:
        self.work.writer.execute(
            insert(audit).values(user_id=user, action=action, subject=subject, at=utc(at), detail=detail)
        )

    def of(self, subject: str, limit: int = 20) -> list[Entry]:
        """List the acts on a subject ("essay:12"), the newest first."""
        rows = self.work.reader.execute(
            select(audit).where(audit.c.subject == subject).order_by(audit.c.id.desc()).limit(limit)
        )
        return [Entry(row.at, row.user_id, row.action, row.subject, row.detail) for row in rows]

    def latest(self, limit: int = 100, offset: int = 0) -> list[Entry]:
        rows = self.work.reader.execute(select(audit).order_by(audit.c.id.desc()).limit(limit).offset(offset))
        return [Entry(row.at, row.user_id, row.action, row.subject, row.detail) for row in rows]
