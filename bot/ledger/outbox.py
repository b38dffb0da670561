"""The outbox: messages frozen, leased to one sender at a time, and brought to an end that is known or said to be unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, bindparam, insert, or_, select, update

from bot.ledger.inbox import ClaimedEvent
from bot.ledger.left_unread import read_token_after
from bot.ledger.outgoing import (
    DROPPED,
    PENDING,
    PUSH,
    REPLY,
    RIDING,
    SENT,
    UNKNOWN,
    CarriedMessage,
    FrozenReply,
    OutboxMessage,
    SentContext,
    freeze,
)
from bot.ledger.tables import bubbles, has_come, outbox
from bot.line.client import Ambiguous, Refused, Result, Sent
from corpus.storage.prepared import Prepared
from handlers.identity import Chat

LONGEST_PAUSE = {REPLY: 8.0, PUSH: 300.0}  # seconds between two attempts


def create_carrier(
    connection: Connection, chat: Chat, token: str, expires_at: float, now: float, lease: float
) -> OutboxMessage:
    """Create an empty reply on a token that nobody needs, for deliveries to go out alone."""
    values = {
        "kind": REPLY,
        "state": PENDING,
        "chat": chat.id,
        "reply_token": token,
        "body": freeze((), quiet=chat.is_group),
        "command": "",
        "essays": [],
        "due_at": now,
        "expires_at": expires_at,
        "lease_until": now + lease,
        "attempts": 1,
        "unclear": False,
        "created_at": now,
    }
    return _write(connection, values)


def write_reply(
    connection: Connection, kept: ClaimedEvent, reply: FrozenReply, now: float, lease: float
) -> OutboxMessage | None:
    """Put a reply into the outbox, in the hands of whoever answers now; return None when its token has run out already."""
    event = kept.event
    in_time = now < kept.expires_at
    values = {
        "kind": REPLY,
        "state": PENDING if in_time else DROPPED,
        "chat": "" if reply.erased else event.chat.id,
        "user_id": None if reply.erased else event.user,
        "event_id": event.id,
        "message": None if reply.erased else event.message,
        "reply_token": event.reply_token,
        "read_token": read_token_after(connection, event, reply.is_answer, now),
        "body": freeze(reply.messages, quiet=event.chat.is_group),
        "command": reply.command,
        "essays": list(reply.essays),
        "due_at": now,
        "expires_at": kept.expires_at,
        "lease_until": now + lease if in_time else 0.0,
        "attempts": 1 if in_time else 0,
        "unclear": False,
        "created_at": now,
    }
    outgoing = _write(connection, values)
    return outgoing if in_time else None


def _write(connection: Connection, values: dict[str, Any]) -> OutboxMessage:
    values = {**_UNSAID, **values}
    return from_row({**values, "id": _INSERT.scalar(connection, **values)})


def take(connection: Connection, kind: str, now: float, lease: float) -> OutboxMessage | None:
    """Claim the next due row that is in nobody's hands; return None when there is none."""
    return next(iter(claim_retries(connection, kind, now, lease, 1)), None)


def may_have_arrived(rows: FromClause) -> ColumnElement[bool]:
    """Return the condition that LINE may have taken a row of the outbox: an attempt was unclear, or was left in the middle."""
    return or_(rows.c.unclear, rows.c.lease_until > 0)


def claim_retries(connection: Connection, kind: str, now: float, lease: float, limit: int) -> list[OutboxMessage]:
    """Claim due rows that are in nobody's hands. A row that was left in the middle of a call may have been accepted: it is unclear."""
    due = (outbox.c.state == PENDING) & (outbox.c.kind == kind)
    due &= has_come(outbox.c.due_at, now) & has_come(outbox.c.lease_until, now)
    found = select(outbox).where(due, outbox.c.expires_at > now).order_by(outbox.c.id).limit(limit)
    outgoing_messages = []
    for row in connection.execute(found.with_for_update(skip_locked=True)).all():
        mine = {"lease_until": now + lease, "attempts": row.attempts + 1, "unclear": may_have_arrived(outbox)}
        taken = update(outbox).where(outbox.c.id == row.id).values(mine).returning(outbox)
        outgoing_messages.append(with_carried(connection, from_row(connection.execute(taken).mappings().one())))
    return outgoing_messages


