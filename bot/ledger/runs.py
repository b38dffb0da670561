"""Runs: what one chat is to be told at one time. Planned, claimed and frozen, carried or pushed, and brought to one end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid5

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from bot.ledger.inbox import dialect
from bot.ledger.outbox import DROPPED, PENDING, PUSH, RIDING, SENT, UNKNOWN, WAITING, Letter
from bot.ledger.tables import outbox, runs, tokens
from corpus.database import Work
from handlers.ask import Chat, Place
from handlers.club.gaps import Gaps
from handlers.club.subscriptions import Subscriptions

DIGEST, WISH, NOTICE, ESSAY, CORRECTION = "digest", "wish", "notice", "essay", "correction"
PLANNED, EMPTY, SKIPPED, PAUSED, MERGED, STOPPED = "planned", "empty", "skipped", "paused", "merged", "stopped"
BY_REPLY, ALONE = "reply", "alone"
RETRY_NAMES = UUID("6c756f70-616e-5000-8000-000000000000")
AMBIGUOUS = 23 * 3600.0  # LINE knows a retry key for 24 hours
BATCH = 500


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be planned for one chat. `push_at` None: it only rides."""

    kind: str
    chat: Chat
    name: str
    state: str = PLANNED
    slot: float | None = None
    push_at: float | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
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
        """The same for the same run, recipient and part, whoever computes it; a digest has one part."""
        return str(uuid5(RETRY_NAMES, f"{self.name}/{self.chat.id}/1"))


class Frozen(Protocol):
    """What goes out, as bytes, and what quoting it will refer to."""

    @property
    def body(self) -> bytes: ...
    @property
    def command(self) -> str: ...
    @property
    def essays(self) -> tuple[int, ...]: ...


# planning


def plan(connection: Connection, wanted: Sequence[Run], now: float) -> int:
    """Write runs that are not known yet, and an outbox row for each that is to go out; how many those are.

    A digest that still waits in the same chat is merged into the new one: nothing of it was covered.
    """
    fresh = 0
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        add = dialect(connection).insert(runs).on_conflict_do_nothing().returning(runs.c.chat, runs.c.name, runs.c.id)
        known = connection.execute(add, [_run_values(run, now) for run in part])
        ids = {(chat, name): run for chat, name, run in known}
        new = [(run, ids[run.chat.id, run.name]) for run in part if (run.chat.id, run.name) in ids]
        going = [_row_values(run, run_id, now) for run, run_id in new if run.state == PLANNED]
        _merge(connection, [run.chat.id for run, _ in new if run.kind == DIGEST and run.state == PLANNED])
        if going:
            connection.execute(insert(outbox), going)
        fresh += len(going)
    return fresh


def _merge(connection: Connection, chats: Sequence[str]) -> None:
    waits = (outbox.c.state == WAITING) & outbox.c.chat.in_(chats) & (runs.c.kind == DIGEST)
    older = select(outbox.c.id).join(runs, runs.c.id == outbox.c.run).where(waits)
    gone = delete(outbox).where(outbox.c.id.in_(older), outbox.c.state == WAITING).returning(outbox.c.run)
    merged = connection.execute(gone).scalars().all()
    connection.execute(update(runs).where(runs.c.id.in_(merged)).values(state=MERGED))


# claiming


def due(connection: Connection, schedule_now: float, window: float, limit: int) -> list[Waiting]:
    """Rows that may be pushed now, longest due first; not those for which it has become too late."""
    found = _waiting().where(_on_time(schedule_now, window))
    return _claim(connection, found.order_by(outbox.c.push_at, outbox.c.id), limit)


def is_due(connection: Connection, schedule_now: float, window: float) -> bool:
    """Could `due` give anything? A cheap look, without a lock."""
    found = select(outbox.c.id).where(outbox.c.state == WAITING, _on_time(schedule_now, window)).limit(1)
    return connection.execute(found).first() is not None


def due_groups(connection: Connection, schedule_now: float, window: float, limit: int) -> list[str]:
    """The groups among the chats that `due` would give, for somebody to price them; takes no lock."""
    groups = _waiting().where(_on_time(schedule_now, window), runs.c.place == Place.GROUP)
    ordered = groups.order_by(outbox.c.push_at, outbox.c.id)
    return [row.chat for row in connection.execute(ordered.limit(limit))]


def of_chat(connection: Connection, chat: str, limit: int) -> list[Waiting]:
    """Rows that wait for a ride in a chat."""
    return _claim(connection, _waiting().where(outbox.c.chat == chat).order_by(outbox.c.id), limit)


