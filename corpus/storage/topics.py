"""The topics of the archive's essays, as kept in the database: securities, themes, words to consider."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Select,
    Subquery,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    desc,
    func,
    insert,
    select,
    union_all,
    update,
)

from corpus.analysis.analysis import Analysis
from corpus.essay import Audience
from corpus.storage.prepared import Prepared
from corpus.storage.readable import readable_by
from corpus.storage.schema import State, essay_themes, essays, mentions, open_mentions, open_themes, suggestions
from corpus.storage.topic_places import TopicPlaces

_NAME, _NAME_OPENLY = Prepared(insert(mentions)), Prepared(insert(open_mentions))
_TREAT, _TREAT_OPENLY = Prepared(insert(essay_themes)), Prepared(insert(open_themes))

NEIGHBOURS = 20  # candidates for further reading that share topics


@dataclass(frozen=True, slots=True)
class TopicCount:
    """One topic, or author, with the number and the latest date of its essays."""

    key: str  # "2330.TWSE", a theme's key or an author's folded name
    name: str
    essays: int
    latest: date | None


def replace(connection: Connection, essay_id: int, analysis: Analysis, open_part: Analysis | None = None) -> None:
    """Replace the topics of an essay, and those of its open part."""
    for table in (mentions, essay_themes, open_mentions, open_themes):
        connection.execute(delete(table).where(table.c.essay_id == essay_id))
    keep(connection, essay_id, analysis, open_part)


def keep(connection: Connection, essay_id: int, analysis: Analysis, open_part: Analysis | None = None) -> None:
    """Keep the topics of an essay of which none are kept yet, and those of its open part, where it has one."""
    _write(connection, _NAME, _TREAT, essay_id, analysis)
    if open_part is not None:
        _write(connection, _NAME_OPENLY, _TREAT_OPENLY, essay_id, open_part)


def _write(connection: Connection, named: Prepared, treated: Prepared, essay_id: int, analysis: Analysis) -> None:
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
        named.run_many(connection, rows)
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
        treated.run_many(connection, weights)


def security_places(connection: Connection, code: str, exchange: str, audience: Audience) -> TopicPlaces:
    """Return the essays that name a security, newest dated first, undated last; mere sources of a figure do not count."""
    named = _seen(mentions, open_mentions, audience)
    return _places(connection, _naming(named, code, exchange), named)


def is_named(connection: Connection, code: str, exchange: str, audience: Audience) -> bool:
    """Tell whether an essay names a security, and not merely as the source of a figure."""
    named = _seen(mentions, open_mentions, audience)
    return bool(connection.execute(select(_naming(named, code, exchange).exists())).scalar())


def theme_places(connection: Connection, key: str, audience: Audience, *, main: bool = False) -> TopicPlaces:
    """Return the essays that treat a theme, newest dated first, undated last."""
    treated = _seen(essay_themes, open_themes, audience)
    query = _occurrences(treated, treated.c.weight).where(treated.c.key == key)
    return _places(connection, query.where(treated.c.main) if main else query, treated)


def themes_of(
    connection: Connection, ids: Collection[int], *, main: bool = False, opened: bool = False
) -> dict[int, tuple[str, ...]]:
    """Return the theme keys of each essay, heaviest first; `main`: of main themes only; `opened`: of its open part."""
    rows = connection.execute(_THEMES_OF[opened, main], {"ids": list(ids)}) if ids else ()
    found: dict[int, tuple[str, ...]] = {}
    for essay_id, key in rows:
        found[essay_id] = (*found.get(essay_id, ()), key)
    return found


def securities_of(
    connection: Connection, ids: Collection[int], *, opened: bool = False
) -> dict[int, tuple[tuple[str, str], ...]]:
    """Return (code, exchange) of the securities each essay, or its open part, is about, most mentioned first."""
    rows = connection.execute(_SECURITIES_OF[opened], {"ids": list(ids)}) if ids else ()
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for essay_id, code, exchange in rows:
        found[essay_id] = (*found.get(essay_id, ()), (code, exchange))
    return found


# Statements of every card: made once, so that their compiled forms are found at once.
_IDS: Any = bindparam("ids", expanding=True)


def _query_of_themes(treated: Table, *, main: bool) -> Select[Any]:
    query = select(treated.c.essay_id, treated.c.key).where(treated.c.essay_id.in_(_IDS))
    query = query.order_by(desc(treated.c.main), desc(treated.c.weight))
    return query.where(treated.c.main) if main else query


def _query_of_securities(named: Table) -> Select[Any]:
    query = select(named.c.essay_id, named.c.code, named.c.exchange).where(named.c.essay_id.in_(_IDS), named.c.subject)
    return query.order_by(desc(named.c.count))


_THEMES_OF = {
    (opened, main): _query_of_themes(open_themes if opened else essay_themes, main=main)
    for opened in (False, True)
    for main in (False, True)
}
_SECURITIES_OF = {False: _query_of_securities(mentions), True: _query_of_securities(open_mentions)}


def sharing(connection: Connection, essay_id: int, audience: Audience) -> set[int]:
    """Return the ids of essays that share most of this one's main themes and subject securities: candidates for further reading."""
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
    """Return every security the archive speaks of, the most written about first."""
    named = _seen(mentions, open_mentions, audience)
    query = select(named.c.code, named.c.exchange, func.max(named.c.name), func.count(), func.max(named.c.published))
    query = query.where(named.c.subject).group_by(named.c.code, named.c.exchange)
    rows = connection.execute(query.order_by(desc(func.count()), named.c.code))
    return [TopicCount(f"{code}.{exchange}", name, count, latest) for code, exchange, name, count, latest in rows]


