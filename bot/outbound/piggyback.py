"""Free rides: deliveries that wait in a chat go out with the next reply there, or alone on the token of any event."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.errors import safe_fields
from bot.ledger import (
    ClaimedDelivery,
    ClaimedEvent,
    Ledger,
    OutboxMessage,
    attach_to_reply,
    chat_with_token,
    claim_for_chat,
    create_carrier,
    has_waiting_delivery,
    take_token,
    with_carried,
)
from bot.logs import log
from bot.messages.limits import MESSAGES
from bot.outbound.composer import Composed, ComposeResult, DeliveryComposer, Postponed
from corpus.database import UnitOfWork, reading
from handlers.identity import Chat
from handlers.reading.digest_builder import DigestBuilder


class Piggyback:
    """Adds waiting deliveries to a reply that goes out anyway. If that fails, the answer is sent without them."""

    def __init__(self, ledger: Ledger, composer: DeliveryComposer) -> None:
        self.ledger = ledger
        self.composer = composer

    def attach_to_reply(
        self, work: UnitOfWork, kept: ClaimedEvent, outgoing: OutboxMessage | None, now: float
    ) -> OutboxMessage | None:
        """Attach waiting deliveries to the reply to an event, within its transaction; without a reply, let them go out alone on its token."""
        chat, token = kept.event.chat, kept.event.reply_token
        if token is None or now >= kept.expires_at or not has_waiting_delivery(work.writer, chat.id):
            return outgoing
        if outgoing is not None:
            return self._attach(work, chat, outgoing, now)
        return self._send_one(work, chat, token, kept.expires_at, now)

    def send_alone(self, now: float) -> OutboxMessage | None:
        """Use up free tokens until one has a reply of carried deliveries to send, and return it; None when no token is left that any waits for."""
        while True:
            with reading(self.ledger.engine) as connection:
                chat = chat_with_token(connection, now)
            if chat is None:
                return None
            with UnitOfWork(self.ledger.engine) as work:
                found = take_token(work.writer, chat, now)
                outgoing = self._send_one(work, Chat.of_id(chat), *found, now) if found else None
                work.commit()
            if outgoing is not None:
                return outgoing

    def _send_one(
        self, work: UnitOfWork, chat: Chat, token: str, expires_at: float, now: float
    ) -> OutboxMessage | None:
        with work.writer.begin_nested() as savepoint:
            carrying_reply = create_carrier(work.writer, chat, token, expires_at, now, self.ledger.lease)
            outgoing = self._attach(work, chat, carrying_reply, now)
            if not outgoing.carried:
                savepoint.rollback()
                return None
        return outgoing

    def _attach(self, work: UnitOfWork, chat: Chat, outgoing: OutboxMessage, now: float) -> OutboxMessage:
        """Attach waiting deliveries; one that cannot be rendered must not cost the answer."""
        try:
            with work.writer.begin_nested():
                self._fill(work, chat, outgoing, now)
        except Exception as error:
            log.error("ride_failed", chat_is_group=chat.is_group, **safe_fields(error))
        return with_carried(work.writer, outgoing)

    def _fill(self, work: UnitOfWork, chat: Chat, outgoing: OutboxMessage, now: float) -> None:
        """Compose waiting deliveries and attach them, as far as there is room."""
        room = MESSAGES - len(outgoing.messages)
        claimed = claim_for_chat(work.writer, chat.id, now, room)
        boarded: list[tuple[ClaimedDelivery, ComposeResult]] = []
        results = self.composer.compose_all(work, claimed, _moment(now), digest_builder=DigestBuilder())
        for delivery, result in zip(claimed, results, strict=True):
            if isinstance(result, Composed):
                if result.messages > room:
                    continue
                attach_to_reply(work.writer, delivery, result, outgoing.row)
                room -= result.messages
            if not isinstance(result, Postponed):
                boarded.append((delivery, result))
        self.composer.record_outcomes(work, boarded)


def _moment(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)
