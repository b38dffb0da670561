"""The archive as its keepers leaf through it: every essay in whatever state, what changed last first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from corpus.essay import Essay, Visibility
from corpus.storage.essay_store import State, find_any, title_key
from corpus.storage.readable import names_circle
from corpus.storage.schema import essays


@dataclass(frozen=True, slots=True)
class EssayFilter:
    """What a keeper looks for. Empty: everything."""

    words: str = ""  # of the title, author or source; or an essay's number
    state: State | None = None
    visibility: Visibility | None = None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of the list; `total` counts all that was found."""

    essays: tuple[tuple[Essay, State], ...]
    total: int


def browse(
    connection: Connection, wanted: EssayFilter, limit: int, offset: int = 0, also: Collection[int] = ()
) -> ResultPage:
    """Essays as wanted; `also` are ids that a search has found for the same words."""
    which = _named(wanted.words, also)
    if wanted.state is not None:
        which &= essays.c.state == wanted.state
    if wanted.visibility is not None:
        which &= or_(*map(names_circle, wanted.visibility.circles))
    total = connection.execute(select(func.count()).select_from(essays).where(which)).scalar_one()
    query = select(essays.c.id).where(which).order_by(essays.c.revision.desc()).limit(limit).offset(offset)
    ids = connection.execute(query).scalars().all()
    found = [find_any(connection, essay_id) for essay_id in ids]
    return ResultPage(tuple(pair for pair in found if pair is not None), total)


def _named(words: str, also: Collection[int]) -> ColumnElement[bool]:
    words = words.strip()
    if not words:
        return true()
    ways: list[ColumnElement[bool]] = [
        essays.c.author.contains(words, autoescape=True),
        essays.c.source.contains(words, autoescape=True),
        essays.c.id.in_(also),
    ]
    if key := title_key(words):
        ways.append(essays.c.title_key.contains(key, autoescape=True))
    if words.isascii() and words.isdigit() and len(words) < 10:
        ways.append(essays.c.id == int(words))
    return or_(*ways)
