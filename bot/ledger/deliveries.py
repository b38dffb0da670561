"""Runs: deliveries for one chat at one time, each planned once, whoever plans it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, exists, insert, update

from bot.ledger.outgoing import PUSH, RIDING, WAITING, freeze
from bot.ledger.tables import outbox, runs
from corpus.database import dialect
from handlers.identity import Chat, Place

DIGEST, ALERT, NOTICE, ESSAY, CORRECTION = "digest", "wish", "notice", "essay", "correction"
REMINDER = "reminder"  # that a membership ends
REVIEW = "review"  # that a draft was submitted, came back or came out
TRIAL = "trial"  # a draft, to whoever tries it
ON_DEMAND = "asked"  # an answer that tells the news of a digest: 今日, 本週
PLANNED, EMPTY, SKIPPED, PAUSED, SUPERSEDED, STOPPED = "planned", "empty", "skipped", "paused", "merged", "stopped"
WITH_REPLY, FREE_TOKEN = "reply", "alone"  # ways to go out, beside a push
AMBIGUOUS = 23 * 3600.0  # LINE knows a retry key for 24 hours
BATCH = 500


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery to be planned for one chat. `push_at` None: it only rides."""

    kind: str
    chat: Chat
    name: str
    state: str = PLANNED
    slot: float | None = None
    push_at: float | None = None
    subject: str = ""


def notice(user: str, name: str, words: str) -> Delivery:
    """Return a line to one person, to go with the next reply."""
    return Delivery(NOTICE, Chat(user, Place.PERSON), name, subject=words)


def plan_deliveries(connection: Connection, wanted: Sequence[Delivery], now: float) -> int:
    """Write runs that are not known yet, and an outbox row for each that is to go out; return the number of these rows."""
    fresh = 0
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        add = dialect(connection).insert(runs).on_conflict_do_nothing().returning(runs.c.chat, runs.c.name, runs.c.id)
        known = connection.execute(add, [_run_values(run, now) for run in part])
        ids = {(chat, name): run for chat, name, run in known}
        new = [(run, ids[run.chat.id, run.name]) for run in part if (run.chat.id, run.name) in ids]
        going = [_row_values(run, run_id, now) for run, run_id in new if run.state == PLANNED]
        if going:
            connection.execute(insert(outbox), going)
        fresh += len(going)
    return fresh


def create_on_demand(connection: Connection, chat: Chat, carrying_reply: int, now: float) -> int:
    """Create the run of an answer that tells news, with an empty row that rides with the answer to learn its end; return the run's id."""
    run = Delivery(ON_DEMAND, chat, f"asked {uuid4()}")
    run_id: int = connection.execute(insert(runs).values(_run_values(run, now)).returning(runs.c.id)).scalar_one()
    riding = {"state": RIDING, "carrier": carrying_reply, "body": freeze((), quiet=True)}
    connection.execute(insert(outbox).values(_row_values(run, run_id, now) | riding))
    return run_id


def merge_digests(connection: Connection, chats: Collection[str]) -> None:
    """Take back the digests that still wait in these chats, for a new one will tell all of their news.

    `chats` is a list, not a query: before PostgreSQL knows how large its tables have grown, it would compare each row with all.
    """
    is_digest = exists().where(runs.c.id == outbox.c.run, runs.c.kind == DIGEST)
    waits = outbox.c.chat.in_(chats) & (outbox.c.state == WAITING)
    gone = delete(outbox).where(waits, is_digest).returning(outbox.c.run)
    merged = connection.execute(gone).scalars().all()
    connection.execute(update(runs).where(runs.c.id.in_(merged)).values(state=SUPERSEDED))


def _run_values(run: Delivery, now: float) -> dict[str, Any]:
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


def _row_values(run: Delivery, run_id: int, now: float) -> dict[str, Any]:
    return {
        "chat": run.chat.id,
        "user_id": None if run.chat.is_group else run.chat.id,
        "run": run_id,
        "push_at": run.push_at,
        **outbox_values(now),
    }


def outbox_values(now: float) -> dict[str, Any]:
    """Return the columns that are the same in the outbox rows of all deliveries planned at `now`."""
    return {
        "kind": PUSH,
        "state": WAITING,
        "command": "",
        "essays": [],
        "due_at": now,
        "expires_at": now + AMBIGUOUS,
        "lease_until": 0.0,
        "attempts": 0,
        "unclear": False,
        "created_at": now,
    }
