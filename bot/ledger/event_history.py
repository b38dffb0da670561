"""The record of one event, for an operator who asks why it was not answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.ledger.inbox import DONE
from bot.ledger.tables import inbox, outbox


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event that was kept, without its words: how often it was tried, and what became of its reply."""

    kind: str
    received_at: float
    finished: bool
    attempts: int
    reply: str | None  # the state of its reply; None: there is none


def event_record(connection: Connection, event_id: str) -> EventRecord | None:
    """Return the record of an event by its webhookEventId; None for one that was never kept, or is kept no longer."""
    row = connection.execute(select(inbox).where(inbox.c.event_id == event_id)).one_or_none()
    reply = connection.execute(select(outbox.c.state).where(outbox.c.event_id == event_id)).scalar()
    if row is None:
        return None
    return EventRecord(row.kind, row.received_at, row.state == DONE, row.attempts, reply)
