"""Askers of unanswered questions: each kept as a salted hash for a week, as passwords are kept, to be counted once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from handlers.club.people import utc
from handlers.club.tables import missed_askers

LIFE = timedelta(days=7)


def note_asker(connection: Connection, key: str, person: str, at: datetime) -> None:
    """Count a person among those who asked a question, once however often; `person` is their trace (see `traces.person_hash`)."""
    recent = (missed_askers.c.key == key) & (missed_askers.c.at > utc(at - LIFE))
    for row in connection.execute(select(missed_askers).where(recent)):
        if _is_of(row.salt, row.hash, person):
            connection.execute(update(missed_askers).where(missed_askers.c.id == row.id).values(at=utc(at)))
            return
    salt = secrets.token_hex(16)
    connection.execute(insert(missed_askers).values(key=key, salt=salt, hash=_hash(salt, person), at=utc(at)))


def forget_asker(connection: Connection, person: str, key: str | None = None) -> None:
    """Take a person out of the askers of one question, or of all."""
    query = select(missed_askers)
    rows = connection.execute(query if key is None else query.where(missed_askers.c.key == key)).all()
    mine = [row.id for row in rows if _is_of(row.salt, row.hash, person)]
    if mine:
        connection.execute(delete(missed_askers).where(missed_askers.c.id.in_(mine)))


def _is_of(salt: str, kept: str, person: str) -> bool:
    return hmac.compare_digest(kept, _hash(salt, person))


def _hash(salt: str, person: str) -> str:
    return hmac.new(salt.encode(), person.encode(), hashlib.sha256).hexdigest()
