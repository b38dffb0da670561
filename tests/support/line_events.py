"""What LINE would deliver, and a LINE that only listens: for tests of the rooms behind the webhook."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, Table, select
from werkzeug.test import TestResponse

from bot.inbound.gate import ChatLookups, Gate, TextPredicates
from bot.inbound.pool import AnswerWorkers
from bot.inbound.webhook import create_blueprint, sign
from bot.ledger import FrozenReply, Ledger
from bot.line.client import Body, LineClient, Result, Sent
from bot.line.events import LineEvent
from corpus.database import UnitOfWork, reading
from handlers.club.chats import Mode
from handlers.identity import Chat

SECRET = "channel secret"
BOT = "U00000000000000000000000000000000"
ANN, BEN, GROUP = "Uann", "Uben", "Cgroup"

_numbers = count(1)


def event(kind: str, source: dict[str, str], **fields: Any) -> dict[str, Any]:
    """One event as LINE shapes it."""
    number = next(_numbers)
    common = {"mode": "active", "timestamp": 1_700_000_000_000 + number, "source": source}
    own = {
        "webhookEventId": f"E{number:025}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"token{number}",
    }
    return {"type": kind, **common, **own, **fields}


def said(text: str, *, user: str | None = ANN, group: str | None = None, **message: Any) -> dict[str, Any]:
    """A text message, one to one or in a group."""
    number = next(_numbers)
    whole = {"type": "text", "id": f"m{number}", "quoteToken": f"q{number}", "text": text, **message}
    return event("message", source(user, group), message=whole)


def source(user: str | None = ANN, group: str | None = None) -> dict[str, str]:
    person = {"userId": user} if user else {}
    return {"type": "group", "groupId": group, **person} if group else {"type": "user", **person}


def mention(start: int, length: int, **more: Any) -> dict[str, Any]:
    return {"mentionees": [{"index": start, "length": length, "type": "user", "isSelf": True, "userId": BOT, **more}]}


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, now: float = 1_700_000_100.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class ListeningLine(LineClient):
    """Takes every reply down, and answers it with the next of `ends`, or as sent."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1", "token")
        self.replies: list[tuple[str, Body]] = []
        self.ends: list[Result] = []

    def reply(self, token: str, body: bytes) -> Result:
        self.replies.append((token, json.loads(body)))
        return self.ends.pop(0) if self.ends else Sent((f"bubble{len(self.replies)}",))

    @property
    def texts(self) -> list[str]:
        return [message["text"] for _, body in self.replies for message in body["messages"]]


def echo(heard: LineEvent, _work: UnitOfWork) -> FrozenReply | None:
    return FrozenReply(({"type": "text", "text": f"你說「{heard.text}」"},), command=heard.text, essays=(7,))


def words(*names: str) -> TextPredicates:
    return TextPredicates(
        names=names.__contains__,
        asks=lambda text: text.endswith(("嗎？", "嗎？")),
        follows_up={"更多", "為什麼"}.__contains__,
        asks_after=lambda text: text.startswith("那") and text.endswith("呢"),
        wants_more={"更多"}.__contains__,
        is_settings_command={"叫我才回", "我的訂閱"}.__contains__,
    )


class Rooms:
    """Webhook, gate, Ledger and pool on one database, with an echo behind them and a LINE that listens."""

    def __init__(self, engine: Engine, ledger: Ledger | None = None, **door: Any) -> None:
        self.engine = engine
        self.clock = Clock()
        self.line = ListeningLine()
        self.modes: dict[str, Mode] = {}
        self.talking: set[tuple[str, str]] = set()
        self.wakes: list[int] = []
        self.ledger = ledger or Ledger(engine)
        self.respond = echo
        self.pool = AnswerWorkers(
            self.ledger, self.line, lambda heard, work: self.respond(heard, work), clock=self.clock
        )
        memory = ChatLookups(
            mode=lambda chat: self.modes.get(chat.id, Mode.ASKED),
            is_ours=lambda chat, message: self.ledger.origin(chat, message) is not None,
            answered_lately=lambda chat, user: (chat.id, user) in self.talking,
        )
        self.gate = Gate(words("散熱", "2330", "說明"), memory)
        self.app = Flask("rooms")
        door = {"clock": self.clock, **door}
        secrets = door.pop("secrets", SECRET)
        self.app.register_blueprint(create_blueprint(secrets, self.ledger, self.gate, self.wakes.append, **door))

    @property
    def web(self) -> FlaskClient:
        return self.app.test_client()

    def deliver(self, *events: Any, redelivered: bool = False) -> int:
        """Post the events in one signed call; its status."""
        if redelivered:
            events = tuple({**one, "deliveryContext": {"isRedelivery": True}} for one in events)
        return self.post(json.dumps({"destination": BOT, "events": events}).encode()).status_code

    def post(self, body: bytes, **headers: str) -> TestResponse:
        return self.web.post("/callback", data=body, headers={"x-line-signature": sign(SECRET, body), **headers})

    def answer(self) -> list[str]:
        """Let the pool do all that is due now; every text that was ever sent."""
        while self.pool.answer_next() or self.pool.send_next():
            pass
        return self.line.texts

    def rows(self, table: Table) -> list[Any]:
        with reading(self.engine) as connection:
            return list(connection.execute(select(table).order_by(*table.primary_key)))


def person(user: str = ANN) -> Chat:
    from handlers.identity import Place

    return Chat(user, Place.PERSON)
