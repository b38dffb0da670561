"""The month's free messages: counted by recipient, anew each month."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

LINE_TIME = ZoneInfo("Asia/Taipei")


class Quota:
    """The messages used in each month; `limit` None is a plan without one."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self._used: Counter[str] = Counter()

    def used(self, now: datetime) -> int:
        return self._used[_month(now)]

    def allows(self, cost: int, now: datetime) -> bool:
        return self.limit is None or self.used(now) + cost <= self.limit

    def spend(self, cost: int, now: datetime) -> None:
        self._used[_month(now)] += cost


def _month(now: datetime) -> str:
    return now.astimezone(LINE_TIME).strftime("%Y-%m")
