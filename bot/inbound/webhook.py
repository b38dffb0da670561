"""POST /callback: LINE's webhook calls, verified, sorted and kept before they are answered 200."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import BoundedSemaphore

from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError

from bot import faults, metrics
from bot.config import WEBHOOK_BYTES, WEBHOOKS_AT_ONCE
from bot.errors import safe_fields
from bot.inbound.gate import Gate
from bot.ledger import Ledger, WebhookBatch
from bot.line.events import LineEvent, MalformedEvent, read
from bot.logs import log
from handlers.identity import Chat

PATIENCE = 0.8  # seconds for which a call waits for the database: LINE itself gives up after two
MOST_UNREADABLE = 10  # events of one call that are kept one by one
WRITERS = 12  # calls at once that have a connection to the database


def create_blueprint(
    secret: str | Sequence[str],
    ledger: Ledger,
    gate: Gate,
    wake: Callable[[int], None],
    *,
    ride_waits: Callable[[Chat], bool] = lambda _chat: False,
    forget: Callable[[Chat, str | None], None] = lambda _chat, _user: None,
    clock: Callable[[], float] = time.time,
    own_id: Callable[[], str | None] = lambda: None,
    has_inbox: Callable[[], bool] = lambda: False,
    capacity: int = WEBHOOKS_AT_ONCE,
) -> Blueprint:
    """Return the blueprint of POST /callback.

    `secret`: the channel's secret, or both while it is being changed. `capacity`: calls at once, beyond which the answer is 503.
    `wake` is called with the number of events kept, `forget` with the chat and user of a message that was taken back.
    `ride_waits`: does a delivery wait for a reply token of this chat? `own_id`: the bot that calls must be for, once known.
    `has_inbox`: do people read in LINE's own inbox, where answered messages are to be marked as read?
    """
    blueprint = Blueprint("webhook", __name__)
    secrets = (secret,) if isinstance(secret, str) else tuple(secret)
    places, writers = BoundedSemaphore(capacity), BoundedSemaphore(WRITERS)
    sorter = EventClassifier(gate, ride_waits, forget, own_id, has_inbox)

    @blueprint.post("/callback")
    def callback() -> Response:
        if not places.acquire(blocking=False):
            return Response(status=503)
        try:
            return Response(status=receive())
        finally:
            places.release()

    def receive() -> int:
        request.max_content_length = WEBHOOK_BYTES
        body = request.get_data(cache=False)  # 413 when it is larger, whatever Content-Length claims
        signature = request.headers.get("X-Line-Signature", "")
        if not any(is_signed(one, body, signature) for one in secrets):
            abort(401)
        try:
            batch = sorter.classify(body, clock())
            if batch and not store(batch):
                return 503
        except SQLAlchemyError as error:
            log.error("webhook_not_kept", **safe_fields(error))
            return 503
        if batch.events:
            metrics.KEPT.inc(len(batch.events))
            metrics.REDELIVERIES.inc(sum(event.is_redelivery for event in batch.events))
            faults.crash_point(faults.AFTER_INBOX_COMMIT)
            wake(len(batch.events))
        return 200

    def store(batch: WebhookBatch) -> bool:
        """Keep a batch; return False when too many others wait to be kept."""
        if not writers.acquire(timeout=PATIENCE):
            return False
        try:
            ledger.store(batch, PATIENCE)
            return True
        finally:
            writers.release()

    return blueprint


def sign(secret: str, body: bytes) -> str:
    """Return LINE's signature of a webhook body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    return hmac.compare_digest(sign(secret, body).encode(), signature.encode())


class EventClassifier:
    """Makes a WebhookBatch of a webhook body: events for us, messages taken back, reply tokens that may carry a digest."""

    def __init__(
        self,
        gate: Gate,
        ride_waits: Callable[[Chat], bool],
        forget: Callable[[Chat, str | None], None] = lambda _chat, _user: None,
        own_id: Callable[[], str | None] = lambda: None,
        has_inbox: Callable[[], bool] = lambda: False,
    ) -> None:
        self.gate = gate
        self.ride_waits = ride_waits
        self.forget = forget
        self.own_id = own_id
        self.has_inbox = has_inbox

    def classify(self, body: bytes, received_at: float) -> WebhookBatch:
        """Sort the events of one call; an event on which the gate fails counts as not for us, and costs no other."""
        events: list[LineEvent] = []
        free_tokens: list[LineEvent] = []
        unsent: list[str] = []
        unreadable: list[tuple[str, bytes]] = []
        for event in read(body, self.own_id()):
            if isinstance(event, MalformedEvent):
                unreadable.append((event.reason, event.raw))
            elif event.kind == "unsend":
                unsent.extend([event.message] if event.message else [])
                self.forget(event.chat, event.user)
            elif (text := self._hear(event)) is not None:
                read_token = event.read_token if self.has_inbox() else None
                events.append(replace(event, text=text, read_token=read_token))
            elif event.active and event.reply_token and self.ride_waits(event.chat):
                free_tokens.append(event)
        if len(unreadable) > MOST_UNREADABLE:  # each would be a row, and a body may hold a hundred thousand
            unreadable = [(f"{len(unreadable)} events: {unreadable[0][0]}", body)]
        return WebhookBatch(received_at, tuple(events), tuple(free_tokens), tuple(unsent), tuple(unreadable))

    def _hear(self, event: LineEvent) -> str | None:
        try:
            return self.gate.addressed_text(event)
        except SQLAlchemyError:
            raise  # not kept, so not answered 200
        except Exception as error:  # one odd event must not cost its neighbours
            log.error("gate_failed", event_id=event.id, **safe_fields(error))
            return None
