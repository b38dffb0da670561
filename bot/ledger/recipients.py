"""Find chats by the messages they were sent, for corrections and pushes."""

from __future__ import annotations

from sqlalchemy import Connection, Text, cast, select

from bot.ledger.tables import bubbles, inbox
from handlers.identity import Chat, Place


def shown_to(connection: Connection, essay: int) -> list[Chat]:
    """Return the chats with a kept bubble of ours that shows this essay, in the order of their ids."""
    likely = cast(bubbles.c.essays, Text).like(f"%{essay}%")  # JSON: looked at once more below
    rows = connection.execute(select(bubbles.c.chat, bubbles.c.essays).where(likely))
    found = sorted({chat for chat, essays in rows if essay in essays})
    return [Chat.of_id(chat) for chat in found]


def chats_with_history(connection: Connection) -> list[Chat]:
    """Return the chats in which something was said to the bot, or by it, within the time that the Ledger remembers."""
    heard = connection.execute(select(inbox.c.chat, inbox.c.place).where(inbox.c.chat != "").distinct())
    spoken = connection.execute(select(bubbles.c.chat).distinct()).scalars()
    found = {chat: Chat.of_id(chat) for chat in spoken} | {row.chat: Chat(row.chat, Place(row.place)) for row in heard}
    return list(found.values())
