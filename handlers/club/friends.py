"""Friends and blocks by day: a number for everybody together, as LINE counts it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from corpus.database import UnitOfWork, dialect
from handlers.club.tables import friend_counts


class FriendCount(NamedTuple):
    """The accounts that ever added the bot by the end of a day, and those of them that block it."""

    day: date
    friends: int
    blocks: int


class Friends:
    """The numbers of friends and blocks, by day."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def since(self, day: date) -> list[FriendCount]:
        """List the numbers known from that day on, the oldest first."""
        query = select(friend_counts).where(friend_counts.c.day >= day).order_by(friend_counts.c.day)
        return [FriendCount(*row) for row in self.work.reader.execute(query)]

    def keep(self, counts: Mapping[date, tuple[int, int]]) -> None:
        rows = [{"day": day, "friends": friends, "blocks": blocks} for day, (friends, blocks) in counts.items()]
        writer = self.work.writer
        writer.execute(dialect(writer).insert(friend_counts).on_conflict_do_nothing(), rows)
