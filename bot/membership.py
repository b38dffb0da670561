"""Membership codes in batches: for `luopan codes` and the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine

from corpus.database import Work
from handlers.club.club import Club
from handlers.club.people import Purpose


def make_codes(
    engine: Engine, at: datetime, *, count: int, days: int | None, valid: int, by: str = "operator"
) -> list[tuple[str, datetime]]:
    """(code, until when it can be used) for each new code of one batch. Only hashes are kept: this is the one look at them.

    `days`: how long the membership lasts, None for good; `valid`: days within which a code has to be used.
    """
    lifetime = timedelta(days=valid)
    batch = f"{at:%Y-%m-%d %H:%M:%S}"
    with Work(engine) as work:
        club = Club(work)
        made = [club.people.make_code(Purpose.MEMBER, at, lifetime, days=days, batch=batch) for _ in range(count)]
        club.audit.note(by, "codes", f"batch:{batch}", at, f"{count} 組")
        work.commit()
    return [(code, at + lifetime) for code in made]
