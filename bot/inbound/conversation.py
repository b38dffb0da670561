"""The way from a kept event to the messages that answer it: session, Ask, handler, Answer, messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot import metrics
from bot.inbound.gate import ARRIVING, LEAVING
from bot.inbound.sessions import Sessions
from bot.ledger import FrozenReply, Ledger
from bot.line.events import LineEvent
from bot.messages import messages
from bot.messages.links import Links
from corpus.database import UnitOfWork
from corpus.essay import Essay
from corpus.library import ArchiveResources
from handlers.answer import Answer, Outcome, error_answer
from handlers.ask import Ask, RecentAnswer, Session
from handlers.club.club import Club
from handlers.club.personal_data import Rows
from handlers.context import Context, Services
from handlers.identity import Chat, Place, Role
from handlers.routing.greet import greet
from handlers.routing.route import Router
from handlers.text.paging import split_page

TOO_MANY = "問得有點快，休息一下再問。"
Answered = Callable[[str, Outcome], None]  # called with each event's id and the outcome

ANSWERED = (Outcome.ANSWER, Outcome.TICKER, Outcome.THEME)
UNANSWERED = (Outcome.NOT_COVERED, Outcome.TO_EDITOR)


@dataclass(frozen=True, slots=True)
class ConversationSettings:
    """The settings of this community's bot that a conversation needs."""

    zone: ZoneInfo
    public_url: str = ""
    basic_id: Callable[[], str | None] = lambda: None  # the bot's own LINE id, where it is known by now
    owners: tuple[str, ...] = ()
    join: str = ""  # how to become a member
    reviews: bool = False  # whether nobody may publish a draft of their own
    stock_page: str = ""  # the address of a security's page, with {code} in it
    rate: int = 0  # asks per person and minute; 0: no limit


def nobody_notes(_event: str, _outcome: Outcome) -> None:
    """Tell nobody."""


