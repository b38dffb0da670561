"""The chats of the simulated platform: who is in them, what was said, and what changed last."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from bot.dev.simulator.people import LineGroup, LinePerson

Clock = Callable[[], datetime]
Key = str | LinePerson | LineGroup  # an id, a name, or the thing itself


@dataclass(frozen=True, slots=True)
class ChatBubble:
    """One message as it stands in a chat."""

    id: str
    chat: str  # a user id one to one, else a group id
    sender: str | None  # a user id; None: the bot
    at: datetime
    content: dict[str, Any]  # LINE's message object; empty once unsent
    quote_token: str
    quoted: str | None = None  # id of the bubble it quotes
    unsent: bool = False
    edited: bool = False
    read: bool = False  # by the bot
    silent: bool = False  # sent with notificationDisabled


class PlatformChats:
    """All state that people see. `changed` is the platform's one lock, notified after every change."""

    def __init__(self, clock: Clock, persons: Iterable[LinePerson], groups: Iterable[LineGroup]) -> None:
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.persons: dict[str, LinePerson] = {}
        self.groups: dict[str, LineGroup] = {}
        self.friends: set[str] = set()  # who added the bot
        self.blocked: set[str] = set()
        self._counts: list[tuple[datetime, int, int]] = []  # (since when, friends, blocks), one for each change
        self.typing: dict[str, datetime] = {}  # chat -> until when the loading animation shows
        self.beat = 0  # counts every change
        self._bubbles: dict[str, ChatBubble] = {}
        self._by_quote_token: dict[str, str] = {}
        self._history: dict[str, list[str]] = {}
        self._log: list[str] = []  # bubble ids in the order of their changes
        self._last_id = int(clock().timestamp() * 1000) * 100_000  # 18 digits, never those of an earlier run
        self._ids: dict[str, str] = {}  # by name
        self.add(*persons, *groups)
        self._from_start = (len(self.friends), len(self.blocked))

    def add(self, *newcomers: LinePerson | LineGroup) -> None:
        for newcomer in newcomers:
            self._ids[newcomer.name] = newcomer.id
            if isinstance(newcomer, LinePerson):
                self.persons[newcomer.id] = newcomer
                self.friends.add(newcomer.id)
            else:
                self.groups[newcomer.id] = newcomer

    def befriend(self, person: str) -> None:
        """Let a person add the bot, or unblock it."""
        self.blocked.discard(person)
        self.friends.add(person)
        self._count_friends()

    def block(self, person: str) -> None:
        """Let a person block the bot."""
        self.blocked.add(person)
        self._count_friends()

    def _count_friends(self) -> None:
        with self.changed:
            self._counts.append((self.clock(), len(self.friends), len(self.blocked)))
            self.touch()

    def friends_at(self, moment: datetime) -> tuple[int, int]:
        """Return (friends, blocks) at a moment; whoever is there from the start was there always."""
        known = [(friends, blocks) for since, friends, blocks in self._counts if since < moment]
        return known[-1] if known else self._from_start

    def id_of(self, key: Key) -> str:
        """Return the id of a person or group, given itself, its id or its name. Errors: KeyError."""
        if not isinstance(key, str):
            return key.id
        return key if key in self.persons or key in self.groups else self._ids[key]

    def person(self, key: Key) -> LinePerson:
        return self.persons[self.id_of(key)]

    def group(self, key: Key) -> LineGroup:
        return self.groups[self.id_of(key)]

    def reaches_bot(self, chat: str) -> bool:
        return self.groups[chat].joined if chat in self.groups else chat not in self.blocked

    def reachable(self, to: str) -> bool | None:
        """Tell whether the bot's messages can be seen there; None: LINE knows no such receiver."""
        if to in self.groups:
            return self.groups[to].joined or None
        return (to in self.friends and to not in self.blocked) if to in self.persons else None

    def write(self, chat: str, sender: str | None, content: dict[str, Any], **state: Any) -> ChatBubble:
        """Add a message to a chat."""
        with self.changed:
            bubble = self.drop(chat, sender, content, **state)
            self._by_quote_token[bubble.quote_token] = bubble.id
            self._history.setdefault(chat, []).append(bubble.id)
            if sender is None:
                self.typing.pop(chat, None)
            return self._put(bubble)

    def drop(self, chat: str, sender: str | None, content: dict[str, Any], **state: Any) -> ChatBubble:
        """Make a message with an id that nobody will see, as a push to someone who blocked the bot is."""
        with self.changed:
            self._last_id += 1
            return ChatBubble(str(self._last_id), chat, sender, self.clock(), content, token_urlsafe(24), **state)

    def change(self, bubble_id: str, **state: Any) -> ChatBubble:
        """Change the state of a bubble. Errors: KeyError for an unknown one."""
        with self.changed:
            return self._put(replace(self._bubbles[bubble_id], **state))

    def bubble(self, bubble_id: str) -> ChatBubble:
        return self._bubbles[bubble_id]

    def quoted_by(self, quote_token: str, chat: str) -> str | None:
        """Return the id of the bubble in this chat that a quote token stands for, None where there is none."""
        bubble = self._by_quote_token.get(quote_token)
        return bubble if bubble and self._bubbles[bubble].chat == chat else None

    def history(self, chat: str, last: int | None = None) -> list[ChatBubble]:
        """Return the bubbles of a chat, or its `last` so many, oldest first."""
        with self.changed:
            ids = self._history.get(chat, [])
            return [self._bubbles[bubble] for bubble in (ids if last is None else ids[-last:])]

    @property
    def version(self) -> int:
        """A number that grows with every change of a bubble."""
        return len(self._log)

    def since(self, version: int) -> tuple[int, list[ChatBubble]]:
        """Return the version now, and each bubble that changed since an earlier one, as it is now."""
        with self.changed:
            changed = dict.fromkeys(self._log[version:])
            return len(self._log), [self._bubbles[bubble] for bubble in changed]

    def clear(self) -> None:
        """Forget what was said; who is where stays as it is. An open page would not notice."""
        with self.changed:
            for kept in (self._bubbles, self._by_quote_token, self._history, self._log):
                kept.clear()

    def touch(self) -> None:
        """Tell those who wait that something changed that people see."""
        with self.changed:
            self.beat += 1
            self.changed.notify_all()

    def _put(self, bubble: ChatBubble) -> ChatBubble:
        self._bubbles[bubble.id] = bubble
        self._log.append(bubble.id)
        self.touch()
        return bubble
