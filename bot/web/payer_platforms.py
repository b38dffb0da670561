"""Stripe's and Ghost's webhooks about customers, read as grants and endings. Nothing of a payment is read or kept.

Stripe signs `t.body`, Ghost `body` + t, each with HMAC-SHA256 and the time beside it (docs.stripe.com/webhooks, docs.ghost.org/webhooks).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.web.payer_request import FRESH_SECONDS, PayerRequestError, payer_key
from bot.web.signatures import hex_hmac, is_same
from handlers.club.memberships import FOR_GOOD
from handlers.club.paid_memberships import PaidChange

GRACE = timedelta(days=3)  # after a period that was paid for: the next payment is tried again and again
RUNS = {"active", "trialing", "past_due", "comped"}
ENDED = {"canceled", "unpaid", "incomplete_expired", "paused"}

Plans = Mapping[str, str]  # the platform's name of what is bought -> the plan here
Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlatformEvent:
    """The decisions of one webhook for one customer; `claim` is an id that only the customer holds, and gets a code for."""

    key: str
    changes: tuple[PaidChange, ...] = ()
    claim: str = ""


@dataclass(frozen=True, slots=True)
class PayerPlatform:
    """A paying platform: how its webhooks are signed and read."""

    name: str
    header: str
    is_signed: Callable[[bytes, str, str, datetime], bool]
    read: Callable[[Said, Plans], PlatformEvent | None]


def read_event(platform: PayerPlatform, body: bytes, plans: Plans) -> PlatformEvent | None:
    """Read what a signed body decides; return None for an event that decides nothing. Raises PayerRequestError."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise PayerRequestError("the body is not JSON", status=400) from None
    try:
        event = platform.read(said, plans)
        return event and replace(event, key=payer_key(event.key))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as missing:
        raise PayerRequestError(f"this is no event of {platform.name}: {type(missing).__name__}") from missing


def _is_signed_by_stripe(body: bytes, header: str, secret: str, now: datetime) -> bool:
    parts = [part.partition("=")[::2] for part in header.split(",")]
    at = next((value for name, value in parts if name.strip() == "t"), "")
    made = hex_hmac(at.encode() + b"." + body, secret)
    return _is_fresh(at, 1, now) and any(is_same(made, value.strip()) for name, value in parts if name.strip() == "v1")


def _is_signed_by_ghost(body: bytes, header: str, secret: str, now: datetime) -> bool:
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    at = parts.get("t", "")
    return _is_fresh(at, 1000, now) and is_same(hex_hmac(body + at.encode(), secret), parts.get("sha256", "").strip())


def _is_fresh(at: str, in_a_second: int, now: datetime) -> bool:
    is_number = at.isascii() and at.isdigit() and len(at) < 16
    return is_number and abs(now.timestamp() - int(at) / in_a_second) <= FRESH_SECONDS


def _read_stripe(said: Said, plans: Plans) -> PlatformEvent | None:
    kind, told = str(said["type"]), said["data"]["object"]
    if kind == "checkout.session.completed":
        return PlatformEvent(f"stripe:{told['customer']}", claim=str(told["id"])) if told.get("customer") else None
    if not kind.startswith("customer.subscription."):
        return None
    key, decided_at = f"stripe:{told['customer']}", _moment(said["created"])
    has_ended = kind.endswith(".deleted") or told["status"] in ENDED
    if not has_ended and told["status"] not in RUNS:
        return None  # not paid yet
    bought = {
        item["price"]["id"]: item.get("current_period_end") or told.get("current_period_end") for item in _items(told)
    }
    before = (item["price"]["id"] for item in _items(said["data"].get("previous_attributes") or {}))
    ends = {plans[price]: decided_at for price in (*before, *bought) if price in plans}
    runs = {} if has_ended else {plans[p]: _moment(end) + GRACE for p, end in bought.items() if p in plans}
    return PlatformEvent(key, tuple(_changes(key, ends | runs, decided_at)))


def _items(told: Said) -> list[Any]:
    return list((told.get("items") or {}).get("data") or ())


def _read_ghost(said: Said, plans: Plans) -> PlatformEvent | None:
    if "member" not in said:
        return None
    now, before = said["member"].get("current") or {}, said["member"].get("previous") or {}
    if now and not (now.get("tiers") or before.keys() & {"tiers", "subscriptions", "status"}):
        return None  # somebody who reads for free
    key = f"ghost:{now.get('id') or before['id']}"
    decided_at = _moment(now.get("updated_at") or before["updated_at"])
    paid_until = {
        one["tier"]["slug"]: _moment(one["current_period_end"]) + GRACE
        for one in now.get("subscriptions") or ()
        if one["status"] in RUNS and one.get("tier") and one.get("current_period_end")
    }
    runs = {
        plans[tier["slug"]]: _moment(tier["expiry_at"])
        if tier.get("expiry_at")
        else paid_until.get(tier["slug"], FOR_GOOD)
        for tier in now.get("tiers") or ()
        if tier["slug"] in plans
    }
    ends = dict.fromkeys(plans.values(), decided_at)
    return PlatformEvent(key, tuple(_changes(key, ends | runs, decided_at)), claim=str(now.get("uuid") or ""))


def _changes(key: str, until: Mapping[str, datetime], decided_at: datetime) -> Iterator[PaidChange]:
    for plan, end in sorted(until.items()):
        yield PaidChange(key, plan, end, decided_at)


def _moment(value: str | int) -> datetime:
    """Read epoch seconds, or ISO 8601."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC)
    return datetime.fromtimestamp(value, UTC)


STRIPE = PayerPlatform("Stripe", "Stripe-Signature", _is_signed_by_stripe, _read_stripe)
GHOST = PayerPlatform("Ghost", "X-Ghost-Signature", _is_signed_by_ghost, _read_ghost)
