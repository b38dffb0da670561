"""The archive in the database: every essay that was ever added, and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from corpus.essay import Essay, Visibility
from corpus.intake.sources.addresses import address_key
from corpus.storage.duplicates import REPRINT, Signature
from corpus.storage.essay_json import content_hash, essay_of, to_json, version_of
from corpus.storage.identity import candidates, keep_bands, near_duplicates, same_essay, same_text, title_key
from corpus.storage.prepared import Prepared
from corpus.storage.schema import State, archive, bands, essays, marks, versions


class Status(StrEnum):
    """The effect of adding an essay."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Added:
    """The outcome for one essay that was handed in."""

    essay: Essay
    status: Status
    near_duplicate_of: int | None


@dataclass(frozen=True, slots=True)
class Version:
    """An essay as it stood from one revision of the archive on."""

    essay: Essay
    state: State
    changed_at: datetime
    changed_by: str | None


def revision(connection: Connection) -> int:
    """Return the archive's revision: 0 when empty, and one more after every change."""
    return _REVISION.scalar(connection) or 0


def mark_at(connection: Connection, number: int) -> str:
    """Return the random mark of a revision, by which an index knows its origin; empty where the revision has none."""
    return _MARK.scalar(connection, number=number) or ""


def revision_at(connection: Connection, moment: datetime) -> int:
    """Return the revision that the archive had at a moment; 0 before its first essay."""
    found = select(func.max(versions.c.revision)).where(versions.c.changed_at < moment.astimezone(UTC))
    return connection.execute(found).scalar() or 0