def theme_tallies(connection: Connection, audience: Audience) -> list[TopicCount]:
    """Return every theme that is a main one of some essay, with all essays that treat it; the caller fills in its name."""
    treated = _seen(essay_themes, open_themes, audience)
    query = select(treated.c.key, func.count(), func.max(treated.c.published)).group_by(treated.c.key)
    query = query.having(func.count().filter(treated.c.main) > 0)
    rows = connection.execute(query.order_by(desc(func.count()), treated.c.key))
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
    """Return (word, weight, essay id) of the words that wait for a decision, weightiest first."""
    rows = connection.execute(
        select(suggestions.c.word, suggestions.c.weight, suggestions.c.essay_id)
        .where(suggestions.c.state == "open")
        .order_by(desc(suggestions.c.weight))
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def decide(connection: Connection, word: str, state: str) -> bool:
    """Accept or reject a suggested word; return False when nobody suggested it."""
    changed = connection.execute(update(suggestions).where(suggestions.c.word == word).values(state=state))
    return bool(changed.rowcount)


def _visible(query: Select[Any], audience: Audience) -> Select[Any]:
    return query.where(essays.c.state == State.PUBLISHED, readable_by(audience))


def _seen(whole: Table, opened: Table, audience: Audience) -> Subquery:
    """Select the topics of published essays, each with the essay's date: of its open part where this audience may not read it whole."""
    may = readable_by(audience)

    def rows(table: Table, condition: ColumnElement[bool]) -> Select[Any]:
        query = select(table, essays.c.published).join(essays, essays.c.id == table.c.essay_id)
        return query.where(essays.c.state == State.PUBLISHED, condition)

    if audience.reads_all:
        return rows(whole, may).subquery()
    return union_all(rows(whole, may), rows(opened, ~may)).subquery()


def _occurrences(seen: Subquery, weight: ColumnElement[Any]) -> Select[Any]:
    return select(seen.c.essay_id, seen.c.published, cast(weight, Float), cast(seen.c.paragraphs, Text))


def _naming(named: Subquery, code: str, exchange: str) -> Select[Any]:
    wanted = _occurrences(named, named.c.count)
    return wanted.where(named.c.code == code, named.c.exchange == exchange, named.c.subject)


def _places(connection: Connection, query: Select[Any], seen: Subquery) -> TopicPlaces:
    ordered = query.order_by(seen.c.published.is_(None), desc(seen.c.published), desc(seen.c.essay_id))
    return TopicPlaces((row[0], row[1], row[2], row[3]) for row in connection.execute(ordered))
