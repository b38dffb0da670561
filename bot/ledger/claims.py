"""Claims: deliveries that wait, taken by one sender, which freezes them and pushes them or lets them ride."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, select, update

from bot.ledger.deliveries import AMBIGUOUS, STOPPED
from bot.ledger.outgoing import PENDING, PUSH, RIDING, WAITING, OutboxMessage
from bot.ledger.tables import outbox, runs, tokens
from corpus.storage.prepared import Prepared
from handlers.club.subscriptions import DeliveredContent
from handlers.identity import Chat, Place

LONGEST_WAIT = 14 * 86_400.0  # seconds for which something may wait for a ride
RETRY_NAMES = UUID("6c756f70-616e-5000-8000-000000000000")


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A planned row in the hands of whoever claims it; nothing of it is frozen yet."""

    row: int
    run: int
    kind: str
    chat: Chat
    name: str
    subject: str
    push_at: float | None

    @property
    def retry_key(self) -> str:
        """LINE's retry key: the same for the same run, recipient and part, whoever computes it; a digest has one part."""
        return str(uuid5(RETRY_NAMES, f"{self.name}/{self.chat.id}/1"))


class Payload(Protocol):
    """The bytes that go out, with the command and essays to which a quotation of them will refer."""

    @property
    def body(self) -> bytes: ...
    @property
    def command(self) -> str: ...
    @property
    def essays(self) -> tuple[int, ...]: ...


def claim_due(connection: Connection, schedule_now: float, window: float, limit: int) -> list[ClaimedDelivery]:
    """Claim rows that may be pushed now, longest due first; not those that are `window` seconds late."""
    due = _waiting().where(_on_time(schedule_now, window)).order_by(outbox.c.push_at)
    seen = 0
    while found := _lock(connection, due.limit(limit).offset(seen)):
        if claimed := _in_free_chats(connection, found):
            return claimed
        seen += len(found)
    return []


def is_push_due(connection: Connection, schedule_now: float, window: float) -> bool:
    """Tell whether `claim_due` may give anything, by a cheap look without a lock."""
    return _DUE.scalar(connection, now=schedule_now, earliest=schedule_now - window) is not None


_DUE = Prepared(
    select(outbox.c.id)
    .where(outbox.c.state == WAITING)
    .where(outbox.c.push_at <= bindparam("now"), outbox.c.push_at > bindparam("earliest"))
    .limit(1)
)


def groups_due(connection: Connection, schedule_now: float, window: float, limit: int) -> list[str]:
    """Return the groups among the chats that `claim_due` would give, so that they can be priced; takes no lock."""
    found = _waiting().where(_on_time(schedule_now, window)).order_by(outbox.c.push_at).limit(limit)
    return [row.chat for row in connection.execute(found) if row.place == Place.GROUP]


def claim_for_chat(connection: Connection, chat: str, now: float, limit: int) -> list[ClaimedDelivery]:
    """Claim rows that wait for a ride in a chat, planned within LONGEST_WAIT."""
    fresh = outbox.c.created_at > now - LONGEST_WAIT
    found = _waiting().where(outbox.c.chat == chat, fresh).order_by(outbox.c.id).limit(limit)
    return _in_free_chats(connection, _lock(connection, found))


def cancel_waiting(connection: Connection, chat: str) -> None:
    """Cancel whatever waits for a chat that has left: it must not be greeted with that when it comes back."""
    _drop(connection, outbox.c.chat == chat)


def cancel_stale(connection: Connection, now: float) -> None:
    """Cancel whatever has waited for longer than LONGEST_WAIT."""
    _drop(connection, outbox.c.created_at <= now - LONGEST_WAIT)


def _drop(connection: Connection, which: ColumnElement[bool]) -> None:
    gone = delete(outbox).where(which, outbox.c.state == WAITING).returning(outbox.c.run)
    ended = connection.execute(gone).scalars().all()
    connection.execute(update(runs).where(runs.c.id.in_(ended)).values(state=STOPPED))


def has_waiting_delivery(connection: Connection, chat: str) -> bool:
    """Tell whether a delivery waits for this chat, by a cheap look without a lock."""
    return _WAITS.scalar(connection, of_chat=chat) is not None


_WAITS = Prepared(select(outbox.c.id).where(outbox.c.chat == bindparam("of_chat"), outbox.c.state == WAITING).limit(1))


def chat_with_token(connection: Connection, now: float) -> str | None:
    """Return a chat in which a delivery waits and a free token lives; None when there is none."""
    found: str | None = _WITH_TOKEN.scalar(connection, now=now)
    return found


_WITH_TOKEN = Prepared(
    select(tokens.c.chat)
    .join(outbox, and_(outbox.c.chat == tokens.c.chat, outbox.c.state == WAITING))
    .where(tokens.c.expires_at > bindparam("now"))
    .limit(1)
)