def ride_waits(connection: Connection, chat: str) -> bool:
    """A cheap look, without a lock."""
    found = select(outbox.c.id).where(outbox.c.chat == chat, outbox.c.state == WAITING).limit(1)
    return connection.execute(found).scalar() is not None


def chat_with_token(connection: Connection, now: float) -> str | None:
    """A chat in which something waits and a free token lives."""
    query = select(tokens.c.chat).join(outbox, and_(outbox.c.chat == tokens.c.chat, outbox.c.state == WAITING))
    return connection.execute(query.where(tokens.c.expires_at > now).limit(1)).scalar()


def _on_time(schedule_now: float, window: float) -> ColumnElement[bool]:
    return (outbox.c.push_at <= schedule_now) & (outbox.c.push_at > schedule_now - window)


def _waiting() -> Select[Any]:
    """Waiting rows of chats in which nothing of ours is under way: what that tells is not known to have arrived."""
    other = outbox.alias()
    under_way = exists().where(
        other.c.chat == outbox.c.chat,
        other.c.kind == PUSH,
        other.c.state.in_((RIDING, PENDING)),
        other.c.id != outbox.c.id,
    )
    return (
        select(outbox.c.id, outbox.c.push_at, runs.c.id.label("run"), runs.c.kind, runs.c.chat, runs.c.place)
        .add_columns(runs.c.name, runs.c.subject)
        .join(runs, runs.c.id == outbox.c.run)
        .where(outbox.c.state == WAITING, ~under_way)
    )


def _claim(connection: Connection, query: Select[Any], limit: int) -> list[Waiting]:
    rows = connection.execute(query.limit(limit).with_for_update(of=outbox, skip_locked=True))
    return [
        Waiting(row.id, row.run, row.kind, Chat(row.chat, Place(row.place)), row.name, row.subject, row.push_at)
        for row in rows
    ]


# what becomes of a claimed row


def board(connection: Connection, waiting: Waiting, frozen: Frozen, carrier: int) -> None:
    """It rides with a reply."""
    values = {"state": RIDING, "carrier": carrier, **_columns(frozen)}
    connection.execute(update(outbox).where(outbox.c.id == waiting.row).values(values))


def start_pushes(
    connection: Connection, pushes: Sequence[tuple[Waiting, Frozen, int]], now: float, lease: float
) -> list[Letter]:
    """They are pushed, each at its cost: frozen under their retry keys, in the hands of whoever claimed them."""
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
    return [_letter(waiting, frozen, cost, now) for waiting, frozen, cost in pushes]


def put_off(connection: Connection, waiting: Waiting, push_at: float | None) -> None:
    connection.execute(update(outbox).where(outbox.c.id == waiting.row).values(push_at=push_at))


def end_unsent(connection: Connection, ended: Sequence[tuple[Waiting, str]]) -> None:
    """There is nothing to send any more: (row, how it ended)."""
    connection.execute(delete(outbox).where(outbox.c.id.in_([waiting.row for waiting, _ in ended])))
    for state in {state for _, state in ended}:
        mine = runs.c.id.in_([waiting.run for waiting, end in ended if end == state])
        connection.execute(update(runs).where(mine).values(state=state))


# endings


def bring_home(work: Work, now: float) -> None:
    """Let riders share the end of the reply that carried them. One that was proven not to have arrived waits again."""
    for row in work.writer.execute(_ended_rides(now)).all():
        end = row.state if row.state != DROPPED else (UNKNOWN if row.unclear else WAITING)
        if end == WAITING:
            give_back(work, row.id, row.run)
        else:
            gone(work, row.id, row.run, end, BY_REPLY if row.event_id else ALONE)


def has_ended_rides(connection: Connection, now: float) -> bool:
    """Is there something for `bring_home` to do?"""
    return connection.execute(_ended_rides(now).limit(1)).first() is not None


def _ended_rides(now: float) -> Select[Any]:
    """Riders whose reply came to its end, and is in nobody's hands any more."""
    carrier = outbox.alias()
    return (
        select(outbox.c.id, outbox.c.run, carrier.c.state, carrier.c.event_id)
        .add_columns(or_(carrier.c.unclear, carrier.c.lease_until > 0).label("unclear"))
        .join(carrier, carrier.c.id == outbox.c.carrier)
        .where(outbox.c.state == RIDING, carrier.c.state != PENDING, carrier.c.lease_until <= now)
    )