def load(connection: Connection, ids: Iterable[int]) -> dict[int, Essay]:
    """Return the published essays among `ids`."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = connection.execute(select(essays).where(essays.c.id.in_(wanted), essays.c.state == State.PUBLISHED))
    return {row.id: essay_of(row) for row in rows}


def revisions(connection: Connection, ids: Iterable[int]) -> dict[int, int]:
    """Return the revisions at which the published essays among `ids` last changed: far cheaper than the essays."""
    return {row.id: row.revision for row in connection.execute(_REVISIONS, {"ids": list(ids)})}


# Statements of every question: made once, so that their compiled forms are found at once.
_REVISION = Prepared(select(archive.c.revision))
_SET_MARK = Prepared(insert(marks))
_KEEP_VERSION = Prepared(insert(versions))
_MARK = Prepared(select(marks.c.mark).where(marks.c.revision == bindparam("number")))
_MOVE = update(archive).where(archive.c.id == 1).values(revision=archive.c.revision + 1)
_REVISIONS = select(essays.c.id, essays.c.revision).where(
    essays.c.id.in_(bindparam("ids", expanding=True)), essays.c.state == State.PUBLISHED
)


class StoreChange(NamedTuple):
    """An essay as it is since `revision`; None where it was withdrawn."""

    essay_id: int
    essay: Essay | None
    revision: int


def changes(connection: Connection, since: int, limit: int | None = None) -> list[StoreChange]:
    """Return the essays changed after revision `since`, in order of change: all, or the first `limit`."""
    changed = select(essays).where(essays.c.revision > since).order_by(essays.c.revision).limit(limit)
    return [
        StoreChange(row.id, essay_of(row) if row.state == State.PUBLISHED else None, row.revision)
        for row in connection.execute(changed)
    ]


def find_any(connection: Connection, essay_id: int) -> tuple[Essay, State] | None:
    """Return an essay in whatever state it is, and that state: for moderators only."""
    row = connection.execute(select(essays).where(essays.c.id == essay_id)).one_or_none()
    return None if row is None else (essay_of(row), State(row.state))


def find_at(connection: Connection, address: str) -> int | None:
    """Return the id of the essay that came from an address, in whatever state it is."""
    key = address_key(address)
    found = select(essays.c.id).where(essays.c.address_key == key).order_by(essays.c.id).limit(1)
    return connection.execute(found).scalar() if key else None


def latest(connection: Connection, limit: int, offset: int = 0) -> list[Essay]:
    """Return the published essays added last, by day; of one day the newest dated ones first, undated ones last."""
    newest = (func.date(essays.c.added_at).desc(), essays.c.published.desc().nulls_last(), essays.c.id.desc())
    listed = select(essays.c.id).where(essays.c.state == State.PUBLISHED).order_by(*newest).limit(limit).offset(offset)
    ids = list(connection.execute(listed).scalars())
    found = load(connection, ids)
    return [found[key] for key in ids if key in found]


def in_series(connection: Connection, name: str) -> list[int]:
    """Return the ids of the published essays of a series, in the order of their numbers."""
    named = (essays.c.series == name) & (essays.c.state == State.PUBLISHED)
    query = select(essays.c.id).where(named).order_by(essays.c.series_part, essays.c.id)
    return list(connection.execute(query).scalars())


def public_pages(connection: Connection, limit: int) -> list[tuple[int, date | None]]:
    """Return id and date of the published essays for everybody, the last added first."""
    public = (essays.c.state == State.PUBLISHED) & (essays.c.visibility == str(Visibility.PUBLIC))
    newest = select(essays.c.id, essays.c.published).where(public).order_by(essays.c.id.desc()).limit(limit)
    return [(row.id, row.published) for row in connection.execute(newest)]


def count(connection: Connection) -> int:
    return connection.execute(
        select(func.count()).select_from(essays).where(essays.c.state == State.PUBLISHED)
    ).scalar_one()


def add(
    connection: Connection,
    essay: Essay,
    at: datetime,
    *,
    news: bool = True,
    by: str | None = None,
    is_another: bool = False,
) -> Added:
    """Add an essay, or change the one that is the same (see `same_essay`); a reprint of another is no news.

    A withdrawn essay stays withdrawn when it is added again, and one for members stays theirs. `is_another`: an editor says that
    it is none of the archive's essays, however alike; only one that is the same in every letter is not added again.
    """
    signature = Signature.of(essay.body)
    found = candidates(connection, essay)
    known = same_text(found)
    near = [] if known else near_duplicates(connection, signature)
    if known is None and not is_another:
        known = same_essay(connection, essay, signature, found, near)
    if known is not None:
        row, essay = known
        if row.content_hash == content_hash(essay):
            return Added(essay_of(row), Status.UNCHANGED, row.near_duplicate_of)
        changed = change(connection, essay, at, by=by)
        return Added(changed, Status.CHANGED, row.near_duplicate_of)
    twin = near[0].essay_id if near else None
    is_reprint = not is_another and any(one.similarity >= REPRINT for one in near)
    number = _advance(connection)
    row = _columns(essay, signature) | {
        "revision": number,
        "born": number if news and not is_reprint else 0,
        "state": State.PUBLISHED,
        "near_duplicate_of": twin,
        "added_at": at.astimezone(UTC),
    }
    result = connection.execute(insert(essays), row)
    (essay_id,) = result.inserted_primary_key or (0,)
    kept = replace(essay, id=int(essay_id), revision=number)
    keep_bands(connection, kept.id, signature)
    _keep_version(connection, kept, State.PUBLISHED, at, by)
    return Added(kept, Status.ADDED, twin)


def change(connection: Connection, essay: Essay, at: datetime, *, by: str | None = None) -> Essay:
    """Replace the content of essay `essay.id`. Raises LookupError when there is none."""
    signature = Signature.of(essay.body)
    number = _advance(connection)
    changed = connection.execute(
        update(essays).where(essays.c.id == essay.id).values(**_columns(essay, signature), revision=number)
    ).rowcount
    if not changed:
        raise LookupError(essay.id)
    connection.execute(delete(bands).where(bands.c.essay_id == essay.id))
    keep_bands(connection, essay.id, signature)
    kept = replace(essay, revision=number)
    state = connection.execute(select(essays.c.state).where(essays.c.id == essay.id)).scalar_one()
    _keep_version(connection, kept, State(state), at, by)
    return kept


def set_state(connection: Connection, essay_id: int, state: State, at: datetime, *, by: str | None = None) -> Essay:
    """Withdraw an essay, or publish it again. Raises LookupError when there is none."""
    found = find_any(connection, essay_id)
    if found is None:
        raise LookupError(essay_id)
    number = _advance(connection)
    connection.execute(update(essays).where(essays.c.id == essay_id).values(state=state, revision=number))
    kept = replace(found[0], revision=number)
    _keep_version(connection, kept, state, at, by)
    return kept


def history(connection: Connection, essay_id: int) -> list[Version]:
    """Return every version of an essay, newest first."""
    rows = connection.execute(
        select(versions).where(versions.c.essay_id == essay_id).order_by(versions.c.revision.desc())
    )
    return [
        Version(version_of(row.essay, row.essay_id, row.revision), State(row.state), row.changed_at, row.changed_by)
        for row in rows
    ]


def changed_within(connection: Connection, before: int, last: int, by: str) -> list[int]:
    """Return the ids of the essays that this person changed after revision `before`, up to `last`."""
    query = select(versions.c.essay_id).where(versions.c.revision > before, versions.c.revision <= last)
    return sorted(set(connection.execute(query.where(versions.c.changed_by == by)).scalars()))


def last_correction(connection: Connection, essay_id: int) -> tuple[Essay, datetime] | None:
    """Return an essay as it was before it got its present words, and when it got them; None where it has its first words."""
    known = history(connection, essay_id)
    said = [(one.essay.title, one.essay.blocks) for one in known]
    if not said or said[0] == said[-1]:
        return None
    before = next(place for place, words in enumerate(said) if words != said[0])
    return known[before].essay, known[before - 1].changed_at


def mark_as_news(connection: Connection, essay_id: int) -> bool:
    """Let a published essay become news from now on; return False where it is news already, or not published."""
    quiet = (essays.c.id == essay_id) & (essays.c.born == 0) & (essays.c.state == State.PUBLISHED)
    if connection.execute(select(essays.c.id).where(quiet)).first() is None:
        return False
    return bool(connection.execute(update(essays).where(quiet).values(born=_advance(connection))).rowcount)


def find_duplicate(connection: Connection, essay: Essay) -> tuple[int, bool] | None:
    """Find an essay that says nearly the same: (id, whether adding this one would change that one); None when there is none."""
    signature = Signature.of(essay.body)
    near = near_duplicates(connection, signature)
    same = same_essay(connection, essay, signature, candidates(connection, essay), near)
    if same is not None and same[0].id != essay.id:
        return same[0].id, True
    return next(((one.essay_id, False) for one in near if one.essay_id != essay.id), None)


def news_since(connection: Connection, since: int, until: int) -> list[int]:
    """Return the ids of published essays that became news after revision `since`, up to `until`, oldest first."""
    rows = connection.execute(
        select(essays.c.id)
        .where(essays.c.born > since, essays.c.born <= until, essays.c.state == State.PUBLISHED)
        .order_by(essays.c.born)
    )
    return [row.id for row in rows]


def newest_news(connection: Connection) -> int:
    """Return the revision at which a published essay last became news; 0 when none ever did."""
    return connection.execute(select(func.max(essays.c.born)).where(essays.c.state == State.PUBLISHED)).scalar() or 0


def _columns(essay: Essay, signature: Signature) -> dict[str, Any]:
    return to_json(essay) | {
        "published": essay.published,
        "open_blocks": essay.open_blocks,
        "series": essay.series.name if essay.series else None,
        "series_part": essay.series.part if essay.series else None,
        "title_key": title_key(essay.title),
        "address_key": address_key(essay.url),
        "content_hash": content_hash(essay),
        "signature": signature.pack(),
    }


def _advance(connection: Connection) -> int:
    if not connection.execute(_MOVE).rowcount:
        connection.execute(insert(archive).values(id=1, revision=1))
    number = revision(connection)
    _SET_MARK.run(connection, revision=number, mark=uuid4().hex)
    return number


def _keep_version(connection: Connection, essay: Essay, state: State, at: datetime, by: str | None) -> None:
    row = {
        "essay_id": essay.id,
        "revision": essay.revision,
        "essay": to_json(essay),
        "state": state,
        "changed_at": at.astimezone(UTC),
        "changed_by": by,
    }
    _KEEP_VERSION.run(connection, **row)