def _on_time(schedule_now: float, window: float) -> ColumnElement[bool]:
    return (outbox.c.push_at <= schedule_now) & (outbox.c.push_at > schedule_now - window)


def _waiting() -> Select[Any]:
    return (
        select(outbox.c.id, outbox.c.push_at, runs.c.id.label("run"), runs.c.kind, runs.c.chat, runs.c.place)
        .add_columns(runs.c.name, runs.c.subject)
        .join(runs, runs.c.id == outbox.c.run)
        .where(outbox.c.state == WAITING)
    )


def _lock(connection: Connection, query: Select[Any]) -> list[ClaimedDelivery]:
    """Lock the rows of a query that nobody else has locked."""
    return [
        ClaimedDelivery(row.id, row.run, row.kind, Chat(row.chat, Place(row.place)), row.name, row.subject, row.push_at)
        for row in connection.execute(query.with_for_update(of=outbox, skip_locked=True))
    ]


def _in_free_chats(connection: Connection, found: list[ClaimedDelivery]) -> list[ClaimedDelivery]:
    """Leave out the chats in which another delivery is under way: whether its news arrived is not known yet.

    They are looked up as a list: as a part of the query that finds the rows, PostgreSQL would compare each that waits with all that
    are under way.
    """
    under_way = (outbox.c.kind == PUSH) & outbox.c.state.in_((RIDING, PENDING))
    chats = {delivery.chat.id for delivery in found}
    busy = set(connection.execute(select(outbox.c.chat).where(outbox.c.chat.in_(chats), under_way)).scalars())
    return [delivery for delivery in found if delivery.chat.id not in busy]


# Endings of a claim


def attach_to_reply(connection: Connection, delivery: ClaimedDelivery, frozen: Payload, carrying_reply: int) -> None:
    """Freeze a claimed row and let it ride with a reply."""
    values = {"state": RIDING, "carrier": carrying_reply, **_columns(frozen)}
    connection.execute(update(outbox).where(outbox.c.id == delivery.row).values(values))


def start_pushes(
    connection: Connection, pushes: Sequence[tuple[ClaimedDelivery, Payload, int]], now: float, lease: float
) -> list[OutboxMessage]:
    """Mark claimed rows as pending pushes: store body, retry key, cost and lease. Return them as their sender holds them."""
    if not pushes:
        return []
    times = {"due_at": now, "expires_at": now + AMBIGUOUS, "lease_until": now + lease}
    changes = update(outbox).where(outbox.c.id == bindparam("which"))
    values = [
        {
            "which": w.row,
            "state": PENDING,
            "retry_key": w.retry_key,
            "cost": cost,
            "attempts": 1,
            **_columns(f),
            **times,
        }
        for w, f, cost in pushes
    ]
    connection.execute(changes.values({key: bindparam(key) for key in values[0] if key != "which"}), values)
    return [_outbox_message(delivery, frozen, cost, times) for delivery, frozen, cost in pushes]


def postpone_delivery(connection: Connection, delivery: ClaimedDelivery, push_at: float | None) -> None:
    connection.execute(update(outbox).where(outbox.c.id == delivery.row).values(push_at=push_at))


def cancel_delivery(connection: Connection, ended: Sequence[tuple[ClaimedDelivery, str]]) -> None:
    """Delete claimed rows that have nothing to send any more, and end their runs; `ended`: (delivery, state of its run)."""
    connection.execute(delete(outbox).where(outbox.c.id.in_([delivery.row for delivery, _ in ended])))
    for state in {state for _, state in ended}:
        mine = runs.c.id.in_([delivery.run for delivery, end in ended if end == state])
        connection.execute(update(runs).where(mine).values(state=state))


def set_covered(connection: Connection, told: Sequence[DeliveredContent]) -> None:
    """Write down the archive's revisions that runs cover, from the moment they are frozen."""
    spans = defaultdict[tuple[int, int], list[int | None]](list)
    for one in told:
        spans[one.since, one.covered].append(one.run)
    for (since, until), mine in spans.items():
        connection.execute(update(runs).where(runs.c.id.in_(mine)).values(since=since, until=until))


def _columns(frozen: Payload) -> dict[str, Any]:
    return {"body": frozen.body, "command": frozen.command, "essays": list(frozen.essays)}


def _outbox_message(delivery: ClaimedDelivery, frozen: Payload, cost: int, times: dict[str, float]) -> OutboxMessage:
    """Return the row as it stands after `start_pushes`."""
    return OutboxMessage(
        row=delivery.row,
        kind=PUSH,
        chat=delivery.chat.id,
        user=None if delivery.chat.is_group else delivery.chat.id,
        answers=None,
        reply_token=None,
        retry_key=delivery.retry_key,
        body=frozen.body,
        command=frozen.command,
        essays=frozen.essays,
        expires_at=times["expires_at"],
        lease_until=times["lease_until"],
        attempts=1,
        is_ambiguous=False,
        delivery_id=delivery.run,
        cost=cost,
    )
