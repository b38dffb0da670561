"""The authors of the archive's essays: how many each has written, and which."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from corpus.language.text import fold
from corpus.storage.schema import State, essays
from corpus.storage.topics import TopicCount

_BETWEEN = re.compile(r"\s*[、,，/／;；&＆]\s*|\s+and\s+", re.IGNORECASE)


def names_in(author: str | None) -> tuple[str, ...]:
    """Return the people whom a byline names: 「林以晨、許庭瑜」 is two."""
    return tuple(dict.fromkeys(name for part in _BETWEEN.split(author or "") if (name := part.strip())))


def is_by(author: str | None, name: str) -> bool:
    """Tell whether a byline names that author, alone or beside others, in any width, script and case."""
    return fold(name) in (fold(author or ""), *map(fold, names_in(author)))


def tallies(connection: Connection) -> list[TopicCount]:
    """Return every author with the number and the latest date of their essays, most essays first."""
    rows = connection.execute(select(essays.c.author, essays.c.published).where(*_SIGNED))
    written: dict[str, list[tuple[str, date | None]]] = defaultdict(list)
    for author, published in rows:
        for name in names_in(author):
            written[fold(name)].append((name, published))
    found = [TopicCount(key, signed[0][0], len(signed), _latest(signed)) for key, signed in written.items()]
    return sorted(found, key=lambda one: (-one.essays, one.key))


def essays_by(connection: Connection, name: str) -> list[int]:
    """Return the ids of an author's essays, newest dated first, undated last."""
    newest = (essays.c.published.is_(None), essays.c.published.desc(), essays.c.id.desc())
    rows = connection.execute(select(essays.c.id, essays.c.author).where(*_SIGNED).order_by(*newest))
    return [row.id for row in rows if is_by(row.author, name)]


_SIGNED = (essays.c.state == State.PUBLISHED, essays.c.author.is_not(None), essays.c.author != "")


def _latest(signed: Iterable[tuple[str, date | None]]) -> date | None:
    return max((published for _, published in signed if published), default=None)
