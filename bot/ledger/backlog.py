"""Count and find deliveries that are due and have not gone out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, select

from bot.ledger.outgoing import DROPPED, PENDING, PUSH, UNKNOWN, WAITING
from bot.ledger.tables import outbox, runs
from handlers.identity import Place


def count_unsent(connection: Connection, now: datetime, window: timedelta) -> int:
    """Count the deliveries that should have gone out up to `now`, within the window, and have not; a group's that only rides is not counted."""
    within = (runs.c.slot > (now - window).timestamp()) & (runs.c.slot <= now.timestamp())
    failed = select(runs.c.id).where(within, runs.c.state.in_((DROPPED, UNKNOWN)))
    refused = select(outbox.c.id).join(runs, runs.c.id == outbox.c.run)  # by the quota: it waits for a ride
    refused = refused.where(within, runs.c.place == Place.PERSON, outbox.c.state == WAITING, outbox.c.push_at.is_(None))
    return sum(len(connection.execute(query).all()) for query in (failed, refused, _to_push(now, window)))


def has_in_flight(connection: Connection, now: datetime, window: timedelta) -> bool:
    """Tell whether something may still be pushed at `now`."""
    return connection.execute(_to_push(now, window).limit(1)).first() is not None


def _to_push(now: datetime, window: timedelta) -> Select[tuple[int]]:
    retried = (outbox.c.state == PENDING) & (outbox.c.kind == PUSH)
    since = (now - window).timestamp()
    waits = (outbox.c.state == WAITING) & (outbox.c.push_at > since) & (outbox.c.push_at <= now.timestamp())
    return select(outbox.c.id).where(retried | waits)
