"""Discovery of a site: the doors by which its posts can be had, found by one address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

from corpus.intake.errors import IntakeError
from corpus.intake.fetch import WebResponse
from corpus.intake.sources.addresses import absolute
from corpus.intake.sources.client import SourceClient
from corpus.intake.sources.feeds import Feed, is_feed, parse_feed, with_header
from corpus.intake.sources.pages import listed_posts, parsed_page
from corpus.intake.sources.post import Post, plain
from corpus.intake.sources.sitemaps import entries
from corpus.intake.sources.source import Source, SourceDoors, SourceRule
from corpus.intake.sources.wordpress import PostPage, WordPress

SAMPLES = 5
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")
_USUAL_FEEDS = ("feed/", "rss.xml", "atom.xml", "feed.xml", "feed.json", "index.xml", "rss")
_USUAL_MAPS = ("wp-sitemap.xml", "sitemap_index.xml", "sitemap.xml")
_API_IN_HEADER = re.compile(r"<([^>]*)>\s*;\s*rel=\"?https://api\.w\.org/", re.IGNORECASE)
_API = "//link[@rel='https://api.w.org/']/@href"


@dataclass(frozen=True, slots=True)
class Discovery:
    """The findings at an address, before anything is taken in."""

    doors: SourceDoors
    title: str
    count: int
    oldest: date | None = None
    newest: date | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    for_members: int = 0  # among those that were looked at
    looked_at: int = 0
    samples: tuple[Post, ...] = field(default=())


def discover(url: str, client: SourceClient) -> Discovery:
    """Find the doors of a site and what stands behind the best of them. Raises IntakeError where there is nothing to take."""
    answer = client.get(url, accept="text/html, application/rss+xml, application/xml, application/json")
    if answer.status != 200:
        raise IntakeError(f"網站沒有給內容（代碼 {answer.status}）", url, "請檢查網址")
    if is_feed(answer.data):
        feed = with_header(parse_feed(answer.data, answer.url), answer)
        return _of_posts(_doors(url, [(answer.url, feed)]), feed.title, feed.posts, len(feed.posts))
    page = parsed_page(answer)
    home = url if answer.url == url or not answer.moved else answer.url
    title = plain(page.xpath("string(//title)")) if page is not None else ""
    if (found := _wordpress(client, home, answer, page, title)) is not None:
        return found
    maps = find_maps(client, home) if b"<urlset" not in answer.data and b"<sitemapindex" not in answer.data else [url]
    feeds = list(_feeds(client, home, page))
    if maps:
        return _by_sitemap(client, _doors(home, feeds, maps=tuple(maps)), title, feeds)
    if feeds:
        feed = feeds[0][1]
        return _of_posts(_doors(home, feeds), feed.title or title, feed.posts, len(feed.posts))
    return _by_lists(client, SourceDoors(home), title)


def _wordpress(client: SourceClient, home: str, answer: WebResponse, page: Any, title: str) -> Discovery | None:
    """Return the findings of a WordPress whose list of posts is open to everybody; None of any other site."""
    named = list(page.xpath(_API)) if page is not None else []
    named += _API_IN_HEADER.findall(answer.headers.get("link", ""))
    for api in dict.fromkeys([*(absolute(answer.url, link) for link in named), urljoin(_folder(home), "wp-json/")]):
        try:
            wordpress = WordPress(client, api)
            first = wordpress.page(1, 20)
        except IntakeError:  # a closed door, or none
            continue
        if first is None:
            continue
        oldest: PostPage | None = None
        with suppress(IntakeError):
            oldest = wordpress.page(1, 1, orderby="date", order="asc")
        doors = _doors(home, list(_feeds(client, home, page)), api, tuple(find_maps(client, home)))
        found = _of_posts(doors, title, first.posts, first.total or len(first.posts))
        began = oldest.posts[0].published if oldest else None
        days = [day for day in (began, found.oldest) if day]
        return replace(found, oldest=min(days, default=None))
    return None


def _by_sitemap(client: SourceClient, doors: SourceDoors, title: str, feeds: list[tuple[str, Feed]]) -> Discovery:
    listed = list(entries(client, doors.maps, doors.home))
    posts = feeds[0][1].posts if feeds else tuple(Post(entry.address) for entry in listed[-SAMPLES:])
    found = replace(_of_posts(doors, title, posts, len(listed)), oldest=None)  # these few posts do not tell the oldest
    if not listed and feeds:
        return _of_posts(_doors(doors.home, feeds), title, posts, len(posts))
    return found


def _by_lists(client: SourceClient, doors: SourceDoors, title: str) -> Discovery:
    addresses: dict[str, None] = {}
    for _, found in listed_posts(client, doors.home):
        addresses |= dict.fromkeys(found)
    if not addresses:
        raise IntakeError("這裡找不到文章的清單", doors.home, "請給部落格的首頁，或用匯出檔")
    return _of_posts(doors, title, tuple(map(Post, addresses)), len(addresses))


def _of_posts(doors: SourceDoors, title: str, posts: tuple[Post, ...], count: int) -> Discovery:
    days = [post.published for post in posts if post.published]
    return Discovery(
        doors=doors,
        title=title or doors.home,
        count=count,
        oldest=min(days, default=None),
        newest=max(days, default=None),
        authors=tuple(dict.fromkeys(post.author for post in posts if post.author)),
        tags=tuple(dict.fromkeys(tag for post in posts for tag in post.tags)),
        for_members=sum(not post.visibility.is_public for post in posts),
        looked_at=len(posts),
        samples=posts[:SAMPLES],
    )


def find_maps(client: SourceClient, home: str) -> list[str]:
    """Return the sitemaps that robots.txt names, or else the first at a usual place."""
    named = [url for url in client.rules_of(home).sitemaps if absolute(home, url)]
    for url in dict.fromkeys([*named, *(urljoin(_folder(home), name) for name in _USUAL_MAPS), *_at_root(home)]):
        try:
            if next(iter(entries(client, [url], home)), None) is not None:
                return named if url in named else [url]
        except IntakeError:
            continue
    return []


def _at_root(home: str) -> Iterator[str]:
    yield from (urljoin(home, f"/{name}") for name in _USUAL_MAPS)


def _feeds(client: SourceClient, home: str, page: Any) -> Iterator[tuple[str, Feed]]:
    """Yield the first feed that the page names, or that stands at a usual place."""
    links = page.xpath("//link[@rel='alternate'][@href]") if page is not None else []
    named = [absolute(home, link.get("href")) for link in links if (link.get("type") or "").lower() in _FEEDS]
    for url in dict.fromkeys([*filter(None, named), *(urljoin(_folder(home), name) for name in _USUAL_FEEDS)]):
        if "/comments/" in url:
            continue
        with suppress(IntakeError):
            answer = client.get(url)
            if answer.status == 200 and is_feed(answer.data):
                yield url, with_header(parse_feed(answer.data, answer.url), answer)
                return


def _doors(home: str, feeds: list[tuple[str, Feed]], api: str = "", maps: tuple[str, ...] = ()) -> SourceDoors:
    """Return the doors of a site, and the hub that its feed names."""
    hub, topic = (feeds[0][1].hub, feeds[0][1].topic) if feeds else ("", "")
    return SourceDoors(home, api, maps, tuple(at for at, _ in feeds), hub, topic if hub else "")


def _folder(home: str) -> str:
    return home if home.endswith("/") else f"{home}/"


def new_source(
    url: str, found: Discovery, rule: SourceRule, now: datetime, *, is_ours: bool, by: str | None = None
) -> Source:
    """Return a source of what was found, not kept yet."""
    said = {
        "count": found.count,
        "oldest": found.oldest.isoformat() if found.oldest else None,
        "newest": found.newest.isoformat() if found.newest else None,
        "authors": list(found.authors),
        "tags": list(found.tags),
        "for_members": found.for_members,
        "looked_at": found.looked_at,
        "samples": [
            [post.published.isoformat() if post.published else None, post.title or post.address, str(post.visibility)]
            for post in found.samples
        ],
    }
    return Source(
        url, found.title, found.doors, rule, added_at=now, next_at=now, is_ours=is_ours, added_by=by, found=said
    )
