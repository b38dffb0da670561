"""Compose deliveries: check them once more and freeze them into messages, in the transaction that claims them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

from bot.errors import safe_fields
from bot.ledger import (
    ALERT,
    CORRECTION,
    DIGEST,
    EMPTY,
    ESSAY,
    NOTICE,
    REMINDER,
    REVIEW,
    STOPPED,
    SUPERSEDED,
    TRIAL,
    ClaimedDelivery,
    cancel_delivery,
    set_covered,
)
from bot.logs import log
from bot.messages.template import AnswerRenderer, MessageTemplate
from bot.outbound.review_notices import review_step, review_word
from corpus.archive_admin import ArchiveAdmin
from corpus.cache import BoundedCache
from corpus.database import UnitOfWork
from corpus.essay import Audience, Essay
from corpus.library import ArchiveResources, Library
from handlers.answer import Answer, Button, Outcome, text_answer
from handlers.club.chats import ChatSettings
from handlers.club.club import Club
from handlers.club.drafts import Draft
from handlers.club.subscriptions import DeliveredContent, SentPassages
from handlers.context import Context
from handlers.editing.draft_preview import draft_card
from handlers.identity import Chat, Role
from handlers.reading.cards import essay_card, hit_card
from handlers.reading.digest_builder import DigestBuilder
from handlers.text.changes import changes, listed
from handlers.text.visibility import plan_label
from handlers.verb import Verb

MOST_CHANGES = 6  # places that a notice shows
RECOMMENDED = "推薦一篇："
TRIAL_MARK = "［試送，只有你收到］"
AGAIN = 600.0  # seconds until something that could not be rendered is looked at again


@dataclass(frozen=True, slots=True)
class Composed:
    """A frozen delivery: nothing of it changes any more, however often it is sent."""

    body: bytes
    messages: int
    command: str
    essays: tuple[int, ...]
    told: DeliveredContent | None = None  # news of a digest


@dataclass(frozen=True, slots=True)
class Postponed:
    """A delivery that must not go out now. `push_at`: when to look again, in epoch seconds of the schedule."""

    push_at: float


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A delivery with nothing to send any more; `state` says why. `told`: revisions of the archive without news for the chat."""

    state: str
    told: DeliveredContent | None = None


ComposeResult = Composed | Postponed | Cancelled


