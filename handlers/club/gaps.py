"""Gaps in the archive: questions asked in vain, answers beside the point, alerts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from corpus.database import UnitOfWork
from corpus.language.text import fold
from corpus.storage.upsert import upsert
from handlers.club.askers import forget_asker, note_asker
from handlers.club.people import utc
from handlers.club.tables import missed_askers, missed_asks, misses, wishes
from handlers.club.traces import person_hash


class Gap(StrEnum):
    """The reason why a question counts as unanswered."""

    MISS = "miss"  # 沒答到的
    WRONG = "wrong"  # 答非所問


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """One question, however it was typed: how often it was asked in vain, and how often answered beside the point."""

    question: str
    missed: int
    wrong: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """A question that somebody waits to see answered; it was last tried on the archive's `revision`."""

    id: int
    user: str
    question: str
    revision: int


def question_key(question: str) -> str:
    """Return the key of a question: the same for other width, script, case or punctuation."""
    return "".join(character for character in fold(question) if character.isalnum())[:200]


class Gaps:
    """The gaps in the archive, and the alerts of people who wait for an answer."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def note(
        self, question: str, kind: Gap, at: datetime, *, user: str | None = None, message: str | None = None
    ) -> None:
        """Count a question; its asker and message are kept for a day, to take it out again."""
        key = question_key(question)
        if not key:
            return
        writer = self.work.writer
        if user:
            note_asker(writer, key, person_hash(user), at)
        if user or message:
            asked = {"key": key, "kind": kind, "user_id": user, "message": message, "at": utc(at)}
            writer.execute(insert(missed_asks).values(asked))
        first = {"question": question[:200], "count": 0, "first_at": utc(at)}
        upsert(writer, misses, {"key": key, "kind": kind}, {"last_at": utc(at)}, first)
        missed = (misses.c.key == key) & (misses.c.kind == kind)
        writer.execute(update(misses).where(missed).values(count=misses.c.count + 1))

    def grouped(self, limit: int = 20, offset: int = 0) -> list[UnansweredQuestion]:
        """List the questions with both counts, the most frequent first."""
        missed = func.sum(case((misses.c.kind == Gap.MISS, misses.c.count), else_=0))
        wrong = func.sum(case((misses.c.kind == Gap.WRONG, misses.c.count), else_=0))
        query = select(func.min(misses.c.question), missed, wrong, func.max(misses.c.last_at)).group_by(misses.c.key)
        order = (func.sum(misses.c.count).desc(), func.max(misses.c.last_at).desc())
        rows = self.work.reader.execute(query.order_by(*order).limit(limit).offset(offset))
        return [UnansweredQuestion(question, int(missed), int(wrong), last) for question, missed, wrong, last in rows]

    def settle(self, question: str) -> bool:
        """Forget a question that is answered now; False when nobody had asked it."""
        key = question_key(question)
        for table in (missed_asks, missed_askers):
            self.work.writer.execute(delete(table).where(table.c.key == key))
        return bool(self.work.writer.execute(delete(misses).where(misses.c.key == key)).rowcount)

    def add_alert(self, user: str, question: str, revision: int, at: datetime, message: str | None = None) -> bool:
        """Remember that a person waits for an answer to a question; False when it was remembered already.

        `message`: LINE's id of the message that asked for it.
        """
        key = question_key(question)
        first = {"question": question[:200], "message": message}
        looked = {"revision": revision, "at": utc(at)}
        return upsert(self.work.writer, wishes, {"user_id": user, "key": key}, looked, first)

    def alerts_before(self, revision: int, limit: int) -> list[Alert]:
        """List up to `limit` alerts that were last tried before `revision`, the oldest try first."""
        query = select(wishes).where(wishes.c.revision < revision).order_by(wishes.c.revision, wishes.c.id).limit(limit)
        return [Alert(row.id, row.user_id, row.question, row.revision) for row in self.work.reader.execute(query)]

    def alerts(self, user: str | None = None) -> list[Alert]:
        query = select(wishes).order_by(wishes.c.id)
        rows = self.work.reader.execute(query if user is None else query.where(wishes.c.user_id == user))
        return [Alert(row.id, row.user_id, row.question, row.revision) for row in rows]

    def look_again(self, alert: Alert, revision: int) -> bool:
        """Mark an alert as tried on `revision`; False when somebody else has tried it meanwhile."""
        mine = (wishes.c.id == alert.id) & (wishes.c.revision == alert.revision)
        return bool(self.work.writer.execute(update(wishes).where(mine).values(revision=revision)).rowcount)

    def fulfil(self, alert_id: int) -> None:
        self.work.writer.execute(delete(wishes).where(wishes.c.id == alert_id))

    def drop_alerts(self, user: str) -> None:
        self.work.writer.execute(delete(wishes).where(wishes.c.user_id == user))


def forget_misses(connection: Connection, which: ColumnElement[bool]) -> None:
    """Take the misses of these `missed_asks` out of the counts again; a question that nobody else asked goes."""
    asked = connection.execute(select(missed_asks.c.key, missed_asks.c.kind, missed_asks.c.user_id).where(which)).all()
    for key, kind, user in asked:
        if user:
            forget_asker(connection, person_hash(user), key)
        mine = (misses.c.key == key) & (misses.c.kind == kind)
        connection.execute(update(misses).where(mine).values(count=misses.c.count - 1))
        connection.execute(delete(misses).where(mine, misses.c.count <= 0))
    connection.execute(delete(missed_asks).where(which))


def unsend(connection: Connection, messages: Collection[str]) -> None:
    """Take out the misses of messages that were taken back."""
    forget_misses(connection, missed_asks.c.message.in_(messages))


def unsend_alerts(connection: Connection, messages: Collection[str]) -> None:
    """Drop the alerts asked for by messages that were taken back."""
    connection.execute(delete(wishes).where(wishes.c.message.in_(messages)))


def unsend_pressed_alert(connection: Connection, user: str, words: str, since: datetime) -> None:
    """Drop the alert made since then by a button under the answer to a person's words, which were taken back."""
    mine = (wishes.c.user_id == user) & (wishes.c.key == question_key(words)) & (wishes.c.at >= utc(since))
    connection.execute(delete(wishes).where(mine))
