"""The inbox: each event once, each person's events in order, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, delete, exists, insert, select, update

from bot.ledger.outgoing import DROPPED, PENDING
from bot.ledger.tables import has_come, inbox, lanes, outbox, quarantine, tokens
from bot.line.events import LineEvent
from corpus.storage.prepared import Prepared
from handlers.identity import Chat, Place

WAITING, DONE = "waiting", "done"
WITHOUT_WORDS = dict.fromkeys(("text", "quoted", "quote_token", "read_token", "file_name", "reply_token"))
ANONYMOUS: dict[str, Any] = {
    **WITHOUT_WORDS,
    "lane": "",
    "chat": "",
    "user_id": None,
}  # the columns that are blank once an event is answered


@dataclass(frozen=True, slots=True)
class WebhookBatch:
    """The parts of one webhook call that the Ledger takes."""

    received_at: float
    events: tuple[LineEvent, ...] = ()  # for us
    free_tokens: tuple[LineEvent, ...] = ()  # not for us, but a digest waits for a ride on their reply tokens
    unsent: tuple[str, ...] = ()  # message ids taken back by their writers
    unreadable: tuple[tuple[str, bytes], ...] = ()  # (reason, body)

    def __bool__(self) -> bool:
        return bool(self.events or self.free_tokens or self.unsent or self.unreadable)


@dataclass(frozen=True, slots=True)
class ClaimedEvent:
    """An event in its answerer's hands until `lease_until`."""

    row: int
    event: LineEvent
    received_at: float
    expires_at: float  # of its reply token
    attempts: int  # this one included
    lease_until: float


class LeaseLostError(Exception):
    """The event was finished by somebody else after the lease had run out, or was unsent: nothing of this attempt may be kept."""


def store(connection: Connection, batch: WebhookBatch, token_life: float) -> None:
    """Store the events of one webhook call. An event that is known already changes nothing but its reply token and the life of that."""
    for event in batch.events:
        if not insert_new(connection, _INSERT_EVENT, _as_row(event, batch.received_at, token_life)):
            _revive(connection, event, batch.received_at + token_life)
        elif event.message:
            _only_the_latest(connection, event)
    for event in batch.free_tokens:
        expires_at = batch.received_at + token_life
        insert_new(
            connection, _INSERT_TOKEN, {"token": event.reply_token, "chat": event.chat.id, "expires_at": expires_at}
        )
    for reason, body in batch.unreadable:
        connection.execute(insert(quarantine).values(received_at=batch.received_at, reason=reason, body=body))


def claim(connection: Connection, now: float, lease: float) -> ClaimedEvent | None:
    """Claim the next event of a person whom nobody is answering, longest waiting first; return None when there is none.

    The lane's row is the lease: two claimers meet at its primary key, and one of them gets it.
    """
    while lane := _CANDIDATE.scalar(connection, now=now):
        until = now + lease
        if not _take_lane(connection, lane, now, until):
            continue  # somebody took it between the two statements, and the next look sees that
        row = _CLAIM_NEXT.first(connection, of_lane=lane)
        if row is not None:
            return _as_kept(row, until)
        _leave_lane(connection, lane, until)
    return None


def take_token(connection: Connection, chat: str, now: float) -> tuple[str, float] | None:
    """Take the newest free reply token of this chat; return it with the end of its life, or None. It is handed out once."""
    found = select(tokens).where(tokens.c.chat == chat, tokens.c.expires_at > now)
    newest = found.order_by(tokens.c.expires_at.desc()).limit(1).with_for_update(skip_locked=True)
    row = connection.execute(newest).one_or_none()
    if row is None:
        return None
    connection.execute(delete(tokens).where(tokens.c.token == row.token))
    return row.token, row.expires_at


def release(connection: Connection, kept: ClaimedEvent) -> None:
    """Let the next of this person's events be claimed."""
    _leave_lane(connection, kept.event.ordering_key, kept.lease_until)


def finish(connection: Connection, kept: ClaimedEvent) -> ClaimedEvent:
    """Mark as answered and forget what was said; return the event with its reply token, which a redelivery may have revived.

    Raises LeaseLostError when it is finished already, or was unsent.
    """
    row = _STILL_WAITING.first(connection, row=kept.row)
    if row is None:
        raise LeaseLostError(kept.event.id)
    _FINISH.run(connection, row=kept.row)
    return replace(kept, event=replace(kept.event, reply_token=row.reply_token), expires_at=row.expires_at)


def unsend(connection: Connection, messages: Sequence[str]) -> None:
    """Forget the words of messages that were taken back, and do not answer them."""
    _withdraw(connection, inbox.c.message.in_(messages))


def has_waiting(connection: Connection, now: float) -> bool:
    """Tell whether there is an event that `claim` would hand out."""
    return _CANDIDATE.scalar(connection, now=now) is not None


def _only_the_latest(connection: Connection, event: LineEvent) -> None:
    """Withdraw all but the latest of a message and its edits, in whatever order they come."""
    if _LATER.first(connection, of_message=event.message, but=event.id, after=event.said_at) is not None:
        _withdraw(connection, inbox.c.event_id == event.id)
    elif event.edited:
        _withdraw(connection, (inbox.c.message == event.message) & (inbox.c.event_id != event.id))


