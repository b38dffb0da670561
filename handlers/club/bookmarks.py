"""Essays that a person saved, and those they opened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table, delete, select

from corpus.database import UnitOfWork
from corpus.storage.schema import State, essays
from corpus.storage.upsert import upsert
from handlers.club.people import utc
from handlers.club.tables import opened, saved


class Bookmarks:
    """Essays that people keep or have opened."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def save(self, user: str, essay_id: int, at: datetime) -> bool:
        """Keep an essay; False when it was kept already."""
        return self._note(saved, user, essay_id, at)

    def unsave(self, user: str, essay_id: int) -> bool:
        gone = self.work.writer.execute(delete(saved).where(saved.c.user_id == user, saved.c.essay_id == essay_id))
        return bool(gone.rowcount)

    def saved(self, user: str, limit: int = 50, offset: int = 0) -> list[int]:
        return self._ids(saved, user, limit, offset)

    def open(self, user: str, essay_id: int, at: datetime) -> None:
        self._note(opened, user, essay_id, at)

    def opened(self, user: str, limit: int = 50, offset: int = 0) -> list[int]:
        return self._ids(opened, user, limit, offset)

    def _note(self, table: Table, user: str, essay_id: int, at: datetime) -> bool:
        return upsert(self.work.writer, table, {"user_id": user, "essay_id": essay_id}, {"at": utc(at)})

    def _ids(self, table: Table, user: str, limit: int, offset: int) -> list[int]:
        """List the ids of essays that are not withdrawn, the latest first."""
        rows = self.work.reader.execute(
            select(table.c.essay_id)
            .join(essays, essays.c.id == table.c.essay_id)
            .where(table.c.user_id == user, essays.c.state == State.PUBLISHED)
            .order_by(table.c.at.desc())
            .limit(limit)
            .offset(offset)
        )
        return [row[0] for row in rows]
