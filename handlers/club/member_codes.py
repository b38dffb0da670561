"""Membership codes in batches: for `luopan codes` and the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine

from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.club.people import Purpose


def make_codes(
    engine: Engine, at: datetime, *, count: int, days: int | None, valid: int, by: str = "operator"
) -> list[tuple[str, datetime]]:
    """As `make_batch`, in a transaction of its own."""
    with UnitOfWork(engine) as work:
        made = make_batch(Club(work), at, count=count, days=days, valid=valid, by=by)
        work.commit()
    return made


def make_batch(
    club: Club, at: datetime, *, count: int, days: int | None, valid: int, by: str
) -> list[tuple[str, datetime]]:
    """(code, until when it can be used) for each new code of one batch. Only hashes are kept: this is the one look at them.

    `days`: how long the membership lasts, None for good; `valid`: days within which a code has to be used.
    """
    lifetime = timedelta(days=valid)
    batch = f"{at:%Y-%m-%d %H:%M:%S}"
    made = [club.people.make_code(Purpose.MEMBER, at, lifetime, days=days, batch=batch) for _ in range(count)]
    club.audit.note(by, "codes", f"batch:{batch}", at, f"{count} 組")
    return [(code, at + lifetime) for code in made]