def try_write(connection: Connection) -> None:
    """Write a lane that is nobody's, and delete it."""
    lane = f"readiness {uuid4()}"
    connection.execute(insert(lanes).values(key=lane, lease_until=0.0))
    _leave_lane(connection, lane, 0.0)


def _withdraw(connection: Connection, which: ColumnElement[bool]) -> None:
    connection.execute(update(inbox).where(which, inbox.c.state == WAITING).values(state=DONE, **ANONYMOUS))


def insert_new(connection: Connection, into: Prepared, values: dict[str, Any]) -> bool:
    """Insert a row unless its key is known; return True when it was new."""
    return into.first(connection, **values) is not None


def _revive(connection: Connection, event: LineEvent, expires_at: float) -> None:
    fresh = {"reply_token": event.reply_token, "expires_at": expires_at}
    connection.execute(update(inbox).where(inbox.c.event_id == event.id, inbox.c.state == WAITING).values(fresh))
    reply = (outbox.c.event_id == event.id) & outbox.c.state.in_((PENDING, DROPPED)) & outbox.c.body.is_not(None)
    connection.execute(update(outbox).where(reply).values(state=PENDING, **fresh))


def _take_lane(connection: Connection, lane: str, now: float, until: float) -> bool:
    return _TAKE.first(connection, key=lane, lease_until=until, now=now) is not None


def _leave_lane(connection: Connection, lane: str, until: float) -> None:
    _LEAVE.run(connection, lane=lane, until=until)


# The statements of every event.


def _insert_new(dialect: Any, table: Table) -> Any:
    return dialect.insert(table).on_conflict_do_nothing().returning(*table.primary_key)


def _take(dialect: Any) -> Any:
    take = dialect.insert(lanes)
    free = has_come(lanes.c.lease_until, bindparam("now"))
    taken = {"lease_until": take.excluded.lease_until}
    return take.on_conflict_do_update(index_elements=["key"], set_=taken, where=free).returning(lanes.c.key)


_BUSY = exists().where(lanes.c.key == inbox.c.lane, ~has_come(lanes.c.lease_until, bindparam("now")))
_CANDIDATE = Prepared(select(inbox.c.lane).where(inbox.c.state == WAITING, ~_BUSY).order_by(inbox.c.id).limit(1))
_IN_LANE = select(inbox.c.id).where(inbox.c.lane == bindparam("of_lane"), inbox.c.state == WAITING)
_FIRST = _IN_LANE.order_by(inbox.c.said_at, inbox.c.id).limit(1).scalar_subquery()
_CLAIM_NEXT = Prepared(update(inbox).where(inbox.c.id == _FIRST).values(attempts=inbox.c.attempts + 1).returning(inbox))
_LEAVE = Prepared(delete(lanes).where(lanes.c.key == bindparam("lane"), lanes.c.lease_until == bindparam("until")))
_TAKE = Prepared(make=_take)
_INSERT_EVENT = Prepared(make=partial(_insert_new, table=inbox))
_INSERT_TOKEN = Prepared(make=partial(_insert_new, table=tokens))
_MINE = (inbox.c.id == bindparam("row")) & (inbox.c.state == WAITING)
_STILL_WAITING = Prepared(select(inbox.c.reply_token, inbox.c.expires_at).where(_MINE).with_for_update())
_FINISH = Prepared(update(inbox).where(_MINE).values(state=DONE, **ANONYMOUS))
_LATER = Prepared(
    select(inbox.c.id)
    .where(inbox.c.message == bindparam("of_message"), inbox.c.event_id != bindparam("but"))
    .where(inbox.c.said_at > bindparam("after"))
    .limit(1)
)


def _as_row(event: LineEvent, received_at: float, token_life: float) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "state": WAITING,
        "lane": event.ordering_key,
        "kind": event.kind,
        "chat": event.chat.id,
        "place": event.chat.place,
        "user_id": event.user,
        "message": event.message,
        "text": event.text,
        "quoted": event.quoted,
        "quote_token": event.quote_token,
        "read_token": event.read_token,
        "file_name": event.file_name,
        "reply_token": event.reply_token,
        "said_at": event.said_at or received_at,
        "received_at": received_at,
        "expires_at": received_at + token_life,
        "attempts": 0,
    }


def _as_kept(row: Row[Any], lease_until: float) -> ClaimedEvent:
    event = LineEvent(
        id=row.event_id,
        kind=row.kind,
        chat=Chat(row.chat, Place(row.place)),
        user=row.user_id,
        said_at=row.said_at,
        reply_token=row.reply_token,
        text=row.text or "",
        message=row.message,
        quote_token=row.quote_token,
        read_token=row.read_token,
        quoted=row.quoted,
        file_name=row.file_name,
    )
    return ClaimedEvent(row.id, event, row.received_at, row.expires_at, row.attempts, lease_until)
