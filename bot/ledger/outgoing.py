"""What goes out, as values: a frozen reply, and an outbox row in its sender's hands with what it carries."""

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
    """What a handled event has to say, and what quoting it will refer to."""

    messages: tuple[Body, ...]
    command: str = ""
    essays: tuple[int, ...] = ()
    leave: bool = False  # the last word in this group
    erased: bool = False  # the person who asked is erased: nothing of this event names them any more
    told: DeliveredContent | None = None  # what it tells of the news
    is_answer: bool = True  # False: what was said still waits for an answer, and stays unread


@dataclass(frozen=True, slots=True)
class CarriedMessage:
    """What goes out with a reply, after what was asked."""

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
    lease_until: float  # then others may take it
    attempts: int  # this one included
    is_ambiguous: bool  # an earlier attempt may have been accepted
    delivery_id: int | None = None  # of a push
    cost: int = 0  # messages of the month that were set aside for it
    carried: tuple[CarriedMessage, ...] = ()
    read_token: str | None = None  # marks what it answers as read

    @property
    def messages(self) -> list[Body]:
        """All that goes out, carried deliveries last."""
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
    """What a bubble of ours was about."""

    command: str
    essays: tuple[int, ...]


def freeze(messages: tuple[Body, ...], *, quiet: bool) -> bytes:
    """The body as it will go out, without the address."""
    return json.dumps({"messages": list(messages), **({"notificationDisabled": True} if quiet else {})}).encode()


def joined(answer: list[Body], carried: list[Body]) -> list[Body]:
    """The answer first. Only the last message's quick replies are shown: those of the answer move there."""
    offered = [message["quickReply"] for message in answer if "quickReply" in message]
    bare = [{key: value for key, value in message.items() if key != "quickReply"} for message in [*answer, *carried]]
    return [*bare[:-1], bare[-1] | {"quickReply": offered[-1]}] if offered else bare
