"""The platform called within this process: the same answers as over HTTP, without the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from bot.dev.simulator.other_endpoints import followers
from bot.dev.simulator.platform import Platform
from bot.line.client import Ambiguous, Body, LineClient, LineError, Refused, Result, Sent

SENDING = "/v2/bot/message/"


class InProcessLine(LineClient):
    """A LineClient whose other end is a Platform; a call that would hang comes back at once, as unclear as after a time-out."""

    def __init__(self, platform: Platform) -> None:
        super().__init__("http://127.0.0.1:1", platform.token)
        self.platform = platform

    def _attempt(self, path: str, body: bytes, headers: dict[str, str]) -> Result:
        kind = path.removeprefix(SENDING)
        answer = self.platform.channel.send(kind, json.loads(body), headers.get("X-Line-Retry-Key"))
        ids = tuple(str(message["id"]) for message in answer.body.get("sentMessages", ()))
        if answer.hangs or answer.status >= 500:
            return Ambiguous(str(answer.status))
        return Sent(ids) if answer.status in (200, 409) else Refused(answer.status, str(answer.body.get("message", "")))

    def _ask(self, path: str, method: str = "GET", body: Body | None = None) -> Body:
        failure = self.platform.failures.next(_kind(path))
        if failure is not None:
            raise LineError(500, failure.fault)
        place = path.partition("?")[0]
        found = next((answer for suffix, answer in self._answers.items() if place.endswith(suffix)), None)
        if found is None:
            raise LineError(404, f"{method} {path}")
        return found(path)

    @property
    def _answers(self) -> dict[str, Callable[[str], dict[str, Any]]]:
        platform = self.platform
        limit = platform.quota.limit
        return {
            "/quota": lambda _path: {"type": "none"} if limit is None else {"type": "limited", "value": limit},
            "/quota/consumption": lambda _path: {"totalUsage": platform.quota.used(platform.clock())},
            "/insight/followers": lambda path: followers(platform, path.rpartition("=")[2]).body,
            "/members/count": lambda path: {"count": platform.chats.groups[unquote(path.split("/")[-3])].size},
        }


def _kind(path: str) -> str:
    """Return the kind of a call, by which the platform may be told to let it fail."""
    kinds = {"quota": "quota", "consumption": "consumption", "count": "count", "followers": "insight"}
    return kinds.get(path.partition("?")[0].rsplit("/", 1)[-1], "profile")
