"""A paying platform's request to `POST /members`: read tolerantly where that is safe, refused with a reason where it is not."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.web.signatures import hex_hmac, is_same
from corpus.visibility import ALL_MEMBERS, plan_name
from handlers.club.paid_memberships import PaidChange

LONGEST_KEY = 200
FRESH_SECONDS = 300
GRANT, END = "grant", "end"
_SECONDS = re.compile(r"\d{9,}(?:\.\d+)?")  # eight digits are a day
_LAST = datetime(9998, 12, 31, tzinfo=UTC)


class PayerRequestError(Exception):
    """A request that cannot be followed; `str()` says why, `field` where."""

    def __init__(self, words: str, field: str = "", status: int = 422) -> None:
        super().__init__(words)
        self.field = field
        self.status = status


@dataclass(frozen=True, slots=True)
class PayerRequest:
    """One grant or ending."""

    action: str
    change: PaidChange

    @property
    def fingerprint(self) -> str:
        """A hash of the action, the person and the plan, whatever the times: a repeat has the same."""
        told = json.dumps([self.action, self.change.key, self.change.plan], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Tell whether the sender knows the secret: hex HMAC-SHA256 over the raw bytes."""
    return is_same(hex_hmac(body, secret), signature.strip().lower().removeprefix("sha256="))


def read_request(body: bytes, plans: Collection[str], now: datetime) -> PayerRequest:
    """Read the request in a signed body. Raises PayerRequestError: 401 where it is stale, 400 where it is no JSON object, else 422."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise PayerRequestError("the body is not JSON", status=400) from None
    if not isinstance(said, dict):
        raise PayerRequestError("the body must be a JSON object", status=400)
    decided_at = _moment(said, "at")
    if abs((now - decided_at).total_seconds()) > FRESH_SECONDS:
        raise PayerRequestError("at is more than five minutes away from now", "at", 401)
    action = said.get("action")
    if action not in (GRANT, END):
        raise PayerRequestError("action must be grant or end", "action")
    until = _moment(said, "until") if action == GRANT else min(decided_at, now)
    return PayerRequest(action, PaidChange(payer_key(said.get("key")), _plan(said, plans), until, decided_at))


def payer_key(key: object) -> str:
    """Return a platform's own id of somebody, stripped. Raises PayerRequestError where it is no text that a database can hold."""
    if not isinstance(key, str) or not 0 < len(key.strip()) <= LONGEST_KEY or not key.isprintable():
        raise PayerRequestError(f"key must be a text of 1 to {LONGEST_KEY} characters", "key")
    return key.strip()


def _plan(said: dict[str, Any], plans: Collection[str]) -> str:
    text = said.get("plan")
    name = plan_name(text) if isinstance(text, str) else ""
    if text != ALL_MEMBERS and name not in plans:
        raise PayerRequestError(f"plan must be one of: {', '.join((ALL_MEMBERS, *plans))}", "plan")
    return name or ALL_MEMBERS


def _moment(said: dict[str, Any], field: str) -> datetime:
    """Read ISO 8601 (of UTC where it names no zone) or epoch seconds. Raises PayerRequestError."""
    value = said.get(field)
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError
        written = isinstance(value, str) and not _SECONDS.fullmatch(value)
        moment = datetime.fromisoformat(str(value).strip()) if written else datetime.fromtimestamp(float(value), UTC)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise PayerRequestError(f"{field} must be ISO 8601 or epoch seconds", field) from None
    return min(moment, _LAST)
