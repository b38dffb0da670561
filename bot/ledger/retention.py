"""The ages at which the Ledger forgets."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from bot.ledger.claims import cancel_stale
from bot.ledger.inbox import DONE
from bot.ledger.outbox import ANSWERED
from bot.ledger.outgoing import DROPPED, SENT, UNKNOWN
from bot.ledger.tables import bubbles, has_come, inbox, lanes, left_unread, outbox, quarantine, runs, tokens
from handlers.club.retention import Retention

HOUR = 3600.0
DAY = 24 * HOUR

REVIVABLE = HOUR  # a late reply waits this long for a redelivery
KNOWN = 3 * DAY  # an event that comes again after this is a new one
INSPECTABLE = 7 * DAY


def sweep(connection: Connection, now: float, kept: Retention) -> None:
    """Delete or blank all rows that are older than they are kept."""
    cancel_stale(connection, now)
    connection.execute(delete(tokens).where(tokens.c.expires_at <= now))
    connection.execute(delete(left_unread).where(left_unread.c.until <= now))
    connection.execute(delete(lanes).where(has_come(lanes.c.lease_until, now)))
    late = (outbox.c.state == DROPPED) & (outbox.c.expires_at <= now - REVIVABLE)
    connection.execute(update(outbox).where(late).values(**ANSWERED))
    connection.execute(
        delete(outbox).where(outbox.c.state.in_((SENT, DROPPED, UNKNOWN)), outbox.c.expires_at <= now - KNOWN)
    )
    connection.execute(delete(inbox).where(inbox.c.state == DONE, inbox.c.received_at <= now - KNOWN))
    connection.execute(
        update(bubbles).where(bubbles.c.sent_at <= now - kept.quoted * DAY).values(command="", user_id=None)
    )
    connection.execute(delete(bubbles).where(bubbles.c.sent_at <= now - kept.shown * DAY))
    connection.execute(delete(quarantine).where(quarantine.c.received_at <= now - INSPECTABLE))
    under_way = select(outbox.c.run).where(outbox.c.run.is_not(None))
    connection.execute(
        delete(runs).where(runs.c.created_at <= now - kept.deliveries * DAY, runs.c.id.not_in(under_way))
    )
