"""`/websub/…`, which the hubs of sources call (W3C WebSub). A call says only that there is something new to look for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, abort, request
from sqlalchemy import Engine

from bot.outbound.hub_keeper import CALLBACKS
from bot.web.signatures import hex_hmac, is_same
from corpus.database import reading, writing
from corpus.storage import hub_store, source_store
from corpus.storage.hub_store import HubSubscription

MOST_BYTES = 2**20
LONGEST_CHALLENGE = 1_000
LONGEST_LEASE = timedelta(days=30)
ASKED_LATELY = timedelta(days=1)
METHODS = ("sha512", "sha384", "sha256", "sha1")


def create_hub_callback(engine: Engine, clock: Callable[[], float]) -> Blueprint:
    """Serve the address that hubs are given."""
    calls = Blueprint("websub", __name__)

    @calls.get(f"{CALLBACKS}<callback>")
    def verify(callback: str) -> Response:
        """Confirm to a hub that it was we who asked to subscribe or to leave; 404 where it was not."""
        now = datetime.fromtimestamp(clock(), UTC)
        one, said = _found(engine, callback), request.args
        challenge = said.get("hub.challenge", "")
        if said.get("hub.topic") != one.topic or not 0 < len(challenge) <= LONGEST_CHALLENGE:
            abort(404)
        mode = said.get("hub.mode")
        with writing(engine) as connection:
            if mode == "unsubscribe" and one.is_leaving:
                hub_store.drop(connection, callback)
            elif mode == "subscribe" and not one.is_leaving and now - one.asked_at <= ASKED_LATELY:
                hub_store.keep(connection, replace(one, until=now + _lease(said.get("hub.lease_seconds", ""))))
            else:
                abort(404)
        return Response(challenge, mimetype="text/plain", headers={"X-Content-Type-Options": "nosniff"})

    @calls.post(f"{CALLBACKS}<callback>")
    def tell(callback: str) -> tuple[str, int]:
        """Hear from a hub that something is new. Whoever does not know the secret gets the same answer, and changes nothing."""
        if (request.content_length or 0) > MOST_BYTES:
            abort(413)
        one = _found(engine, callback)
        if is_signed(request.get_data(), request.headers.get("X-Hub-Signature", ""), one.secret):
            with writing(engine) as connection:
                source_store.hasten(connection, one.source_id, datetime.fromtimestamp(clock(), UTC))
        return "", 202

    return calls


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Tell whether `method=hex` is the HMAC of the raw bytes by that secret."""
    method, _, said = header.strip().partition("=")
    if method.lower() not in METHODS:
        return False
    return is_same(hex_hmac(body, secret, method.lower()), said.strip().lower())


def _found(engine: Engine, callback: str) -> HubSubscription:
    if "\0" in callback:  # which PostgreSQL cannot be asked for
        abort(404)
    with reading(engine) as connection:
        return hub_store.get(connection, callback[:64]) or abort(404)


def _lease(said: str) -> timedelta:
    """Read how long a hub means to tell, thirty days at most; a day where it does not say."""
    seconds = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
    return min(timedelta(seconds=seconds), LONGEST_LEASE) or timedelta(days=1)
