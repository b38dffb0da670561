"""The bot's channel: it replies, pushes and multicasts, within quota, keys and tokens."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.dev.simulator.chats import ChatBubble, PlatformChats
from bot.dev.simulator.failures import FailureQueue, Fault
from bot.dev.simulator.limits import details
from bot.dev.simulator.quota import Quota
from bot.dev.simulator.tokens import Accepted, ReplyTokens, RetryKeys


@dataclass(frozen=True, slots=True)
class Result:
    """An HTTP answer of the platform; `hangs`: it never comes."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False


class RefusedError(Exception):
    def __init__(self, status: int, message: str, details: Sequence[dict[str, str]] = ()) -> None:
        super().__init__(message)
        body: dict[str, Any] = {"message": message} | ({"details": list(details)} if details else {})
        self.result = Result(status, body)


@dataclass(frozen=True, slots=True)
class SendCall:
    """One request of the bot that wanted to send. `status` is what the bot was told, `accepted` what became of it."""

    kind: str
    at: datetime
    to: tuple[str, ...]  # chats
    messages: tuple[dict[str, Any], ...]
    status: int
    accepted: bool
    cost: int
    retry_key: str | None
    silent: bool


@dataclass(frozen=True, slots=True)
class _Done:
    """The result of a verb: LINE's answer, the chats it was sent to, its price."""

    body: dict[str, Any]
    to: tuple[str, ...] = ()
    cost: int = 0


FAULTS = {
    Fault.ERROR: Result(500, {"message": "The LINE platform is having an error"}),
    Fault.RATE: Result(429, {"message": "The API rate limit has been exceeded. Try again later."}),
    Fault.MONTHLY: Result(429, {"message": "You have reached your monthly limit."}),
    Fault.TIMEOUT: Result(504, {"message": "timeout"}, hangs=True),
}


