"""Subscriptions at WebSub hubs, in the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from corpus.database import aware
from corpus.storage.schema import hub_subscriptions as table
from corpus.storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """A subscription that a hub was asked for. `until`: the end of its lease; None before it has confirmed."""

    callback: str
    source_id: int
    hub: str
    topic: str
    secret: str
    asked_at: datetime
    until: datetime | None = None
    is_leaving: bool = False  # its source is gone, and the hub was asked to stop


def get(connection: Connection, callback: str) -> HubSubscription | None:
    row = connection.execute(select(table).where(table.c.callback == callback)).one_or_none()
    return _subscription(row) if row is not None else None


def every(connection: Connection) -> list[HubSubscription]:
    """Return all subscriptions, the one that was asked for longest ago first."""
    return [_subscription(row) for row in connection.execute(select(table).order_by(table.c.asked_at))]


def keep(connection: Connection, one: HubSubscription) -> HubSubscription:
    """Keep a subscription as it is now."""
    values = asdict(one) | {"asked_at": one.asked_at.astimezone(UTC), "until": one.until and one.until.astimezone(UTC)}
    upsert(connection, table, {"callback": one.callback}, values)
    return one


def drop(connection: Connection, callback: str) -> None:
    connection.execute(delete(table).where(table.c.callback == callback))


def _subscription(row: Any) -> HubSubscription:
    return HubSubscription(**dict(row._mapping) | {"asked_at": aware(row.asked_at), "until": aware(row.until)})
