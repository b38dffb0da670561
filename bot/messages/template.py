"""Answers drawn for chats: messages with links as each reader may open them, drawn once for all who are told the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.messages import messages
from bot.messages.links import Links
from corpus.essay import Essay
from handlers.answer import Answer
from handlers.identity import Chat

TOKEN_LENGTH = 140  # about that of a real one: an address is measured before it is filled in


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """The JSON of some messages, in which each reader's own tokens are still to be filled in."""

    body: str
    messages: int
    essays: tuple[int, ...]  # whose links wait for a token

    def render_for(self, links: Links, reader: str | None) -> bytes:
        """Return the body with the tokens of `reader` filled in; None where nobody's links are signed."""
        body = self.body
        for essay in self.essays if reader else ():
            body = body.replace(_blank(essay), links.token(essay, reader or ""))
        return body.encode()


@dataclass(frozen=True, slots=True)
class AnswerRenderer:
    """Draws answers for deliveries. `basic_id` tells the bot's own LINE id, where it is known by now."""

    links: Links
    public_url: str = ""
    basic_id: Callable[[], str | None] = lambda: None

    def render(self, answer: Answer, chat: Chat, today: date) -> MessageTemplate:
        """Draw messages and options, quiet in a group; one to one every link is to be signed for its reader."""
        signed: set[int] = set()

        def path(essay: Essay, paragraph: int) -> str:
            if chat.is_group:
                return self.links.path(essay, paragraph)
            signed.add(essay.id)
            return self.links.path(essay, paragraph, _blank(essay.id))

        drawn = messages(
            answer, chat=chat, today=today, public_url=self.public_url, reader_link=path, basic_id=self.basic_id()
        )
        body = {"messages": drawn, **({"notificationDisabled": True} if chat.is_group else {})}
        return MessageTemplate(json.dumps(body), len(drawn), tuple(signed))

    def address(self, essay: Essay, paragraph: int) -> str:
        """Return the public address of a paragraph, never one signed for a reader: the text may be passed on."""
        if not self.public_url:
            return essay.url or ""
        return self.public_url.rstrip("/") + self.links.path(essay, paragraph)


def _blank(essay: int) -> str:
    """Return the placeholder in a template for the token of an essay."""
    return f"blank-{essay:012}".ljust(TOKEN_LENGTH, "-")
