"""Subscriptions: the topics of each chat, its digest settings, and the passages it was shown already."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from corpus.database import UnitOfWork
from corpus.storage.bulk import insert_all
from corpus.storage.upsert import upsert
from handlers.club.digest_tables import mailings, shown, subscriptions
from handlers.club.timetable import USUAL, Timetable
from handlers.club.topic import Topic
from handlers.identity import Chat, Place

FOR_GOOD = 1e11  # paused until 恢復


class TopicKind(StrEnum):
    """The kind of a subscription: to a topic, or to a security that is watched."""

    TOPIC = "topic"  # 訂閱
    SECURITY = "security"  # 追蹤


MOST = {TopicKind.TOPIC: 20, TopicKind.SECURITY: 50}  # of one chat


@dataclass(frozen=True, slots=True)
class Subscription:
    """One thing a chat wants to hear of. A security is wanted by its key, 「2330.TWSE」."""

    id: int
    kind: TopicKind
    name: str
    topic: Topic
    since: int
    made_by: str | None


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """The settings of one chat's digests."""

    chat: Chat
    timetable: Timetable = USUAL
    on_time: bool = False  # a group's digest may be pushed
    archive: bool = False  # one passage from the archive where nothing is new
    paused_until: float | None = None
    covered: int = 0
    since: float = 0.0
    set_by: str | None = None

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and now.timestamp() < self.paused_until


@dataclass(frozen=True, slots=True)
class DeliveredContent:
    """The content of a delivery: (essay id, passage), the archive's revision that the chat knew before and knows then, the run."""

    chat: Chat
    passages: Sequence[tuple[int, str]]
    since: int
    covered: int
    run: int | None = None


class SentPassages(frozenset[str]):
    """Passages that a chat was shown, kept as fingerprints: `in` takes the passage itself."""

    def __contains__(self, passage: object) -> bool:
        return isinstance(passage, str) and super().__contains__(fingerprint(passage))


def fingerprint(passage: str) -> str:
    return hashlib.sha256(passage.encode("utf-8", "replace")).hexdigest()[:32]


