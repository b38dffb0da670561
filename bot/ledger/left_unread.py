"""Messages that stay unread in LINE's own inbox, where editors read there: those without an answer, and all that came after them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.ledger.tables import left_unread
from bot.line.events import LineEvent
from corpus.storage.prepared import Prepared

HELD = 24 * 3600.0  # seconds for which an editor has time to look


def read_token_after(connection: Connection, event: LineEvent, is_answer: bool, now: float) -> str | None:
    """Return the token that marks an event's message as read once its reply is sent; None where it must stay unread.

    LINE marks all earlier messages of the chat along with it: while one of them waits, none is marked.
    """
    if event.read_token is None:
        return None
    if not is_answer:
        _HOLD.run(connection, chat=event.chat.id, until=now + HELD)
        return None
    return None if _IS_HELD.first(connection, chat=event.chat.id, now=now) else event.read_token


def _hold(dialect: Any) -> Any:
    put = dialect.insert(left_unread)
    return put.on_conflict_do_update(index_elements=["chat"], set_={"until": put.excluded.until})


_HOLD = Prepared(make=_hold)
_IS_HELD = Prepared(
    select(left_unread.c.chat).where(left_unread.c.chat == bindparam("chat"), left_unread.c.until > bindparam("now"))
)
