"""Ask LINE once a day how many friends and blocks there were at the end of the days before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.line.client import LineClient, LineError
from bot.logs import log
from corpus.database import UnitOfWork
from handlers.club.friends import Friends

LINE_DAYS = ZoneInfo("Asia/Tokyo")  # in which LINE counts days
EVERY = timedelta(days=1)
BACK = 3  # days: LINE may tell one late, and a look may fail


class FriendCounter:
    """A chore of the worker. What cannot be read is asked for again the next day."""

    def __init__(self, line: LineClient) -> None:
        self.line = line
        self._next: datetime | None = None  # lost without harm: a known count is not asked for again

    def __call__(self, work: UnitOfWork, now: datetime) -> None:
        if self._next is not None and now < self._next:
            return
        self._next = now + EVERY
        today = now.astimezone(LINE_DAYS).date()
        days = [today - timedelta(days=back) for back in range(BACK, 0, -1)]
        known = {one.day for one in Friends(work).since(days[0])}
        work.close()  # nothing is held while LINE is asked
        counts = {day: count for day in days if day not in known and (count := self._ask(day)) is not None}
        if counts:
            Friends(work).keep(counts)
            work.commit()

    def _ask(self, day: date) -> tuple[int, int] | None:
        try:
            return self.line.followers(day)
        except LineError as error:
            log.warning("friends_not_read", status=error.status)
            return None
