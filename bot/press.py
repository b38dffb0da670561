"""The press: what waits for a chat, checked once more and frozen into messages, in the transaction that claims it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.drawing import Drawing
from bot.ledger import outbox, runs
from bot.ledger.runs import Waiting
from corpus.database import Work
from corpus.essay import Audience
from corpus.library import Archive, Library
from handlers.ask import Answer, Chat, Outcome, Role, said
from handlers.club.chats import ChatBook
from handlers.club.club import Club
from handlers.edition import edition_for
from handlers.house import House
from handlers.present import essay_card, hit_card


@dataclass(frozen=True, slots=True)
class Printed:
    """Frozen: nothing of it changes any more, however often it is sent."""

    body: bytes
    messages: int
    command: str
    essays: tuple[int, ...]

    @property
    def columns(self) -> dict[str, object]:
        return {"body": self.body, "command": self.command, "essays": list(self.essays)}


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: in the quiet hours. `push_at`: when they end, in epoch seconds."""

    push_at: float


@dataclass(frozen=True, slots=True)
class Never:
    """There is nothing to send any more; `state` says why."""

    state: str


Outturn = Printed | Later | Never


class Press:
    """`owners`: who is an owner by the settings, as everywhere."""

    def __init__(self, archive: Archive, drawing: Drawing, zone: ZoneInfo, owners: tuple[str, ...] = ()) -> None:
        self.archive = archive
        self.drawing = drawing
        self.zone = zone
        self.owners = owners
        self._kinds: dict[str, Callable[[Work, Club, Waiting, datetime], Outturn]] = {
            runs.DIGEST: self._digest,
            runs.WISH: self._wish,
            runs.NOTICE: self._notice,
            runs.ESSAY: self._essay,
            runs.CORRECTION: self._correction,
        }

    def print(self, work: Work, waiting: Waiting, now: datetime) -> Outturn:
        """Check subscription, rights, visibility, block, pause and quiet hours once more, and freeze what is left.

        What it tells is written down as told; nothing holds unless the caller commits.
        """
        now = now.astimezone(self.zone)
        club = Club(work, self.owners)
        book = club.chats.get(waiting.chat)
        if not book.active:
            return Never(runs.STOPPED)
        if book.is_quiet(now.time()):
            return Later(_end_of_quiet(book, now))
        return self._kinds[waiting.kind](work, club, waiting, now)

    def _digest(self, work: Work, club: Club, waiting: Waiting, now: datetime) -> Outturn:
        book = club.subscriptions
        mailing = book.mailing(waiting.chat, lock=True)
        if mailing is None or mailing.is_paused(now) or not book.of(waiting.chat):
            return Never(runs.STOPPED)
        library = self._library(work, club, waiting.chat, now)
        edition = edition_for(library, book, mailing, now)
        if edition is None:
            book.told(waiting.chat, (), library.revision())
            return Never(runs.EMPTY)
        book.told(waiting.chat, edition.passages, edition.covered, waiting.run)
        runs.cover(work.writer, waiting.run, mailing.covered, edition.covered)
        return self._printed(Answer(Outcome.THEME, digest=edition.digest), waiting, now, "今日", edition.essays)

    def _wish(self, work: Work, club: Club, waiting: Waiting, now: datetime) -> Outturn:
        wish_id, essay_id = map(int, waiting.subject.split())
        wish = next((wish for wish in club.gaps.wishes(waiting.chat.id) if wish.id == wish_id), None)
        if wish is None:
            return Never(runs.STOPPED)
        library = self._library(work, club, waiting.chat, now)
        hits = library.search(wish.question, now).hits
        hit = next((hit for hit in hits if hit.essay_id == essay_id), None)
        essay = library.essay(essay_id)
        if hit is None or essay is None:
            return Never(runs.STOPPED)
        card = hit_card(self._house(library, club, now), hit, essay, 1)
        answer = Answer(Outcome.ANSWER, text=f"你等的「{wish.question[:24]}」有文章了:", cards=(card,))
        return self._printed(answer, waiting, now, f"找 {wish.question}", (essay_id,))

    def _notice(self, _work: Work, _club: Club, waiting: Waiting, now: datetime) -> Outturn:
        return self._printed(said(waiting.subject), waiting, now, "", ())

    def _essay(self, work: Work, club: Club, waiting: Waiting, now: datetime) -> Outturn:
        """推播: an essay as this chat may see it."""
        library = self._library(work, club, waiting.chat, now)
        essay = library.essay(int(waiting.subject))
        if essay is None:
            return Never(runs.STOPPED)
        card = essay_card(self._house(library, club, now), essay)
        answer = Answer(Outcome.ANSWER, text="推薦一篇:", cards=(card,))
        return self._printed(answer, waiting, now, f"讀 {essay.id}", (essay.id,))

    def _correction(self, work: Work, club: Club, waiting: Waiting, now: datetime) -> Outturn:
        """通知更正: what holds now, for a chat that was sent what does not."""
        library = self._library(work, club, waiting.chat, now)
        known, essay = library.backroom.find_any(int(waiting.subject)), library.essay(int(waiting.subject))
        if known is None:
            return Never(runs.STOPPED)
        if essay is None:
            answer = said(f"更正:先前送過的〈{known[0].title}〉已經撤回,請不要再引用。")
            return self._printed(answer, waiting, now, "", ())
        card = essay_card(self._house(library, club, now), essay)
        answer = Answer(Outcome.ANSWER, text=f"更正:先前送過的〈{essay.title}〉改過了,以這一版為準。", cards=(card,))
        return self._printed(answer, waiting, now, f"讀 {essay.id}", (essay.id,))

    def _house(self, library: Library, club: Club, now: datetime) -> House:
        return House(library, club, now, self.drawing.address)

    def _library(self, work: Work, club: Club, chat: Chat, now: datetime) -> Library:
        """The archive as this chat may see it at this moment: a group is a guest."""
        is_member = not chat.is_group and club.people.role(chat.id, now) >= Role.MEMBER
        return self.archive.library(work, Audience.MEMBER if is_member else Audience.GUEST)

    def _printed(
        self, answer: Answer, waiting: Waiting, now: datetime, command: str, essays: tuple[int, ...]
    ) -> Printed:
        chat = waiting.chat
        drawn = self.drawing.messages(answer, chat, None if chat.is_group else chat.id, now.date())
        body = outbox.freeze(tuple(drawn), quiet=chat.is_group)
        return Printed(body, len(drawn), command, essays)


def _end_of_quiet(book: ChatBook, now: datetime) -> float:
    until = book.quiet_until or 0
    end = now.replace(hour=until // 60, minute=until % 60, second=0, microsecond=0)
    return (end if end > now else end + timedelta(days=1)).timestamp()
