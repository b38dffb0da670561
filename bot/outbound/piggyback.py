"""Free rides: what waits in a chat goes out with the next reply there, or alone on the token of any event."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from bot.errors import describe
from bot.ledger import Kept, Ledger, Letter, claims, inbox, outbox
from bot.ledger.claims import Waiting
from bot.messages.limits import MESSAGES
from bot.outbound.composer import Later, Outturn, Press, Printed
from corpus.database import Work, reading
from handlers.identity import Chat, Place
from handlers.reading.digest_builder import Compositor

log = structlog.get_logger()


class Rides:
    """Boards what waits; it never delays, displaces or endangers the answer to what was asked."""

    def __init__(self, ledger: Ledger, press: Press) -> None:
        self.ledger = ledger
        self.press = press

    def join(self, work: Work, kept: Kept, letter: Letter | None, now: float) -> Letter | None:
        """Within the transaction that answers an event: the letter with its riders, or a letter of riders alone."""
        chat, token = kept.event.chat, kept.event.reply_token
        if token is None or now >= kept.expires_at or not claims.ride_waits(work.writer, chat.id):
            return letter
        if letter is not None:
            return self._board(work, chat, letter, now)
        return self._alone(work, chat, token, kept.expires_at, now)

    def step(self, now: float) -> Letter | None:
        """Use up one free token; a letter of riders to send, or None when no token is left that anything waits for."""
        while True:
            with reading(self.ledger.engine) as connection:
                chat = claims.chat_with_token(connection, now)
            if chat is None:
                return None
            with Work(self.ledger.engine) as work:
                found = inbox.take_token(work.writer, chat, now)
                where = Chat(chat, Place.PERSON if chat.startswith("U") else Place.GROUP)
                letter = self._alone(work, where, *found, now) if found else None
                work.commit()
            if letter is not None:
                return letter

    def _alone(self, work: Work, chat: Chat, token: str, expires_at: float, now: float) -> Letter | None:
        place = work.writer.begin_nested()
        carrier = outbox.write_carrier(work.writer, chat, token, expires_at, now, self.ledger.lease)
        letter = self._board(work, chat, carrier, now)
        if letter.riders:
            place.commit()
            return letter
        place.rollback()
        return None

    def _board(self, work: Work, chat: Chat, letter: Letter, now: float) -> Letter:
        """What cannot be printed must not cost the answer."""
        place = work.writer.begin_nested()
        try:
            self._fill(work, chat, letter, now)
            place.commit()
        except Exception as error:
            place.rollback()
            log.error("ride_failed", chat_is_group=chat.is_group, **describe(error))
        return outbox.with_riders(work.writer, letter)

    def _fill(self, work: Work, chat: Chat, letter: Letter, now: float) -> None:
        """The digest and whatever else waits, as far as there is room."""
        room = MESSAGES - len(letter.messages)
        claimed = claims.of_chat(work.writer, chat.id, room)
        boarded: list[tuple[Waiting, Outturn]] = []
        outturns = self.press.print(work, claimed, _moment(now), compositor=Compositor())
        for waiting, outturn in zip(claimed, outturns, strict=True):
            if isinstance(outturn, Printed):
                if outturn.messages > room:
                    continue
                claims.board(work.writer, waiting, outturn, letter.row)
                room -= outturn.messages
            if not isinstance(outturn, Later):
                boarded.append((waiting, outturn))
        self.press.note(work, boarded)


def _moment(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)
