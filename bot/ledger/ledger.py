"""The Ledger: what came in and what must go out, so that nothing is lost and nothing comes twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine

from bot.ledger import claims, inbox, outbox, results, retention
from bot.ledger.erasure import ALL_RULES, LEDGER_RULES, unsend
from bot.ledger.figures import figures
from bot.ledger.inbox import ClaimedEvent, WebhookBatch
from bot.ledger.outgoing import PENDING, PUSH, REPLY, SENT, WAITING, FrozenReply, OutboxMessage, SentContext
from bot.line.client import Refused, Result, Sent
from bot.metrics import Figure
from corpus.database import UnitOfWork, reading, scrub, writing
from handlers.club import retention as club_retention
from handlers.club.erasure import erase
from handlers.club.personal_data import Rows, personal_data
from handlers.club.retention import Retention
from handlers.identity import Chat

LEASE = 15.0  # seconds that a claim holds: longer than one call to LINE
TOKEN_LIFE = 50.0  # seconds from the receipt of a delivery; LINE's own limit is a minute


class Ledger:
    """The Ledger's transactions: each method is one of its own, but for those that take a `work`, which join the caller's.

    An event is on the disk before its 200, and a reply before it is sent. Claims and results do not wait for the disk: should a
    power cut undo one, the work is done again, and LINE refuses a used token and knows a retry key.
    """

    def __init__(
        self, engine: Engine, *, lease: float = LEASE, token_life: float = TOKEN_LIFE, kept: Retention | None = None
    ) -> None:
        self.engine = engine
        self.lease = lease
        self.token_life = token_life
        self.kept = kept or Retention()

    def store(self, batch: WebhookBatch, patience: float | None = None) -> None:
        """Keep the parts of one webhook call. Only after this may it be answered 200.

        Fails after `patience` seconds where the database is held by others.
        """
        with writing(self.engine, patience=patience) as connection:
            inbox.store(connection, batch, self.token_life)
            if batch.unsent:
                unsend(connection, batch.unsent, datetime.fromtimestamp(batch.received_at, UTC))

    def claim(self, now: float) -> ClaimedEvent | None:
        """Claim the next event to answer, for the time of a lease; return None when there is none."""
        with writing(self.engine, lasting=False) as connection:
            return inbox.claim(connection, now, self.lease)

    def finish(
        self, work: UnitOfWork, kept: ClaimedEvent, reply: FrozenReply | None, now: float
    ) -> OutboxMessage | None:
        """Mark an event as done and freeze its reply, within the handler's transaction. Nothing holds before its commit.

        Return the outgoing message that is to be sent after the commit, if any. Raises LeaseLostError.
        """
        done = inbox.finish(work.writer, kept)
        if reply is None or not reply.messages or done.event.reply_token is None:
            return None
        outgoing = outbox.write_reply(work.writer, done, reply, now, self.lease)
        return results.record_told(work, outgoing, reply.told, now) if outgoing and reply.told else outgoing

    def release(self, kept: ClaimedEvent) -> None:
        """Let the same person's next event be claimed."""
        with writing(self.engine, lasting=False) as connection:
            inbox.release(connection, kept)

    def take(self, kind: str, now: float) -> OutboxMessage | None:
        """Claim the next outgoing message that waits for a sender; replies whose time is over are ended first."""
        with UnitOfWork(self.engine, lasting=False) as work:
            outbox.expire(work.writer, now)
            results.settle_carried(work, now)
            outgoing = outbox.take(work.writer, kind, now, self.lease)
            work.commit()
            return outgoing

    def record_result(
        self, outgoing: OutboxMessage, result: Result, now: float, kept: ClaimedEvent | None = None
    ) -> str:
        """Record how sending a message ended, and release the event that it answers; return the state that the message is in."""
        with UnitOfWork(self.engine, lasting=False) as work:
            if kept is not None:
                inbox.release(work.writer, kept)
            end = self.record_result_in(work, outgoing, result, now)
            work.commit()
        return end

    def record_result_in(self, work: UnitOfWork, outgoing: OutboxMessage, result: Result, now: float) -> str:
        """Record a result within the caller's transaction, and end the deliveries that the message carried and the run it sends; return its state.

        Who lost the lease tells nothing but a success: the message is PENDING in the hands of whoever took it, or at an end already.
        """
        if not isinstance(result, Sent) and not outbox.is_in_hand(work.writer, outgoing):
            return PENDING
        if (
            isinstance(result, Refused)
            and result.monthly
            and outgoing.delivery_id is not None
            and not outgoing.is_ambiguous
        ):
            results.requeue(work, outgoing.row, outgoing.delivery_id, rides_only=True)
            return WAITING
        end = outbox.settle(work.writer, outgoing, result, now)
        if outgoing.carried:
            results.settle_carried(work, now)
        if outgoing.delivery_id is not None and end != PENDING:
            results.finish(work, outgoing.row, outgoing.delivery_id, end, PUSH)
        return end

    def record_push_results(
        self, work: UnitOfWork, ended: Sequence[tuple[OutboxMessage, Result]], now: float
    ) -> list[tuple[OutboxMessage, str]]:
        """Record the results of many pushes within the caller's transaction; return each with the state that it is in."""
        sent = [(outgoing, result) for outgoing, result in ended if isinstance(result, Sent)]
        outbox.save_sent_ids(work.writer, outbox.still_known(work.writer, sent), now)
        results.mark_sent(work, [outgoing for outgoing, _ in sent])
        others = [(outgoing, result) for outgoing, result in ended if not isinstance(result, Sent)]
        ends = [(outgoing, self.record_result_in(work, outgoing, result, now)) for outgoing, result in others]
        return ends + [(outgoing, SENT) for outgoing, _ in sent]

    def try_write(self, patience: float) -> None:
        """Write something, and wait for the disk; fails where a webhook could not be kept either."""
        with writing(self.engine, patience=patience) as connection:
            inbox.try_write(connection)

    def figures(self, now: float, index_revision: int) -> list[Figure]:
        """Return the figures that the database knows, for /metrics."""
        with reading(self.engine) as connection:
            return list(figures(connection, now, index_revision))

    def has_work(self, now: float) -> tuple[bool, bool]:
        """Tell (is there an event to claim, is there a reply to send or to end), by a cheap look without a lock."""
        with reading(self.engine) as connection:
            has_reply = outbox.has_due_message(connection, REPLY, now)
            has_ride = claims.chat_with_token(connection, now) is not None or results.has_unsettled_carried(
                connection, now
            )
            return inbox.has_waiting(connection, now), has_reply or has_ride

    def has_waiting_delivery(self, chat: Chat) -> bool:
        """Tell whether a delivery waits for a reply token of this chat, by a cheap look without a lock."""
        with reading(self.engine) as connection:
            return claims.has_waiting_delivery(connection, chat.id)

    def origin(self, chat: Chat, message: str) -> SentContext | None:
        """Return the command and essays of the bubble with this LINE id; None when it is not ours."""
        with reading(self.engine) as connection:
            return outbox.origin(connection, chat.id, message)

    def cancel_chat(self, work: UnitOfWork, chat: Chat) -> None:
        """Cancel all that waits for a chat or is on its way there, within the transaction that sees the chat off."""
        outbox.stop(work.writer, chat.id)
        claims.cancel_waiting(work.writer, chat.id)

    def sweep(self, now: float) -> None:
        """Delete whatever is older than it is kept, and erase chats that left or fell silent long ago."""
        with writing(self.engine) as connection:
            retention.sweep(connection, now, self.kept)
            club_retention.sweep(connection, datetime.fromtimestamp(now, UTC), self.kept)
            for chat in club_retention.gone(connection, datetime.fromtimestamp(now, UTC), self.kept):
                erase(connection, chat, ALL_RULES)
        scrub(self.engine)

    def personal_data(self, work: UnitOfWork, user: str) -> dict[str, Rows]:
        """Return every row of the Club and the Ledger that names a person, by table."""
        return personal_data(work.reader, user, ALL_RULES)

    def forget(self, work: UnitOfWork, user: str) -> None:
        """Erase a person within the handler's transaction, but for the events that wait for their answer."""
        erase(work.writer, user, LEDGER_RULES)
