"""Answer: the words to say back, and the cards it is made of. No LINE object in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from corpus.essay import Essay
from corpus.language.text import Span
from corpus.search.snippets import Snippet
from handlers.ask import Session
from handlers.club.subscriptions import DeliveredContent
from handlers.identity import Place

LONGEST_DATA = 300  # characters of a postback
NAMELESS = "LINE 沒有告訴我你是誰，請一對一跟我說。"  # to a member of a group whose id LINE keeps back


@dataclass(frozen=True, slots=True)
class Button:
    """A typed command as a button: `says` is what a person could type, at most LONGEST_DATA, complete in itself.

    With `fills` the keyboard opens with that beginning, to be gone on with; with `picks` a calendar (`date`), a
    clock (`time`) or both (`datetime`) open, and what is chosen follows `says`; with `copies` that text goes to the clipboard, and nothing is said.
    """

    label: str
    says: str
    fills: str = ""
    picks: str = ""
    copies: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address."""

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
    join: str = ""  # how to become a member, where it holds something back
    note: str = ""  # the reader's own, on a passage that is kept


@dataclass(frozen=True, slots=True)
class Quote:
    """One verbatim sentence with the essay that dates and links it."""

    text: str
    essay: Essay
    paragraph: int
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class TickerCard:
    """The card of one security: how often the archive speaks of it, when, and in which words."""

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
    """Key sentences of a theme, or of the essays that are new for a chat."""

    title: str
    quotes: tuple[Quote, ...]
    note: str = ""  # 「3 篇新文章,自 11/14 以來」
    tickers: tuple[str, ...] = ()
    further: tuple[Essay, ...] = ()
    buttons: tuple[Button | Link, ...] = ()
    further_title: str = "延伸閱讀"
    in_group: tuple[Quote, ...] = ()  # the quotes that a group is shown, where that is not the first one


@dataclass(frozen=True, slots=True)
class Choice:
    """A command that may have been meant, with the reason why."""

    label: str
    says: str
    reason: str = ""
    fills: str = ""  # as of a button


class Outcome(StrEnum):
    """The result of an Ask: for metrics and tests, and to decide what may follow."""

    ANSWER = "answer"
    CHOICES = "choices"
    TICKER = "ticker"
    THEME = "theme"
    NOT_COVERED = "not_covered"
    TO_EDITOR = "to_editor"  # left to a person, who answers in LINE itself
    SAID = "said"  # small talk, confirmations, help
    REFUSED = "refused"  # an error in friendly words
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to an Ask, in reading order: text, cards, ticker, digest, choices, buttons."""

    outcome: Outcome
    text: str = ""
    cards: tuple[EssayCard, ...] = ()
    ticker: TickerCard | None = None
    digest: Digest | None = None
    choices: tuple[Choice, ...] = ()
    buttons: tuple[Button | Link, ...] = ()  # next questions, or what can be done about it
    rows: tuple[tuple[str, str], ...] = ()  # a small table: help lines, 自選, 我的訂閱 (left, right)
    in_private: str = ""  # the command that tells more one to one: a group is shown a link to that chat
    session: Session | None = None  # None: the session stays as it was
    confidence: float = 1.0
    leave: bool = False  # say it, then leave the group
    erased: bool = False  # the asker is erased: nothing of this ask is kept
    shown_as: Place | None = None  # the kind of chat it is drawn for; None: the one where it was asked
    command: str = ""  # the command that it answers, as a person could type it: the router notes it
    undo: str = ""  # the command that takes back what this answer tells was done
    in_english: bool = False  # the bot's own words, around those of essays
    suggests: bool = False  # the choices only suggest what to type: a group is shown two of them
    told: DeliveredContent | None = None  # the passages that the chat need not be told again, should this arrive


SILENCE = Answer(Outcome.SILENCE)


def keyboard(command: str, label: str = "", typed: str = "") -> Button:
    """Return a button that opens the keyboard with a command to go on with: 「追蹤 」, or with `typed` behind it."""
    return Button(label or f"{command}…", command, fills=f"{command} {typed}")


def text_answer(text: str, *buttons: Button | Link, session: Session | None = None, undo: str = "") -> Answer:
    return Answer(Outcome.SAID, text=text, buttons=buttons, session=session, undo=undo)


def choices_answer(text: str, *buttons: Button, outcome: Outcome = Outcome.SAID) -> Answer:
    """Return a question with its possible answers, each in the bubble under the number that picks it when typed."""
    return Answer(outcome, text=text, choices=tuple(Choice(one.label, one.says, fills=one.fills) for one in buttons))


def suggestions_answer(text: str, *buttons: Button) -> Answer:
    """Return a line with things to do about it; a group is shown the first two that work there, so these come first."""
    return replace(choices_answer(text, *buttons), suggests=True)


def error_answer(text: str, *buttons: Button | Link) -> Answer:
    return Answer(Outcome.REFUSED, text=text, buttons=buttons)
