"""The gate decides which events are for us: one to one all that is said, in a group only words addressed to us. No word is kept of the others."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.line.events import LineEvent, UserMention
from handlers.club.chats import Mode
from handlers.identity import Chat

# The bot's name, with or without @, and the separators between it and the question.
_NAME = re.compile(
    r"^\s*(?P<at>[@＠]?)(?:羅盤|罗盘|luopan(?![a-z]))(?P<apart>[\s,，、:：。.!！?？~～]*)", re.IGNORECASE
)
_BANG = re.compile(r"^\s*[!！]\s*")
_SIGN = re.compile(r"^\s*[$＄#＃]")

ASKING = frozenset({"text", "file", "sticker", "image", "video", "audio", "location", "postback"})
ARRIVING = frozenset({"follow", "join"})
LEAVING = frozenset({"unfollow", "leave"})


@dataclass(frozen=True, slots=True)
class TextPredicates:
    """Questions of the gate about a text, which the commands and the lexicon answer."""

    names: Callable[[str], bool]  # a known command, ticker or theme, and nothing else
    asks: Callable[[str], bool]  # a clear question
    follows_up: Callable[[str], bool]  # 為什麼, 那聯發科呢, 更多
    asks_after: Callable[[str], bool]  # 那台灣呢: clear enough in a text that quotes an answer
    wants_more: Callable[[str], bool]  # 更多, 下一頁
    is_settings_command: Callable[
        [str], bool
    ]  # commands that a chat with 只送摘要 still needs: settings, subscriptions, farewell


@dataclass(frozen=True, slots=True)
class ChatLookups:
    """Questions of the gate about a chat, which the database and the sessions answer."""

    mode: Callable[[Chat], Mode]
    is_ours: Callable[[Chat, str], bool]  # was the message of this id sent by us?
    answered_lately: Callable[[Chat, str], bool]  # did this user get an answer here within ten minutes?


class Gate:
    """Decides from the event alone, and asks the database only where its words leave it open."""

    def __init__(self, words: TextPredicates, memory: ChatLookups) -> None:
        self.words = words
        self.memory = memory

    def addressed_text(self, event: LineEvent) -> str | None:
        """Return the text without the bot's name, empty where an event speaks for itself (follow, join, a file); None: not for us.

        In standby, where another module of the account answers, only comings and goings are for us: they are noted.
        """
        if event.kind in ARRIVING | LEAVING:
            return ""
        if not event.active or event.kind not in ASKING:
            return None
        return self._hear_group(event) if event.chat.is_group else _without_name(without_mentions(event))

    def _hear_group(self, event: LineEvent) -> str | None:
        if event.kind == "postback":
            return event.text
        if event.kind != "text":
            return None
        text = without_mentions(event)
        if any(mention.is_bot for mention in event.mentions) or self._calls_by_name(text):
            return self._hear_called(event.chat, _without_name(text))
        text = event.text.strip()
        if self._may_be_for_us(event, text) and self.memory.mode(event.chat) is not Mode.DIGESTS:
            return self._hear_uncalled(event, text)
        return None

    def _calls_by_name(self, text: str) -> bool:
        """Tell whether a text calls the bot: its name with @, alone, or before a separator or something known (「羅盤散熱」, not 「羅盤針壞了」)."""
        name = _NAME.match(text)
        if name is None:
            return False
        rest = text[name.end() :]
        if name["at"] or name["apart"] or not rest:
            return True
        words = self.words
        return words.names(rest) or words.asks(rest) or words.follows_up(rest) or words.is_settings_command(rest)

    def _hear_called(self, chat: Chat, text: str) -> str | None:
        if self.words.is_settings_command(text) or self.memory.mode(chat) is not Mode.DIGESTS:
            return text
        return None

    def _may_be_for_us(self, event: LineEvent, text: str) -> bool:
        """Tell from a group's text alone whether it may be for us; False for most talk, which so costs no look at the database."""
        words = self.words
        if _BANG.match(text) or _SIGN.match(text) or words.follows_up(text) or words.asks(text):
            return True
        return bool(event.quoted) and words.asks_after(text)

    def _hear_uncalled(self, event: LineEvent, text: str) -> str | None:
        words, memory = self.words, self.memory
        if (bang := _BANG.match(text)) and words.names(text[bang.end() :]):
            return text[bang.end() :]
        if event.quoted and memory.is_ours(event.chat, event.quoted):
            return text if words.follows_up(text) or words.asks_after(text) or words.asks(text) else None
        if event.user and words.wants_more(text) and memory.answered_lately(event.chat, event.user):
            return text
        if _SIGN.match(text) and words.names(text) and memory.mode(event.chat) is Mode.HELPFUL:
            return text
        return None


def without_mentions(event: LineEvent) -> str:
    """Return the text without anybody's @name when the bot is among those named; else the whole text."""
    if not any(mention.is_bot for mention in event.mentions):
        return event.text.strip()
    units = event.text.encode("utf-16-le")
    for mention in sorted(event.mentions, key=_place, reverse=True):
        start, end = 2 * mention.start, 2 * (mention.start + mention.length)
        units = units[:start] + " ".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "replace").strip()


def _place(mention: UserMention) -> int:
    return mention.start


def _without_name(text: str) -> str:
    return _NAME.sub("", text).strip()
