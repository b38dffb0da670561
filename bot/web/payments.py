"""`POST /members`: a paying platform grants and ends memberships. Nothing of a payment is read or kept.

`/members/stripe` and `/members/ghost` take those platforms' own webhooks; whoever paid there gets the code at `/members/claim`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from sqlalchemy import Engine, insert, select

from bot.web.payer_platforms import GHOST, STRIPE, PayerPlatform, Plans, PlatformEvent, read_event
from bot.web.payer_request import GRANT, PayerRequest, PayerRequestError, is_signed, read_request
from bot.web.reader import HEADERS, OWN_FORM
from corpus.database import UnitOfWork
from corpus.visibility import ALL_MEMBERS
from handlers.club.memberships import Memberships
from handlers.club.paid_memberships import PaidMemberships
from handlers.club.people import ALPHABET, People, Purpose, new_code, utc
from handlers.club.tables import payer_requests

MOST_BYTES = 64 * 2**10
CODE_LIFE = timedelta(days=90)

LONGEST_CLAIM = 200

Reply = tuple[dict[str, Any], int]


@dataclass(frozen=True, slots=True)
class PlatformAccount:
    """The secret that a platform signs with, and which plan each of its prices or tiers is."""

    secret: str = ""
    plans: Plans = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaymentSettings:
    """The secrets of those who may grant and end memberships; without a secret nobody may."""

    secret: str = ""
    stripe: PlatformAccount = PlatformAccount()
    ghost: PlatformAccount = PlatformAccount()


def create_payments(engine: Engine, settings: PaymentSettings, clock: Callable[[], float]) -> Blueprint:
    """Serve the endpoints of paying platforms, each 404 without its secret, and the page that shows a code."""
    payments = Blueprint("payments", __name__, template_folder="templates")

    def now() -> datetime:
        return datetime.fromtimestamp(clock(), UTC)

    @payments.post("/members")
    def members() -> tuple[Response, int]:
        def is_ours(body: bytes) -> bool:
            return is_signed(body, request.headers.get("X-Luopan-Signature", ""), settings.secret)

        return _signed(settings.secret, "X-Luopan-Signature", is_ours, _answer)

    @payments.post("/members/stripe")
    def stripe() -> tuple[Response, int]:
        return _webhook(STRIPE, settings.stripe)

    @payments.post("/members/ghost")
    def ghost() -> tuple[Response, int]:
        return _webhook(GHOST, settings.ghost)

    def _webhook(platform: PayerPlatform, account: PlatformAccount) -> tuple[Response, int]:
        def is_theirs(body: bytes) -> bool:
            return platform.is_signed(body, request.headers.get(platform.header, ""), account.secret, now())

        def answer(work: UnitOfWork, body: bytes, at: datetime, secret: str) -> Reply:
            return _take_event(work, platform, body, account.plans, at, secret)

        return _signed(account.secret, platform.header, is_theirs, answer)

    def _signed(
        secret: str,
        header: str,
        is_theirs: Callable[[bytes], bool],
        answer: Callable[[UnitOfWork, bytes, datetime, str], Reply],
    ) -> tuple[Response, int]:
        """Answer a body whose sender has proven to know the secret; refuse any other."""
        if not secret:
            return jsonify(error="there is nothing here"), 404
        if (request.content_length or 0) > MOST_BYTES:
            return jsonify(error="the body is too large"), 413
        body = request.get_data()
        if not is_theirs(body):
            return jsonify(error=f"{header} does not fit the body"), 401
        with UnitOfWork(engine) as work:
            said, status = answer(work, body, now(), secret)
            work.commit()
        return jsonify(said), status

    @payments.get("/members/claim")
    def ask() -> Response:
        return _claim_page(claim=request.args.get("of", "")[:LONGEST_CLAIM])

    @payments.post("/members/claim")
    def claim() -> Response:
        """Show the code to whoever holds the customer's claim. Link previews press nothing."""
        told = request.form.get("of", "")[:LONGEST_CLAIM]
        with UnitOfWork(engine) as work:
            for account in (settings.stripe, settings.ghost):
                code = _claimed(account.secret, told) if account.secret and told else ""
                key = People(work).payer_key(code) if code else None
                if key is not None and PaidMemberships(work).is_known(key):
                    is_bound = PaidMemberships(work).owner(key) is not None
                    return _claim_page(claim=told, code="" if is_bound else code, is_bound=is_bound)
        return _claim_page(claim=told, is_early=True)

    return payments


