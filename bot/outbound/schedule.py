"""The schedule: which chats are due at which moment, planned once each, whoever looks and however often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, select, tuple_, update

from bot.ledger import DIGEST, EMPTY, PAUSED, PLANNED, SKIPPED, Delivery, chats_without_delivery, plan_deliveries
from corpus.database import UnitOfWork
from corpus.storage import essay_store
from corpus.storage.prepared import Prepared
from handlers.club.digest_tables import mailings
from handlers.club.timetable import Timetable
from handlers.identity import Chat, Place

WINDOW = timedelta(hours=6)  # a slot that nobody planned is caught up with for so long
LOOKBACK = timedelta(days=3)  # older ones are not even noted


class Schedule:
    """Knows no clock: `now` comes in, and may jump. Nothing is remembered but the runs, each unique per chat and slot."""

    def __init__(self, zone: ZoneInfo, patience: float) -> None:
        self.zone = zone
        self.patience = patience  # seconds that a due digest waits for a ride before it may be pushed
        self._done: set[tuple[Timetable, datetime]] = set()  # spares looking again; lost without harm

    def plan(self, work: UnitOfWork, now: datetime, clock: float) -> int:
        """Plan every slot that is due at `now`, a batch at a time, each committed; how many digests are to go out.

        `clock` is the real time, which dates the rows.
        """
        planned = 0
        for table, slot in self._slots(work, now):
            last = ""
            while batch := chats_without_delivery(work.reader, table, slot_name(slot), slot, now, last):
                planned += self._plan(work, batch, slot, now, clock)
                work.commit()
                last = batch[-1].chat
            self._done.add((table, slot))
        return planned

    def unplanned(self, reader: Connection, due: datetime, now: datetime) -> int:
        """How many digests, due by then, nobody has planned by `now`; of each slot a batch at most."""
        return sum(
            len(chats_without_delivery(reader, table, slot_name(slot), slot, now, ""))
            for table, slot in self._due(list(_timetables(reader)), due)
        )

    def _slots(self, work: UnitOfWork, now: datetime) -> Iterator[tuple[Timetable, datetime]]:
        """What has become due since the last look, oldest first."""
        tables = list(_timetables(work.reader))
        work.close()
        return self._due(tables, now)

    def _due(self, tables: list[Timetable], now: datetime) -> Iterator[tuple[Timetable, datetime]]:
        found = {(slot, table) for table in tables for slot in table.slots(now - LOOKBACK, now, self.zone)}
        self._done = {done for done in self._done if done[1] > now - LOOKBACK}
        for slot, table in sorted(found, key=lambda pair: pair[0]):
            if (table, slot) not in self._done:
                yield table, slot

    def _plan(self, work: UnitOfWork, batch: list[Row[Any]], slot: datetime, now: datetime, clock: float) -> int:
        writer = work.writer
        news, revision = essay_store.newest_news(writer), essay_store.revision(writer)
        wanted = [self._run(row, slot, now, news) for row in batch]
        paused = [run.chat.id for run in wanted if run.state == PAUSED]
        if paused:  # nothing is made up for a pause
            writer.execute(update(mailings).where(mailings.c.chat.in_(paused)).values(covered=revision))
        return plan_deliveries(writer, wanted, clock)

    def _run(self, row: Row[Any], slot: datetime, now: datetime, news: int) -> Delivery:
        chat = Chat(row.chat, Place(row.place))
        rides_only = chat.is_group and not row.on_time
        return Delivery(
            kind=DIGEST,
            chat=chat,
            name=slot_name(slot),
            state=_state(row, slot, now, news),
            slot=slot.timestamp(),
            push_at=None if rides_only else slot.timestamp() + self.patience,
        )


def slot_name(slot: datetime) -> str:
    """The name of a digest's run: the same on every host, whatever its time zone."""
    return f"digest {slot.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _state(row: Row[Any], slot: datetime, now: datetime, news: int) -> str:
    if slot <= now - WINDOW:
        return SKIPPED
    if row.paused_until is not None and slot.timestamp() < row.paused_until:
        return PAUSED
    return PLANNED if news > row.covered or row.archive else EMPTY


def _timetables(reader: Connection) -> Iterator[Timetable]:
    """Each that some chat has, once: by the index from one to the next, however many chats have it."""
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
