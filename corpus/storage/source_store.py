"""Sources in the database: each site, and each of its posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from corpus.database import aware
from corpus.essay import Essay
from corpus.intake.sources.addresses import address_key
from corpus.intake.sources.source import Source, SourceDoors, SourceRule, SourceState
from corpus.storage.essay_store import find_any
from corpus.storage.schema import essays, post_readings, source_posts, sources

SHORTEST_PAUSE = timedelta(minutes=1)  # between two looks at a source, however often a hub tells of news


@dataclass(frozen=True, slots=True)
class KnownPost:
    """One post of a source, as it is kept."""

    key: str
    address: str
    title: str = ""
    number: str = ""
    modified: str = ""
    etag: str = ""
    last_modified: str = ""
    fingerprint: str = ""
    shelved: str = ""
    essay_id: int | None = None
    draft_id: int | None = None
    state: str = "kept"  # kept, refused, removed
    reason: str = ""
    seen_at: datetime | None = None
    checked_at: datetime | None = None
    id: int = 0


def add(connection: Connection, source: Source) -> Source:
    """Keep a new source, and return it with its id."""
    values = _columns(source) | {"key": address_key(source.address)}
    number = connection.execute(insert(sources).values(values).returning(sources.c.id)).scalar_one()
    return replace(source, id=number)


def keep(connection: Connection, source: Source) -> Source:
    """Keep a source as it is now."""
    connection.execute(update(sources).where(sources.c.id == source.id).values(_columns(source)))
    return source


def keep_cursor(connection: Connection, source_id: int, cursor: dict[str, Any]) -> None:
    """Keep the place that a walk has come to."""
    connection.execute(update(sources).where(sources.c.id == source_id).values(cursor=cursor))


def get(connection: Connection, source_id: int) -> Source | None:
    row = connection.execute(select(sources).where(sources.c.id == source_id)).one_or_none()
    return _source(row) if row is not None else None


def at_address(connection: Connection, address: str) -> Source | None:
    """Return the source at an address, however that is written."""
    row = connection.execute(select(sources).where(sources.c.key == address_key(address))).one_or_none()
    return _source(row) if row is not None else None


def every(connection: Connection) -> list[Source]:
    """Return all sources, in the order of their coming."""
    return [_source(row) for row in connection.execute(select(sources).order_by(sources.c.id))]


def due(connection: Connection, now: datetime) -> list[Source]:
    """Return the sources to be looked at now, the one that has waited longest first."""
    ready = (sources.c.next_at <= now.astimezone(UTC)) & sources.c.state.in_([SourceState.WALKING, SourceState.KEPT])
    return [_source(row) for row in connection.execute(select(sources).where(ready).order_by(sources.c.next_at))]


def count_failing(connection: Connection) -> int:
    """Return how many sources could not be read when they were last looked at."""
    failing = sources.c.failing_since.is_not(None) & sources.c.state.in_([SourceState.WALKING, SourceState.KEPT])
    return int(connection.scalar(select(func.count()).select_from(sources).where(failing)) or 0)


def hasten(connection: Connection, source_id: int, now: datetime) -> None:
    """Let a source be looked at as soon as a minute has passed since the last look."""
    found = get(connection, source_id)
    if found is not None:
        soon = max(now, (found.synced_at or now) + SHORTEST_PAUSE)
        early = (sources.c.id == source_id) & (sources.c.next_at > soon.astimezone(UTC))
        connection.execute(update(sources).where(early).values(next_at=soon.astimezone(UTC)))


def remove(connection: Connection, source_id: int) -> None:
    """Forget a source and its posts; the essays stay."""
    read = select(source_posts.c.id).where(source_posts.c.source_id == source_id)
    connection.execute(delete(post_readings).where(post_readings.c.post_id.in_(read)))
    connection.execute(delete(source_posts).where(source_posts.c.source_id == source_id))
    connection.execute(delete(sources).where(sources.c.id == source_id))


def posts(connection: Connection, source_id: int) -> list[KnownPost]:
    """Return all posts of a source, in the order of their coming."""
    rows = connection.execute(
        select(source_posts).where(source_posts.c.source_id == source_id).order_by(source_posts.c.id)
    )
    return [_post(row) for row in rows]


def shelved_posts(connection: Connection, source_id: int) -> Iterator[tuple[KnownPost, Essay]]:
    """Yield the posts of a source that are essays, each with its essay."""
    kept = [post for post in posts(connection, source_id) if post.state == "kept" and post.essay_id is not None]
    for post in kept:
        found = find_any(connection, post.essay_id or 0)
        if found is not None:
            yield post, found[0]


def count_posts(connection: Connection, source_id: int) -> dict[str, int]:
    """Count the posts of a source by their state: kept, refused, removed."""
    rows = connection.execute(
        select(source_posts.c.state, func.count())
        .where(source_posts.c.source_id == source_id)
        .group_by(source_posts.c.state)
    )
    return {row[0]: row[1] for row in rows}


def find_post(connection: Connection, source_id: int, number: str, key: str) -> KnownPost | None:
    """Find a post by the number that its site gives it, else by the key of its address."""
    for which in ([source_posts.c.number == number] if number else []) + [source_posts.c.key == key]:
        query = select(source_posts).where(source_posts.c.source_id == source_id, which).order_by(source_posts.c.id)
        if (row := connection.execute(query.limit(1)).one_or_none()) is not None:
            return _post(row)
    return None


def keep_post(connection: Connection, source_id: int, post: KnownPost) -> KnownPost:
    """Keep a post, and return it with its id. Another post that stood at its address gives it up."""
    other = (source_posts.c.source_id == source_id) & (source_posts.c.key == post.key) & (source_posts.c.id != post.id)
    taken = connection.execute(select(source_posts.c.id).where(other)).scalar()
    if taken is not None:
        connection.execute(update(source_posts).where(source_posts.c.id == taken).values(key=f"#{taken}"))
    values = asdict(post) | {"source_id": source_id, "seen_at": _utc(post.seen_at), "checked_at": _utc(post.checked_at)}
    del values["id"]
    if post.id:
        connection.execute(update(source_posts).where(source_posts.c.id == post.id).values(values))
        return post
    number = connection.execute(insert(source_posts).values(values).returning(source_posts.c.id)).scalar_one()
    return replace(post, id=number)


def count_published_since(connection: Connection, source_id: int, moment: datetime) -> int:
    """Count the posts that a source has published since the day of a moment, by their own dates."""
    ours = (source_posts.c.source_id == source_id) & (source_posts.c.essay_id == essays.c.id)
    query = select(func.count()).select_from(source_posts.join(essays, ours)).where(essays.c.published >= moment.date())
    return connection.execute(query).scalar_one()


def _columns(source: Source) -> dict[str, Any]:
    return {
        "address": source.address,
        "title": source.title,
        "doors": asdict(source.doors),
        "found": source.found,
        "rule": source.rule,
        "state": source.state,
        "is_ours": source.is_ours,
        "added_by": source.added_by,
        "added_at": _utc(source.added_at),
        "cursor": source.cursor,
        "next_at": _utc(source.next_at),
        "synced_at": _utc(source.synced_at),
        "failing_since": _utc(source.failing_since),
        "failures": source.failures,
        "problem": source.problem,
        "owner_told": source.owner_told,
    }


def _source(row: Any) -> Source:
    doors = row.doors
    return Source(
        id=row.id,
        address=row.address,
        title=row.title,
        doors=SourceDoors(**doors | {"maps": tuple(doors["maps"]), "feeds": tuple(doors["feeds"])}),
        found=row.found,
        rule=SourceRule(row.rule),
        state=SourceState(row.state),
        is_ours=row.is_ours,
        added_by=row.added_by,
        added_at=aware(row.added_at) or row.added_at,
        cursor=row.cursor,
        next_at=aware(row.next_at) or row.next_at,
        synced_at=aware(row.synced_at),
        failing_since=aware(row.failing_since),
        failures=row.failures,
        problem=row.problem,
        owner_told=row.owner_told,
    )


def _post(row: Any) -> KnownPost:
    kept = {name: value for name, value in row._mapping.items() if name != "source_id"}
    return KnownPost(**kept | {"seen_at": aware(row.seen_at), "checked_at": aware(row.checked_at)})


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment is not None else None
