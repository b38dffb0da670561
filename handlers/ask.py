"""Ask, Answer and Handler: what a person said, what to say back, and the function between them. No LINE object in any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from corpus.essay import Audience, Essay
from corpus.snippets import Snippet as Snippet
from corpus.text import Span
from handlers.paging import split_essays

if TYPE_CHECKING:
    from handlers.club.subscriptions import Told
    from handlers.house import House


ASKING = ("找", "個股", "主題")  # commands whose rest is what somebody wants to read about


class Role(IntEnum):
    """What a signed user id may do; each role may do what the ones below it may."""

    GUEST = 0
    MEMBER = 1
    EDITOR = 2
    MODERATOR = 3
    OWNER = 4


class Place(StrEnum):
    PERSON = "person"  # one to one
    GROUP = "group"  # also LINE's old rooms


@dataclass(frozen=True, slots=True)
class Chat:
    """Where something was said; `id` is LINE's user, group or room id."""

    id: str
    place: Place

    @property
    def is_group(self) -> bool:
        return self.place is Place.GROUP


@dataclass(frozen=True, slots=True)
class Session:
    """What 「更多」, 「第 2 篇」 and 「那聯發科呢」 refer to: kept per chat and person, and forgotten without harm."""

    command: str = ""  # the last command with pages, complete in itself: 「找 散熱」
    page: int = 1
    essays: tuple[int, ...] = ()  # as numbered in the last list; opening one of them does not change it
    choices: tuple[str, ...] = ()  # commands that a bare number picks
    pending: str = ""  # a conversation in steps: how the command begins that the next free text completes
    opened: int = 0  # the essay that was opened last

    @property
    def whole(self) -> str:
        """The command with its page, as a person could type it."""
        return f"{self.command} 第{self.page}頁" if self.command and self.page > 1 else self.command

    @property
    def question(self) -> str:
        """What was asked, where the command asks something: 「散熱」 of 「找 散熱」 and of 「主題 散熱 文章」."""
        word, _, rest = self.command.partition(" ")
        return split_essays(rest)[0] if word in ASKING else ""

    @property
    def essay(self) -> int:
        """The essay that 「收藏」 without a number means: the one opened last, or the only one shown; 0: none."""
        return self.opened or (self.essays[0] if len(self.essays) == 1 else 0)


