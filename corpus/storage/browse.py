"""The archive as editors leaf through it: every essay in whatever state, the last changed first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Text, cast, func, or_, select, true

from corpus.essay import Essay, Visibility
from corpus.storage.essay_store import find_any
from corpus.storage.identity import title_key
from corpus.storage.post_readings import READ_AS_SEVERAL, WITH_LOST_PICTURES
from corpus.storage.readable import names_circle
from corpus.storage.schema import State, essays, source_posts

SHORT, LONG = 1_200, 60_000  # characters of the blocks as they are kept: some 200 and 10,000 Chinese ones


class Doubt(StrEnum):
    """A mistake that an import may have made, for an editor to look at."""

    UNDATED = "undated"
    UNSIGNED = "unsigned"
    SHORT = "short"
    LONG = "long"
    ALIKE = "alike"  # it resembles another essay
    SPLIT = "split"  # a post of a source that may be several essays
    PICTURES = "pictures"  # some of its pictures could not be had


@dataclass(frozen=True, slots=True)
class EssayFilter:
    """The essays that an editor looks for. Empty: all."""

    words: str = ""  # of the title, author or source; or an essay's number
    state: State | None = None
    visibility: Visibility | None = None
    doubt: Doubt | None = None
    source: int | None = None  # the source whose posts are wanted


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of the list; `total` counts all that was found."""

    essays: tuple[tuple[Essay, State], ...]
    total: int


def browse(
    connection: Connection, wanted: EssayFilter, limit: int, offset: int = 0, also: Collection[int] = ()
) -> ResultPage:
    """Return a page of the wanted essays, the last changed first; `also` are ids that a search has found for the same words."""
    which = _named(wanted.words, also)
    if wanted.state is not None:
        which &= essays.c.state == wanted.state
    if wanted.visibility is not None:
        which &= or_(*map(names_circle, wanted.visibility.circles))
    if wanted.doubt is not None:
        which &= _DOUBTFUL[wanted.doubt]
    if wanted.source is not None:
        which &= essays.c.id.in_(select(source_posts.c.essay_id).where(source_posts.c.source_id == wanted.source))
    total = connection.execute(select(func.count()).select_from(essays).where(which)).scalar_one()
    query = select(essays.c.id).where(which).order_by(essays.c.revision.desc()).limit(limit).offset(offset)
    ids = connection.execute(query).scalars().all()
    found = [find_any(connection, essay_id) for essay_id in ids]
    return ResultPage(tuple(pair for pair in found if pair is not None), total)


_LENGTH = func.length(cast(essays.c.blocks, Text))
_DOUBTFUL: dict[Doubt, ColumnElement[bool]] = {
    Doubt.UNDATED: essays.c.published.is_(None),
    Doubt.UNSIGNED: func.coalesce(essays.c.author, "") == "",
    Doubt.SHORT: _LENGTH < SHORT,
    Doubt.LONG: _LENGTH > LONG,
    Doubt.ALIKE: essays.c.near_duplicate_of.is_not(None),
    Doubt.SPLIT: READ_AS_SEVERAL,
    Doubt.PICTURES: WITH_LOST_PICTURES,
}


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
