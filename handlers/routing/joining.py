"""The way to become a member, told where somebody meets what is for members: in a group once a day."""

from __future__ import annotations

from dataclasses import replace

from handlers.answer import Answer, EssayCard, Link
from handlers.ask import Ask
from handlers.context import Context
from handlers.text.addresses import address_in


def with_joining(answer: Answer, ask: Ask, context: Context) -> Answer:
    """Return the answer with how to join on its first card that holds something back."""
    at = next((at for at, card in enumerate(answer.cards) if card.locked), None)
    if at is None or not context.join:
        return answer
    if ask.chat.is_group and not context.club.chats.says_joining(ask.chat, ask.at):
        return answer
    return replace(
        answer, cards=(*answer.cards[:at], _joining(answer.cards[at], context.join), *answer.cards[at + 1 :])
    )


def _joining(card: EssayCard, words: str) -> EssayCard:
    address = address_in(words)
    link = (Link("加入會員", address),) if address else ()
    return replace(card, join="" if address == words else words, buttons=(*link, *card.buttons))
