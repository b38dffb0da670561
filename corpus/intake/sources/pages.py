"""Posts out of a site's pages, where it has no other door: each page by itself, and the lists that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import lxml.html

from corpus.essay import Visibility
from corpus.intake.decode import read_text
from corpus.intake.errors import IntakeError
from corpus.intake.fetch import WebResponse
from corpus.intake.sources.addresses import absolute, below
from corpus.intake.sources.client import SourceClient
from corpus.intake.sources.paywall import is_for_members
from corpus.intake.sources.post import PROTECTED, Post, day_of
from corpus.intake.sources.shortcodes import without_shortcodes

HALF_PAGES = 3  # times that a page which ends in the middle is asked for again
MOST_LISTS = 5_000
HALF_READ = "網頁只來了一半"
GONE = (404, 410)
WALLED = (401, 402, 403, 451)

_ARTICLE = re.compile(
    r"article:published_time|property=[\"']og:type[\"']\s+content=[\"']article"
    r"|[\"']@type[\"']\s*:\s*\[?\s*[\"'](?:BlogPosting|NewsArticle|Article)|<time\b[^>]*\bdatetime=",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"<meta\b[^>]*\b(?:property|name|itemprop)=[\"'](?:article:published_time|datePublished)[\"'][^>]*\bcontent=[\"'](?P<meta>[^\"']+)"
    r"|<meta\b[^>]*\bcontent=[\"'](?P<meta2>[^\"']+)[\"'][^>]*\b(?:property|name|itemprop)=[\"'](?:article:published_time|datePublished)"
    r"|[\"']datePublished[\"']\s*:\s*[\"'](?P<data>[^\"']+)",
    re.IGNORECASE,
)
_ASKS_FOR_PASSWORD = re.compile(r"<form\b[^>]*(?:post-password-form|action=postpass)", re.IGNORECASE)  # WordPress's
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")  # lxml refuses text that declares an encoding
_TITLES = (
    "//*[self::h1 or self::h2 or self::h3][contains(@class,'title')]//a[@href] | //a[@rel='bookmark'][@href]"
    " | //article//*[self::h1 or self::h2 or self::h3]//a[@href]"
)
_NEXT = "//link[@rel='next']/@href | //a[@rel='next']/@href | //a[contains(concat(' ',@class,' '),' next ')]/@href"
_OLDER = "//div[contains(@class,'nav-previous')]//a/@href | //a[contains(@class,'older')]/@href"


def read_post_page(client: SourceClient, hint: Post, *, certain: bool = True) -> tuple[Post | None, int]:
    """Return the post that stands at `hint.address` (None where there is no post, or nothing has changed), and the status.

    What the hint knows already, from a feed or a sitemap, stays. Raises SourceError, IntakeError.
    """
    for _ in range(HALF_PAGES):
        answer = client.get(hint.address, etag=hint.etag, last_modified=hint.last_modified, accept="text/html")
        if answer.status in WALLED:
            return replace(hint, refusal="這一頁要登入才看得到"), answer.status
        if answer.status != 200:
            return None, answer.status
        if b"<html" not in answer.data[:4096].lower() or b"</html" in answer.data[-4096:].lower():
            page = read_text(answer.data, hint.address)
            if _ASKS_FOR_PASSWORD.search(page):
                return replace(hint, refusal=PROTECTED), 200
            return (_post(page, hint, answer), 200) if certain or _ARTICLE.search(page) else (None, 200)
    return replace(hint, refusal=HALF_READ), 200


def listed_posts(client: SourceClient, home: str, first: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield (list, addresses on it) of the pages that list a site's posts, the newest first, from `first` on."""
    at, seen = first or home, set[str]()
    while at and at not in seen and len(seen) < MOST_LISTS:
        seen.add(at)
        answer = client.get(at, accept="text/html")
        if answer.status != 200:
            return
        if (page := parsed_page(answer)) is None:
            return
        links = [absolute(answer.url, link.get("href")) for link in page.xpath(_TITLES)]
        found = [
            link for link in dict.fromkeys(links) if link and below(link, home) and link.rstrip("/") != home.rstrip("/")
        ]
        if not found:
            return
        yield at, found
        onward = next(iter(page.xpath(_NEXT) or page.xpath(_OLDER)), None)
        at = absolute(answer.url, onward) if onward else ""


def parsed_page(answer: WebResponse) -> Any:
    """Return a page's elements; None for what is no page."""
    try:
        text = read_text(answer.data, answer.url)
        return lxml.html.document_fromstring(_DECLARATION.sub("", text))
    except (IntakeError, lxml.etree.LxmlError, ValueError):
        return None


def _published(page: str) -> date | None:
    """Return the day of publication in Taipei that a page's head gives with its time zone."""
    found = _MOMENT.search(page)
    return day_of(found["meta"] or found["meta2"] or found["data"]) if found else None


def _post(page: str, hint: Post, answer: WebResponse) -> Post:
    marked = is_for_members(page)
    return replace(
        hint,
        published=hint.published or _published(page),
        html=without_shortcodes(page),
        whole_page=True,
        visibility=Visibility.MEMBERS if marked else hint.visibility,
        etag=answer.headers.get("etag", ""),
        last_modified=answer.headers.get("last-modified", ""),
    )


def is_gone(client: SourceClient, address: str) -> bool:
    """Tell whether a post is no longer there for everybody to read. Raises SourceError where that cannot be said now."""
    try:
        return client.get(address).status in (*GONE, *WALLED)
    except IntakeError as error:
        if type(error) is IntakeError:  # refused by the guard or by robots.txt: nothing can be said
            return False
        raise
