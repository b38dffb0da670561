"""Addresses of the reader's page, and the signed tokens that open a members' essay for one person for a while."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer

from corpus.essay import Essay

FRESH_SECONDS = 3 * 24 * 3600


class Links:
    """Signs and reads the links of one channel."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="reader")

    def path(self, essay: Essay, paragraph: int, user: str | None) -> str:
        """The page below PUBLIC_URL, at a paragraph; for a person's own link, signed for that reader."""
        return self.path_with(self.token(essay.id, user) if user else "", essay, paragraph)

    def path_with(self, token: str, essay: Essay, paragraph: int) -> str:
        signed = f"&t={token}" if token else ""
        return f"/read/{essay.id}?p={paragraph}{signed}#p{paragraph}"

    def token(self, essay_id: int, user: str) -> str:
        """What opens one essay for one reader, for a while."""
        return str(self._signer.dumps([essay_id, user]))

    def public_path(self, essay: Essay, paragraph: int = 0) -> str:
        return self.path(essay, paragraph, None)

    def reader(self, essay_id: int, token: str | None) -> str | None:
        """The user for whom a link to this essay was signed lately; None for a stranger, a forger or a stale link."""
        if not token:
            return None
        try:
            signed_essay, user = self._signer.loads(token, max_age=FRESH_SECONDS)
        except (BadSignature, ValueError, TypeError):
            return None
        return user if signed_essay == essay_id and isinstance(user, str) else None
