"""Which chats were sent something of an essay: for corrections."""

from __future__ import annotations

from sqlalchemy import Connection, Text, cast, select

from bot.ledger.tables import bubbles
from handlers.identity import Chat, Place


def shown_to(connection: Connection, essay: int) -> list[Chat]:
    """Chats with a bubble of ours, not older than bubbles are kept, that shows this essay; in the order of their ids."""
    likely = cast(bubbles.c.essays, Text).like(f"%{essay}%")  # JSON: looked at once more below
    rows = connection.execute(select(bubbles.c.chat, bubbles.c.essays).where(likely))
    found = sorted({chat for chat, essays in rows if essay in essays})
    return [Chat(chat, Place.PERSON if chat.startswith("U") else Place.GROUP) for chat in found]
