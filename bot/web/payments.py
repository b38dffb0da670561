"""`POST /members`: a paying platform grants and ends memberships. Nothing of a payment is read or kept."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Engine, insert, select

from bot.web.payer_request import GRANT, PayerRequest, PayerRequestError, is_signed, read_request
from corpus.database import UnitOfWork
from handlers.club.memberships import Memberships
from handlers.club.paid_memberships import PaidMemberships
from handlers.club.people import ALPHABET, People, Purpose, new_code, utc
from handlers.club.tables import payer_requests

MOST_BYTES = 64 * 2**10
CODE_LIFE = timedelta(days=90)

Reply = tuple[dict[str, Any], int]


def create_payments(engine: Engine, secret: str, clock: Callable[[], float]) -> Blueprint:
    """The endpoint; without a secret there is none."""
    payments = Blueprint("payments", __name__)

    @payments.post("/members")
    def members() -> tuple[Response, int]:
        if not secret:
            return jsonify(error="there is nothing here"), 404
        if (request.content_length or 0) > MOST_BYTES:
            return jsonify(error="the body is too large"), 413
        body = request.get_data()
        if not is_signed(body, request.headers.get("X-Luopan-Signature", ""), secret):
            return jsonify(error="X-Luopan-Signature does not fit the body"), 401
        now = datetime.fromtimestamp(clock(), UTC)
        with UnitOfWork(engine) as work:
            said, status = _answer(work, body, now, secret)
            work.commit()
        return jsonify(said), status

    return payments


def _answer(work: UnitOfWork, body: bytes, now: datetime, secret: str) -> Reply:
    """What is done once, and said again for a repeat."""
    try:
        asked = read_request(body, Memberships(work).plans(), now)
        PaidMemberships(work).lock()
        repeat = request.headers.get("Idempotency-Key", "").strip()
        known = _first_answer(work, asked, repeat) if repeat else None
    except PayerRequestError as error:
        return {"error": str(error), "field": error.field}, error.status
    said = known or _apply(work, asked, now)
    if repeat and known is None:
        values = {"hash": _hash(repeat), "fingerprint": asked.fingerprint, "answer": said, "at": utc(now)}
        work.writer.execute(insert(payer_requests).values(values))
    if said.get("needs_code"):
        code = _derived(secret, repeat, asked) if repeat else new_code()
        if known is None:
            _keep_code(work, code, asked, now)
        said = {**said, "code": code}
    return {name: value for name, value in said.items() if name != "needs_code"}, 200


def _apply(work: UnitOfWork, asked: PayerRequest, now: datetime) -> dict[str, Any]:
    paid, change = PaidMemberships(work), asked.change
    holds = paid.decide(change, now)
    bound = paid.owner(change.key) is not None
    status = ("granted" if asked.action == GRANT else "ended") if holds else "superseded"
    until = change.until.isoformat() if asked.action == GRANT else None
    said = {"status": status, "plan": change.plan, "until": until, "bound": bound}
    return said | ({"needs_code": True} if asked.action == GRANT and not bound else {})


def _first_answer(work: UnitOfWork, asked: PayerRequest, repeat: str) -> dict[str, Any] | None:
    """What was answered to this request before. Raises PayerRequestError where its Idempotency-Key was another request's."""
    row = work.writer.execute(select(payer_requests).where(payer_requests.c.hash == _hash(repeat))).one_or_none()
    if row is not None and row.fingerprint != asked.fingerprint:
        raise PayerRequestError("this Idempotency-Key belongs to another request", "Idempotency-Key")
    return dict(row.answer) if row is not None else None


def _keep_code(work: UnitOfWork, code: str, asked: PayerRequest, now: datetime) -> None:
    People(work).make_code(
        Purpose.MEMBER, now, CODE_LIFE, plan=asked.change.plan, payer_key=asked.change.key, code=code
    )


def _derived(secret: str, repeat: str, asked: PayerRequest) -> str:
    """The code of one request, made anew for a repeat: it is kept nowhere."""
    told = f"code {repeat}\n{asked.change.key}\n{asked.fingerprint}"
    digest = hmac.new(secret.encode(), told.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:10])


def _hash(repeat: str) -> str:
    return hashlib.sha256(repeat.encode("utf-8", "surrogatepass")).hexdigest()
