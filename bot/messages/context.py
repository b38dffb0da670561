"""The surroundings of an answer that is drawn, and a section: a part of it, ready to be put into a bubble."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages import limits
from bot.messages.dates import dated
from bot.messages.flex import Component
from bot.messages.wording import ENGLISH, english_dated
from corpus.essay import Essay
from handlers.answer import Button, Link
from handlers.identity import Chat
from handlers.text.visibility import visibility_label

COMPACT_CLUSTERS = 100

ReaderLink = Callable[[Essay, int], str]


@dataclass(frozen=True, slots=True)
class RenderContext:
    """All that drawing depends on, apart from the answer itself."""

    chat: Chat
    today: date
    public_url: str
    reader_link: ReaderLink
    basic_id: str | None = None
    question: str = ""
    quote_token: str | None = None
    compact: bool = False  # an answer among other people's messages takes little of their screens

    in_english: bool = False  # of our own words; quotations stay as they are

    def say(self, words: str, *parts: object) -> str:
        """Return words of ours in the answer's language, with `parts` in their places."""
        return (ENGLISH[words] if self.in_english else words).format(*parts)

    def when(self, published: date | None) -> str:
        """Return date and age: 「2025/05/14 · 1 年多前」."""
        return (english_dated if self.in_english else dated)(published, self.today)

    def clusters(self, most: int) -> int:
        """Return how many grapheme clusters of a passage are shown, `most` at most."""
        return min(most, COMPACT_CLUSTERS) if self.compact else most

    def lines(self, most: int) -> int:
        """Return how many lines a text around a passage may have: `most`, or one less when compact."""
        return max(1, most - 1) if self.compact else most

    def address(self, essay: Essay, paragraph: int = 0) -> str | None:
        """Return the address of the reader's page at that paragraph; where this bot has none to open, the essay's own; None without either."""
        page = self.reader_link(essay, paragraph)
        if page.startswith("/"):
            page = self.public_url.rstrip("/") + page
        return limits.uri(page) or limits.uri(essay.url or "")

    def open_action(self, essay: Essay, paragraph: int = 0) -> dict[str, Component]:
        """Return the `action` of a component that opens the essay there, or nothing."""
        address = self.address(essay, paragraph)
        return {"action": {"type": "uri", "label": self.say("閱讀全文"), "uri": address}} if address else {}

    def dated(self, essay: Essay) -> str:
        """Return date and age, and for whom the essay is where that is not everybody."""
        return self.when(essay.published) + ("" if essay.visibility.is_public else f" · {self.readers(essay)}")

    def readers(self, essay: Essay) -> str:
        """Return for whom an essay is: 「會員專屬」."""
        label = visibility_label(essay.visibility)
        return self.say(label) if label in ENGLISH else label


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an answer: components to stack, buttons to stand under them, and its words in a notification."""

    sections: tuple[Component, ...]
    buttons: tuple[Button | Link, ...] = ()
    read: Link | None = None  # the essay itself
    alt: str = ""
    quotes: bool = False  # holds passages of essays: the disclaimer belongs under it

    def below(self, others: Sequence[Component]) -> list[Component]:
        """Return the components, at some distance from the others that stand above them."""
        return [section | ({"margin": "lg"} if others and n == 0 else {}) for n, section in enumerate(self.sections)]

    @property
    def actions(self) -> tuple[Button | Link, ...]:
        return ((self.read,) if self.read else ()) + self.buttons
