"""Webhooks as LINE sends them: signed, posted, kept in a journal, and delivered again when the bot did not take them."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import urllib3

from bot.dev.simulator.chats import Clock
from bot.dev.simulator.people import BOT
from bot.dev.simulator.tokens import ReplyTokens

ANSWER_SECONDS = 2.0  # for which LINE waits for the bot's 200
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

Callback = Callable[[bytes, Mapping[str, str]], int]  # (body, headers) -> HTTP status; 0: no answer


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """One delivery of one event. `status` is the bot's; 0: no answer in time; None: not sent, the bot is not in that chat."""

    event: dict[str, Any]
    at: datetime
    status: int | None
    seconds: float = 0.0

    @property
    def id(self) -> str:
        return str(self.event.get("webhookEventId", ""))

    @property
    def message_id(self) -> str:
        return str(self.event["message"]["id"])

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def sign(secret: str, body: bytes) -> str:
    """Return the value of X-Line-Signature for a body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def ulid(at: datetime) -> str:
    """Make a ULID: 48 bits of milliseconds and 80 of chance, in Crockford's base 32 (github.com/ulid/spec)."""
    number = int(at.timestamp() * 1000) << 80 | secrets.randbits(80)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def over_http(url: str) -> Callback:
    pool = urllib3.PoolManager(maxsize=64, retries=False, timeout=ANSWER_SECONDS)

    def post(body: bytes, headers: Mapping[str, str]) -> int:
        try:
            return pool.request("POST", url, body=body, headers=headers).status
        except urllib3.exceptions.HTTPError:
            return 0

    return post


class WebhookSender:
    """Posts one event at a time. `redelivery` holds the seconds to wait before each further try; LINE's default is none."""

    def __init__(self, secret: str, callback: str | Callback, clock: Clock, redelivery: Sequence[float] = ()) -> None:
        self.secret, self.clock, self.redelivery = secret, clock, tuple(redelivery)
        self.url = callback if isinstance(callback, str) else ""
        self._post = over_http(callback) if isinstance(callback, str) else callback
        self.tokens = ReplyTokens()
        self.journal: list[WebhookDelivery] = []
        self._events: dict[str, dict[str, Any]] = {}

    def set_callback(self, url: str) -> None:
        """Send to another address from now on."""
        self.url, self._post = url, over_http(url)

    def send(self, kind: str, source: dict[str, str], standby: bool, replies: bool, **content: Any) -> WebhookDelivery:
        """Make an event out of its content and deliver it; `replies`: this kind of event carries a reply token."""
        now = self.clock()
        event: dict[str, Any] = {
            "type": kind,
            "mode": "standby" if standby else "active",
            "timestamp": int(now.timestamp() * 1000),
            "source": source,
            "webhookEventId": ulid(now),
            "deliveryContext": {"isRedelivery": False},
            **content,
        }
        if replies and not standby:
            chat = source.get("groupId") or source["userId"]
            event["replyToken"] = self.tokens.issue(chat, event["webhookEventId"], now)
        self._events[event["webhookEventId"]] = event
        return self._deliver(event, self.redelivery)

    def redeliver(self, event_id: str) -> WebhookDelivery:
        """Deliver an event once more. Errors: KeyError."""
        return self._again(event_id, ())

    def post_raw(self, *events: dict[str, Any]) -> tuple[int, float]:
        """Post these events in one signed body, as they are: (status, seconds). No events: the console's verify button."""
        body = json.dumps({"destination": BOT.id, "events": events}, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "X-Line-Signature": sign(self.secret, body),
        }
        started = time.perf_counter()
        return self._post(body, headers), time.perf_counter() - started

    def _again(self, event_id: str, waits: Sequence[float]) -> WebhookDelivery:
        event = self._events[event_id] | {"deliveryContext": {"isRedelivery": True}}
        return self._deliver(event, waits)

    def _deliver(self, event: dict[str, Any], waits: Sequence[float]) -> WebhookDelivery:
        at = self.clock()
        if token := event.get("replyToken"):
            self.tokens.revive(token, at)
        status, seconds = self.post_raw(event)
        delivery = WebhookDelivery(event, at, status, seconds)
        self.journal.append(delivery)
        if waits and not delivery.taken:
            timer = threading.Timer(waits[0], self._again, (delivery.id, waits[1:]))
            timer.daemon = True
            timer.start()
        return delivery
