"""Traces of people and messages: the hashes in the record of erasures, which tell nobody who it was."""

from __future__ import annotations

import hashlib


def person_hash(user: str) -> str:
    """Return the trace of a person in the record of erasures: an id of LINE's is too random to be guessed from it."""
    return hashlib.sha256(f"erased {user}".encode()).hexdigest()


def message_hash(message: str) -> str:
    """Return the trace of a message that was taken back, in the same record."""
    return hashlib.sha256(f"unsent {message}".encode()).hexdigest()
