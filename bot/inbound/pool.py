"""Threads of the web process that answer what the Ledger keeps: handle, commit, then send."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Lock

from bot import faults, metrics
from bot.errors import safe_fields
from bot.ledger import REPLY, SENT, ClaimedEvent, FrozenReply, LeaseLostError, Ledger, OutboxMessage
from bot.line.client import LineClient
from bot.line.events import LineEvent
from bot.line.signs import ChatSigns
from bot.logs import log, logged
from bot.outbound.piggyback import Piggyback
from bot.threads import BackgroundThreads
from corpus.database import UnitOfWork, scrub

THREADS = 8  # most of them wait for LINE
PATIENCE = 1.0  # seconds for which an answer waits while another one is written
TICK = 1.0  # seconds between two looks for work that a dead process left, and for people who have waited long
SOON = 1.0  # seconds after which a person who waits one to one is shown that an answer is on its way
SWEEP = 600.0  # seconds between two sweeps of old rows
LONGEST_STOP = 12.0  # seconds: a call to LINE takes ten at most, and platforms kill after 25 or 30
MOST_ATTEMPTS = 3  # an event that ended its process this often is answered without its handler

SORRY = FrozenReply(
    ({"type": "text", "text": "抱歉，我這邊出了點狀況，這一題沒能答上來。請再試一次。"},), is_answer=False
)

Respond = Callable[[LineEvent, UnitOfWork], FrozenReply | None]


class AnswerWorkers:
    """Answers waiting events. `respond` writes through the unit of work it is given; the pool commits."""

    def __init__(
        self,
        ledger: Ledger,
        line: LineClient,
        respond: Respond,
        rides: Piggyback | None = None,
        *,
        threads: int = THREADS,
        forget_names: Callable[[], None] = lambda: None,
        tick: float = TICK,
        most_attempts: int = MOST_ATTEMPTS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.ledger = ledger
        self.line = line
        self.signs = ChatSigns(line, clock)
        self.respond = respond
        self.rides = rides
        self.clock = clock
        self.forget_names = forget_names
        self.tick = tick
        self.most_attempts = most_attempts
        self._size = threads
        self._threads = BackgroundThreads(*[self._work] * threads, self._watch)
        self._turn = Lock()
        self._in_hand: dict[int, ClaimedEvent] = {}  # events one to one, not yet shown that an answer is on its way
        self._chores: SimpleQueue[Callable[[], bool]] = SimpleQueue()
        self._unscrubbed = False

    def start(self) -> None:
        """Start the threads of this process; once, however often it is called."""
        self._threads.start()

    def stop(self) -> None:
        """Let the threads end the work at hand, within LONGEST_STOP; events that wait stay in the Ledger for the next process."""
        self._threads.stopping.set()
        for _ in range(self._size):
            self._chores.put(_nothing)  # wakes one that waits for a chore
        self._threads.stop(within=LONGEST_STOP)

    def notify(self, events: int) -> None:
        """Let the threads answer so many events that were just kept."""
        self.start()
        for _ in range(min(events, self._size)):
            self._chores.put(self.answer_next)

    def answer_next(self) -> bool:
        """Answer the next event; return False when none waits."""
        with self._answer_lock():
            kept = self.ledger.claim(self.clock())
            send = self._answer_in_sight(kept) if kept is not None else None
        if send is not None:
            send()
        return kept is not None

    @contextmanager
    def _answer_lock(self) -> Iterator[None]:
        """Let one thread at a time write an answer, so that the webhook gets its share of the process, too.

        After PATIENCE seconds the next one starts anyway: the holder is then blocked on LINE or on a large file.
        """
        is_mine = self._turn.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if is_mine:
                self._turn.release()

    def show_loading(self) -> None:
        """Show the loading animation to everybody who has waited over a second for an answer one to one."""
        now = self.clock()
        for kept in list(self._in_hand.values()):
            if now - kept.received_at >= SOON and self._in_hand.pop(kept.row, None) is not None:
                self.signs.show_loading(kept.event.chat.id)

    def send_next(self) -> bool:
        """Send the next reply that could not be sent before, or deliveries alone on a free token; return False when none is due."""
        outgoing = self.ledger.take(REPLY, self.clock())
        if outgoing is None and self.rides is not None:
            outgoing = self.rides.send_alone(self.clock())
        if outgoing is not None:
            self._send(outgoing)
        return outgoing is not None

    def _work(self) -> None:
        stopping = self._threads.stopping
        while not stopping.is_set():
            chore = self._chores.get()
            with logged("pool_failed"):  # work that was not done is tried again when its lease ends
                while chore() and not stopping.is_set():
                    pass

    def _watch(self) -> None:
        swept_at = 0.0
        while not self._threads.stopping.wait(self.tick):
            with logged("pool_failed"):
                self._look()
            if self.clock() - swept_at >= SWEEP:
                swept_at = self.clock()
                with logged("pool_failed"):
                    self._sweep()

    def _look(self) -> None:
        """Queue the work that a dead process or a failed call to LINE left, and do what each tick asks for."""
        has_events, has_replies = self.ledger.has_work(self.clock())
        if has_events:
            self._chores.put(self.answer_next)
        if has_replies:
            self._chores.put(self.send_next)
        self.show_loading()
        self.forget_names()
        self._scrub()

    def _scrub(self) -> None:
        """Remove erased data from the write-ahead log, too: now, or at a later tick while somebody still reads it."""
        self._unscrubbed = self._unscrubbed and not scrub(self.ledger.engine)

    def _sweep(self) -> None:
        self.ledger.sweep(self.clock())
        self.line.learn_about_itself()

    def _answer_in_sight(self, kept: ClaimedEvent) -> Callable[[], None] | None:
        if not kept.event.chat.is_group:  # LINE shows it one to one only
            self._in_hand[kept.row] = kept
        try:
            return self._answer(kept)
        finally:
            self._in_hand.pop(kept.row, None)

    def _answer(self, kept: ClaimedEvent) -> Callable[[], None] | None:
        """Write the answer down and commit it; return the sending that is left to do, None when the lease was lost."""
        with UnitOfWork(self.ledger.engine) as work:
            try:
                reply = self._respond(kept, work)
                outgoing = self.ledger.finish(work, kept, reply, self.clock())
                if self.rides is not None:
                    outgoing = self.rides.attach_to_reply(work, kept, outgoing, self.clock())
            except LeaseLostError:
                log.info("event_overtaken", event_id=kept.event.id)
                work.close()
                self.ledger.release(kept)
                return None
            faults.crash_point(faults.BEFORE_REPLY_COMMIT)
            work.commit()
        faults.crash_point(faults.AFTER_REPLY_COMMIT)
        return lambda: self._carry_out(kept, outgoing, reply)

    def _carry_out(self, kept: ClaimedEvent, outgoing: OutboxMessage | None, reply: FrozenReply | None) -> None:
        if outgoing is None:
            self.ledger.release(kept)
        else:
            self._send(outgoing, kept)
        if reply is not None and reply.leave:
            self.line.leave(kept.event.chat.id)
        if reply is not None and reply.erased:
            self._unscrubbed = True
            self._scrub()

    def _respond(self, kept: ClaimedEvent, work: UnitOfWork) -> FrozenReply | None:
        try:
            if kept.attempts > self.most_attempts:
                raise RuntimeError("too many attempts")
            return self.respond(kept.event, work)
        except Exception as error:
            log.error("event_failed", event_id=kept.event.id, **safe_fields(error))
            work.close()  # undoes whatever the handler had begun
            return SORRY

    def _send(self, outgoing: OutboxMessage, kept: ClaimedEvent | None = None) -> None:
        faults.crash_point(faults.BEFORE_SEND)
        result = self.line.reply(outgoing.reply_token or "", outgoing.content)
        faults.crash_point(faults.AFTER_SEND)
        end = self.ledger.record_result(outgoing, result, self.clock(), kept)
        metrics.REPLIES.labels(end).inc()
        if kept is not None:
            metrics.ANSWERING.observe(self.clock() - kept.received_at)
        if end == SENT and outgoing.read_token:
            self.signs.mark_read(outgoing.read_token)
        log.info("reply", outgoing=outgoing.row, attempt=outgoing.attempts, end=end, request_id=result.request_id)


def _nothing() -> bool:
    return False
