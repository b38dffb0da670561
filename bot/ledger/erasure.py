"""Erasing a person from the Ledger: what came in, what goes out, what was sent."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from bot.ledger.inbox import DONE
from bot.ledger.tables import bubbles, inbox, outbox, quarantine, runs, tokens
from handlers.club.erasure import ErasureRule, deletes


def _take_out_of_quarantine(connection: Connection, user: str) -> None:
    """A body that could not be read is searched as it is."""
    held = connection.execute(select(quarantine.c.id, quarantine.c.body)).all()
    named = [number for number, body in held if user.encode() in body]
    connection.execute(delete(quarantine).where(quarantine.c.id.in_(named)))


LEDGER_RULES = (
    deletes(
        inbox, "user_id", "chat", which=inbox.c.state == DONE
    ),  # what is being answered at this moment ends by itself
    deletes(outbox, "user_id", "chat"),
    deletes(runs, "chat"),
    deletes(bubbles, "user_id", "chat"),
    deletes(tokens, "chat"),
    ErasureRule("quarantine", _take_out_of_quarantine),
)
