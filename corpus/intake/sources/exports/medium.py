"""Medium's export: a zip with one HTML page a post, marked up as h-entry (help.medium.com)."""

from __future__ import annotations

import re
from typing import Any

import lxml.html

from corpus.essay import Visibility
from corpus.intake.sources.exports.archive_file import read_zip
from corpus.intake.sources.paywall import is_for_members
from corpus.intake.sources.post import Post, day_of, plain

_PAGE = re.compile(r"(?:^|/)posts/[^/]*\.html$")


def read(data: bytes, name: str) -> list[Post]:
    """Return the posts of an export; a page without a moment of publication is a draft."""
    pages = {path: content for path, content in read_zip(data, name).items() if _PAGE.search(path)}
    return [_post(path, content) for path, content in sorted(pages.items())]


def _post(path: str, content: bytes) -> Post:
    page = lxml.html.document_fromstring(content.decode("utf-8", "replace"))
    body = next(iter(page.xpath("//section[@data-field='body'] | //*[contains(@class,'e-content')]")), None)
    html = lxml.html.tostring(_without_title(body), encoding="unicode") if body is not None else ""
    published = next(iter(page.xpath("//*[contains(@class,'dt-published')]/@datetime")), "")
    tags = page.xpath("//*[contains(concat(' ',@class,' '),' p-category ')]")
    return Post(
        address=str(next(iter(page.xpath("//*[contains(@class,'p-canonical')]/@href")), "")),
        title=plain(page.xpath("string(//h1[contains(@class,'p-name')])") or page.xpath("string(//title)")),
        published=day_of(published),
        author=plain(page.xpath("string(//*[contains(@class,'p-author')])")) or None,
        tags=tuple(dict.fromkeys(plain(tag.text_content()) for tag in tags)),
        visibility=Visibility.MEMBERS if is_for_members(html) else Visibility.PUBLIC,
        html=html,
        number=path.rpartition("-")[2].removesuffix(".html"),
        unpublished="草稿" if path.rpartition("/")[2].startswith("draft_") or not published else "",
    )


def _without_title(body: Any) -> Any:
    """Return the text without the title that Medium repeats as its first heading."""
    for title in body.xpath(".//*[contains(@class,'graf--title')]")[:1]:
        title.drop_tree()
    return body
