"""Addresses of the reader's page, and the signed tokens that open a members' essay for one person for a while."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from itsdangerous import BadSignature, TimestampSigner

from corpus.essay import Essay

FRESH_SECONDS = 3 * 24 * 3600


class Links:
    """Signs and reads the links of one channel."""

    def __init__(self, secret: str) -> None:
        self._signer = TimestampSigner(secret, salt="reader")
        self._feed_key = hashlib.sha256(f"feed {secret}".encode()).digest()

    def path(self, essay: Essay, paragraph: int = 0, token: str = "") -> str:
        """The page below PUBLIC_URL, at a paragraph: for everybody, or with a `token` for one reader."""
        signed = f"&t={token}" if token else ""
        return f"/read/{essay.id}?p={paragraph}{signed}#p{paragraph}"

    def token(self, essay_id: int, user: str) -> str:
        """What opens one essay for one reader, for a while."""
        return self._signer.sign(f"{essay_id}.{user}").decode()

    def feed_key(self, user: str) -> str:
        """What stands in the address of one member's feed; it does not name them."""
        return hmac.new(self._feed_key, user.encode(), hashlib.sha256).hexdigest()[:40]

    def feed_reader(self, key: str, readers: Iterable[str]) -> str | None:
        """Whose feed this is, among those who may read all; None for a stranger, and for whose membership has ended."""
        return next((user for user in readers if hmac.compare_digest(self.feed_key(user), key)), None)

    def reader(self, essay_id: int, token: str | None) -> str | None:
        """The user for whom a link to this essay was signed lately; None for a stranger, a forger or a stale link."""
        if not token:
            return None
        try:
            signed_essay, _, user = self._signer.unsign(token, max_age=FRESH_SECONDS).decode().partition(".")
        except (BadSignature, ValueError):
            return None
        return user if signed_essay == str(essay_id) else None
