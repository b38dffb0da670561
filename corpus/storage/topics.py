"""What the archive's essays are about, as kept in the database: securities, themes, words to consider."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, desc, func, insert, select, union_all, update

from corpus.analysis.analysis import Analysis
from corpus.essay import Audience
from corpus.storage.essay_store import State
from corpus.storage.readable import readable_by
from corpus.storage.schema import essay_themes, essays, mentions, suggestions

NEIGHBOURS = 20  # candidates for further reading, for what they are about


@dataclass(frozen=True, slots=True)
class TopicOccurrence:
    """One essay that speaks of a topic, and where."""

    essay_id: int
    published: date | None
    weight: float  # mentions of a security, or the weight of a theme
    paragraphs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How much the archive says about one topic."""

    key: str  # "2330.TWSE" or a theme's key
    name: str
    essays: int
    latest: date | None


def keep(connection: Connection, essay_id: int, analysis: Analysis) -> None:
    """Replace what is known of an essay's topics."""
    for table in (mentions, essay_themes):
        connection.execute(delete(table).where(table.c.essay_id == essay_id))
    rows = [
        {
            "essay_id": essay_id,
            "code": about.named.security.code,
            "exchange": about.named.security.exchange,
            "name": about.named.security.name,
            "count": len(about.named.mentions),
            "subject": about.named.subject and not about.named.weak,
            "paragraphs": list(about.paragraphs),
        }
        for about in analysis.securities
    ]
    if rows:
        connection.execute(insert(mentions), rows)
    weights = [
        {
            "essay_id": essay_id,
            "key": theme.key,
            "weight": theme.weight,
            "main": theme.main,
            "paragraphs": list(theme.paragraphs),
        }
        for theme in analysis.themes
    ]
    if weights:
        connection.execute(insert(essay_themes), weights)


def security_places(connection: Connection, code: str, exchange: str, audience: Audience) -> list[TopicOccurrence]:
    """Essays that name a security, newest dated first, undated last; mere sources of a figure do not count."""
    query = select(essays.c.id, essays.c.published, mentions.c.count, mentions.c.paragraphs).join(
        mentions, mentions.c.essay_id == essays.c.id
    )
    query = query.where(mentions.c.code == code, mentions.c.exchange == exchange, mentions.c.subject)
    return _places(connection, query, audience)


def theme_places(connection: Connection, key: str, audience: Audience, *, main: bool = False) -> list[TopicOccurrence]:
    """Essays that treat a theme, newest dated first, undated last."""
    query = select(essays.c.id, essays.c.published, essay_themes.c.weight, essay_themes.c.paragraphs).join(
        essay_themes, essay_themes.c.essay_id == essays.c.id
    )
    query = query.where(essay_themes.c.key == key)
    return _places(connection, query.where(essay_themes.c.main) if main else query, audience)


def themes_of(connection: Connection, ids: Collection[int], *, main: bool = False) -> dict[int, tuple[str, ...]]:
    """Theme keys of each essay, heaviest first; `main`: only what it is mainly about."""
    rows = connection.execute(_MAIN_THEMES_OF if main else _THEMES_OF, {"ids": list(ids)})
    found: dict[int, tuple[str, ...]] = {}
    for essay_id, key in rows:
        found[essay_id] = (*found.get(essay_id, ()), key)
    return found