class Subscriptions:
    """The subscriptions of all chats, their digest settings and the passages that they were shown."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    # subscriptions

    def of(self, chat: Chat, kind: TopicKind | None = None) -> list[Subscription]:
        """List a chat's subscriptions in the order in which they were made."""
        kept = self.of_chats([chat]).get(chat.id, [])
        return [one for one in kept if kind in (None, one.kind)]

    def of_chats(self, chats: Collection[Chat]) -> dict[str, list[Subscription]]:
        """Return the subscriptions of these chats, by chat id."""
        mine = subscriptions.c.chat.in_([chat.id for chat in chats])
        found: dict[str, list[Subscription]] = {}
        for row in self.work.reader.execute(select(subscriptions).where(mine).order_by(subscriptions.c.id)):
            found.setdefault(row.chat, []).append(_subscription(row))
        return found

    def add(
        self, chat: Chat, kind: TopicKind, name: str, topic: Topic, *, by: str | None, revision: int, at: datetime
    ) -> bool:
        """Subscribe a chat to a topic from `revision` on; False when it is already. The first one opens the chat's mailing."""
        self._open(chat, by, revision, at)
        key = topic.wanted[0] if kind is TopicKind.SECURITY else topic.key
        same = (subscriptions.c.chat == chat.id, subscriptions.c.kind == kind, subscriptions.c.key == key)
        if self.work.writer.execute(select(subscriptions.c.id).where(*same)).first():
            return False
        values = {"name": name, "wanted": list(topic.wanted), "without": list(topic.without), "since": revision}
        made = {"made_by": by, "made_at": at.timestamp()}
        self.work.writer.execute(insert(subscriptions).values(chat=chat.id, kind=kind, key=key, **values, **made))
        return True

    def timetables(self) -> list[tuple[Timetable, int]]:
        """List the timetables of the chats with a subscription, each with the number of its chats."""
        wanted = mailings.c.chat.in_(select(subscriptions.c.chat))
        query = select(mailings.c.days, mailings.c.minute, func.count()).where(wanted)
        rows = self.work.reader.execute(query.group_by(mailings.c.days, mailings.c.minute))
        return [(Timetable(days, minute), count) for days, minute, count in rows]

    def remove(self, chosen: Iterable[Subscription]) -> None:
        ids = [one.id for one in chosen]
        self.work.writer.execute(delete(subscriptions).where(subscriptions.c.id.in_(ids)))

    def chats(self) -> list[Chat]:
        """List every chat that ever subscribed to something and did not leave."""
        return [
            Chat(row.chat, Place(row.place))
            for row in self.work.reader.execute(select(mailings.c.chat, mailings.c.place))
        ]

    # digest settings

    def settings_of(self, chat: Chat, *, lock: bool = False) -> DigestSettings | None:
        """Return a chat's digest settings; None where it never subscribed.

        `lock`: nobody else changes them before this unit of work ends.
        """
        return self.all_settings([chat], lock=lock).get(chat.id)

    def all_settings(self, chats: Collection[Chat], *, lock: bool = False) -> dict[str, DigestSettings]:
        """Return the digest settings of these chats, by chat id; `lock` as for `settings_of`."""
        query = select(mailings).where(mailings.c.chat.in_([chat.id for chat in chats])).order_by(mailings.c.chat)
        rows = self.work.writer.execute(query.with_for_update()) if lock else self.work.reader.execute(query)
        return {row.chat: _mailing(row) for row in rows}

    def keep(self, mailing: DigestSettings) -> None:
        values = {
            "days": mailing.timetable.days,
            "minute": mailing.timetable.minute,
            "on_time": mailing.on_time,
            "archive": mailing.archive,
            "paused_until": mailing.paused_until,
            "covered": mailing.covered,
            "since": mailing.since,
            "set_by": mailing.set_by,
        }
        first = {"place": mailing.chat.place}
        upsert(self.work.writer, mailings, {"chat": mailing.chat.id}, values, first)

    # shown passages

    def shown(self, chat: Chat) -> SentPassages:
        """Return the passages that this chat was shown."""
        return self.shown_to([chat]).get(chat.id, SentPassages())

    def shown_to(self, chats: Collection[Chat], essays: Collection[int] | None = None) -> dict[str, SentPassages]:
        """Return the passages that each of these chats was shown: of these essays, or of all."""
        query = select(shown.c.chat, shown.c.passage).where(shown.c.chat.in_([chat.id for chat in chats]))
        found: dict[str, set[str]] = {}
        for row in self.work.reader.execute(query if essays is None else query.where(shown.c.essay_id.in_(essays))):
            found.setdefault(row.chat, set()).add(row.passage)
        return {chat: SentPassages(passages) for chat, passages in found.items()}

    def told(self, *news: DeliveredContent) -> None:
        """Remember the passages that chats are told, and that they know the archive up to a revision now."""
        writer = self.work.writer
        rows = [
            {"chat": one.chat.id, "passage": fingerprint(text), "essay_id": essay_id, "run": one.run}
            for one in news
            for essay_id, text in one.passages
        ]
        insert_all(writer, shown, rows)
        known = defaultdict[int, list[str]](list)
        for one in news:
            known[one.covered].append(one.chat.id)
        for until, chats in known.items():
            writer.execute(update(mailings).where(mailings.c.chat.in_(chats)).values(covered=until))

    def take_back(self, chat: str, run: int, since: int) -> None:
        """Take back a digest that was proven not to have arrived: its passages are news again."""
        self.work.writer.execute(delete(shown).where(shown.c.run == run))
        earlier = update(mailings).where(mailings.c.chat == chat, mailings.c.covered > since)
        self.work.writer.execute(earlier.values(covered=since))

    # endings

    def drop(self, chat: str) -> None:
        """Forget a chat's subscriptions, digest settings and shown passages: it left, or starts clean."""
        for table in (subscriptions, mailings, shown):
            self.work.writer.execute(delete(table).where(table.c.chat == chat))

    def _open(self, chat: Chat, by: str | None, revision: int, at: datetime) -> None:
        mailing = self.settings_of(chat, lock=True)
        if mailing is None:
            self.keep(DigestSettings(chat, covered=revision, since=at.timestamp(), set_by=by))


def _subscription(row: Row[Any]) -> Subscription:
    topic = Topic(tuple(row.wanted), tuple(row.without))
    return Subscription(row.id, TopicKind(row.kind), row.name, topic, row.since, row.made_by)


def _mailing(row: Row[Any]) -> DigestSettings:
    return DigestSettings(
        chat=Chat(row.chat, Place(row.place)),
        timetable=Timetable(row.days, row.minute),
        on_time=row.on_time,
        archive=row.archive,
        paused_until=row.paused_until,
        covered=row.covered,
        since=row.since,
        set_by=row.set_by,
    )
