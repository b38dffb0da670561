"""Erase a person from the Ledger: inbox, outbox and sent bubbles."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, inspect, select, update

from bot.ledger import inbox as inbox_rows
from bot.ledger import outbox as outbox_rows
from bot.ledger.inbox import DONE
from bot.ledger.tables import bubbles, inbox, left_unread, outbox, quarantine, runs, tokens
from handlers.club import drafts, gaps
from handlers.club.admin_tables import drafts as draft_table
from handlers.club.admin_tables import plans
from handlers.club.askers import forget_asker
from handlers.club.erasure import CLUB_RULES, ErasureRule, deletes, erase, record
from handlers.club.tables import erasures, missed_asks, wishes
from handlers.club.traces import message_hash, person_hash


def _take_out_of_quarantine(connection: Connection, user: str) -> None:
    """Delete the bodies in quarantine that hold a person's id; as they could not be read, their bytes are searched."""
    held = connection.execute(select(quarantine.c.id, quarantine.c.body)).all()
    named = [number for number, body in held if user.encode() in body]
    connection.execute(delete(quarantine).where(quarantine.c.id.in_(named)))


LEDGER_RULES = (
    deletes(
        inbox, "user_id", "chat", which=inbox.c.state == DONE
    ),  # an event that is being answered at this moment ends by itself
    deletes(outbox, "user_id", "chat"),
    deletes(runs, "chat"),
    deletes(bubbles, "user_id", "chat"),
    deletes(tokens, "chat"),
    deletes(left_unread, "chat"),
    ErasureRule("quarantine", _take_out_of_quarantine),
)
ALL_RULES = (*CLUB_RULES, *LEDGER_RULES)


def unsend(connection: Connection, messages: Collection[str], at: datetime) -> None:
    """Forget the words of messages that were taken back, and record that they were."""
    _take_back(connection, tuple(messages))
    for message in messages:
        record(connection, message_hash(message), at)


def _take_back(connection: Connection, messages: tuple[str, ...]) -> None:
    _forget_follow_ups(connection, messages)
    inbox_rows.unsend(connection, messages)
    outbox_rows.unsend(connection, messages)
    drafts.unsend(connection, messages)
    gaps.unsend(connection, messages)
    gaps.unsend_alerts(connection, messages)


def _forget_follow_ups(connection: Connection, messages: tuple[str, ...]) -> None:
    """Forget the commands that a person gave in the same chat from then on: they may repeat the words, as 「找 散熱 第2頁」 does."""
    for first in connection.execute(select(bubbles).where(bubbles.c.answers.in_(messages))).all():
        later = (bubbles.c.chat == first.chat) & (bubbles.c.user_id == first.user_id)
        later &= bubbles.c.sent_at >= first.sent_at
        words = first.command.partition(" ")[2] or first.command
        answered = connection.execute(select(bubbles.c.answers, bubbles.c.command).where(later)).all()
        if words:
            gaps.unsend(connection, [row.answers for row in answered if row.answers and words in row.command])
            gaps.unsend_pressed_alert(connection, first.user_id, words, datetime.fromtimestamp(first.sent_at, UTC))
        connection.execute(update(bubbles).where(later).values(command=""))


def known_erasures(connection: Connection) -> set[tuple[str, datetime]]:
    """Return (trace of a person or a message, when) of every erasure; none in a database that has no table of them."""
    if not inspect(connection).has_table(erasures.name):
        return set()
    return {(row.person, row.at) for row in connection.execute(select(erasures))}


def replay_erasures(connection: Connection, known: set[tuple[str, datetime]]) -> int:
    """Erase again, from a restored backup, people who were erased and messages that were taken back after it was made.

    Return the number of people.
    """
    missed = known - known_erasures(connection)
    if missed:
        connection.execute(insert(erasures), [{"person": person, "at": at} for person, at in missed])
    traces = {person for person, _ in missed}
    found = [user for user in _people(connection) if person_hash(user) in traces]
    for user in found:
        erase(connection, user, ALL_RULES)
    for trace in traces:
        forget_asker(connection, trace)
    _take_back(connection, tuple(message for message in _messages(connection) if message_hash(message) in traces))
    return len(found)


def _people(connection: Connection) -> set[str]:
    """Return every id in a column that may name a person, and in the chats of plans."""
    columns = [column for rule in ALL_RULES for column in rule.people]
    found = {user for column in columns for user in connection.execute(select(column).distinct()).scalars() if user}
    listed = connection.execute(select(plans.c.chats)).scalars()
    return found | {pair[0] for pairs in listed for pair in pairs}


def _messages(connection: Connection) -> set[str]:
    """Return LINE's id of every message of which something is kept."""
    columns = (inbox.c.message, outbox.c.message, bubbles.c.answers, missed_asks.c.message, wishes.c.message)
    found = {one for column in columns for one in connection.execute(select(column).distinct()).scalars() if one}
    return found.union(*connection.execute(select(draft_table.c.messages)).scalars())
