"""Endings of messages (sent, dropped, unknown or waiting again), and what they mean for the news that a chat was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, update

from bot.ledger.claims import set_covered
from bot.ledger.deliveries import ALERT, FREE_TOKEN, ON_DEMAND, WITH_REPLY, create_on_demand
from bot.ledger.outbox import may_have_arrived, with_carried
from bot.ledger.outgoing import DROPPED, PENDING, PUSH, RIDING, SENT, UNKNOWN, WAITING, OutboxMessage
from bot.ledger.tables import inbox, outbox, runs
from corpus.database import UnitOfWork
from corpus.storage.prepared import Prepared
from handlers.club.gaps import Gaps
from handlers.club.subscriptions import DeliveredContent, Subscriptions


def settle_carried(work: UnitOfWork, now: float) -> None:
    """Give carried deliveries the final state of the reply that carried them; requeue those proven not to have arrived."""
    for row in _ENDED_RIDES.rows(work.writer, now=now):
        end = row.state if row.state != DROPPED else (UNKNOWN if row.unclear else WAITING)
        if row.kind == ON_DEMAND:
            finish(work, row.id, row.run, DROPPED if end == WAITING else end, ON_DEMAND)
            if end == WAITING:
                _unask(work, row.carrier)
        elif end == WAITING:
            requeue(work, row.id, row.run)
        else:
            finish(work, row.id, row.run, end, WITH_REPLY if row.event_id else FREE_TOKEN)


def has_unsettled_carried(connection: Connection, now: float) -> bool:
    """Tell whether `settle_carried` has something to do."""
    return _ENDED_RIDES.first(connection, now=now) is not None


def _ended_rides() -> Select[Any]:
    """Select carried deliveries whose reply came to its end, and is in nobody's hands any more."""
    carrying_reply = outbox.alias()
    return (
        select(
            outbox.c.id, outbox.c.run, outbox.c.carrier, runs.c.kind, carrying_reply.c.state, carrying_reply.c.event_id
        )
        .add_columns(may_have_arrived(carrying_reply).label("unclear"))
        .join(carrying_reply, carrying_reply.c.id == outbox.c.carrier)
        .join(runs, runs.c.id == outbox.c.run)
        .where(
            outbox.c.state == RIDING,
            carrying_reply.c.state != PENDING,
            carrying_reply.c.lease_until <= bindparam("now"),
        )
    )


_ENDED_RIDES = Prepared(_ended_rides())


def finish(work: UnitOfWork, row: int, run: int, end: str, way: str) -> None:
    """End a row and its run as sent, dropped or unknown. Only news that was dropped is told again; an alert that may have arrived is fulfilled."""
    work.writer.execute(update(outbox).where(outbox.c.id == row).values(state=end, body=None, command=""))
    about = work.writer.execute(
        update(runs).where(runs.c.id == run).values(state=end, way=way).returning(runs)
    ).one_or_none()
    if about is None:
        return
    if end == DROPPED:
        _untell(work, about)
    elif about.kind == ALERT:
        Gaps(work).fulfil(int(about.subject.split()[0]))


def mark_sent(work: UnitOfWork, outgoing_messages: Sequence[OutboxMessage]) -> None:
    """End pushes that LINE took as sent, as `finish` does, many at once."""
    rows, mine = (
        [outgoing.row for outgoing in outgoing_messages],
        runs.c.id.in_([outgoing.delivery_id for outgoing in outgoing_messages]),
    )
    work.writer.execute(update(outbox).where(outbox.c.id.in_(rows)).values(state=SENT, body=None, command=""))
    work.writer.execute(update(runs).where(mine).values(state=SENT, way=PUSH))
    for about in work.writer.execute(select(runs).where(mine, runs.c.kind == ALERT)).all():
        Gaps(work).fulfil(int(about.subject.split()[0]))


def end_ambiguous(work: UnitOfWork, now: float) -> None:
    """End the pushes that are pending after their time, which is over before LINE forgets their retry keys."""
    late = (outbox.c.kind == PUSH) & (outbox.c.state == PENDING)
    late &= (outbox.c.expires_at <= now) & (outbox.c.lease_until <= now)
    query = select(outbox.c.id, outbox.c.run, may_have_arrived(outbox).label("unclear"))
    for row in work.reader.execute(query.where(late)).all():
        finish(work, row.id, row.run, UNKNOWN if row.unclear else DROPPED, PUSH)


def requeue(work: UnitOfWork, row: int, run: int, *, rides_only: bool = False) -> None:
    """Let a row that has not arrived wait again, to be composed anew. `rides_only`: it is pushed no more."""
    values = {"state": WAITING, "body": None, "carrier": None, **({"push_at": None} if rides_only else {})}
    under_way = (outbox.c.id == row) & outbox.c.state.in_((RIDING, PENDING))
    if not work.writer.execute(update(outbox).where(under_way).values(values)).rowcount:
        return
    about = work.writer.execute(select(runs).where(runs.c.id == run)).one_or_none()
    if about is not None:
        _untell(work, about)


def record_told(work: UnitOfWork, outgoing: OutboxMessage, told: DeliveredContent, now: float) -> OutboxMessage:
    """Record an answer's news as told, within the transaction that freezes it; undone if the answer is proven not to have arrived."""
    run = create_on_demand(work.writer, told.chat, outgoing.row, now)
    told = replace(told, run=run)
    Subscriptions(work).told(told)
    set_covered(work.writer, [told])
    return with_carried(work.writer, outgoing)


def _unask(work: UnitOfWork, reply: int) -> None:
    """Delete a dropped reply and its event: should LINE deliver the question again, it is answered anew, not with the frozen news."""
    revivable = (outbox.c.id == reply) & outbox.c.body.is_not(None)
    event = work.writer.execute(delete(outbox).where(revivable).returning(outbox.c.event_id)).scalar()
    if event is not None:
        work.writer.execute(delete(inbox).where(inbox.c.event_id == event))


def _untell(work: UnitOfWork, run: Row[Any]) -> None:
    if run.since is not None:
        Subscriptions(work).take_back(run.chat, run.id, run.since)
