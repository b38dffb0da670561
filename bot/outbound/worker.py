"""`luopan worker`: the clock and the sender. Any number may run, beside the web processes or in one of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bot.ledger import Ledger, count_unsent, has_in_flight
from bot.logs import log, logged
from bot.outbound.alerts import AlertPlanner
from bot.outbound.pusher import Pusher
from bot.outbound.schedule import WINDOW, Schedule
from bot.outbound.source_keeper import SourceKeeper
from bot.threads import BackgroundThreads
from corpus.database import UnitOfWork, reading

TICK = 2.0  # seconds between two looks
SWEEP = 600.0
PAUSE = 0.2  # seconds between two looks for pushes to be tried again
GIVE_UP = 120.0  # seconds without progress after which a single run leaves the rest to others


Chore = Callable[[UnitOfWork, datetime], None]


class Worker:
    """Plans and pushes deliveries at each tick. `chores`: further things to do then, each with a unit of work of its own."""

    def __init__(
        self,
        ledger: Ledger,
        schedule: Schedule,
        alerts: AlertPlanner,
        pusher: Pusher,
        chores: Sequence[Chore] = (),
        *,
        keeper: SourceKeeper | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.ledger = ledger
        self.schedule = schedule
        self.alerts = alerts
        self.pusher = pusher
        self.chores = chores
        self.keeper = keeper
        self.clock = clock
        self._threads = BackgroundThreads(self.run)

    def tick(self, now: datetime) -> None:
        """Plan all that is due at `now`, and push all that may be pushed. A failure is logged, and does not stop the rest."""
        self._do(now, *self.chores, self._plan_digests)
        with logged("worker_failed"):
            self._push(now)
        self._do(now, self._plan_alerts)  # after the push: searching takes its time
        with logged("worker_failed"):
            self._push(now)

    def _do(self, now: datetime, *chores: Chore) -> None:
        for chore in chores:
            with UnitOfWork(self.ledger.engine) as work, logged("worker_failed"):
                chore(work, now)

    def once(self, now: datetime) -> int:
        """Plan and send all that is due at `now`, waiting out retries in real time; return how much of it is unsent at the end.

        Only the schedule lives at `now`: leases, retries and ages go by the clock.
        """
        self.tick(now)
        while self.alerts.has_more:
            self.tick(now)
        progress_at, left = self.clock(), self._unsent(now)
        while left and self.clock() - progress_at < GIVE_UP and self._is_under_way(now):
            time.sleep(PAUSE)
            self._push(now)
            if (still := self._unsent(now)) != left:
                progress_at, left = self.clock(), still
        return left

    def run(self) -> None:
        """Tick until stopped; the sources are kept up meanwhile."""
        swept_at = 0.0
        if self.keeper is not None:
            self.keeper.start()
        stopping = self._threads.stopping
        while not stopping.is_set():
            self.tick(datetime.fromtimestamp(self.clock(), UTC))
            if self.clock() - swept_at >= SWEEP:
                swept_at = self.clock()
                with logged("worker_failed"):
                    self.ledger.sweep(self.clock())
            stopping.wait(TICK)
        if self.keeper is not None:
            self.keeper.stop()

    def start(self) -> None:
        """Start in a thread of this process; once, however often it is called."""
        self._threads.start()

    def stop(self) -> None:
        """End after the push at hand."""
        self._threads.stop()

    def _plan_digests(self, work: UnitOfWork, now: datetime) -> None:
        if planned := self.schedule.plan(work, now, self.clock()):
            log.info("digests_planned", count=planned)

    def _plan_alerts(self, work: UnitOfWork, now: datetime) -> None:
        if planned := self.alerts.plan(work, now, self.clock()):
            log.info("alerts_planned", count=planned)

    def _push(self, now: datetime) -> None:
        self.pusher.push_all(now, self._threads.stopping.is_set)

    def _unsent(self, now: datetime) -> int:
        with reading(self.ledger.engine) as connection:
            return count_unsent(connection, now, WINDOW)

    def _is_under_way(self, now: datetime) -> bool:
        """Tell whether waiting can still change something."""
        with reading(self.ledger.engine) as connection:
            return has_in_flight(connection, now, WINDOW)