class Conversation:
    """Answers events; whatever it writes into the database goes through the event's unit of work."""

    def __init__(
        self,
        archive: ArchiveResources,
        ledger: Ledger,
        sessions: Sessions,
        router: Router,
        links: Links,
        conversation_settings: ConversationSettings,
        outside: Services | None = None,
        answered: Answered = nobody_notes,
    ) -> None:
        self.archive = archive
        self.ledger = ledger
        self.sessions = sessions
        self.router = router
        self.links = links
        self.settings = conversation_settings
        self.outside = outside or Services()
        self.answered = answered

    def respond(self, event: LineEvent, work: UnitOfWork) -> FrozenReply | None:
        """Return the reply to one event; None where silence is right."""
        ask = self._ask(event, work)
        answer = self._answer(event, ask, work)
        outcome = Outcome.SILENCE if answer is None else answer.outcome
        metrics.ANSWERS.labels(outcome).inc()
        self.answered(event.id, outcome)
        if answer is None or outcome is Outcome.SILENCE:
            return None
        if not answer.erased:
            self._remember(ask, answer)
            Club(work).chats.hear(ask.chat, ask.at)
        drawn = messages(
            answer,
            chat=replace(ask.chat, place=answer.shown_as or ask.chat.place),
            today=ask.at.date(),
            public_url=self.settings.public_url,
            reader_link=self._linker(ask),
            basic_id=self.settings.basic_id(),
            question=ask.text,
            quote_token=event.quote_token if ask.chat.is_group else None,
        )
        command = answer.session.whole if answer.session else ""  # which a follow-up that quotes the bubble refers to
        essays = tuple(essay.id for essay in quoted_essays(answer))
        answered = answer.outcome not in UNANSWERED
        return FrozenReply(tuple(drawn), command, essays, answer.leave, answer.erased, answer.told, answered)

    def forget(self, chat: Chat, user: str | None) -> None:
        """Forget what a message that was taken back may have left: the person's session here, the chat's recent answers, cached findings."""
        self.archive.findings.clear()
        self.sessions.unsend(chat, user)

    def _erase(self, user: str, work: UnitOfWork) -> bool:
        """Erase a person from the Ledger and the sessions, which no handler reaches; return False when the sessions could not be reached."""
        self.ledger.forget(work, user)
        return self.sessions.forget(user)

    def personal_data(self, user: str, work: UnitOfWork) -> dict[str, Rows]:
        """Return all rows that are kept of a person, by table."""
        return self.ledger.personal_data(work, user)

    def session_of(self, user: str) -> dict[str, object]:
        """Return the fields of this person's one-to-one session, to which 「更多」 refers."""
        return asdict(self.sessions.get(Chat(user, Place.PERSON), user))

    def handler_context(self, ask: Ask, work: UnitOfWork) -> Context:
        """Return the Context that a handler is given for this ask, bound to its unit of work."""
        return Context(
            self.archive.library(work, ask.audience),
            Club(work, self.settings.owners),
            ask.at,
            lambda essay, paragraph: self._address(ask, essay, paragraph),
            self.outside,
            self.settings.public_url,
            self.ledger.kept,
            lambda user: self._erase(user, work),
            lambda user: self.personal_data(user, work),
            self.settings.join,
            self.settings.reviews,
            self.settings.stock_page,
        )

    def _answer(self, event: LineEvent, ask: Ask, work: UnitOfWork) -> Answer | None:
        context = self.handler_context(ask, work)
        if event.kind in ARRIVING:
            greeting = greet(ask, context)
            return greeting if event.reply_token else None  # without one in standby, where another module greets
        if event.kind in LEAVING:
            context.club.leave(ask.chat, ask.at)
            self.ledger.cancel_chat(work, ask.chat)
            return None
        if (beyond := self._asks_beyond_rate(ask)) > 0:  # told once a minute, not once a message
            return error_answer(TOO_MANY) if beyond == 1 else None
        return self.router.answer(ask, context)

    def _ask(self, event: LineEvent, work: UnitOfWork) -> Ask:
        at = datetime.fromtimestamp(event.said_at, self.settings.zone)
        session = self.sessions.get(event.chat, event.user)
        origin = self.ledger.origin(event.chat, event.quoted) if event.quoted else None
        if origin is not None:  # a follow-up refers to the bubble that it quotes
            session = Session(*split_page(origin.command), essays=origin.essays)
        standing = Club(work, self.settings.owners).people.standing(event.user, at)
        return Ask(
            text=event.text,
            chat=event.chat,
            user=event.user,
            at=at,
            role=standing.role,
            plans=standing.plans,
            session=session,
            quoted=origin.command if origin else None,
            recent=self.sessions.recent(event.chat, event.said_at) if event.chat.is_group else (),
            event=event.id,
            attachment=event.message if event.kind == "file" else None,
            file_name=event.file_name or "",
            pressed=event.kind == "postback",
            message=event.message,
        )

    def _remember(self, ask: Ask, answer: Answer) -> None:
        if answer.session is not None:
            self.sessions.put(ask.chat, ask.user, answer.session)
        if ask.chat.is_group and answer.outcome in ANSWERED and (places := _places(answer)):
            essay, paragraph = places[0]
            self.sessions.add_recent(ask.chat, RecentAnswer(answer.command, ask.at.timestamp(), essay.id, paragraph))

    def _asks_beyond_rate(self, ask: Ask) -> int:
        """Count this ask, and return its place among this minute's asks beyond the limit; 0 or less within the limit."""
        if not self.settings.rate or (
            ask.attachment and ask.role >= Role.EDITOR
        ):  # editors send a folder of files at once
            return 0
        return self.sessions.count_ask(ask.user or ask.chat.id, ask.at.timestamp()) - self.settings.rate

    def _linker(self, ask: Ask) -> Callable[[Essay, int], str]:
        """Return what makes the links of cards: one to one they are signed for this reader, so that a member's own link opens a members' essay."""
        reader = None if ask.chat.is_group else ask.user
        token = cache(lambda essay_id: self.links.token(essay_id, reader) if reader else "")
        return lambda essay, paragraph: self.links.path(essay, paragraph, token(essay.id)) if essay.id else ""

    def _address(self, ask: Ask, essay: Essay, paragraph: int) -> str:
        """Return the public address of a paragraph, never one signed for this reader: the text may be passed on."""
        if not self.settings.public_url:
            return essay.url or ""
        return self.settings.public_url.rstrip("/") + self.links.path(essay, paragraph)


def quoted_essays(answer: Answer) -> list[Essay]:
    """Return the essays that an answer quotes, each once, in the order of the quotations."""
    return list({essay.id: essay for essay, _ in _places(answer)}.values())


def _places(answer: Answer) -> list[tuple[Essay, int]]:
    """Return (essay, paragraph) of every passage that an answer quotes."""
    quotes = (answer.ticker.quotes if answer.ticker else ()) + (answer.digest.quotes if answer.digest else ())
    cards = [(card.essay, card.snippets[0].paragraph if card.snippets else 0) for card in answer.cards]
    return cards + [(quote.essay, quote.paragraph) for quote in quotes]
