"""Addresses of the reader's page, and the sealed tokens that let one browser in as one person."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken

from corpus.essay import Essay


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """The person for whom a link was made, and the time (epoch seconds)."""

    user: str
    made_at: float


class Links:
    """Makes and reads the links of one channel. Without the channel's secret nobody can read or forge a token."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._seal = Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"reader {secret}".encode()).digest()))
        self._clock = clock
        self._feed_key = hashlib.sha256(f"feed {secret}".encode()).digest()

    def path(self, essay: Essay, paragraph: int = 0, token: str = "") -> str:
        """Return the path of an essay's page below PUBLIC_URL, at a paragraph: for everybody, or with a `token` for one reader."""
        sealed = f"&t={token}" if token else ""
        return f"/read/{essay.id}?p={paragraph}{sealed}#p{paragraph}"

    def token(self, essay_id: int, user: str) -> str:
        """Make a token that lets one browser read this essay as this reader."""
        return self._seal.encrypt_at_time(f"{essay_id}.{user}".encode(), int(self._clock())).decode()

    def feed_key(self, user: str) -> str:
        """Return the key in the address of one member's feed; it does not name them."""
        return hmac.new(self._feed_key, user.encode(), hashlib.sha256).hexdigest()[:40]

    def feed_reader(self, key: str, readers: Iterable[str]) -> str | None:
        """Return the one of `readers` whose feed has this key; None for a stranger, and for a person whose membership has ended."""
        return next((user for user in readers if hmac.compare_digest(self.feed_key(user), key)), None)

    def owner(self, essay_id: int, token: str) -> LinkOwner | None:
        """Return the owner of a link to this essay, however old it is; None for a forged one."""
        try:
            sealed_essay, _, user = self._seal.decrypt(token.encode()).decode().partition(".")
            made_at = self._seal.extract_timestamp(token.encode())
        except (InvalidToken, ValueError):
            return None
        return LinkOwner(user, float(made_at)) if sealed_essay == str(essay_id) else None