class Channel:
    """The bot's one channel: what it sends is checked, priced, written into the chats and kept in a journal."""

    def __init__(self, chats: PlatformChats, tokens: ReplyTokens, quota: Quota, failures: FailureQueue) -> None:
        self.chats, self.tokens, self.quota, self.failures = chats, tokens, quota, failures
        self.keys = RetryKeys()
        self.journal: list[SendCall] = []
        self.replies: dict[str, list[ChatBubble]] = {}  # by the id of the event that was replied to
        self._verbs: dict[str, Callable[[dict[str, Any]], _Done]] = {
            "reply": self._reply,
            "push": self._push,
            "multicast": self._multicast,
        }

    def send(self, kind: str, body: Any, retry_key: str | None = None) -> Result:
        """Reply, push or multicast a request body; what goes wrong comes back as LINE's answer, never as an error."""
        failure = self.failures.next(kind)
        if failure and not failure.after_accept:
            result, done = FAULTS[failure.fault], None
        else:
            result, done = self._try(kind, body, retry_key)
            result = FAULTS[failure.fault] if failure else result
        self._record(kind, body, retry_key, result, done)
        return result

    def validate(self, kind: str, body: Any) -> Result:
        """Check whether a body of this kind (`validate`: messages only) is sound. Nothing is sent."""
        try:
            _check(kind, body)
        except RefusedError as refusal:
            return refusal.result
        return Result(200, {})

    def _try(self, kind: str, body: Any, retry_key: str | None) -> tuple[Result, _Done | None]:
        request_id = str(uuid.uuid4())
        try:
            _check(kind, body)
            _check_key(kind, retry_key)
            with self.chats.changed:
                if accepted := self.keys.find(retry_key, self.chats.clock()):
                    return _repeated(accepted), None
                done = self._verbs[kind](body)
                self.keys.keep(retry_key, Accepted(request_id, done.body, self.chats.clock()))
        except RefusedError as refusal:
            return refusal.result, None
        return Result(200, done.body, {"x-line-request-id": request_id}), done

    def _reply(self, body: dict[str, Any]) -> _Done:
        found = self.tokens.find(body["replyToken"], self.chats.clock())
        if found is None:
            raise RefusedError(400, "Invalid reply token")
        chat, event = found
        quotes = self._quotes(chat, body["messages"])
        self.tokens.spend(body["replyToken"])
        sent, bubbles = self._write(chat, body, quotes)
        self.replies[event] = bubbles
        return _Done({"sentMessages": sent}, (chat,))

    def _push(self, body: dict[str, Any]) -> _Done:
        chat = body["to"]
        cost = self._cost(chat)
        quotes = self._quotes(chat, body["messages"])
        self._pay(cost)
        sent, _bubbles = self._write(chat, body, quotes)
        return _Done({"sentMessages": sent}, (chat,), cost)

    def _multicast(self, body: dict[str, Any]) -> _Done:
        receivers = tuple(dict.fromkeys(body["to"]))
        cost = sum(map(self._cost, receivers))
        self._pay(cost)
        for chat in receivers:
            self._write(chat, body, [None] * len(body["messages"]))
        return _Done({}, receivers, cost)

    def _cost(self, to: str) -> int:
        """Return how many of the month's messages a message to this receiver takes: none where it cannot be seen."""
        reachable = self.chats.reachable(to)
        if reachable is None:
            raise RefusedError(400, "Failed to send messages")
        if not reachable:
            return 0
        return self.chats.groups[to].size if to in self.chats.groups else 1

    def _pay(self, cost: int) -> None:
        now = self.chats.clock()
        if not self.quota.allows(cost, now):
            raise RefusedError(429, "You have reached your monthly limit.")
        self.quota.spend(cost, now)

    def _quotes(self, chat: str, messages: Sequence[dict[str, Any]]) -> list[str | None]:
        """Return the bubble that each message quotes, None for a message without a quotation."""
        quotes: list[str | None] = []
        for index, message in enumerate(messages):
            token = message.get("quoteToken")
            quotes.append(self.chats.quoted_by(token, chat) if token else None)
            if token and quotes[-1] is None:
                problem = {"message": "Invalid quote token", "property": f"messages[{index}].quoteToken"}
                raise RefusedError(400, "The request body has 1 error(s)", [problem])
        return quotes

    def _write(
        self, chat: str, body: dict[str, Any], quotes: Sequence[str | None]
    ) -> tuple[list[dict[str, str]], list[ChatBubble]]:
        silent = body.get("notificationDisabled", False)
        shown = self.chats.reachable(chat)
        write = self.chats.write if shown else self.chats.drop
        bubbles = [
            write(chat, None, message, quoted=quoted, silent=silent)
            for message, quoted in zip(body["messages"], quotes, strict=True)
        ]
        return [{"id": bubble.id, "quoteToken": bubble.quote_token} for bubble in bubbles], bubbles

    def _record(self, kind: str, body: Any, key: str | None, result: Result, done: _Done | None) -> None:
        asked = body if isinstance(body, dict) else {}
        messages = asked.get("messages")
        call = SendCall(
            kind=kind,
            at=self.chats.clock(),
            to=done.to if done else (),
            messages=tuple(messages) if isinstance(messages, list) else (),
            status=result.status,
            accepted=done is not None,
            cost=done.cost if done else 0,
            retry_key=key,
            silent=asked.get("notificationDisabled") is True,
        )
        with self.chats.changed:
            self.journal.append(call)
            self.chats.changed.notify_all()


def _check(kind: str, body: Any) -> None:
    problems = details(kind, body)
    if problems:
        raise RefusedError(400, f"The request body has {len(problems)} error(s)", problems)


def _check_key(kind: str, key: str | None) -> None:
    if key is None:
        return
    if kind == "reply":
        raise RefusedError(400, "The retry key is not supported by this endpoint")
    try:
        uuid.UUID(key)
    except ValueError:
        raise RefusedError(400, "Invalid retry key") from None


def _repeated(accepted: Accepted) -> Result:
    body = {"message": "The retry key is already accepted", **accepted.body}
    return Result(409, body, {"x-line-accepted-request-id": accepted.request_id})