def _claim_page(*, claim: str, code: str = "", is_bound: bool = False, is_early: bool = False) -> Response:
    words = render_template("reader/claim.html", claim=claim, code=code, is_bound=is_bound, is_early=is_early)
    response = make_response(words)
    response.headers.update(HEADERS | {"Cache-Control": "private, no-store", "Content-Security-Policy": OWN_FORM})
    return response


def _take_event(
    work: UnitOfWork, platform: PayerPlatform, body: bytes, plans: Plans, now: datetime, secret: str
) -> Reply:
    """Apply what a platform tells, in the order in which it was decided; a repeat changes nothing."""
    try:
        event = read_event(platform, body, plans)
        if event is None:
            return {"status": "ignored"}, 200
        _check_plans(event, Memberships(work).plans())
    except PayerRequestError as error:
        return {"error": str(error), "field": error.field}, error.status
    paid = PaidMemberships(work)
    paid.lock()
    for change in event.changes:
        paid.decide(change, now)
    pays = any(change.until > now for change in event.changes) or not event.changes
    code = _claimed(secret, event.claim)
    if event.claim and pays and paid.owner(event.key) is None and People(work).payer_key(code) is None:
        People(work).make_code(Purpose.MEMBER, now, CODE_LIFE, plan=ALL_MEMBERS, payer_key=event.key, code=code)
    return {"status": "taken"}, 200


def _check_plans(event: PlatformEvent, plans: Collection[str]) -> None:
    unknown = [change.plan for change in event.changes if change.plan not in (ALL_MEMBERS, *plans)]
    if unknown:
        raise PayerRequestError(f"there is no plan {unknown[0]}", "plan")


def _claimed(secret: str, claim: str) -> str:
    """Derive the code for the holder of a claim; it is kept only as its hash."""
    return _code_of(secret, f"claim {claim}")


def _answer(work: UnitOfWork, body: bytes, now: datetime, secret: str) -> Reply:
    """Do what a request asks, once; answer a repeat as it was answered first."""
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
        if known is None and People(work).payer_key(code) is None:
            _keep_code(work, code, asked, now)
        said = {**said, "code": code}
    return {name: value for name, value in said.items() if name != "needs_code"}, 200


def _apply(work: UnitOfWork, asked: PayerRequest, now: datetime) -> dict[str, Any]:
    paid, change = PaidMemberships(work), asked.change
    holds = paid.decide(change, now)
    bound, runs = paid.owner(change.key) is not None, change.until > now
    status = ("granted" if runs else "ended") if holds else "superseded"
    until = change.until.isoformat() if asked.action == GRANT else None
    said = {"status": status, "plan": change.plan, "until": until, "bound": bound}
    return said | ({"needs_code": True} if runs and not bound else {})


def _first_answer(work: UnitOfWork, asked: PayerRequest, repeat: str) -> dict[str, Any] | None:
    """Return the first answer to a repeat; None for a new one. Raises PayerRequestError for another request's Idempotency-Key."""
    row = work.writer.execute(select(payer_requests).where(payer_requests.c.hash == _hash(repeat))).one_or_none()
    if row is not None and row.fingerprint != asked.fingerprint:
        raise PayerRequestError("this Idempotency-Key belongs to another request", "Idempotency-Key")
    return dict(row.answer) if row is not None else None


def _keep_code(work: UnitOfWork, code: str, asked: PayerRequest, now: datetime) -> None:
    People(work).make_code(
        Purpose.MEMBER, now, CODE_LIFE, plan=asked.change.plan, payer_key=asked.change.key, code=code
    )


def _derived(secret: str, repeat: str, asked: PayerRequest) -> str:
    """Derive the code of one request, the same for a repeat: it is kept only as its hash."""
    return _code_of(secret, f"code {repeat}\n{asked.change.key}\n{asked.fingerprint}")


def _code_of(secret: str, told: str) -> str:
    digest = hmac.new(secret.encode(), told.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:10])


def _hash(repeat: str) -> str:
    return hashlib.sha256(repeat.encode("utf-8", "surrogatepass")).hexdigest()
