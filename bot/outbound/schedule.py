"""The schedule: which chats are due at which moment, planned once each, whoever looks and however often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select, tuple_

from bot.ledger import DigestSlot, count_next_chats, next_chats, plan_digests
from corpus.database import UnitOfWork
from corpus.storage import essay_store
from corpus.storage.prepared import Prepared
from handlers.club.digest_tables import mailings
from handlers.club.timetable import Timetable

WINDOW = timedelta(hours=6)  # a slot that nobody planned is caught up with for so long
LOOKBACK = timedelta(days=3)  # older slots are not even noted as skipped


class Schedule:
    """Knows no clock: `now` comes in, and may jump. Nothing is remembered but the runs, each unique per chat and slot."""

    def __init__(self, zone: ZoneInfo, patience: float) -> None:
        self.zone = zone
        self.patience = patience  # seconds that a due digest waits for a ride before it may be pushed
        self._done: set[tuple[Timetable, datetime]] = set()  # spares looking again; lost without harm

    def plan(self, work: UnitOfWork, now: datetime, clock: float) -> int:
        """Plan every slot that is due at `now`, a batch at a time, each committed; return how many digests are to go out.

        `clock` is the real time, which dates the rows.
        """
        planned = 0
        for table, at in self._slots(work, now):
            slot, last = self._slot(table, at, now), ""
            while (end := next_chats(work.reader, slot, last)) is not None:
                writer = work.writer
                news, revision = essay_store.newest_news(writer), essay_store.revision(writer)
                planned += plan_digests(writer, slot, last, end, news, revision, clock)
                work.commit()
                last = end
            self._done.add((table, at))
        return planned

    def unplanned(self, reader: Connection, due: datetime, now: datetime) -> int:
        """Count the digests that were due at `due` and that nobody has planned by `now`; of each slot a batch at most."""
        slots = self._due(list(_timetables(reader)), due)
        return sum(count_next_chats(reader, self._slot(table, at, now)) for table, at in slots)

    def _slot(self, table: Timetable, at: datetime, now: datetime) -> DigestSlot:
        return DigestSlot(table, slot_name(at), at, now, at <= now - WINDOW, self.patience)

    def _slots(self, work: UnitOfWork, now: datetime) -> Iterator[tuple[Timetable, datetime]]:
        """Return the slots that became due and are not planned yet, oldest first."""
        tables = list(_timetables(work.reader))
        work.close()
        return self._due(tables, now)

    def _due(self, tables: list[Timetable], now: datetime) -> Iterator[tuple[Timetable, datetime]]:
        found = {(slot, table) for table in tables for slot in table.slots(now - LOOKBACK, now, self.zone)}
        self._done = {done for done in self._done if done[1] > now - LOOKBACK}
        for slot, table in sorted(found, key=lambda pair: pair[0]):
            if (table, slot) not in self._done:
                yield table, slot


def slot_name(slot: datetime) -> str:
    """Name a digest's run: the same on every host, whatever its time zone."""
    return f"digest {slot.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _timetables(reader: Connection) -> Iterator[Timetable]:
    """Yield each timetable that some chat has, once: by the index from one to the next, however many chats have it."""
    found = _NEXT.first(reader, days="", minute=-1)
    while found:
        yield Timetable(*found)
        found = _NEXT.first(reader, days=found.days, minute=found.minute)


_TIMETABLE = (mailings.c.days, mailings.c.minute)
_NEXT = Prepared(
    select(*_TIMETABLE)
    .where(tuple_(*_TIMETABLE) > tuple_(bindparam("days"), bindparam("minute")))
    .order_by(*_TIMETABLE)
    .limit(1)
)
