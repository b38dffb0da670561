"""The schedule: which chats are due at which moment, planned once each, whoever looks and however often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, exists, select, update

from bot.ledger import deliveries as book
from bot.ledger.deliveries import Delivery
from bot.ledger.outbox import DROPPED, PENDING, PUSH, UNKNOWN, WAITING
from bot.ledger.tables import outbox, runs
from corpus.database import UnitOfWork
from corpus.storage import essay_store
from handlers.club.digest_tables import mailings
from handlers.club.timetable import Timetable
from handlers.identity import Chat, Place

WINDOW = timedelta(hours=6)  # a slot that nobody planned is caught up with for so long
LOOKBACK = timedelta(days=3)  # older ones are not even noted
BATCH = 500


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
            while batch := _due(work.reader, table, slot, now, last):
                planned += self._plan(work, batch, slot, now, clock)
                work.commit()
                last = batch[-1].chat
            self._done.add((table, slot))
        return planned

    def _slots(self, work: UnitOfWork, now: datetime) -> Iterator[tuple[Timetable, datetime]]:
        """What has become due since the last look, oldest first."""
        tables = [Timetable(days, minute) for days, minute in work.reader.execute(_TIMETABLES)]
        work.close()
        found = {(slot, table) for table in tables for slot in table.slots(now - LOOKBACK, now, self.zone)}
        self._done = {done for done in self._done if done[1] > now - LOOKBACK}
        for slot, table in sorted(found, key=lambda pair: pair[0]):
            if (table, slot) not in self._done:
                yield table, slot

    def _plan(self, work: UnitOfWork, batch: list[Row[Any]], slot: datetime, now: datetime, clock: float) -> int:
        writer = work.writer
        news, revision = essay_store.newest_news(writer), essay_store.revision(writer)
        wanted = [self._run(row, slot, now, news) for row in batch]
        paused = [run.chat.id for run in wanted if run.state == book.PAUSED]
        if paused:  # nothing is made up for a pause
            writer.execute(update(mailings).where(mailings.c.chat.in_(paused)).values(covered=revision))
        return book.plan(writer, wanted, clock)

    def _run(self, row: Row[Any], slot: datetime, now: datetime, news: int) -> Delivery:
        chat = Chat(row.chat, Place(row.place))
        rides_only = chat.is_group and not row.on_time
        return Delivery(
            kind=book.DIGEST,
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
        return book.SKIPPED
    if row.paused_until is not None and slot.timestamp() < row.paused_until:
        return book.PAUSED
    return book.PLANNED if news > row.covered or row.archive else book.EMPTY


_TIMETABLES = select(mailings.c.days, mailings.c.minute).distinct()


def _due(connection: Connection, table: Timetable, slot: datetime, now: datetime, last: str) -> list[Row[Any]]:
    """The chats of this timetable without a run for the slot that come after `last`.

    One that was set later than the slot is not due, unless it was set later than `now`: then the clock has gone back.
    """
    known = exists().where(runs.c.chat == mailings.c.chat, runs.c.name == slot_name(slot))
    was_set = (mailings.c.since < slot.timestamp()) | (mailings.c.since > now.timestamp())
    query = select(mailings).where(mailings.c.days == table.days, mailings.c.minute == table.minute, was_set, ~known)
    query = query.where(mailings.c.chat > last)
    return list(connection.execute(query.order_by(mailings.c.chat).limit(BATCH)))


def count_unsent(connection: Connection, now: datetime) -> int:
    """What should have gone out up to `now`, within the window, and has not; what only rides is not among it."""
    within = (runs.c.slot > (now - WINDOW).timestamp()) & (runs.c.slot <= now.timestamp())
    failed = select(runs.c.id).where(within, runs.c.state.in_((DROPPED, UNKNOWN)))
    refused = select(outbox.c.id).join(runs, runs.c.id == outbox.c.run)  # by the budget: it waits for a ride
    refused = refused.where(within, runs.c.place == Place.PERSON, outbox.c.state == WAITING, outbox.c.push_at.is_(None))
    return sum(len(connection.execute(query).all()) for query in (failed, refused, _to_push(now)))


def has_in_flight(connection: Connection, now: datetime) -> bool:
    """Is there something that may still be pushed at `now`?"""
    return connection.execute(_to_push(now).limit(1)).first() is not None


def _to_push(now: datetime) -> Select[tuple[int]]:
    retried = (outbox.c.state == PENDING) & (outbox.c.kind == PUSH)
    since = (now - WINDOW).timestamp()
    waits = (outbox.c.state == WAITING) & (outbox.c.push_at > since) & (outbox.c.push_at <= now.timestamp())
    return select(outbox.c.id).where(retried | waits)
