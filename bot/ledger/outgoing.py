"""Outgoing messages as values: a frozen reply, and an outbox row in its sender's hands with the deliveries it carries."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.line.client import Body
from handlers.club.subscriptions import DeliveredContent

REPLY, PUSH = "reply", "push"
WAITING, RIDING = "waiting", "riding"  # planned and not frozen; frozen and on its way with a reply
PENDING, SENT, DROPPED, UNKNOWN = "pending", "sent", "dropped", "unknown"


@dataclass(frozen=True, slots=True)
class FrozenReply:
    """The reply to a handled event, with the command and essays to which a quotation of it will refer."""

    messages: tuple[Body, ...]
    command: str = ""
    essays: tuple[int, ...] = ()
    leave: bool = False  # the bot leaves the group after it
    erased: bool = False  # the person who asked is erased: nothing of this event names them any more
    told: DeliveredContent | None = None  # the news that it tells
    is_answer: bool = True  # False: the message still waits for an answer, and stays unread


@dataclass(frozen=True, slots=True)
class CarriedMessage:
    """A delivery that goes out with a reply, after the answer."""

    row: int
    messages: tuple[Body, ...]
    command: str
    essays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """An outbox row in its sender's hands."""

    row: int
    kind: str
    chat: str
    user: str | None
    answers: str | None  # LINE's id of the message it answers
    reply_token: str | None
    retry_key: str | None
    body: bytes
    command: str
    essays: tuple[int, ...]
    expires_at: float
    lease_until: float  # from then on others may take it
    attempts: int  # this one included
    is_ambiguous: bool  # an earlier attempt may have been accepted
    delivery_id: int | None = None  # of a push
    cost: int = 0  # messages of the month that were set aside for it
    carried: tuple[CarriedMessage, ...] = ()
    read_token: str | None = None  # marks the answered message as read

    @property
    def messages(self) -> list[Body]:
        """All messages that go out, carried deliveries last."""
        own: list[Body] = json.loads(self.body)["messages"]
        carried = [message for carried_message in self.carried for message in carried_message.messages]
        return joined(own, carried) if carried else own

    @property
    def content(self) -> bytes:
        """Messages and options as frozen: the same bytes at each try."""
        if not any(carried_message.messages for carried_message in self.carried):
            return self.body
        return json.dumps(json.loads(self.body) | {"messages": self.messages}).encode()


@dataclass(frozen=True, slots=True)
class SentContext:
    """The command and essays that a bubble of ours was about."""

    command: str
    essays: tuple[int, ...]


def freeze(messages: tuple[Body, ...], *, quiet: bool) -> bytes:
    """Return the body as it will go out, without the address."""
    return json.dumps({"messages": list(messages), **({"notificationDisabled": True} if quiet else {})}).encode()


def joined(answer: list[Body], carried: list[Body]) -> list[Body]:
    """Join an answer and the messages it carries. LINE shows only the last message's quick replies: those of the answer move there."""
    offered = [message["quickReply"] for message in answer if "quickReply" in message]
    bare = [{key: value for key, value in message.items() if key != "quickReply"} for message in [*answer, *carried]]
    return [*bare[:-1], bare[-1] | {"quickReply": offered[-1]}] if offered else bare