def gone(work: Work, row: int, run: int, end: str, way: str) -> None:
    """A row came to its end: sent, dropped or unknown. What may have arrived is never told again."""
    values = {"state": end, "body": None, "command": "", "lease_until": 0.0}
    work.writer.execute(update(outbox).where(outbox.c.id == row).values(values))
    about = work.writer.execute(
        update(runs).where(runs.c.id == run).values(state=end, way=way).returning(runs)
    ).one_or_none()
    if about is None:
        return
    if end == DROPPED:
        _untell(work, about)
    elif about.kind == WISH:
        Gaps(work).grant(int(about.subject.split()[0]))


def arrived(work: Work, letters: Sequence[Letter]) -> None:
    """As `gone`, of pushes that LINE took."""
    ended = {"state": SENT, "body": None, "command": "", "lease_until": 0.0}
    rows, mine = [letter.row for letter in letters], runs.c.id.in_([letter.run for letter in letters])
    work.writer.execute(update(outbox).where(outbox.c.id.in_(rows)).values(ended))
    work.writer.execute(update(runs).where(mine).values(state=SENT, way=PUSH))
    for about in work.writer.execute(select(runs).where(mine, runs.c.kind == WISH)).all():
        Gaps(work).grant(int(about.subject.split()[0]))


def expire(work: Work, now: float) -> None:
    """End the pushes that nobody could bring to an end within LINE's memory of their keys."""
    late = (outbox.c.kind == PUSH) & (outbox.c.state == PENDING)
    late &= (outbox.c.expires_at <= now) & (outbox.c.lease_until <= now)
    query = select(outbox.c.id, outbox.c.run, or_(outbox.c.unclear, outbox.c.lease_until > 0).label("unclear"))
    for row in work.reader.execute(query.where(late)).all():
        gone(work, row.id, row.run, UNKNOWN if row.unclear else DROPPED, PUSH)


def give_back(work: Work, row: int, run: int, *, rides_only: bool = False) -> None:
    """It has not arrived: it waits again, and will be composed anew."""
    values = {"state": WAITING, "body": None, "carrier": None, "retry_key": None, "lease_until": 0.0}
    fresh = {"attempts": 0, "unclear": False, "cost": 0, **({"push_at": None} if rides_only else {})}
    under_way = (outbox.c.id == row) & outbox.c.state.in_((RIDING, PENDING))
    if not work.writer.execute(update(outbox).where(under_way).values(**values, **fresh)).rowcount:
        return
    about = work.writer.execute(select(runs).where(runs.c.id == run)).one_or_none()
    if about is not None:
        _untell(work, about)


def _untell(work: Work, run: Row[Any]) -> None:
    if run.kind == DIGEST and run.since is not None:
        Subscriptions(work).take_back(run.chat, run.id, run.since)


def cover(connection: Connection, digests: Sequence[tuple[int, int, int]]) -> None:
    """The revisions that digests cover, from the moment they are frozen: (run, since, until)."""
    changes = update(runs).where(runs.c.id == bindparam("which"))
    values = [{"which": run, "since": since, "until": until} for run, since, until in digests]
    if values:
        connection.execute(changes.values(since=bindparam("since"), until=bindparam("until")), values)


def _columns(frozen: Frozen) -> dict[str, Any]:
    return {"body": frozen.body, "command": frozen.command, "essays": list(frozen.essays)}


def _letter(waiting: Waiting, frozen: Frozen, cost: int, now: float) -> Letter:
    """The row as it stands after `start_pushes`."""
    return Letter(
        row=waiting.row,
        kind=PUSH,
        chat=waiting.chat.id,
        user=None if waiting.chat.is_group else waiting.chat.id,
        answers=None,
        reply_token=None,
        retry_key=waiting.retry_key,
        body=frozen.body,
        command=frozen.command,
        essays=frozen.essays,
        expires_at=now + AMBIGUOUS,
        attempts=1,
        unclear=False,
        run=waiting.run,
        cost=cost,
    )


def _run_values(run: Run, now: float) -> dict[str, Any]:
    return {
        "kind": run.kind,
        "chat": run.chat.id,
        "place": run.chat.place,
        "name": run.name,
        "state": run.state,
        "subject": run.subject,
        "slot": run.slot,
        "created_at": now,
    }


def _row_values(run: Run, run_id: int, now: float) -> dict[str, Any]:
    return {
        "kind": PUSH,
        "state": WAITING,
        "chat": run.chat.id,
        "user_id": None if run.chat.is_group else run.chat.id,
        "command": "",
        "essays": [],
        "due_at": now,
        "expires_at": now + AMBIGUOUS,
        "lease_until": 0.0,
        "attempts": 0,
        "unclear": False,
        "created_at": now,
        "run": run_id,
        "push_at": run.push_at,
    }
