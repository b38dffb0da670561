"""Pushes what waits: claimed and frozen in one transaction, sent side by side, settled in another."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import structlog

from bot import faults, metrics
from bot.errors import safe_fields
from bot.ledger import PUSH, Ledger, OutboxMessage, claims, deliveries, outbox, results
from bot.ledger.claims import ClaimedDelivery
from bot.ledger.deliveries import Delivery
from bot.line.client import CONNECT_SECONDS, READ_SECONDS, Ambiguous, LineClient, Refused, Result
from bot.outbound.composer import AGAIN, Cancelled, Composed, ComposeResult, DeliveryComposer, Postponed
from bot.outbound.quota import QuotaStore
from bot.outbound.schedule import WINDOW
from corpus.database import UnitOfWork, reading
from handlers.club.club import Club
from handlers.club.people import People
from handlers.identity import Chat, Place, Role

TOGETHER = 256  # rows of one claim
SENDERS = 64  # calls to LINE at once, of which each may take a tenth of a second
LONGEST_CALL = CONNECT_SECONDS + READ_SECONDS
BY_STAFF = (
    deliveries.ESSAY,
    deliveries.CORRECTION,
)  # a moderator sends it and was told the price: the reserve is theirs

GONE = "Failed to send messages"  # LINE's word for a receiver that does not exist

_UnderWay = tuple[OutboxMessage, "Future[Result]"]

log = structlog.get_logger()


class Pusher:
    """One of any number, in any number of processes."""

    def __init__(
        self,
        ledger: Ledger,
        line: LineClient,
        press: DeliveryComposer,
        treasury: QuotaStore,
        *,
        senders: int = SENDERS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.ledger = ledger
        self.line = line
        self.press = press
        self.treasury = treasury
        self.clock = clock
        self._threads = ThreadPoolExecutor(senders, thread_name_prefix="push")

    def push_all(self, schedule_now: datetime, stopped: Callable[[], bool] = lambda: False) -> None:
        """Push what may be pushed at `schedule_now`: some rows are claimed and frozen while those before them are sent."""
        looked_at, under_way = 1, list[_UnderWay]()
        while looked_at and not stopped():
            looked_at, letters = self._claim(schedule_now)
            before, under_way = under_way, self._start(letters)
            self._finish(before)
        self._finish(under_way)

    def step(self, schedule_now: datetime) -> int:
        """Push some of what may be pushed at `schedule_now`; how many rows were dealt with, 0 when there is nothing to do."""
        looked_at, letters = self._claim(schedule_now)
        self._finish(self._start(letters))
        return looked_at

    def _start(self, letters: list[OutboxMessage]) -> list[_UnderWay]:
        if letters:
            faults.crash_point(faults.BEFORE_SEND)
        return [(letter, self._threads.submit(self._send, letter)) for letter in letters]

    def _finish(self, under_way: list[_UnderWay]) -> None:
        if not under_way:
            return
        results = [sent.result() for _, sent in under_way]
        faults.crash_point(faults.AFTER_SEND)
        self._settle([letter for letter, _ in under_way], results)

    def _claim(self, schedule_now: datetime) -> tuple[int, list[OutboxMessage]]:
        """How many rows were looked at, and those that are to be sent. Retries go first."""
        if not self._prepare(schedule_now):
            return 0, []
        with UnitOfWork(self.ledger.engine) as work:
            now = self.clock()
            results.expire(work, now)
            letters = outbox.take_some(work.writer, PUSH, now, self.ledger.lease, TOGETHER)
            room = TOGETHER - len(letters)
            claimed = claims.due(work.writer, schedule_now.timestamp(), WINDOW.total_seconds(), room) if room else []
            fresh = self._freeze(work, claimed, schedule_now, now)
            work.commit()
        return len(letters) + len(claimed), letters + fresh

    def _prepare(self, schedule_now: datetime) -> bool:
        """Is there anything to do? Then LINE is asked for prices: nobody waits for LINE while holding a lock."""
        now, window = self.clock(), WINDOW.total_seconds()
        with reading(self.ledger.engine) as connection:
            if not (
                outbox.has_due(connection, PUSH, now) or claims.is_due(connection, schedule_now.timestamp(), window)
            ):
                return False
            groups = claims.due_groups(connection, schedule_now.timestamp(), window, TOGETHER)
        self.treasury.refresh(now)
        self.treasury.count_members((Chat(group, Place.GROUP) for group in groups), now)
        return True

    def _freeze(
        self, work: UnitOfWork, claimed: list[ClaimedDelivery], schedule_now: datetime, now: float
    ) -> list[OutboxMessage]:
        """What is left of the claimed rows after the checks, within the budget."""
        pushes: list[tuple[ClaimedDelivery, Composed, int]] = []
        done: list[tuple[ClaimedDelivery, ComposeResult]] = []
        prices = self.treasury.prices(work.writer, [waiting.chat for waiting in claimed])
        for waiting, outturn in zip(claimed, self.press.compose_all(work, claimed, schedule_now), strict=True):
            if isinstance(outturn, Postponed):
                claims.postpone(work.writer, waiting, outturn.push_at)
            elif isinstance(outturn, Cancelled):
                done.append((waiting, outturn))
            elif (price := prices.get(waiting.chat.id)) is None:
                claims.postpone(work.writer, waiting, schedule_now.timestamp() + AGAIN)
            else:
                pushes.append((waiting, outturn, price))
        affordable = self._afford(work, pushes, now)
        self.press.record_outcomes(work, [*done, *((waiting, printed) for waiting, printed, _ in affordable)])
        return claims.start_pushes(work.writer, affordable, now, self.ledger.lease)

    def _afford(
        self, work: UnitOfWork, pushes: list[tuple[ClaimedDelivery, Composed, int]], now: float
    ) -> list[tuple[ClaimedDelivery, Composed, int]]:
        """Those that the budget allows; the others wait for a ride, or for 今日."""
        bids = [(price, waiting.kind in BY_STAFF) for waiting, _, price in pushes]
        granted = self.treasury.reserve_many(work.writer, bids, now)
        for (waiting, _, _), may in zip(pushes, granted, strict=True):
            if not may:
                claims.postpone(work.writer, waiting, None)
        return [push for push, may in zip(pushes, granted, strict=True) if may]

    def _send(self, letter: OutboxMessage) -> Result:
        if self.clock() + LONGEST_CALL > letter.lease_until:  # others may take it before the call is over
            return Refused(0, "its turn came too late")
        try:
            return self.line.push(letter.chat, letter.content, letter.retry_key or "")
        except Exception as error:
            log.error("push_failed", letter=letter.row, **safe_fields(error))
            return Ambiguous(type(error).__name__)

    def _settle(self, letters: list[OutboxMessage], results: list[Result]) -> None:
        now = self.clock()
        with UnitOfWork(self.ledger.engine, lasting=False) as work:
            ends = self.ledger.record_push_results(work, list(zip(letters, results, strict=True)), now)
            for _, end in ends:
                metrics.PUSHES.labels(end).inc()
            unspent = sum(letter.cost for letter, end in ends if end in (outbox.WAITING, outbox.DROPPED))
            if unspent:
                self.treasury.refund(work.writer, unspent, now)
            for letter, result in zip(letters, results, strict=True):
                if isinstance(result, Refused):
                    self._hear(work, letter, result, now)
            work.commit()

    def _hear(self, work: UnitOfWork, letter: OutboxMessage, refused: Refused, now: float) -> None:
        """What a refusal says beyond its row."""
        log.warning("push_refused", letter=letter.row, status=refused.status)
        if GONE in refused.message:  # a deleted account, or a person who never was a friend
            where = Chat(letter.chat, Place.PERSON if letter.user else Place.GROUP)
            Club(work).leave(where, datetime.fromtimestamp(now, UTC))
        if refused.monthly and self.treasury.mark_exhausted(work.writer, now):
            self._tell_staff(work, now)

    def _tell_staff(self, work: UnitOfWork, now: float) -> None:
        """Once a month; it rides, for nothing can be pushed any more."""
        month = self.treasury.month(now)
        text = (
            f"{month} 的推播則數用完了。還沒送的摘要會在下次有人說話時免費送出,或打「今日」就看得到。打「額度」看明細。"
        )
        staff = People(work, self.press.owners).staff()
        wanted = [
            Delivery(deliveries.NOTICE, Chat(user, Place.PERSON), f"notice month-full {month}", subject=text)
            for user, role in staff
            if role >= Role.MODERATOR
        ]
        deliveries.plan(work.writer, wanted, now)
