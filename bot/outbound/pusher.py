"""Pushes of waiting deliveries: claimed and frozen in one transaction, sent side by side, settled in another."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

from bot import faults, metrics
from bot.errors import safe_fields
from bot.ledger import (
    CORRECTION,
    DROPPED,
    ESSAY,
    PUSH,
    WAITING,
    ClaimedDelivery,
    Ledger,
    OutboxMessage,
    claim_due,
    claim_retries,
    end_ambiguous,
    groups_due,
    has_due_message,
    is_push_due,
    notice,
    plan_deliveries,
    postpone_delivery,
    start_pushes,
)
from bot.line.client import CONNECT_SECONDS, READ_SECONDS, Ambiguous, LineClient, Refused, Result
from bot.logs import log
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
    ESSAY,
    CORRECTION,
)  # sent by a moderator who was told the price: the reserve is theirs

GONE = "Failed to send messages"  # LINE's word for a receiver that does not exist

_UnderWay = tuple[OutboxMessage, "Future[Result]"]


class Pusher:
    """Claims due pushes, sends them in parallel and records the results. Safe to run in several processes."""

    def __init__(
        self,
        ledger: Ledger,
        line: LineClient,
        composer: DeliveryComposer,
        quota_store: QuotaStore,
        *,
        senders: int = SENDERS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.ledger = ledger
        self.line = line
        self.composer = composer
        self.quota_store = quota_store
        self.clock = clock
        self._threads = ThreadPoolExecutor(senders, thread_name_prefix="push")

    def push_all(self, schedule_now: datetime, stopped: Callable[[], bool] = lambda: False) -> None:
        """Push all that may be pushed at `schedule_now`: some rows are claimed and frozen while those before them are sent."""
        under_way = list[_UnderWay]()
        while not stopped():
            looked_at, outgoing_messages = self._claim(schedule_now)
            before, under_way = under_way, self._start(outgoing_messages)
            self._finish(before)
            if not looked_at:
                break
        self._finish(under_way)

    def _start(self, outgoing_messages: list[OutboxMessage]) -> list[_UnderWay]:
        if outgoing_messages:
            faults.crash_point(faults.BEFORE_SEND)
        return [(outgoing, self._threads.submit(self._send, outgoing)) for outgoing in outgoing_messages]

    def _finish(self, under_way: list[_UnderWay]) -> None:
        if not under_way:
            return
        results = [sent.result() for _, sent in under_way]
        faults.crash_point(faults.AFTER_SEND)
        self._settle([outgoing for outgoing, _ in under_way], results)

    def _claim(self, schedule_now: datetime) -> tuple[int, list[OutboxMessage]]:
        """Claim and freeze rows; return how many were looked at, and those that are to be sent. Retries go first."""
        if not self._prepare(schedule_now):
            return 0, []
        with UnitOfWork(self.ledger.engine) as work:
            now = self.clock()
            end_ambiguous(work, now)
            outgoing_messages = claim_retries(work.writer, PUSH, now, self.ledger.lease, TOGETHER)
            room = TOGETHER - len(outgoing_messages)
            claimed = claim_due(work.writer, schedule_now.timestamp(), WINDOW.total_seconds(), room) if room else []
            fresh = self._freeze(work, claimed, schedule_now, now)
            work.commit()
        return len(outgoing_messages) + len(claimed), outgoing_messages + fresh

    def _prepare(self, schedule_now: datetime) -> bool:
        """Tell whether there is anything to do, and if so ask LINE for prices first: nobody waits for LINE while holding a lock."""
        now, window = self.clock(), WINDOW.total_seconds()
        with reading(self.ledger.engine) as connection:
            if not (
                has_due_message(connection, PUSH, now) or is_push_due(connection, schedule_now.timestamp(), window)
            ):
                return False
            groups = groups_due(connection, schedule_now.timestamp(), window, TOGETHER)
        self.quota_store.refresh(now)
        self.quota_store.count_members((Chat(group, Place.GROUP) for group in groups), now)
        return True

    def _freeze(
        self, work: UnitOfWork, claimed: list[ClaimedDelivery], schedule_now: datetime, now: float
    ) -> list[OutboxMessage]:
        """Check the claimed rows, and start those that may be pushed within the quota; the others are postponed or cancelled."""
        pushes: list[tuple[ClaimedDelivery, Composed, int]] = []
        done: list[tuple[ClaimedDelivery, ComposeResult]] = []
        prices = self.quota_store.prices(work.writer, [delivery.chat for delivery in claimed])
        for delivery, composed_result in zip(
            claimed, self.composer.compose_all(work, claimed, schedule_now), strict=True
        ):
            if isinstance(composed_result, Postponed):
                postpone_delivery(work.writer, delivery, composed_result.push_at)
            elif isinstance(composed_result, Cancelled):
                done.append((delivery, composed_result))
            elif (price := prices.get(delivery.chat.id)) is None:
                postpone_delivery(work.writer, delivery, schedule_now.timestamp() + AGAIN)
            else:
                pushes.append((delivery, composed_result, price))
        affordable = self._afford(work, pushes, now)
        self.composer.record_outcomes(work, [*done, *((delivery, composed) for delivery, composed, _ in affordable)])
        return start_pushes(work.writer, affordable, now, self.ledger.lease)

    def _afford(
        self, work: UnitOfWork, pushes: list[tuple[ClaimedDelivery, Composed, int]], now: float
    ) -> list[tuple[ClaimedDelivery, Composed, int]]:
        """Return the pushes that the quota allows; the others are left to wait for a ride, or for 今日."""
        bids = [(price, delivery.kind in BY_STAFF) for delivery, _, price in pushes]
        granted = self.quota_store.reserve_many(work.writer, bids, now)
        for (delivery, _, _), may in zip(pushes, granted, strict=True):
            if not may:
                postpone_delivery(work.writer, delivery, None)
        return [push for push, may in zip(pushes, granted, strict=True) if may]

    def _send(self, outgoing: OutboxMessage) -> Result:
        if self.clock() + LONGEST_CALL > outgoing.lease_until:  # others may take it before the call is over
            return Refused(0, "its turn came too late")
        try:
            return self.line.push(outgoing.chat, outgoing.content, outgoing.retry_key or "")
        except Exception as error:
            log.error("push_failed", outgoing=outgoing.row, **safe_fields(error))
            return Ambiguous(type(error).__name__)

    def _settle(self, outgoing_messages: list[OutboxMessage], results: list[Result]) -> None:
        now = self.clock()
        with UnitOfWork(self.ledger.engine, lasting=False) as work:
            ends = self.ledger.record_push_results(work, list(zip(outgoing_messages, results, strict=True)), now)
            for _, end in ends:
                metrics.PUSHES.labels(end).inc()
            for outgoing, result in zip(outgoing_messages, results, strict=True):
                log.info("push", outgoing=outgoing.row, attempt=outgoing.attempts, request_id=result.request_id)
            unspent = sum(outgoing.cost for outgoing, end in ends if end in (WAITING, DROPPED))
            if unspent:
                self.quota_store.refund(work.writer, unspent, now)
            for outgoing, result in zip(outgoing_messages, results, strict=True):
                if isinstance(result, Refused):
                    self._hear(work, outgoing, result, now)
            work.commit()

    def _hear(self, work: UnitOfWork, outgoing: OutboxMessage, refused: Refused, now: float) -> None:
        """Act on a refusal that concerns more than its row: the receiver is gone, or the month is used up."""
        log.warning("push_refused", outgoing=outgoing.row, status=refused.status)
        if GONE in refused.message:  # a deleted account, or a person who never was a friend
            where = Chat(outgoing.chat, Place.PERSON if outgoing.user else Place.GROUP)
            Club(work).leave(where, datetime.fromtimestamp(now, UTC))
            self.ledger.cancel_chat(work, where)
        if refused.monthly and self.quota_store.mark_exhausted(work.writer, now):
            self._tell_staff(work, now)

    def _tell_staff(self, work: UnitOfWork, now: float) -> None:
        """Plan a notice to the moderators, once a month; it rides, for nothing can be pushed any more."""
        month = self.quota_store.month(now)
        text = f"{month} 的推播則數用完了。還沒送的摘要會在下次有人說話時免費送出，或打「今日」就看得到。打「額度」看明細。"
        staff = People(work, self.composer.owners).staff(Role.MODERATOR)
        wanted = [notice(user, f"notice month-full {month}", text) for user, _ in staff]
        plan_deliveries(work.writer, wanted, now)