class DeliveryComposer:
    """Checks claimed deliveries and renders those that may still be sent. `owners`: user ids of owners, by the settings."""

    def __init__(
        self, archive: ArchiveResources, renderer: AnswerRenderer, zone: ZoneInfo, owners: tuple[str, ...] = ()
    ) -> None:
        self.archive = archive
        self.renderer = renderer
        self.zone = zone
        self.owners = owners
        self._digest_builder = DigestBuilder()
        self._templates: BoundedCache[Hashable, MessageTemplate] = BoundedCache(500)
        self._kinds: dict[str, Callable[[_BatchContext, ClaimedDelivery], ComposeResult]] = {
            DIGEST: self._digest,
            ALERT: self._alert,
            NOTICE: self._notice,
            REMINDER: self._reminder,
            REVIEW: self._review,
            ESSAY: self._essay,
            CORRECTION: self._correction,
            TRIAL: self._trial,
        }

    def compose_all(
        self,
        work: UnitOfWork,
        claimed: Sequence[ClaimedDelivery],
        now: datetime,
        *,
        digest_builder: DigestBuilder | None = None,
    ) -> list[ComposeResult]:
        """Check subscription, rights, visibility, block, pause and quiet hours once more, and freeze what is left.

        Nothing is written: `record_outcomes` does that for deliveries that really go out. A unit of work that may have changed
        essays takes a `digest_builder` of its own: what is not committed must not get into the digests of others.
        """
        batch = _BatchContext(self, work, claimed, now.astimezone(self.zone), digest_builder or self._digest_builder)
        return [self._compose(batch, delivery) for delivery in claimed]

    def record_outcomes(self, work: UnitOfWork, outcomes: Sequence[tuple[ClaimedDelivery, ComposeResult]]) -> None:
        """Record the news of composed deliveries as told, and end the cancelled ones; nothing holds unless the caller commits."""
        told = [result.told for _, result in outcomes if isinstance(result, Composed | Cancelled) and result.told]
        Club(work).subscriptions.told(*told)
        set_covered(work.writer, told)
        cancel_delivery(work.writer, [(w, o.state) for w, o in outcomes if isinstance(o, Cancelled)])

    def _compose(self, batch: _BatchContext, delivery: ClaimedDelivery) -> ComposeResult:
        book = batch.books[delivery.chat.id]
        if not book.active:
            return Cancelled(STOPPED)
        if book.is_quiet(batch.now.time()):
            return Postponed(_end_of_quiet(book, batch.now))
        try:
            return self._kinds[delivery.kind](batch, delivery)
        except Exception as error:  # one that cannot be rendered must not hold up the others
            log.error("not_composed", run=delivery.run, **safe_fields(error))
            return Postponed(batch.now.timestamp() + AGAIN)

    def _digest(self, batch: _BatchContext, delivery: ClaimedDelivery) -> ComposeResult:
        chat = delivery.chat
        mailing, wanted = batch.mailings.get(chat.id), batch.wanted.get(chat.id)
        if mailing is None or not wanted or mailing.is_paused(batch.now):
            return Cancelled(STOPPED)
        if chat.id in batch.told:
            return Cancelled(SUPERSEDED)
        library, shown = batch.library(chat), batch.shown.get(chat.id, SentPassages())
        issue = batch.digest_builder.build(library, mailing, wanted, shown, batch.revision, batch.now)
        if issue is None:
            return Cancelled(EMPTY, DeliveredContent(chat, (), mailing.covered, batch.revision, delivery.run))
        batch.told.add(chat.id)
        told = DeliveredContent(chat, issue.passages, mailing.covered, issue.covered, delivery.run)
        answer = Answer(Outcome.THEME, digest=issue.digest)
        today = batch.now.date()
        template = self._templates.remember(
            (issue.key, chat.is_group, today), lambda: self.renderer.render(answer, chat, today)
        )
        body = template.render_for(self.renderer.links, None if chat.is_group else chat.id)
        return Composed(body, template.messages, "今日", issue.essays, told)

    def _alert(self, batch: _BatchContext, delivery: ClaimedDelivery) -> ComposeResult:
        alert_id, essay_id = map(int, delivery.subject.split())
        alert = next((alert for alert in batch.club.gaps.alerts(delivery.chat.id) if alert.id == alert_id), None)
        library = batch.library(delivery.chat)
        hits = library.search(alert.question, batch.now).hits if alert else ()
        hit = next((hit for hit in hits if hit.essay_id == essay_id), None)
        if alert is None or hit is None:
            return Cancelled(STOPPED)
        card = hit_card(batch.context(library), hit, 1)
        answer = Answer(Outcome.ANSWER, text=f"你等的「{alert.question[:24]}」有文章了：", cards=(card,))
        return self._composed(batch, delivery, answer, f"找 {alert.question}", (essay_id,))

    def _notice(self, batch: _BatchContext, delivery: ClaimedDelivery) -> ComposeResult:
        return self._composed(batch, delivery, text_answer(delivery.subject), "", ())

    def _reminder(self, batch: _BatchContext, delivery: ClaimedDelivery) -> ComposeResult:
        """Compose a reminder of a membership, if it still ends at the moment that the reminder speaks of."""
        plan, _, moment = delivery.subject.partition("\n")
        until = batch.club.memberships.of(delivery.chat.id).get(plan)
        if until is None or until.isoformat() != moment or until <= batch.now:
            return Cancelled(STOPPED)
        words = f"你的{plan_label(plan)}資格到 {until.astimezone(self.zone):%Y/%m/%d} 為止。"
        answer = text_answer(words, Button("會員", Verb.MEMBERSHIP))
        return self._composed(batch, delivery, answer, Verb.MEMBERSHIP, ())

    def _review(self, batch: _BatchContext, delivery: ClaimedDelivery) -> ComposeResult:
        """Compose word of a draft's step, if that still is its last one and the person may still see the draft."""
        draft = batch.draft(int(delivery.subject.split()[0]), delivery.chat)
        if draft is None or review_step(draft) != delivery.subject:
            return Cancelled(STOPPED)
        answer = text_answer(review_word(draft), Button("看草稿", Verb.DRAFTS.of(draft.id)))
        return self._composed(batch, delivery, answer, Verb.DRAFTS.of(draft.id), ())

    def _trial(self, batch: _BatchContext, delivery: ClaimedDelivery) -> ComposeResult:
        """Compose 試送: a draft, which has no number in the archive yet, as a push would show it to its readers, under a mark."""
        number, place = map(int, delivery.subject.split())
        draft = batch.draft(number, delivery.chat)
        if draft is None or place >= len(draft.essays):
            return Cancelled(STOPPED)
        card = draft_card(draft.essays[place], batch.context(batch.library(delivery.chat)))
        answer = Answer(Outcome.ANSWER, text=f"{TRIAL_MARK}{RECOMMENDED}", cards=(card,))
        return self._composed(batch, delivery, answer, Verb.DRAFTS.of(number), ())

    def _essay(self, batch: _BatchContext, delivery: ClaimedDelivery) -> ComposeResult:
        """Compose 推播: an essay as this chat may see it."""
        library = batch.library(delivery.chat)
        essay = library.essay(int(delivery.subject))
        if essay is None:
            return Cancelled(STOPPED)
        answer = Answer(Outcome.ANSWER, text=RECOMMENDED, cards=(essay_card(batch.context(library), essay),))
        return self._composed(batch, delivery, answer, f"讀 {essay.id}", (essay.id,))

    def _correction(self, batch: _BatchContext, delivery: ClaimedDelivery) -> ComposeResult:
        """Compose 通知更正: the corrected essay, or word of its withdrawal, for a chat that was sent the former one."""
        library = batch.library(delivery.chat)
        known, essay = ArchiveAdmin(library).get_any(int(delivery.subject)), library.essay(int(delivery.subject))
        if known is None:
            return Cancelled(STOPPED)
        if essay is None:
            answer = text_answer(f"更正：先前送過的〈{known[0].title}〉已經撤回，請不要再引用。")
            return self._composed(batch, delivery, answer, "", ())
        card = essay_card(batch.context(library), essay)
        said = f"更正：先前送過的〈{essay.title}〉改過了，以這一版為準。"
        answer = Answer(Outcome.ANSWER, text=said, rows=_what_changed(essay, library), cards=(card,))
        return self._composed(batch, delivery, answer, f"讀 {essay.id}", (essay.id,))

    def _composed(
        self, batch: _BatchContext, delivery: ClaimedDelivery, answer: Answer, command: str, essays: tuple[int, ...]
    ) -> Composed:
        chat = delivery.chat
        template = self.renderer.render(answer, chat, batch.now.date())
        body = template.render_for(self.renderer.links, None if chat.is_group else chat.id)
        return Composed(body, template.messages, command, essays)


