"""Figures of a community's week, of five people and more: counted anew each time, so that an erased person is in none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table, func, select

from corpus.database import UnitOfWork
from handlers.club.digest_tables import subscriptions
from handlers.club.people import utc
from handlers.club.subscriptions import TopicKind
from handlers.club.tables import missed_askers, misses, opened, saved

FEWEST = 5  # people; a smaller number is not told


class WeekFigures:
    """The numbers of one week."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def opened(self, since: datetime) -> dict[int, int]:
        """Count the people who opened each essay, where they are not too few."""
        return self._readers(opened, since)

    def saved(self, since: datetime) -> dict[int, int]:
        return self._readers(saved, since)

    def subscribers(self, kind: TopicKind, limit: int) -> list[tuple[str, int]]:
        """List the topics or securities that most chats subscribe to, with the number of chats."""
        count = func.count(subscriptions.c.chat.distinct())
        query = select(func.min(subscriptions.c.name), count).where(subscriptions.c.kind == kind)
        query = query.group_by(subscriptions.c.key).having(count >= FEWEST).order_by(count.desc()).limit(limit)
        return [(name, number) for name, number in self.work.reader.execute(query)]

    def asked_in_vain(self, since: datetime, limit: int) -> list[tuple[str, int]]:
        """List the questions that most people asked in vain since then, with the number of people."""
        count = func.count(missed_askers.c.id.distinct())
        asked = select(func.min(misses.c.question), count).join(missed_askers, missed_askers.c.key == misses.c.key)
        query = asked.where(missed_askers.c.at >= utc(since)).group_by(misses.c.key).having(count >= FEWEST)
        query = query.order_by(count.desc(), misses.c.key).limit(limit)
        return [(question, int(number)) for question, number in self.work.reader.execute(query)]

    def _readers(self, table: Table, since: datetime) -> dict[int, int]:
        count = func.count(table.c.user_id.distinct())
        query = select(table.c.essay_id, count).where(table.c.at >= utc(since)).group_by(table.c.essay_id)
        return {row[0]: row[1] for row in self.work.reader.execute(query.having(count >= FEWEST))}
