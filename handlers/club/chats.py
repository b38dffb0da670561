"""The chats the bot is in, and how talkative each wants it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import bindparam, select, update

from corpus.database import UnitOfWork, aware
from corpus.storage.prepared import Prepared
from corpus.storage.upsert import upsert
from handlers.club.people import utc
from handlers.club.tables import chats
from handlers.club.timetable import clock
from handlers.identity import Chat, Place

_SEEN = Prepared(select(chats.c.seen_at).where(chats.c.id == bindparam("chat")))  # asked at every answer


class Mode(StrEnum):
    """The amount of talk that a group wants."""

    ASKED = "asked"  # 叫我才回
    HELPFUL = "helpful"  # 主動幫忙
    DIGESTS = "digests"  # 只送摘要


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """One chat as the Club knows it."""

    chat: Chat
    mode: Mode = Mode.ASKED
    active: bool = True
    quiet_from: int | None = None  # minutes after midnight
    quiet_until: int | None = None

    @property
    def quiet_hours(self) -> str:
        """The quiet hours as people read them, 「22:00 到 08:00」; empty where there are none."""
        if self.quiet_from is None or self.quiet_until is None:
            return ""
        return f"{clock(self.quiet_from)} 到 {clock(self.quiet_until)}"

    def is_quiet_at(self, minute: int) -> bool:
        """Tell whether a minute after midnight is within the quiet hours."""
        return self.is_quiet(time(minute // 60, minute % 60))

    def is_quiet(self, moment: time) -> bool:
        """Tell whether a moment is within the quiet hours, which may span midnight."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        minute = moment.hour * 60 + moment.minute
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= minute < self.quiet_until
        return minute >= self.quiet_from or minute < self.quiet_until


class ChatTable:
    """The chats that the bot knows, with their settings."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def get(self, chat: Chat) -> ChatSettings:
        """Return the settings of a chat; the defaults for a new one."""
        return self.all_of([chat])[chat.id]

    def all_of(self, wanted: Collection[Chat]) -> dict[str, ChatSettings]:
        """Return the settings of these chats, by chat id; the defaults for new ones."""
        rows = self.work.reader.execute(select(chats).where(chats.c.id.in_([chat.id for chat in wanted])))
        known = {
            row.id: ChatSettings(
                Chat(row.id, Place(row.place)), Mode(row.mode), row.active, row.quiet_from, row.quiet_until
            )
            for row in rows
        }
        return {chat.id: known.get(chat.id) or ChatSettings(chat) for chat in wanted}

    def known(self) -> dict[Chat, bool]:
        """Return every chat of the table, and whether the bot is still in it."""
        rows = self.work.reader.execute(select(chats.c.id, chats.c.place, chats.c.active))
        return {Chat(row.id, Place(row.place)): row.active for row in rows}

    def keep(self, book: ChatSettings, at: datetime) -> None:
        values = {
            "place": book.chat.place,
            "mode": book.mode,
            "active": book.active,
            "quiet_from": book.quiet_from,
            "quiet_until": book.quiet_until,
        }
        upsert(self.work.writer, chats, {"id": book.chat.id}, values, first={"since": at})

    def set_mode(self, chat: Chat, mode: Mode, at: datetime) -> None:
        self.keep(replace(self.get(chat), mode=mode), at)

    def hear(self, chat: Chat, at: datetime) -> None:
        """Note the day on which something was last said here."""
        day = _day(at)
        known = _SEEN.first(self.work.reader, chat=chat.id)
        if known is None:
            self.keep(ChatSettings(chat), at)
        if known is None or (aware(known.seen_at) or day) < day or known.seen_at is None:
            self.work.writer.execute(update(chats).where(chats.c.id == chat.id).values(seen_at=day))

    def says_joining(self, chat: Chat, at: datetime) -> bool:
        """Tell whether a group may be told how to join, once a day; if so, note that it was told."""
        day = _day(at)
        said = self.work.reader.execute(select(chats.c.join_said_at).where(chats.c.id == chat.id)).scalar()
        if (aware(said) or utc(at)) >= day and said is not None:
            return False
        self.hear(chat, at)
        self.work.writer.execute(update(chats).where(chats.c.id == chat.id).values(join_said_at=day))
        return True

    def enter(self, chat: Chat, at: datetime) -> None:
        """Start a chat clean: the bot was followed or invited."""
        self.keep(ChatSettings(chat), at)
        self.work.writer.execute(update(chats).where(chats.c.id == chat.id).values(left_at=None))

    def leave(self, chat: Chat, at: datetime) -> None:
        """Send nothing more to a chat: the bot was unfollowed, kicked or sent away."""
        self.keep(replace(self.get(chat), active=False), at)
        self.work.writer.execute(update(chats).where(chats.c.id == chat.id).values(left_at=utc(at)))


def _day(at: datetime) -> datetime:
    """Return the beginning of the community's day."""
    return utc(at.replace(hour=0, minute=0, second=0, microsecond=0))
