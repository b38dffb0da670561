"""Substack's export: a zip with posts.csv and one HTML file a post (support.substack.com)."""

from __future__ import annotations

import csv
from html import escape
from io import StringIO

from corpus.essay import Visibility
from corpus.intake.sources.exports.archive_file import read_zip
from corpus.intake.sources.paywall import is_for_members
from corpus.intake.sources.post import Post, day_of, html_of_plain, plain

_NO_POSTS = {"thread": "讀者的討論串", "page": "網站的頁面", "restack": "轉貼別人的文章"}


def read(data: bytes, name: str) -> list[Post]:
    """Return the posts of an export. `audience` says who may read: everyone, only_free, only_paid, founding."""
    files = read_zip(data, name)
    table = next(content for path, content in files.items() if path.rpartition("/")[2] == "posts.csv")
    pages = {
        path.rpartition("/")[2].removesuffix(".html"): content
        for path, content in files.items()
        if path.endswith(".html")
    }
    rows = csv.DictReader(StringIO(table.decode("utf-8-sig")))
    return [_post(row, pages) for row in rows]


def _post(row: dict[str, str], pages: dict[str, bytes]) -> Post:
    identity = row["post_id"]
    number = identity.partition(".")[0]
    page = pages.get(identity) or next((page for key, page in pages.items() if key.partition(".")[0] == number), b"")
    body = page.decode("utf-8", "replace")
    lead = html_of_plain(plain(row.get("subtitle")))
    heard = escape(row.get("podcast_url") or "")
    recording = f'<p><a href="{heard}">收聽錄音</a></p>' if heard else ""
    open_to_all = (row.get("audience") or "everyone") == "everyone" and not is_for_members(body)
    return Post(
        address="",
        title=plain(row.get("title")),
        published=day_of(row.get("post_date")),
        visibility=Visibility.PUBLIC if open_to_all else Visibility.MEMBERS,
        html=lead + body + recording,
        number=number,
        unpublished=_NO_POSTS.get(row.get("type") or "", "" if _is_published(row) else "草稿"),
    )


def _is_published(row: dict[str, str]) -> bool:
    return (row.get("is_published") or "").lower() == "true"
