"""Events as the Ledger keeps them, and their way through it by hand: for tests of its rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table

from bot.ledger import ClaimedEvent, FrozenReply, Ledger, OutboxMessage, WebhookBatch
from bot.ledger.tables import outbox
from bot.line.events import LineEvent
from corpus.database import UnitOfWork, reading
from handlers.identity import Chat, Place

NOW = 1_700_000_000.0
HELLO = FrozenReply(({"type": "text", "text": "好"},), "找 散熱", (3, 5))
GROUP = Chat("C1", Place.GROUP)


def asked(number: int, user: str = "U1", at: float = 0.0, text: str = "散熱") -> LineEvent:
    person = Chat(user, Place.PERSON)
    return LineEvent(
        f"E{number}", "text", person, user, at, reply_token=f"token{number}", text=text, message=f"m{number}"
    )


def keep(ledger: Ledger, *events: LineEvent, at: float = NOW) -> None:
    ledger.store(WebhookBatch(at, events))


def claim(ledger: Ledger, at: float = NOW) -> ClaimedEvent:
    kept = ledger.claim(at)
    assert kept is not None
    return kept


def finish(
    ledger: Ledger, kept: ClaimedEvent, reply: FrozenReply | None = HELLO, at: float = NOW
) -> OutboxMessage | None:
    with UnitOfWork(ledger.engine) as work:
        outgoing = ledger.finish(work, kept, reply, at)
        work.commit()
    return outgoing


def written(ledger: Ledger, event: LineEvent, at: float = NOW) -> tuple[ClaimedEvent, OutboxMessage]:
    """An event that was kept and handled; its reply is in our hands."""
    keep(ledger, event, at=at)
    kept = claim(ledger, at)
    outgoing = finish(ledger, kept, at=at)
    assert outgoing is not None
    return kept, outgoing


def rows(ledger: Ledger, table: Table) -> list[Any]:
    with reading(ledger.engine) as connection:
        return list(connection.execute(table.select().order_by(*table.primary_key)))


def state(ledger: Ledger) -> str:
    [row] = rows(ledger, outbox)
    return str(row.state)
