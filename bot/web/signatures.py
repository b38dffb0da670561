"""Signatures by which a caller proves to know a secret: an HMAC in hex over what was sent."""

from __future__ import annotations

import hmac


def hex_hmac(told: bytes, secret: str, method: str = "sha256") -> str:
    """Return the HMAC of these bytes by that secret, in lower-case hex."""
    return hmac.new(secret.encode(), told, method).hexdigest()


def is_same(made: str, said: str) -> bool:
    """Tell whether a caller's signature is the one made here, in a time that betrays nothing of it."""
    return hmac.compare_digest(made.encode(), said.encode("utf-8", "surrogatepass"))
