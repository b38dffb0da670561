"""Plan the digests of one time for the chats that want them then, by statements over a thousand chats each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)

from bot.ledger.deliveries import DIGEST, EMPTY, PAUSED, PLANNED, SKIPPED, merge_digests, outbox_values
from bot.ledger.tables import outbox, runs
from corpus.database import dialect
from handlers.club.digest_tables import mailings
from handlers.club.timetable import Timetable
from handlers.identity import Place

AT_ONCE = 1_000  # chats of one transaction: others write in between


@dataclass(frozen=True, slots=True)
class DigestSlot:
    """A time at which the chats of one timetable are told what is new, as seen at `now`."""

    table: Timetable
    name: str
    at: datetime
    now: datetime
    too_late: bool  # the digest is only noted as skipped
    patience: float  # seconds that a digest waits for a ride before it may be pushed

    def chats(self, last: str, end: str | None) -> Select[tuple[str]]:
        """Select the chats after `last` up to `end` (None: to the last) that have no run of this name yet, in order of their ids.

        A mailing that was set later than the slot is not due, unless it was set later than `now`: then the clock has gone back.
        """
        known = exists().where(runs.c.chat == mailings.c.chat, runs.c.name == self.name)
        was_set = (mailings.c.since < self.at.timestamp()) | (mailings.c.since > self.now.timestamp())
        query = select(mailings.c.chat).where(
            mailings.c.days == self.table.days, mailings.c.minute == self.table.minute, mailings.c.chat > last
        )
        query = query.where(was_set, ~known)
        return (query if end is None else query.where(mailings.c.chat <= end)).order_by(mailings.c.chat)

    def state(self, news: int) -> ColumnElement[str]:
        """Return the state in which a mailing's run begins; `news` is the revision of the newest essay that tells something."""
        if self.too_late:
            return literal(SKIPPED, String)
        is_paused = and_(mailings.c.paused_until.is_not(None), mailings.c.paused_until > self.at.timestamp())
        return case((is_paused, PAUSED), (or_(mailings.c.covered < news, mailings.c.archive), PLANNED), else_=EMPTY)


def next_chats(connection: Connection, slot: DigestSlot, last: str) -> str | None:
    """Return the last chat of the next batch after `last`; None when no chat is left."""
    part = slot.chats(last, None).limit(AT_ONCE).subquery()
    return connection.execute(select(func.max(part.c.chat))).scalar()


def count_next_chats(connection: Connection, slot: DigestSlot) -> int:
    """Count the chats of the first batch that are still to be planned for."""
    part = slot.chats("", None).limit(AT_ONCE).subquery()
    return connection.execute(select(func.count()).select_from(part)).scalar_one()


def plan_digests(
    connection: Connection, slot: DigestSlot, last: str, end: str, news: int, revision: int, clock: float
) -> int:
    """Write a run for each chat after `last` up to `end`, and an outbox row for each digest that is to go out; return the number of these rows.

    A digest that still waits in the same chat is merged into the new one: nothing of it was covered.
    """
    fixed = {"kind": DIGEST, "name": slot.name, "subject": "", "slot": slot.at.timestamp(), "created_at": clock}
    columns = [mailings.c.chat, mailings.c.place, slot.state(news), *map(literal, fixed.values())]
    add = dialect(connection).insert(runs)
    add = add.from_select(["chat", "place", "state", *fixed], slot.chats(last, end).with_only_columns(*columns))
    made = connection.execute(add.on_conflict_do_nothing().returning(runs.c.id, runs.c.chat, runs.c.state)).all()
    resting = [chat for _, chat, state in made if state == PAUSED]
    if resting:  # news of a pause is not sent after it
        connection.execute(update(mailings).where(mailings.c.chat.in_(resting)).values(covered=revision))
    planned = {run: chat for run, chat, state in made if state == PLANNED}
    if planned:
        merge_digests(connection, planned.values())
        _put_out(connection, list(planned), slot, clock)
    return len(planned)


def _put_out(connection: Connection, planned: list[int], slot: DigestSlot, clock: float) -> None:
    fixed = outbox_values(clock)
    is_person = mailings.c.place == Place.PERSON
    push_at = case((or_(is_person, mailings.c.on_time), slot.at.timestamp() + slot.patience), else_=null())
    user = case((is_person, mailings.c.chat), else_=null())
    values = [literal(value, outbox.c[name].type) for name, value in fixed.items()]
    rows = select(runs.c.id, runs.c.chat, user, push_at, *values).join(mailings, mailings.c.chat == runs.c.chat)
    chosen = rows.where(runs.c.id.in_(planned)).order_by(runs.c.id)
    connection.execute(insert(outbox).from_select(["run", "chat", "user_id", "push_at", *fixed], chosen))
