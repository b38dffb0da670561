"""Erasing a person: the rule for each row that names one, and the record by which a restored backup is erased again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, func, insert, or_, select, update

from corpus.storage.schema import lexicon_lines, sources, versions
from handlers.club.admin_tables import drafts, plans, unsaved_forms
from handlers.club.askers import forget_asker
from handlers.club.digest_tables import mailings, shown, subscriptions
from handlers.club.drafts import DraftStage
from handlers.club.gaps import forget_misses
from handlers.club.people import utc
from handlers.club.tables import (
    audit,
    chats,
    codes,
    erasures,
    kept_passages,
    memberships,
    missed_asks,
    opened,
    paid_memberships,
    people,
    reader_browsers,
    saved,
    wishes,
)
from handlers.club.traces import person_hash

Erase = Callable[[Connection, str], None]


@dataclass(frozen=True, slots=True)
class ErasureRule:
    """One step of an erasure. `people` names the columns that hold user ids there."""

    name: str
    erase: Erase
    people: tuple[Column[Any], ...] = ()


def deletes(table: Table, *columns: str, which: ColumnElement[bool] | None = None) -> ErasureRule:
    """Return a rule that deletes the rows naming the person in one of these columns."""

    def erase(connection: Connection, user: str) -> None:
        query = delete(table).where(or_(*(table.c[name] == user for name in columns)))
        connection.execute(query if which is None else query.where(which))

    return ErasureRule(f"{table.name} of {columns[0]}", erase, tuple(table.c[name] for name in columns))


def blanks(
    table: Table, column: str, values: dict[str, Any], *, prefix: str = "", which: ColumnElement[bool] | None = None
) -> ErasureRule:
    """Return a rule that keeps the rows naming the person, and sets these values in place of the name."""

    def erase(connection: Connection, user: str) -> None:
        query = update(table).where(table.c[column] == prefix + user).values(values)
        connection.execute(query if which is None else query.where(which))

    return ErasureRule(f"{column} in {table.name}", erase, () if prefix else (table.c[column],))


def _strike_from_plans(connection: Connection, user: str) -> None:
    for number, listed in connection.execute(select(plans.c.id, plans.c.chats)).all():
        kept = [pair for pair in listed if pair[0] != user]
        if len(kept) < len(listed):
            connection.execute(update(plans).where(plans.c.id == number).values(chats=kept))


def _drop_codes_of_payer(connection: Connection, user: str) -> None:
    """Delete the codes that hold a payer's id of this person, also those that nobody typed."""
    theirs = select(paid_memberships.c.key).where(paid_memberships.c.user_id == user)
    connection.execute(delete(codes).where(codes.c.payer_key.in_(theirs)))


def _take_out_misses(connection: Connection, user: str) -> None:
    forget_misses(connection, missed_asks.c.user_id == user)
    forget_asker(connection, person_hash(user))


CLUB_RULES = (
    deletes(people, "user_id"),
    deletes(memberships, "user_id"),
    ErasureRule("codes of the payer's", _drop_codes_of_payer),
    deletes(paid_memberships, "user_id"),
    deletes(codes, "user_id"),
    blanks(codes, "used_by", {"used_by": "", "payer_key": None}),
    deletes(saved, "user_id"),
    deletes(kept_passages, "user_id"),
    deletes(opened, "user_id"),
    deletes(wishes, "user_id"),
    ErasureRule("misses of a day", _take_out_misses, (missed_asks.c.user_id,)),
    deletes(chats, "id"),
    deletes(subscriptions, "chat"),
    blanks(subscriptions, "made_by", {"made_by": None}),
    deletes(mailings, "chat"),
    blanks(mailings, "set_by", {"set_by": None}),
    deletes(shown, "chat"),
    deletes(drafts, "user_id", which=drafts.c.state != DraftStage.PUBLISHED),
    blanks(
        drafts, "user_id", {"user_id": "", "pieces": [], "messages": []}, which=drafts.c.state == DraftStage.PUBLISHED
    ),
    deletes(plans, "user_id", which=plans.c.state == "waiting"),
    blanks(plans, "user_id", {"user_id": ""}, which=plans.c.state != "waiting"),
    ErasureRule("recipients in plans", _strike_from_plans),
    blanks(audit, "user_id", {"user_id": ""}),
    blanks(audit, "subject", {"subject": "user:"}, prefix="user:"),
    deletes(unsaved_forms, "user_id"),
    deletes(reader_browsers, "user_id"),
    blanks(sources, "added_by", {"added_by": None}),
    blanks(versions, "changed_by", {"changed_by": None}),
    blanks(lexicon_lines, "changed_by", {"changed_by": ""}),
)


def erase(connection: Connection, user: str, rules: Collection[ErasureRule]) -> None:
    """Apply all rules, so that nothing names this person any more."""
    for rule in rules:
        rule.erase(connection, user)


def record(connection: Connection, trace: str, at: datetime) -> None:
    """Remember that a person was erased, or a message taken back, without saying which."""
    known = (erasures.c.person == trace) & (erasures.c.at == utc(at))
    if connection.execute(select(erasures).where(known)).first() is None:
        connection.execute(insert(erasures).values(person=trace, at=utc(at)))


def erased_after(connection: Connection, user: str, moment: datetime) -> bool:
    """Tell whether this person was erased at that moment or later."""
    later = (erasures.c.person == person_hash(user)) & (erasures.c.at >= utc(moment))
    return connection.execute(select(erasures.c.at).where(later)).first() is not None


def erasures_mark(connection: Connection) -> tuple[int, datetime | None]:
    """Return a mark that differs after each erasure: how many there were, and the last one's moment."""
    count, last = connection.execute(select(func.count(), func.max(erasures.c.at))).one()
    return count, last
