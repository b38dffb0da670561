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
    """Each method is one transaction of its own, but for `finish`, which joins the handler's.

    Two of them wait for the disk: what came in before its 200, and what goes out before it is sent. Should a power cut
    undo a claim or the note of an end, the work is done again, and LINE refuses a used token and knows a retry key.
    """

    def __init__(
        self, engine: Engine, *, lease: float = LEASE, token_life: float = TOKEN_LIFE, kept: Retention | None = None
    ) -> None:
        self.engine = engine
        self.lease = lease
        self.token_life = token_life
        self.kept = kept or Retention()

    def store(self, batch: WebhookBatch, patience: float | None = None) -> None:
        """Keep what one webhook call brought. Only after this may it be answered 200.

        Fails after `patience` seconds where the database is held by others.
        """
        with writing(self.engine, patience=patience) as connection:
            inbox.store(connection, batch, self.token_life)
            if batch.unsent:
                unsend(connection, batch.unsent, datetime.fromtimestamp(batch.received_at, UTC))

    def claim(self, now: float) -> ClaimedEvent | None:
        """The next event to answer, held for the time of a lease."""
        with writing(self.engine, lasting=False) as connection:
            return inbox.claim(connection, now, self.lease)

    def finish(
        self, work: UnitOfWork, kept: ClaimedEvent, reply: FrozenReply | None, now: float
    ) -> OutboxMessage | None:
        """Within the handler's transaction: the event is done, and its reply frozen. Nothing holds before its commit.

        The outgoing message that is to be sent after the commit, if any. Raises LeaseLostError.
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
        """Claim the next outgoing message that waits for a sender; those whose time is over are ended first."""
        with UnitOfWork(self.engine, lasting=False) as work:
            outbox.expire(work.writer, now)
            results.settle_carried(work, now)
            outgoing = outbox.take(work.writer, kind, now, self.lease)
            work.commit()
            return outgoing

    def record_result(
        self, outgoing: OutboxMessage, result: Result, now: float, kept: ClaimedEvent | None = None
    ) -> str:
        """Write down how sending a message ended, and release the event that it answers; returns the state that the message is in."""
        with UnitOfWork(self.engine, lasting=False) as work:
            if kept is not None:
                inbox.release(work.writer, kept)
            end = self.record_result_in(work, outgoing, result, now)
            work.commit()
        return end

    def record_result_in(self, work: UnitOfWork, outgoing: OutboxMessage, result: Result, now: float) -> str:
        """As `record_result`, within a transaction of the caller's; and what follows for the deliveries it carried and for what a run has told."""
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
        """As `record_result`, of many pushes; the state that each is in."""
        sent = [(outgoing, result) for outgoing, result in ended if isinstance(result, Sent)]
        outbox.save_sent_ids(work.writer, outbox.still_known(work.writer, sent), now)
        results.mark_sent(work, [outgoing for outgoing, _ in sent])
        others = [(outgoing, result) for outgoing, result in ended if not isinstance(result, Sent)]
        ends = [(outgoing, self.record_result_in(work, outgoing, result, now)) for outgoing, result in others]
        return ends + [(outgoing, SENT) for outgoing, _ in sent]

    def try_write(self, patience: float) -> None:
        """Write something, and wait for the disk: fails where a webhook could not be kept either."""
        with writing(self.engine, patience=patience) as connection:
            inbox.try_write(connection)

    def figures(self, now: float, index_revision: int) -> list[Figure]:
        """What the database knows, for /metrics."""
        with reading(self.engine) as connection:
            return list(figures(connection, now, index_revision))

    def has_work(self, now: float) -> tuple[bool, bool]:
        """(is there an event to claim, is there a reply to send or to end): a cheap look that takes no lock."""
        with reading(self.engine) as connection:
            has_reply = outbox.has_due_message(connection, REPLY, now)
            has_ride = claims.chat_with_token(connection, now) is not None or results.has_unsettled_carried(
                connection, now
            )
            return inbox.has_waiting(connection, now), has_reply or has_ride

    def has_waiting_delivery(self, chat: Chat) -> bool:
        """Does something wait for a reply token of this chat? A cheap look that takes no lock."""
        with reading(self.engine) as connection:
            return claims.has_waiting_delivery(connection, chat.id)

    def origin(self, chat: Chat, message: str) -> SentContext | None:
        """What the bubble of this LINE id was about; None when it is not ours."""
        with reading(self.engine) as connection:
            return outbox.origin(connection, chat.id, message)

    def take_token(self, chat: Chat, now: float) -> str | None:
        """A reply token of this chat that nobody needs; it is handed out once."""
        with writing(self.engine) as connection:
            found = inbox.take_token(connection, chat.id, now)
            return found[0] if found else None

    def cancel_chat(self, work: UnitOfWork, chat: Chat) -> None:
        """Within the transaction that sees a chat off: what is on its way there has no time left."""
        outbox.stop(work.writer, chat.id)
        claims.cancel_waiting(work.writer, chat.id)

    def sweep(self, now: float) -> None:
        """Delete what has served its purpose."""
        with writing(self.engine) as connection:
            retention.sweep(connection, now, self.kept)
            club_retention.sweep(connection, datetime.fromtimestamp(now, UTC), self.kept)
            for chat in club_retention.gone(connection, datetime.fromtimestamp(now, UTC), self.kept):
                erase(connection, chat, ALL_RULES)
        scrub(self.engine)

    def personal_data(self, work: UnitOfWork, user: str) -> dict[str, Rows]:
        """By table, every row of the Club and the Ledger that names a person."""
        return personal_data(work.reader, user, ALL_RULES)

    def forget(self, work: UnitOfWork, user: str) -> None:
        """Within the handler's transaction: erase a person, but for what is being answered at this moment."""
        erase(work.writer, user, LEDGER_RULES)
