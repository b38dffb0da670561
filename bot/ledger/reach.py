"""The reach of sent messages: people by essay, and deliveries by whether they went out with a reply or as a push."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select

from bot.ledger.deliveries import FREE_TOKEN, WITH_REPLY
from bot.ledger.history import count_deliveries
from bot.ledger.outgoing import PUSH, SENT
from bot.ledger.tables import bubbles
from handlers.identity import Chat


def reach_of_essays(connection: Connection, since: float) -> dict[int, tuple[int, int]]:
    """Return, by essay, (people who were shown it, those of them who were answered with it); in groups only the asker is counted."""
    shown: dict[int, set[str]] = defaultdict(set)
    asked: dict[int, set[str]] = defaultdict(set)
    query = select(bubbles.c.chat, bubbles.c.user_id, bubbles.c.answers, bubbles.c.essays)
    for chat, user, answers, essays in connection.execute(query.where(bubbles.c.sent_at >= since)):
        person = str(user or ("" if Chat.of_id(chat).is_group else chat))
        for essay in essays if person else ():
            shown[essay].add(person)
            if answers:
                asked[essay].add(person)
    return {essay: (len(people), len(asked[essay])) for essay, people in shown.items()}


def sent_by_way(connection: Connection, since: float) -> tuple[int, int]:
    """Count (deliveries that went out on a reply token, deliveries that were pushed)."""
    counts = count_deliveries(connection, since)
    sent = {way: n for (way, state), n in counts.items() if state == SENT}
    return sent.get(WITH_REPLY, 0) + sent.get(FREE_TOKEN, 0), sent.get(PUSH, 0)
