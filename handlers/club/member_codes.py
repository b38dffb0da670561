"""Membership codes in batches: for `luopan codes` and the admin pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine

from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.club.people import Purpose

LONGEST_NAME = 64  # of a batch, with its moment


def make_codes(
    engine: Engine,
    at: datetime,
    *,
    count: int,
    days: int | None,
    valid: int,
    plan: str | None = None,
    name: str = "",
    by: str = "operator",
) -> list[tuple[str, datetime]]:
    """Make a batch of codes as `make_batch` does, in a transaction of its own."""
    with UnitOfWork(engine) as work:
        made = make_batch(Club(work), at, count=count, days=days, valid=valid, plan=plan, name=name, by=by)
        work.commit()
    return made


def make_batch(
    club: Club,
    at: datetime,
    *,
    count: int,
    days: int | None,
    valid: int,
    by: str,
    plan: str | None = None,
    name: str = "",
) -> list[tuple[str, datetime]]:
    """Make a batch of codes; return (code, moment until which it can be used) for each. Only hashes are kept.

    `days`: of membership, None for good; `valid`: days within which a code has to be used; `plan`: that the codes make
    members of, None for no plan; `name`: of the batch, after its moment.
    """
    lifetime = timedelta(days=valid)
    batch = f"{at:%Y-%m-%d %H:%M:%S} {name}".strip()[:LONGEST_NAME]
    made = [
        club.people.make_code(Purpose.MEMBER, at, lifetime, plan=plan, days=days, batch=batch) for _ in range(count)
    ]
    club.audit.note(by, "codes", f"batch:{batch}", at, f"{count} 組")
    return [(code, at + lifetime) for code in made]
