"""The month's messages: how many there are, what a push costs, and what may be spent on digests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, select, update

from bot.line.client import LineClient, LineError
from bot.logs import log
from bot.metrics import Figure
from bot.outbound.quota_tables import member_counts, months
from corpus.database import reading, writing
from corpus.storage.upsert import upsert
from handlers.identity import Chat

FRESH_SECONDS = 600.0  # between two questions to LINE for the month's numbers
COUNT_SECONDS = 86_400.0  # and for a group's size
RESERVE = 0.2  # of the month, for moderators
FREE_PLAN = 200  # assumed while LINE has never told


@dataclass(frozen=True, slots=True)
class MessageQuota:
    """The messages of a month. `limit` None: no limit. `used`: LINE's count plus our pushes since, or all our pushes if they are more."""

    month: str
    limit: int | None
    used: int
    exhausted: bool = False

    @property
    def reserve(self) -> int:
        """Messages that only moderators may spend."""
        return 0 if self.limit is None else ceil(self.limit * RESERVE)

    @property
    def left(self) -> int | None:
        """Messages that may still be pushed; None: as many as anybody wants."""
        if self.exhausted:
            return 0
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def left_for_digests(self) -> int | None:
        """Messages left that digests may spend; None: as many as they want."""
        return None if self.left is None else max(0, self.left - self.reserve)


class QuotaStore:
    """Keeps the month's numbers in the database, for all workers alike."""

    def __init__(self, engine: Engine, line: LineClient, zone: ZoneInfo) -> None:
        self.engine = engine
        self.line = line
        self.zone = zone

    def month(self, now: float) -> str:
        return datetime.fromtimestamp(now, UTC).astimezone(self.zone).strftime("%Y-%m")

    def read(self, connection: Connection, now: float, *, lock: bool = False) -> MessageQuota:
        """Read the quota as it is known, without asking LINE. `lock`: nobody else spends before this transaction ends."""
        month = self.month(now)
        query = select(months).where(months.c.month == month)
        row = connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            return MessageQuota(month, FREE_PLAN, 0)
        return MessageQuota(month, row.most, max(row.used + row.spent_since, row.spent), row.exhausted)

    def figures(self, now: float) -> list[Figure]:
        """Return the month's figures for /metrics, as they are known."""
        with reading(self.engine) as connection:
            quota = self.read(connection, now)
        left = -1.0 if quota.left is None else float(quota.left)
        return [
            ("luopan_quota_used", "Push messages of this month that are used up", {}, float(quota.used)),
            ("luopan_quota_left", "Push messages that are left; -1: there is no limit", {}, left),
        ]

    def refresh(self, now: float, *, always: bool = False) -> MessageQuota:
        """Ask LINE for the month's numbers, at most every ten minutes unless `always`; return the quota, as before where LINE says nothing."""
        month = self.month(now)
        with reading(self.engine) as connection:
            read_at = connection.execute(select(months.c.read_at).where(months.c.month == month)).scalar()
            if read_at is not None and abs(now - read_at) < FRESH_SECONDS and not always:
                return self.read(connection, now)
        try:
            numbers = {"most": self.line.quota(), "used": self.line.consumption(), "spent_since": 0}
        except LineError as error:
            log.warning("quota_not_read", status=error.status)
            numbers = {}
        with writing(self.engine) as connection:
            first = {"most": FREE_PLAN, "used": 0, "spent": 0, "spent_since": 0, "exhausted": False}
            upsert(connection, months, {"month": month}, {"read_at": now, **numbers}, first)
            return self.read(connection, now)

    def reserve_many(self, connection: Connection, bids: Sequence[tuple[int, bool]], now: float) -> list[bool]:
        """Set messages aside for pushes, within the claiming transaction; return of each whether the quota allows it.

        A bid is (cost, is it a moderator's?): the reserve is theirs.
        """
        if not bids:
            return []
        budget = self.read(connection, now, lock=True)
        left, reserve, granted = budget.left, budget.reserve, []
        for cost, by_staff in bids:
            may = left is None or cost <= left - (0 if by_staff else reserve)
            left = left - cost if may and left is not None else left
            granted.append(may)
        self._book(connection, sum(cost for (cost, _), may in zip(bids, granted, strict=True) if may), now)
        return granted

    def refund(self, connection: Connection, cost: int, now: float) -> None:
        self._book(connection, -cost, now)

    def mark_exhausted(self, connection: Connection, now: float) -> bool:
        """Note that LINE calls the month used up; return True the first time."""
        first = update(months).where(months.c.month == self.month(now), months.c.exhausted.is_(False))
        return bool(connection.execute(first.values(exhausted=True)).rowcount)

    # prices of pushes

    def count_members(self, chats: Iterable[Chat], now: float) -> None:
        """Ask LINE for the sizes of groups that are not known, or not lately."""
        groups = [chat.id for chat in chats if chat.is_group]
        if not groups:
            return
        with reading(self.engine) as connection:
            fresh = (member_counts.c.chat.in_(groups)) & (member_counts.c.read_at > now - COUNT_SECONDS)
            known = set(connection.execute(select(member_counts.c.chat).where(fresh)).scalars())
        for group in dict.fromkeys(group for group in groups if group not in known):
            try:
                members = self.line.member_count(group)
            except LineError as error:
                log.warning("members_not_counted", status=error.status)
                continue
            with writing(self.engine, lasting=False) as connection:
                upsert(connection, member_counts, {"chat": group}, {"members": members, "read_at": now})

    def prices(self, connection: Connection, chats: Sequence[Chat]) -> dict[str, int]:
        """Return how many messages a push costs, by chat id: one for each recipient. A group of unknown size has no price."""
        known = {chat.id: 1 for chat in chats if not chat.is_group}
        groups = [chat.id for chat in chats if chat.is_group]
        if groups:
            counted = select(member_counts.c.chat, member_counts.c.members).where(member_counts.c.chat.in_(groups))
            known.update({row.chat: row.members for row in connection.execute(counted)})
        return known

    def _book(self, connection: Connection, cost: int, now: float) -> None:
        month = update(months).where(months.c.month == self.month(now))
        connection.execute(month.values(spent=months.c.spent + cost, spent_since=months.c.spent_since + cost))
