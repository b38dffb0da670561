"""The Ledger in figures: what waits and for how long, and how deliveries ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from bot.ledger import inbox as events
from bot.ledger.deliveries import DIGEST, PLANNED, SKIPPED
from bot.ledger.outgoing import DROPPED, PENDING, PUSH, REPLY, RIDING, SENT, UNKNOWN, WAITING
from bot.ledger.tables import inbox, lanes, outbox, quarantine, runs
from bot.metrics import Figure
from corpus.storage import essay_store, source_store
from corpus.storage.schema import backups

DAY = 86_400.0
OPEN = (WAITING, RIDING, PENDING)
ENDS = (SENT, DROPPED, UNKNOWN, SKIPPED)


def figures(connection: Connection, now: float, index_revision: int) -> Iterator[Figure]:
    """Yield every figure that the database knows at this moment."""
    yield from _inbox(connection, now)
    yield from _outbox(connection, now)
    yield from _digests(connection, now)
    yield from _sources(connection, now)
    count = select(func.count()).select_from(quarantine)
    yield "luopan_quarantined", "Signed calls that could not be read", {}, float(connection.execute(count).scalar_one())
    behind = essay_store.revision(connection) - index_revision
    yield "luopan_index_behind", "Changes of the archive that this process's index does not hold", {}, float(behind)
    made_at = connection.scalar(select(func.max(backups.c.made_at)))
    age = now - made_at if made_at is not None else -1.0
    yield "luopan_backup_age_seconds", "Since the last backup; -1: there was none", {}, age


def _inbox(connection: Connection, now: float) -> Iterator[Figure]:
    query = select(func.count(), func.min(inbox.c.received_at)).where(inbox.c.state == events.WAITING)
    count, oldest = connection.execute(query).one()
    yield "luopan_inbox_waiting", "Events that wait for an answer", {}, float(count)
    yield "luopan_inbox_oldest_seconds", "Since the oldest of them came", {}, now - oldest if oldest else 0.0
    busy = select(func.count()).select_from(lanes).where(lanes.c.lease_until > now)
    yield "luopan_inbox_answering", "People who are being answered", {}, float(connection.execute(busy).scalar_one())


def _outbox(connection: Connection, now: float) -> Iterator[Figure]:
    query = select(outbox.c.kind, outbox.c.state, func.count(), func.min(outbox.c.created_at))
    found = {
        (kind, state): (count, oldest)
        for kind, state, count, oldest in connection.execute(query.group_by(outbox.c.kind, outbox.c.state))
    }
    for kind in (REPLY, PUSH):
        for state in (*OPEN, SENT, DROPPED, UNKNOWN):
            count, oldest = found.get((kind, state), (0, None))
            labels = {"kind": kind, "state": state}
            yield "luopan_outbox", "Messages by state; ended ones of the last three days", labels, float(count)
            if state in OPEN:
                age = now - oldest if oldest else 0.0
                yield "luopan_outbox_oldest_seconds", "Since the oldest of a state was written", labels, age


def _digests(connection: Connection, now: float) -> Iterator[Figure]:
    query = select(runs.c.state, func.count()).where(runs.c.kind == DIGEST, runs.c.created_at > now - DAY)
    counts: dict[str, int] = {row.state: int(row[1]) for row in connection.execute(query.group_by(runs.c.state))}
    for state in (PLANNED, *ENDS):
        meaning = "Digests that became due within a day, by state; skipped: nobody planned them in time"
        yield "luopan_digests", meaning, {"state": state}, float(counts.get(state, 0))


def _sources(connection: Connection, now: float) -> Iterator[Figure]:
    late = source_store.due(connection, datetime.fromtimestamp(now, UTC))
    lag = now - late[0].next_at.timestamp() if late else 0.0
    yield "luopan_source_lag_seconds", "Since the source that has waited longest should have been looked at", {}, lag
    failing = float(source_store.count_failing(connection))
    yield "luopan_sources_failing", "Sources that could not be read when they were last looked at", {}, failing