def with_carried(connection: Connection, outgoing: OutboxMessage) -> OutboxMessage:
    """Return the outgoing message with all that it carries."""
    query = select(outbox).where(outbox.c.carrier == outgoing.row, outbox.c.state == RIDING).order_by(outbox.c.id)
    carried = [
        CarriedMessage(row.id, tuple(json.loads(row.body)["messages"]), row.command, tuple(row.essays))
        for row in connection.execute(query)
    ]
    return replace(outgoing, carried=tuple(carried))


def is_in_hand(connection: Connection, outgoing: OutboxMessage) -> bool:
    """Tell whether a message is still in its sender's hands, and keep others from taking it until the transaction ends."""
    mine = (outbox.c.id == outgoing.row) & (outbox.c.state == PENDING) & (outbox.c.lease_until == outgoing.lease_until)
    return connection.execute(select(outbox.c.id).where(mine).with_for_update()).first() is not None


def settle(connection: Connection, outgoing: OutboxMessage, result: Result, now: float) -> str:
    """Record how an attempt ended, a success or that of a row in hand; return the state it leaves the row in."""
    if isinstance(result, Sent):
        if _ARRIVED.run(connection, row=outgoing.row):
            save_sent_ids(connection, [(outgoing, result)], now)
        elif _ARRIVED_UNSAID.run(connection, row=outgoing.row):  # the message it answers was taken back meanwhile
            save_sent_ids(connection, [(replace(outgoing, user=None, command=""), result)], now)
        return SENT
    mine = update(outbox).where(outbox.c.id == outgoing.row)
    if isinstance(result, Refused) and result.permanent:
        # A used token is refused too: after an unclear attempt that may mean that it arrived.
        end = UNKNOWN if outgoing.is_ambiguous else DROPPED
        connection.execute(mine.values(state=end, **(ANSWERED if outgoing.kind == REPLY else _ENDED)))
        return end
    pause = min(2.0 ** (outgoing.attempts - 1), LONGEST_PAUSE[outgoing.kind])
    unclear = outgoing.is_ambiguous or isinstance(result, Ambiguous)
    connection.execute(mine.values(due_at=now + pause, lease_until=0.0, unclear=unclear))
    return PENDING


def expire(connection: Connection, now: float) -> None:
    """End replies that could not be sent in their time. A dropped reply keeps its body: a redelivery may revive its token."""
    late = (outbox.c.kind == REPLY) & (outbox.c.state == PENDING)
    late &= (outbox.c.expires_at <= now) & (outbox.c.lease_until <= now)
    connection.execute(update(outbox).where(late, may_have_arrived(outbox)).values(state=UNKNOWN, **ANSWERED))
    connection.execute(update(outbox).where(late).values(state=DROPPED, lease_until=0.0))


def stop(connection: Connection, chat: str) -> None:
    """Let pending messages to a chat expire now: they are ended as late ones are, once they are in nobody's hands."""
    connection.execute(update(outbox).where(outbox.c.chat == chat, outbox.c.state == PENDING).values(expires_at=0.0))


def unsend(connection: Connection, messages: tuple[str, ...]) -> None:
    """Drop pending answers to messages that were taken back, and forget the words of all answers to them."""
    answers = outbox.c.message.in_(messages)
    connection.execute(update(outbox).where(answers, outbox.c.state == PENDING).values(state=DROPPED))
    connection.execute(update(outbox).where(answers).values(command="", body=None, reply_token=None, read_token=None))
    connection.execute(update(bubbles).where(bubbles.c.answers.in_(messages)).values(command="", user_id=None))


def has_due_message(connection: Connection, kind: str, now: float) -> bool:
    """Tell whether there is a row that `claim_retries` would hand out, or `expire` would end."""
    return _DUE.scalar(connection, of_kind=kind, now=now) is not None


