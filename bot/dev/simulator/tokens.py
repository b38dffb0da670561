"""Reply tokens and retry keys, each of which LINE lets a bot use once, within its time."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

REPLY_LIFE = timedelta(seconds=60)
RETRY_LIFE = timedelta(hours=24)


@dataclass(slots=True)
class _Token:
    chat: str
    event: str
    delivered: datetime


class ReplyTokens:
    """The reply tokens, each good for one reply within a minute of the latest delivery of its event."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, _Token] = OrderedDict()
        self._lock = Lock()

    def issue(self, chat: str, event: str, now: datetime) -> str:
        token = secrets.token_hex(16)
        with self._lock:
            self._forget(now)
            self._open[token] = _Token(chat, event, now)
        return token

    def revive(self, token: str, now: datetime) -> None:
        """Let a token's minute start anew, unless it was used: its event was delivered again."""
        if entry := self._open.get(token):
            entry.delivered = now

    def find(self, token: str, now: datetime) -> tuple[str, str] | None:
        """Return (chat, event id) if a reply with this token would be taken now, else None."""
        entry = self._open.get(token)
        return (entry.chat, entry.event) if entry and now - entry.delivered <= REPLY_LIFE else None

    def spend(self, token: str) -> None:
        with self._lock:
            del self._open[token]

    def _forget(self, now: datetime) -> None:
        # A failed delivery may be repeated for a day; after that its token is of no use to anybody.
        while self._open and now - next(iter(self._open.values())).delivered > RETRY_LIFE:
            self._open.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request that was accepted under a retry key."""

    request_id: str
    body: dict[str, Any]
    at: datetime


class RetryKeys:
    """The retry keys, each executed once within 24 hours."""

    def __init__(self) -> None:
        self._accepted: OrderedDict[str, Accepted] = OrderedDict()
        self._lock = Lock()

    def find(self, key: str | None, now: datetime) -> Accepted | None:
        with self._lock:
            while self._accepted and now - next(iter(self._accepted.values())).at > RETRY_LIFE:
                self._accepted.popitem(last=False)
            return self._accepted.get(key) if key else None

    def keep(self, key: str | None, accepted: Accepted) -> None:
        if key:
            with self._lock:
                self._accepted[key] = accepted
