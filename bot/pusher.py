"""Pushes what waits: claimed and frozen in one transaction, sent side by side, settled in another."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog

from bot import faults
from bot.budget import Treasury
from bot.ledger import PUSH, Ledger, Letter, outbox, runs
from bot.ledger.runs import Run, Waiting
from bot.line import Line, Refused, Result, Unclear
from bot.press import Later, Never, Press
from bot.schedule import WINDOW
from bot.trouble import describe
from corpus.database import Work, reading
from handlers.ask import Chat, Place, Role
from handlers.club.people import People

TOGETHER = 24  # rows of one claim, all of which are sent at once: within their lease
AGAIN = 600.0  # seconds until something that could not be printed or priced is looked at again

log = structlog.get_logger()


class Pusher:
    """One of any number, in any number of processes."""

    def __init__(
        self,
        ledger: Ledger,
        line: Line,
        press: Press,
        treasury: Treasury,
        *,
        together: int = TOGETHER,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.ledger = ledger
        self.line = line
        self.press = press
        self.treasury = treasury
        self.together = together
        self.clock = clock
        self._threads = ThreadPoolExecutor(together, thread_name_prefix="push")

    def step(self, schedule_now: datetime) -> int:
        """Push what may be pushed at `schedule_now`; how many rows were dealt with, 0 when there is nothing to do."""
        looked_at, letters = self._claim(schedule_now)
        if letters:
            faults.reach(faults.BEFORE_SEND)
            results = list(self._threads.map(self._send, letters))
            faults.reach(faults.AFTER_SEND)
            self._settle(letters, results)
        return looked_at

    def _claim(self, schedule_now: datetime) -> tuple[int, list[Letter]]:
        """How many rows were looked at, and those that are to be sent. Retries go first."""
        if not self._prepare(schedule_now):
            return 0, []
        with Work(self.ledger.engine) as work:
            now = self.clock()
            runs.expire(work, now)
            letters = outbox.take_some(work.writer, PUSH, now, self.ledger.lease, self.together)
            room = self.together - len(letters)
            fresh = runs.due(work.writer, schedule_now.timestamp(), WINDOW.total_seconds(), room) if room else []
            looked_at = len(letters) + len(fresh)
            letters += [letter for waiting in fresh if (letter := self._freeze(work, waiting, schedule_now, now))]
            work.commit()
        return looked_at, letters

    def _prepare(self, schedule_now: datetime) -> bool:
        """Is there anything to do? Then LINE is asked for prices: nobody waits for LINE while holding a lock."""
        now, window = self.clock(), WINDOW.total_seconds()
        with reading(self.ledger.engine) as connection:
            if not (outbox.has_due(connection, PUSH, now) or runs.is_due(connection, schedule_now.timestamp(), window)):
                return False
            groups = runs.due_groups(connection, schedule_now.timestamp(), window, self.together)
        self.treasury.refresh(now)
        self.treasury.count_members((Chat(group, Place.GROUP) for group in groups), now)
        return True

    def _freeze(self, work: Work, waiting: Waiting, schedule_now: datetime, now: float) -> Letter | None:
        place = work.writer.begin_nested()
        try:
            letter = self._print(work, waiting, schedule_now, now)
            place.commit()
            return letter
        except Exception as error:  # one that cannot be printed must not hold up the others
            place.rollback()
            log.error("push_not_printed", run=waiting.run, **describe(error))
            runs.put_off(work.writer, waiting, schedule_now.timestamp() + AGAIN)
            return None

    def _print(self, work: Work, waiting: Waiting, schedule_now: datetime, now: float) -> Letter | None:
        price = self.treasury.price(work.writer, waiting.chat)
        if price is None:
            runs.put_off(work.writer, waiting, schedule_now.timestamp() + AGAIN)
            return None
        by_staff = waiting.kind in (runs.ESSAY, runs.CORRECTION)
        if not self.treasury.spend(work.writer, price, now, by_staff=by_staff):
            runs.put_off(work.writer, waiting, None)  # waits for a ride, or for 今日
            return None
        outturn = self.press.print(work, waiting, schedule_now)
        if isinstance(outturn, Later | Never):
            self.treasury.refund(work.writer, price, now)
            if isinstance(outturn, Later):
                runs.put_off(work.writer, waiting, outturn.push_at)
            else:
                runs.end_unsent(work.writer, waiting, outturn.state)
            return None
        row = runs.start_push(work.writer, waiting, outturn.columns, price, now, self.ledger.lease)
        return outbox.as_letter(row)

    def _send(self, letter: Letter) -> Result:
        try:
            return self.line.push(letter.chat, letter.content, letter.retry_key or "")
        except Exception as error:
            log.error("push_failed", letter=letter.row, **describe(error))
            return Unclear(type(error).__name__)

    def _settle(self, letters: list[Letter], results: list[Result]) -> None:
        now = self.clock()
        with Work(self.ledger.engine) as work:
            for letter, result in zip(letters, results, strict=True):
                end = self.ledger.conclude(work, letter, result, now)
                if end in (outbox.WAITING, outbox.DROPPED):
                    self.treasury.refund(work.writer, letter.cost, now)
                if isinstance(result, Refused):
                    self._hear(work, letter, result, now)
            work.commit()

    def _hear(self, work: Work, letter: Letter, refused: Refused, now: float) -> None:
        """What a refusal says beyond its row."""
        log.warning("push_refused", letter=letter.row, status=refused.status)
        if refused.monthly and self.treasury.exhaust(work.writer, now):
            self._tell_staff(work, now)

    def _tell_staff(self, work: Work, now: float) -> None:
        """Once a month; it rides, for nothing can be pushed any more."""
        month = self.treasury.month(now)
        text = (
            f"{month} 的推播則數用完了。還沒送的摘要會在下次有人說話時免費送出,或打「今日」就看得到。打「額度」看明細。"
        )
        staff = People(work, self.press.owners).staff()
        wanted = [
            Run(runs.NOTICE, Chat(user, Place.PERSON), f"notice month-full {month}", subject=text)
            for user, role in staff
            if role >= Role.MODERATOR
        ]
        runs.plan(work.writer, wanted, now)