class _BatchContext:
    """The state of all claimed chats at this moment, read together; their mailings are locked until the transaction ends."""

    def __init__(
        self,
        composer: DeliveryComposer,
        work: UnitOfWork,
        claimed: Sequence[ClaimedDelivery],
        now: datetime,
        digest_builder: DigestBuilder,
    ) -> None:
        self.now = now
        self.digest_builder = digest_builder
        self.club = Club(work, composer.owners)
        self.told = set[str]()  # chats whose digest is composed: one that waits beside it would tell the same
        self._composer = composer
        chats = [delivery.chat for delivery in claimed]
        digests = [delivery.chat for delivery in claimed if delivery.kind == DIGEST]
        people = [chat.id for chat in chats if not chat.is_group]
        book = self.club.subscriptions
        self.books = self.club.chats.all_of(chats)
        self.mailings = book.all_settings(digests, lock=True) if digests else {}
        self.wanted = book.of_chats(digests) if digests else {}
        self.shown = book.shown_to(digests) if digests else {}
        self._standings = self.club.people.standings(people, now)
        self._library = cache(partial(composer.archive.library, work))
        self.revision = self._library(Audience.GUEST).revision()

    def library(self, chat: Chat) -> Library:
        """Return the archive as this chat may see it at this moment: a group is a guest."""
        return self._library(Audience.GUEST if chat.is_group else self._standings[chat.id].audience)

    def draft(self, number: int, chat: Chat) -> Draft | None:
        """Return a draft if this person may see it: editors their own, moderators all."""
        draft, role = self.club.drafts.get(number), self._standings[chat.id].role
        may_see = draft is not None and role >= (Role.EDITOR if draft.user == chat.id else Role.MODERATOR)
        return draft if may_see else None

    def context(self, library: Library) -> Context:
        return Context(library, self.club, self.now, self._composer.renderer.address)


def _what_changed(essay: Essay, library: Library) -> tuple[tuple[str, str], ...]:
    """Return the places of an essay's last correction; none where this audience may not read the whole of it, before or after."""
    found = library.last_correction(essay.id)
    if found is None or library.is_locked(essay) or library.is_locked(found[0]):
        return ()
    return tuple(listed(changes(found[0], essay), MOST_CHANGES))


def _end_of_quiet(book: ChatSettings, now: datetime) -> float:
    until = book.quiet_until or 0
    end = now.replace(hour=until // 60, minute=until % 60, second=0, microsecond=0)
    return (end if end > now else end + timedelta(days=1)).timestamp()