def securities_of(connection: Connection, ids: Collection[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """(code, exchange) of the securities each essay is about, most mentioned first."""
    rows = connection.execute(_SECURITIES_OF, {"ids": list(ids)})
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for essay_id, code, exchange in rows:
        found[essay_id] = (*found.get(essay_id, ()), (code, exchange))
    return found


# Asked for every card; made once, their compiled forms are found at once.
_IDS: Any = bindparam("ids", expanding=True)
_THEMES_OF = (
    select(essay_themes.c.essay_id, essay_themes.c.key)
    .where(essay_themes.c.essay_id.in_(_IDS))
    .order_by(desc(essay_themes.c.main), desc(essay_themes.c.weight))
)
_MAIN_THEMES_OF = _THEMES_OF.where(essay_themes.c.main)
_SECURITIES_OF = (
    select(mentions.c.essay_id, mentions.c.code, mentions.c.exchange)
    .where(mentions.c.essay_id.in_(_IDS), mentions.c.subject)
    .order_by(desc(mentions.c.count))
)


def sharing(connection: Connection, essay_id: int, audience: Audience) -> set[int]:
    """Essays that share most main themes and subject securities with this one, newer ones first: candidates for further reading."""
    codes = select(mentions.c.code).where(mentions.c.essay_id == essay_id, mentions.c.subject)
    keys = select(essay_themes.c.key).where(essay_themes.c.essay_id == essay_id, essay_themes.c.main)
    shared = union_all(
        select(mentions.c.essay_id).where(mentions.c.code.in_(codes), mentions.c.subject),
        select(essay_themes.c.essay_id).where(essay_themes.c.key.in_(keys)),
    ).subquery()
    query = select(shared.c.essay_id).join(essays, essays.c.id == shared.c.essay_id)
    query = _visible(query.where(shared.c.essay_id != essay_id), audience).group_by(shared.c.essay_id)
    return set(
        connection.execute(query.order_by(desc(func.count()), desc(shared.c.essay_id)).limit(NEIGHBOURS)).scalars()
    )


def security_tallies(connection: Connection, audience: Audience) -> list[TopicCount]:
    """Every security the archive speaks of, the most written about first."""
    query = select(
        mentions.c.code, mentions.c.exchange, func.max(mentions.c.name), func.count(), func.max(essays.c.published)
    ).join(essays, essays.c.id == mentions.c.essay_id)
    query = _visible(query.where(mentions.c.subject), audience).group_by(mentions.c.code, mentions.c.exchange)
    rows = connection.execute(query.order_by(desc(func.count()), mentions.c.code))
    return [TopicCount(f"{code}.{exchange}", name, count, latest) for code, exchange, name, count, latest in rows]


def theme_tallies(connection: Connection, audience: Audience) -> list[TopicCount]:
    """Every theme that is the main one of some essay, with all essays that treat it; names are the caller's to fill in."""
    query = select(essay_themes.c.key, func.count(), func.max(essays.c.published)).join(
        essays, essays.c.id == essay_themes.c.essay_id
    )
    query = _visible(query, audience).group_by(essay_themes.c.key).having(func.count().filter(essay_themes.c.main) > 0)
    rows = connection.execute(query.order_by(desc(func.count()), essay_themes.c.key))
    return [TopicCount(key, key, count, latest) for key, count, latest in rows]


def suggest(connection: Connection, essay_id: int, words: Iterable[tuple[str, float]]) -> None:
    """Keep new words for a moderator to decide on; a word that was decided on stays decided."""
    weights = {word[:64]: weight for word, weight in words}
    known = select(suggestions.c.word).where(suggestions.c.word.in_(weights))
    new = weights.keys() - connection.execute(known).scalars()
    rows = [
        {"word": word, "weight": weights[word], "essay_id": essay_id, "state": "open"}
        for word in weights
        if word in new
    ]
    if rows:
        connection.execute(insert(suggestions), rows)


def open_suggestions(connection: Connection, limit: int = 50) -> list[tuple[str, float, int]]:
    """(word, weight, essay id) of the words that wait for a decision, weightiest first."""
    rows = connection.execute(
        select(suggestions.c.word, suggestions.c.weight, suggestions.c.essay_id)
        .where(suggestions.c.state == "open")
        .order_by(desc(suggestions.c.weight))
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def decide(connection: Connection, word: str, state: str) -> bool:
    """Accept or reject a suggested word; False when nobody suggested it."""
    changed = connection.execute(update(suggestions).where(suggestions.c.word == word).values(state=state))
    return bool(changed.rowcount)


def _visible(query: Select[Any], audience: Audience) -> Select[Any]:
    return query.where(essays.c.state == State.PUBLISHED, readable_by(audience))


def _places(connection: Connection, query: Select[Any], audience: Audience) -> list[TopicOccurrence]:
    ordered = _visible(query, audience).order_by(
        essays.c.published.is_(None), desc(essays.c.published), desc(essays.c.id)
    )
    return [TopicOccurrence(row[0], row[1], float(row[2]), tuple(row[3])) for row in connection.execute(ordered)]
