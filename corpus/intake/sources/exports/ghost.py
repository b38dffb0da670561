"""Ghost's JSON export (ghost.org/docs/migration/ghost): posts, tags and people in tables of their own."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from corpus.essay import Visibility
from corpus.intake.sources.exports.ghost_bodies import html_of_lexical, html_of_mobiledoc
from corpus.intake.sources.post import Post, day_of, html_of_plain, plain


def read(data: bytes, name: str) -> list[Post]:
    """Return the posts and pages of an export."""
    said = json.loads(data)
    tables: dict[str, list[dict[str, Any]]] = (said["db"][0] if "db" in said else said)["data"]
    tags = {str(row["id"]): plain(row["name"]) for row in tables.get("tags", ()) if not _is_internal(row)}
    people = {str(row["id"]): plain(row["name"]) for row in tables.get("users", ())}
    tags_of, authors_of = _linked(tables, "posts_tags", "tag_id"), _linked(tables, "posts_authors", "author_id")
    return [_post(row, tags_of, authors_of, tags, people) for row in tables["posts"]]


def _post(
    row: dict[str, Any],
    tags_of: dict[str, list[str]],
    authors_of: dict[str, list[str]],
    tags: dict[str, str],
    people: dict[str, str],
) -> Post:
    number = str(row["id"])
    writers = authors_of.get(number) or [str(row.get("author_id") or row.get("primary_author_id") or "")]
    named = [people[writer] for writer in writers if writer in people]
    open_to_all = str(row.get("visibility") or "public") == "public"
    return Post(
        address=str(row.get("canonical_url") or ""),
        title=plain(row.get("title")),
        published=_day(row.get("published_at")),
        author="、".join(named) or None,
        tags=tuple(dict.fromkeys(tags[tag] for tag in tags_of.get(number, ()) if tag in tags)),
        visibility=Visibility.PUBLIC if open_to_all else Visibility.MEMBERS,
        html=_body(row),
        number=number,
        unpublished=_unpublished(row),
    )


def _unpublished(row: dict[str, Any]) -> str:
    if row.get("type") == "page" or str(row.get("page") or "0") in ("1", "True"):
        return "網站的頁面"
    return "" if row.get("status") in ("published", "sent") else "草稿"


def _body(row: dict[str, Any]) -> str:
    """Return the text as HTML; of a post that was never rendered, made of what its editor keeps, or its plain text."""
    html = str(row.get("html") or "")
    for column, read_body in (("lexical", html_of_lexical), ("mobiledoc", html_of_mobiledoc)):
        if not html and row.get(column):
            with suppress(ValueError, TypeError, LookupError, RecursionError):
                html = read_body(str(row[column]))
    if html:
        return html.replace("__GHOST_URL__", "")
    return html_of_plain(row.get("plaintext"))


def _day(written: Any) -> Any:
    if isinstance(written, int):  # milliseconds, in exports of old
        return day_of(datetime.fromtimestamp(written / 1000, UTC).isoformat())
    written = str(written or "").replace(" ", "T")
    return day_of(written if written.endswith("Z") or "+" in written or not written else f"{written}Z")


def _is_internal(row: dict[str, Any]) -> bool:
    return row.get("visibility") == "internal" or str(row.get("name", "")).startswith("#")


def _linked(tables: dict[str, list[dict[str, Any]]], table: str, column: str) -> dict[str, list[str]]:
    rows = sorted(tables.get(table, ()), key=lambda row: row.get("sort_order") or 0)
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[str(row["post_id"])].append(str(row[column]))
    return found