_DUE = Prepared(
    select(outbox.c.id)
    .where(outbox.c.state == PENDING, outbox.c.kind == bindparam("of_kind"))
    .where(has_come(outbox.c.due_at, bindparam("now")), has_come(outbox.c.lease_until, bindparam("now")))
    .limit(1)
)


def origin(connection: Connection, chat: str, message: str) -> SentContext | None:
    """Return the command and essays of the bubble with this id; None when it is not one of ours."""
    found = select(bubbles).where(bubbles.c.message == message, bubbles.c.chat == chat)
    row = connection.execute(found).one_or_none()
    return SentContext(row.command, tuple(row.essays)) if row is not None else None


_ENDED: dict[str, Any] = {"body": None, "command": "", "reply_token": None, "read_token": None, "lease_until": 0.0}
ANSWERED = {**_ENDED, "chat": "", "user_id": None, "message": None}  # of a reply: the asker's id is not kept


def still_known(connection: Connection, sent: Sequence[tuple[OutboxMessage, Sent]]) -> list[tuple[OutboxMessage, Sent]]:
    """Return the messages whose rows are still there: a person may have been erased while theirs was on its way."""
    rows = select(outbox.c.id).where(outbox.c.id.in_([outgoing.row for outgoing, _ in sent]))
    known = set(connection.execute(rows).scalars())
    return [(outgoing, taken) for outgoing, taken in sent if outgoing.row in known]


def save_sent_ids(connection: Connection, sent: Sequence[tuple[OutboxMessage, Sent]], now: float) -> None:
    """Write down the command and essays to which a quotation of each sent bubble will refer."""
    rows = [row for outgoing, taken in sent if outgoing.chat for row in _bubbles(outgoing, taken, now)]
    if rows:  # a repeated push repeats its ids
        _REMEMBER.run_many(connection, rows)


def _bubbles(outgoing: OutboxMessage, sent: Sent, now: float) -> Iterator[dict[str, Any]]:
    """Yield a row for each sent bubble: those of the answer come first, then those of the deliveries it carries."""
    carried: list[OutboxMessage | CarriedMessage] = [
        carried_message for carried_message in outgoing.carried for _ in carried_message.messages
    ]
    own: list[OutboxMessage | CarriedMessage] = [outgoing] * (len(sent.messages) - len(carried))
    for message, about in zip(sent.messages, own + carried, strict=False):
        yield {
            "message": message,
            "chat": outgoing.chat,
            "user_id": outgoing.user,
            "answers": outgoing.answers,
            "command": about.command,
            "essays": list(about.essays),
            "sent_at": now,
        }


def from_row(row: RowMapping | Mapping[str, Any]) -> OutboxMessage:
    """Read an outbox row as its sender holds it."""
    return OutboxMessage(
        row=row["id"],
        kind=row["kind"],
        chat=row["chat"],
        user=row["user_id"],
        answers=row["message"],
        reply_token=row["reply_token"],
        retry_key=row["retry_key"],
        body=row["body"],
        command=row["command"],
        essays=tuple(row["essays"]),
        expires_at=row["expires_at"],
        lease_until=row["lease_until"],
        attempts=row["attempts"],
        is_ambiguous=row["unclear"],
        delivery_id=row["run"],
        cost=row["cost"],
        read_token=row["read_token"],
    )


# The statements of every reply.
_UNSAID: dict[str, Any] = dict.fromkeys(("user_id", "event_id", "message", "read_token", "retry_key", "run")) | {
    "cost": 0
}
_INSERT = Prepared(insert(outbox).returning(outbox.c.id))
_ARRIVED_UNSAID = Prepared(update(outbox).where(outbox.c.id == bindparam("row")).values(state=SENT, **ANSWERED))
_ARRIVED = Prepared(
    update(outbox).where(outbox.c.id == bindparam("row"), outbox.c.body.is_not(None)).values(state=SENT, **ANSWERED)
)
_REMEMBER = Prepared(make=lambda dialect: dialect.insert(bubbles).on_conflict_do_nothing())
