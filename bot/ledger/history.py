"""Lists and counts of recent deliveries, for the admin pages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.ledger.deliveries import ON_DEMAND
from bot.ledger.tables import runs


@dataclass(frozen=True, slots=True)
class DeliveryGroup:
    """The runs of one kind and name, told to many chats at one time: `ends` counts them by (state, way)."""

    kind: str
    name: str
    subject: str
    created_at: float
    ends: tuple[tuple[str, str, int], ...]  # (state, way, chats)

    @property
    def chats(self) -> int:
        return sum(count for _, _, count in self.ends)


def recent_deliveries(connection: Connection, limit: int, offset: int) -> list[DeliveryGroup]:
    """Return a page of delivery groups, the latest first, without deliveries on demand."""
    last = func.max(runs.c.created_at)
    named = (
        select(runs.c.kind, runs.c.name, last.label("at"), func.min(runs.c.subject).label("subject"))
        .where(runs.c.kind != ON_DEMAND)
        .group_by(runs.c.kind, runs.c.name)
        .order_by(last.desc(), runs.c.name)
    )
    rows = connection.execute(named.limit(limit).offset(offset)).all()
    ends = (
        select(runs.c.kind, runs.c.name, runs.c.state, runs.c.way, func.count())
        .where(runs.c.name.in_([row.name for row in rows]))
        .group_by(runs.c.kind, runs.c.name, runs.c.state, runs.c.way)
        .order_by(runs.c.state)
    )
    found: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    for kind, name, state, way, count in connection.execute(ends):
        found.setdefault((kind, name), []).append((state, way or "", count))
    return [DeliveryGroup(row.kind, row.name, row.subject, row.at, tuple(found[row.kind, row.name])) for row in rows]


def count_deliveries(connection: Connection, since: float) -> dict[tuple[str | None, str], int]:
    """Count the deliveries planned since `since` (epoch seconds) by (way, state)."""
    counted = select(runs.c.way, runs.c.state, func.count()).where(runs.c.created_at >= since)
    return {(way, state): n for way, state, n in connection.execute(counted.group_by(runs.c.way, runs.c.state))}
