"""A table with one post a row: title and text, and what else it says."""

from __future__ import annotations

import csv
import re
from io import StringIO

from corpus.essay import Visibility
from corpus.intake.byline import tags_in
from corpus.intake.decode import read_text
from corpus.intake.sources.paywall import is_for_members
from corpus.intake.sources.post import Post, day_of

_COLUMNS = {
    "title": ("title", "標題"),
    "body": ("content", "body", "html", "text", "markdown", "內文", "內容"),
    "published": ("published", "date", "published_at", "post_date", "日期", "發布日期", "發佈日期"),
    "author": ("author", "作者"),
    "tags": ("tags", "標籤"),
    "address": ("url", "link", "address", "網址", "連結"),
    "visibility": ("visibility", "audience", "誰可以看", "閱讀權限"),
    "status": ("status", "狀態"),
}
_OPEN = ("", "public", "everyone", "公開", "所有人", "free")
_DONE = ("", "publish", "published", "live", "已發布", "已發佈", "公開")
_MARKUP = re.compile(r"<(?:p|div|h[1-6]|br|ul|ol|table|figure|blockquote)\b", re.IGNORECASE)
_BIGGEST_CELL = 5 * 2**20


def read(data: bytes, name: str) -> list[Post]:
    """Return a post for each row of a table whose first row names the columns."""
    csv.field_size_limit(_BIGGEST_CELL)
    text = read_text(data, name)
    rows = csv.DictReader(StringIO(text), delimiter=header(text)[1])
    places = {field: column for column in rows.fieldnames or () for field in [_field(column)] if field}
    return [_post({field: (row.get(column) or "").strip() for field, column in places.items()}) for row in rows]


def header(text: str) -> tuple[list[str], str]:
    """Return the names in a table's first row and the sign that parts them: the comma, the semicolon of some Excels, or the tab."""
    first = text.partition("\n")[0]
    comma = max(",;\t", key=first.count)
    return next(csv.reader([first], delimiter=comma), []), comma


def _field(column: str) -> str:
    name = column.strip().lower()
    return next((field for field, names in _COLUMNS.items() if name in names), "")


def _post(row: dict[str, str]) -> Post:
    body = row.get("body", "")
    open_to_all = row.get("visibility", "").lower() in _OPEN and not is_for_members(body)
    return Post(
        address=row.get("address", ""),
        title=row.get("title", ""),
        published=day_of(row.get("published")),
        author=row.get("author") or None,
        tags=tags_in(row.get("tags", "")),
        visibility=Visibility.PUBLIC if open_to_all else Visibility.MEMBERS,
        html=body if _MARKUP.search(body) else _rendered(body),
        unpublished="" if row.get("status", "").lower() in _DONE else "草稿",
    )


def _rendered(text: str) -> str:
    from markdown_it import MarkdownIt  # slow to import

    return str(MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").render(text))