@dataclass(frozen=True, slots=True)
class Recent:
    """What was answered in a chat a little while ago, so that a repeat can be one line."""

    said: str  # the command, complete in itself
    at: float  # epoch seconds
    essay: int
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing one person said in one chat. `user` is None where LINE withheld it: then there are no rights."""

    text: str  # without the bot's name or prefix
    chat: Chat
    user: str | None
    at: datetime  # aware, in the community's time zone
    role: Role = Role.GUEST
    session: Session = field(default_factory=Session)
    quoted: str | None = None  # the command that the quoted bubble of ours answered
    recent: tuple[Recent, ...] = ()  # answers given in this chat within ten minutes
    event: str = ""  # webhookEventId, for logs
    attachment: str | None = None  # LINE's message id of a file sent along
    file_name: str = ""  # of that file
    pressed: bool = False  # a button's command, never free text
    message: str | None = None  # LINE's id of what was said
    whole: str = ""  # all that was typed, where the command word stood right before `text`: 「股票股利」
    wordy: bool = False  # its first word is no command

    @property
    def as_words(self) -> Ask | None:
        """The whole as ordinary words: for a command that knows nothing of what follows; None where a space set it apart."""
        return replace(self, text=self.whole, whole="", wordy=True) if self.whole else None

    @property
    def audience(self) -> Audience:
        """A group is a guest, whoever asks."""
        if self.chat.is_group or self.role < Role.MEMBER or self.user is None:
            return Audience.GUEST
        return Audience.MEMBER

    def saying(self, text: str) -> Ask:
        """As if this had been typed."""
        return replace(self, text=text, whole="", wordy=False)


LONGEST_DATA = 300  # characters of a postback


@dataclass(frozen=True, slots=True)
class Button:
    """A typed command as a button: `says` is what a person could type, at most LONGEST_DATA, complete in itself."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class EssayCard:
    """One essay in an answer: where it comes from, what it says, why it is here."""

    essay: Essay
    snippets: tuple[Snippet, ...]
    why: tuple[str, ...] = ()  # 「符合:台積電、散熱」
    tags: tuple[str, ...] = ()  # its themes
    locked: bool = False  # members only, and this reader sees the lead
    number: int | None = None  # as 「第 2 篇」 would call it
    buttons: tuple[Button | Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """One verbatim sentence with the essay that dates and links it."""

    text: str
    essay: Essay
    paragraph: int
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class TickerCard:
    """What the archive said about one security, and when."""

    code: str
    exchange: str
    name: str
    essays: int
    first: date | None
    last: date | None
    bars: tuple[tuple[str, int], ...]  # (month or quarter, mentions), oldest first
    quotes: tuple[Quote, ...]  # newest view first, undated last
    oldest: Quote | None
    themes: tuple[str, ...]
    together: tuple[str, ...]  # names mentioned with it
    buttons: tuple[Button | Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """Key sentences of a theme, or what is new for a chat."""

    title: str
    quotes: tuple[Quote, ...]
    note: str = ""  # 「3 篇新文章,自 11/14 以來」
    tickers: tuple[str, ...] = ()
    further: tuple[Essay, ...] = ()
    buttons: tuple[Button | Link, ...] = ()
    further_title: str = "延伸閱讀"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things that may have been meant, with the reason why."""

    label: str
    says: str
    reason: str = ""


class Outcome(StrEnum):
    ANSWER = "answer"
    CHOICES = "choices"
    TICKER = "ticker"
    THEME = "theme"
    NOT_COVERED = "not_covered"
    SAID = "said"  # small talk, confirmations, help
    REFUSED = "refused"  # an error in friendly words
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say back, in reading order: text, cards, ticker, digest, choices, buttons."""

    outcome: Outcome
    text: str = ""
    cards: tuple[EssayCard, ...] = ()
    ticker: TickerCard | None = None
    digest: Digest | None = None
    choices: tuple[Choice, ...] = ()
    buttons: tuple[Button | Link, ...] = ()  # next questions, or what can be done about it
    rows: tuple[tuple[str, str], ...] = ()  # a small table: help lines, 自選, 我的訂閱 (left, right)
    session: Session | None = None  # None: the session stays as it was
    confidence: float = 1.0
    leave: bool = False  # say it, then leave the group
    shown_as: Place | None = None  # drawn as it would look there; None: where it was asked
    command: str = ""  # what it answers, as a person could type it: the router notes it
    told: Told | None = None  # what the chat need not be told again, should this arrive


SILENCE = Answer(Outcome.SILENCE)


def said(text: str, *buttons: Button | Link, session: Session | None = None) -> Answer:
    return Answer(Outcome.SAID, text=text, buttons=buttons, session=session)


def refused(text: str, *buttons: Button | Link) -> Answer:
    return Answer(Outcome.REFUSED, text=text, buttons=buttons)


@dataclass(frozen=True, slots=True)
class Command:
    """A handler with the words that call it. Its first example is help text and test at once."""

    words: tuple[str, ...]  # the primary word first, an English alias last
    usage: str  # 「找 關鍵字」
    help: str  # one line
    examples: tuple[str, ...]  # what a person could type
    run: Handler
    role: Role = Role.GUEST
    group: bool = True  # False: one to one only; in a group a hint is given
    alone: bool = False  # True: only as the whole message or before a space, since the word begins other words
    bare: bool = (
        False  # True: only as the whole message, with a page at most; before anything else it is an ordinary word
    )
    personal: bool = False  # True: what one person keeps; no button offers it to a group
    manages: bool = False  # True: a setting, which a chat with 只送摘要 still needs
    hidden: bool = False  # True: pressed rather than typed; not in the help
    reserved: bool = False  # True: to people without a role at the desk the words are ordinary ones
    verbatim: bool = False  # True: what follows the word is taken as typed, with its lines and full-width signs
    recognise: Callable[[Ask], bool] | None = None  # calls the handler by pattern, with the whole text


Handler = Callable[[Ask, "House"], "Answer | Ask"]  # an Ask back means: as if this had been typed


def desk_command(
    words: tuple[str, ...],
    usage: str,
    help: str,
    run: Handler,
    role: Role = Role.EDITOR,
    *,
    recognise: Callable[[Ask], bool] | None = None,
    hidden: bool = False,
    verbatim: bool = False,
) -> Command:
    """A command of the desk: one to one only, and its words are ordinary ones to everybody else."""
    return Command(
        words,
        usage,
        help,
        (usage,) if words else (),
        run,
        role,
        group=False,
        alone=True,
        hidden=hidden,
        reserved=True,
        verbatim=verbatim,
        recognise=recognise,
    )
