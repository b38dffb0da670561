"""Addresses of the reader's page, and the signed tokens that open a members' essay for one person for a while."""

from __future__ import annotations

from itsdangerous import BadSignature, TimestampSigner

from corpus.essay import Essay

FRESH_SECONDS = 3 * 24 * 3600


class Links:
    """Signs and reads the links of one channel."""

    def __init__(self, secret: str) -> None:
        self._signer = TimestampSigner(secret, salt="reader")

    def path(self, essay: Essay, paragraph: int = 0, token: str = "") -> str:
        """The page below PUBLIC_URL, at a paragraph: for everybody, or with a `token` for one reader."""
        signed = f"&t={token}" if token else ""
        return f"/read/{essay.id}?p={paragraph}{signed}#p{paragraph}"

    def token(self, essay_id: int, user: str) -> str:
        """What opens one essay for one reader, for a while."""
        return self._signer.sign(f"{essay_id}.{user}").decode()

    def reader(self, essay_id: int, token: str | None) -> str | None:
        """The user for whom a link to this essay was signed lately; None for a stranger, a forger or a stale link."""
        if not token:
            return None
        try:
            signed_essay, _, user = self._signer.unsign(token, max_age=FRESH_SECONDS).decode().partition(".")
        except (BadSignature, ValueError):
            return None
        return user if signed_essay == str(essay_id) else None
