"""A process that dies over and over at any of its operations, on a turned clock: `python -m tests.simulation.deaths`.

People ask all day and get their digest each morning; ten times a day the process ends within what it does for them.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from bot import logs
from bot.dev.simulator.people import person
from bot.dev.simulator.webhooks import WebhookDelivery
from bot.threads import GARBAGE
from tests.simulation.fault_day import FaultyBot
from tests.simulation.fault_sweep import NewDatabase, postgres_databases, sqlite_file
from tests.support.digest_bot import MONDAY, cooling
from tests.support.faults import Way
from tests.support.memory import memory_folder
from tests.support.statements import share_compiled_statements

CROWD = [person(f"第{number}位") for number in range(10)]
LINES = ("液冷散熱的滲透率有多少", "2330", "最新", "更多", "說明", "收藏 1", "我的訂閱", "追蹤 2330", "自選", "謝謝")
ROUNDS = 9  # of questions a day, after the digests of the morning
OPERATIONS = 100  # about as many as a round has
LIMIT = 1_000_000  # messages a month


@dataclass(slots=True)
class Toll:
    """What was delivered, by LINE to the bot and by the bot to people, and what became of it."""

    deliveries: int = 0
    deaths: int = 0
    lost: int = 0
    doubled: int = 0

    def count(self, times: list[int]) -> None:
        """Note how often each of these came."""
        self.deliveries += len(times)
        self.lost += times.count(0)
        self.doubled += sum(map((1).__lt__, times))


class DeadlyDays:
    """A small community whose bot dies ten times a day."""

    def __init__(self, folder: Path, database_url: str, seed: int = 1) -> None:
        self.bot = FaultyBot(folder, database_url, persons=CROWD, limit=LIMIT)
        self.chance = Random(seed)
        self.toll = Toll()
        self.morning = MONDAY
        for who in CROWD:
            self.bot.say(who, who, "訂閱 散熱")
            self.bot.say(who, who, "每日 08:30")
        self.bot.publish(cooling())

    def live_a_day(self) -> Toll:
        """The digests, then the questions, then an essay for tomorrow; the toll of all days so far."""
        self.morning += timedelta(days=1)
        self.bot.platform.drain_calls()
        self.bot.at(self.morning.replace(hour=8, minute=30))
        self._mortally(lambda: self.bot.go_on(seconds=120))
        pushed = Counter(
            call.to[0] for call in self.bot.platform.drain_calls() if call.accepted and call.kind == "push"
        )
        self.toll.count([pushed[who.id] for who in CROWD])
        for _ in range(ROUNDS):
            self._ask()
        self.bot.publish(cooling())
        self.bot.bot.ledger.sweep(self.bot.clock())
        return self.toll

    def _ask(self) -> None:
        """Everybody says something; LINE delivers again what was not taken."""
        deliveries: list[WebhookDelivery] = []

        def speak() -> None:
            for who in CROWD:
                delivery = self.bot.platform.say(who, who, self.chance.choice(LINES))
                deliveries.append(delivery if delivery.taken else self.bot.platform.redeliver(delivery.id))
            self.bot.go_on(seconds=40)

        self._mortally(speak)
        answered = [int(delivery.id in self.bot.platform.channel.replies) for delivery in deliveries]
        accepted = sum(call.accepted and call.kind == "reply" for call in self.bot.platform.drain_calls())
        self.toll.count(answered)
        self.toll.doubled += accepted - sum(answered)

    def _mortally(self, act: Callable[[], None]) -> None:
        """Do it, and die at one of its operations."""
        self.bot.fault.arm(self.chance.randint(1, OPERATIONS), Way.DEATH)
        act()
        self.bot.fault.disarm()
        self.toll.deaths += self.bot.fault.struck is not None
        self.bot.fault.struck = None


def live_deadly_days(
    database: NewDatabase, note: Callable[[str], None], deaths: int = 5_000, deliveries: int = 50_000, seed: int = 1
) -> Toll:
    """Until so many deaths among so many deliveries; `note` is told the toll of each ten days."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder, database(Path(folder)) as address:
        days = DeadlyDays(Path(folder), address, seed)
        toll = days.toll
        while toll.deaths < deaths or toll.deliveries < deliveries:
            if not days.live_a_day().deliveries % 1_000:
                note(str(toll))
    return toll


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deaths", type=int, default=5_000)
    parser.add_argument("--deliveries", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    wanted = parser.parse_args()
    logs.configure(logging.CRITICAL)
    share_compiled_statements()
    gc.set_threshold(GARBAGE)
    with postgres_databases() if wanted.postgres else nullcontext(sqlite_file) as database:
        toll = live_deadly_days(database, print, wanted.deaths, wanted.deliveries, wanted.seed)
    print(toll)
    sys.exit(1 if toll.lost or toll.doubled else 0)


if __name__ == "__main__":
    main()
