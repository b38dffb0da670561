"""Answers drawn for one chat: messages, with links as their reader may open them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.links import Links
from bot.messages import messages
from bot.messages.compose import Message
from corpus.essay import Essay
from handlers.ask import Answer, Chat


@dataclass(frozen=True, slots=True)
class Drawing:
    """`basic_id` is the bot's own LINE id, where it is known."""

    links: Links
    public_url: str = ""
    basic_id: str | None = None

    def messages(
        self,
        answer: Answer,
        chat: Chat,
        user: str | None,
        today: date,
        *,
        question: str = "",
        quote_token: str | None = None,
    ) -> list[Message]:
        """At most five messages; in a group they quote what they answer."""
        return messages(
            answer,
            chat=chat,
            today=today,
            public_url=self.public_url,
            reader_link=self._linker(None if chat.is_group else user),
            basic_id=self.basic_id,
            question=question,
            quote_token=quote_token if chat.is_group else None,
        )

    def address(self, essay: Essay, paragraph: int) -> str:
        """For text that may be passed on: the public address, never one signed for a reader."""
        if not self.public_url:
            return essay.url or ""
        return self.public_url.rstrip("/") + self.links.public_path(essay, paragraph)

    def _linker(self, reader: str | None) -> Callable[[Essay, int], str]:
        """Signed for this reader one to one, so that a member's own link opens a members' essay."""
        return lambda essay, paragraph: self.links.path(essay, paragraph, reader)
