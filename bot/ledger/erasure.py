"""Erasing a person from the Ledger: what came in, what goes out, what was sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, inspect, select

from bot.ledger.inbox import DONE
from bot.ledger.tables import bubbles, inbox, outbox, quarantine, runs, tokens
from handlers.club.admin_tables import plans
from handlers.club.erasure import CLUB_RULES, ErasureRule, deletes, erase, person_hash
from handlers.club.tables import erasures


def _take_out_of_quarantine(connection: Connection, user: str) -> None:
    """A body that could not be read is searched as it is."""
    held = connection.execute(select(quarantine.c.id, quarantine.c.body)).all()
    named = [number for number, body in held if user.encode() in body]
    connection.execute(delete(quarantine).where(quarantine.c.id.in_(named)))


LEDGER_RULES = (
    deletes(
        inbox, "user_id", "chat", which=inbox.c.state == DONE
    ),  # what is being answered at this moment ends by itself
    deletes(outbox, "user_id", "chat"),
    deletes(runs, "chat"),
    deletes(bubbles, "user_id", "chat"),
    deletes(tokens, "chat"),
    ErasureRule("quarantine", _take_out_of_quarantine),
)
ALL_RULES = (*CLUB_RULES, *LEDGER_RULES)


def known_erasures(connection: Connection) -> set[tuple[str, datetime]]:
    """(trace of a person, when) of every erasure; none in a database from before they were recorded."""
    if not inspect(connection).has_table(erasures.name):
        return set()
    return {(row.person, row.at) for row in connection.execute(select(erasures))}


def replay_erasures(connection: Connection, known: set[tuple[str, datetime]]) -> int:
    """Erase again in what an older backup brought back whoever was erased after it was made; how many those are."""
    missed = known - known_erasures(connection)
    if missed:
        connection.execute(insert(erasures), [{"person": person, "at": at} for person, at in missed])
    traces = {person for person, _ in missed}
    found = [user for user in _people(connection) if person_hash(user) in traces]
    for user in found:
        erase(connection, user, ALL_RULES)
    return len(found)


def _people(connection: Connection) -> set[str]:
    """Every id that stands in a column which may name a person."""
    columns = [column for rule in ALL_RULES for column in rule.people]
    found = {user for column in columns for user in connection.execute(select(column).distinct()).scalars() if user}
    listed = connection.execute(select(plans.c.chats)).scalars()
    return found | {pair[0] for pairs in listed for pair in pairs}
