"""The Club: the community's book, within one unit of work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from corpus.database import UnitOfWork
from handlers.club import erasure
from handlers.club.audit import Audit
from handlers.club.bookmarks import Bookmarks
from handlers.club.chats import ChatTable
from handlers.club.drafts import Drafts
from handlers.club.gaps import Gaps
from handlers.club.kept_passages import KeptPassages
from handlers.club.memberships import Memberships
from handlers.club.paid_memberships import PaidMemberships
from handlers.club.people import People
from handlers.club.plans import Plans
from handlers.club.subscriptions import Subscriptions, TopicKind
from handlers.club.traces import person_hash
from handlers.club.unsaved_forms import UnsavedForms
from handlers.identity import Chat
from handlers.text.visibility import plan_label


class Club:
    """The community's book: one table for each kind of thing it remembers; all share the event's unit of work."""

    def __init__(self, work: UnitOfWork, owners: tuple[str, ...] = ()) -> None:
        self.people = People(work, owners)
        self.memberships = Memberships(work)
        self.paid_memberships = PaidMemberships(work)
        self.chats = ChatTable(work)
        self.bookmarks = Bookmarks(work)
        self.passages = KeptPassages(work)
        self.gaps = Gaps(work)
        self.audit = Audit(work)
        self.drafts = Drafts(work)
        self.plans = Plans(work)
        self.unsaved = UnsavedForms(work)
        self.subscriptions = Subscriptions(work)

    def forget(self, user: str, at: datetime) -> None:
        """Erase a person: rows that others need stay without the name, and the erasure itself as a hash."""
        writer = self.people.work.writer
        erasure.erase(writer, user, erasure.CLUB_RULES)
        erasure.record(writer, person_hash(user), at)

    def rows_about(self, chat: Chat, user: str) -> list[tuple[str, str]]:
        """List a person's membership, note, subscriptions and digest times as rows of 「我的資料」."""
        kept, mailing = self.subscriptions.of(chat), self.subscriptions.settings_of(chat)
        counted = {kind: sum(one.kind is kind for one in kept) for kind in TopicKind}
        plans = "、".join(map(plan_label, sorted(self.memberships.of(user))))
        linked = "已連結" if self.paid_memberships.is_linked(user) else ""
        told = [("會員資格", plans), ("收款平台", linked), ("編輯的備註", self.people.note_of(user))]
        rows = [("訂閱", f"{counted[TopicKind.TOPIC]} 個主題"), ("追蹤", f"{counted[TopicKind.SECURITY]} 檔")]
        return [row for row in told if row[1]] + rows + ([("送達時間", str(mailing.timetable))] if mailing else [])

    def reachable(self, met: Iterable[Chat]) -> list[Chat]:
        """List every chat that may be told something: it left some trace, and the bot is still in it as far as is known.

        `met`: the chats of conversations; somebody may have become a friend before the bot was there to see it.
        """
        book = self.chats.known()
        traced = {*book, *met, *self.subscriptions.chats(), *self.people.chats()}
        return sorted((chat for chat in traced if book.get(chat, True)), key=lambda chat: chat.id)

    def enter(self, chat: Chat, at: datetime) -> None:
        """Start a chat clean: the bot was followed or invited."""
        self._drop(chat)
        self.chats.enter(chat, at)

    def leave(self, chat: Chat, at: datetime) -> None:
        """Send nothing more to a chat: the bot was unfollowed, kicked or sent away."""
        self._drop(chat)
        self.chats.leave(chat, at)

    def _drop(self, chat: Chat) -> None:
        """Drop the chat's subscriptions and alerts."""
        self.subscriptions.drop(chat.id)
        self.gaps.drop_alerts(chat.id)
