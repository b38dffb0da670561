"""Feeds (RSS, Atom, JSON Feed): the newest posts of a site, some with their whole text."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from corpus.essay import Visibility
from corpus.intake.errors import IntakeError
from corpus.intake.fetch import WebResponse
from corpus.intake.sources.addresses import absolute
from corpus.intake.sources.paywall import is_for_members
from corpus.intake.sources.post import Post, day_at, day_of, html_of_plain, moment_of, plain
from corpus.intake.sources.shortcodes import without_shortcodes
from corpus.intake.sources.xml_safe import unpacked

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_START = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>|<!--.*?-->|<\?[^>]*\?>|\s)*<(?:rss|feed|rdf:RDF)\b", re.S
)


_LINK = re.compile(r"<([^>]*)>[^,]*?;\s*rel=\"?([^\";,]+)", re.IGNORECASE)  # RFC 8288
_LAST_TAG = re.compile(rb"</(?:rss|feed|rdf:RDF)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.S)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's name and posts. A post without `html` has only a teaser there."""

    title: str
    posts: tuple[Post, ...]
    generator: str = ""
    is_whole: bool = True  # the answer did not end in the middle
    hub: str = ""  # where one may ask to be told of what is new in `topic` (WebSub)
    topic: str = ""


def is_feed(data: bytes) -> bool:
    """Tell whether the first bytes are those of a feed."""
    start = data[:4096]
    return bool(_START.match(start)) or b'"https://jsonfeed.org/version' in start.replace(b"\\/", b"/")


def parse_feed(data: bytes, url: str) -> Feed:
    """Parse a feed; of one that ends in the middle, the posts before the last, which may be half a post.

    Raises IntakeError for what is no feed, and for XML that declares entities.
    """
    data = unpacked(data, url)
    if data.lstrip()[:1] == b"{":
        return _json_feed(data, url)
    if not is_feed(data):
        raise IntakeError("這不是訂閱來源", url, "請給 RSS、Atom 或 JSON Feed 的網址")
    if _ENTITY.search(data):
        raise IntakeError("這份訂閱來源宣告了實體，不安全", url, "請改用沒有 DTD 的訂閱來源")
    import feedparser

    read = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not read.entries and read.bozo:
        raise IntakeError("訂閱來源讀不出來", url, "晚一點會自己再試")
    is_whole = bool(_LAST_TAG.search(data[-4096:]))
    posts = (_post(entry, url) for entry in (read.entries if is_whole else read.entries[:-1]))
    generator = str(read.feed.get("generator"))
    told = tuple(post for post in posts if post)
    hub, topic = (_linked(read.feed.get("links", ()), kind, url) for kind in ("hub", "self"))
    return Feed(plain(read.feed.get("title")), told, generator, is_whole, hub, topic or url)


def _post(entry: Any, url: str) -> Post | None:
    address = absolute(url, entry.get("feedburner_origlink") or entry.get("link"))
    if not address:
        return None
    whole = next((part.get("value", "") for part in entry.get("content", ())), "")
    summary = str(entry.get("summary") or "")
    published = entry.get("published_parsed") or entry.get("updated_parsed")
    changed = entry["updated_parsed"] if dict.__contains__(entry, "updated_parsed") else published
    return Post(
        address=address,
        title=plain(entry.get("title")),
        published=day_at(calendar.timegm(published)) if published else None,
        author=plain(entry.get("author")) or None,
        tags=tuple(dict.fromkeys(filter(None, (plain(tag.get("term")) for tag in entry.get("tags", ()))))),
        visibility=Visibility.MEMBERS if is_for_members(whole + summary) else Visibility.PUBLIC,
        html=without_shortcodes(whole),
        modified=datetime.fromtimestamp(calendar.timegm(changed), UTC).isoformat() if changed else "",
    )


def _json_feed(data: bytes, url: str) -> Feed:
    """Parse a JSON Feed (https://jsonfeed.org/version/1.1)."""
    try:
        read = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise IntakeError("訂閱來源讀不出來", url, "晚一點會自己再試") from problem
    if not isinstance(read, dict) or not isinstance(read.get("items"), list):
        raise IntakeError("這不是訂閱來源", url, "請給 RSS、Atom 或 JSON Feed 的網址")
    posts = [_json_post(item, url) for item in read["items"] if isinstance(item, dict)]
    hubs = [hub for hub in read.get("hubs") or () if isinstance(hub, dict)]
    hub = next((absolute(url, hub.get("url")) for hub in hubs if str(hub.get("type")).lower() == "websub"), "")
    told = tuple(post for post in posts if post)
    return Feed(plain(read.get("title")), told, hub=hub, topic=absolute(url, read.get("feed_url")) or url)


def _linked(links: Iterable[Any], kind: str, url: str) -> str:
    """Return the first address among a feed's links of one kind: its hub, or its own."""
    return next((absolute(url, link.get("href")) for link in links if link.get("rel") == kind), "")


def with_header(feed: Feed, answer: WebResponse) -> Feed:
    """Return the feed with the hub and the topic that the Link header of its answer names, which count more than its own."""
    links = _LINK.findall(answer.headers.get("link", ""))
    said = {kind: absolute(answer.url, at) for at, kinds in reversed(links) for kind in kinds.lower().split()}
    return replace(feed, hub=said.get("hub") or feed.hub, topic=said.get("self") or feed.topic)


def _json_post(item: dict[str, Any], url: str) -> Post | None:
    address = absolute(url, str(item.get("url") or item.get("external_url") or item.get("id") or ""))
    if not address:
        return None
    people = item.get("authors") or [item.get("author")]
    names = [plain(person.get("name")) for person in people if isinstance(person, dict)]
    body = str(item.get("content_html") or "") or html_of_plain(item.get("content_text"))
    return Post(
        address=address,
        title=plain(item.get("title")),
        published=day_of(str(item.get("date_published") or "")),
        author="、".join(filter(None, names)) or None,
        tags=tuple(dict.fromkeys(plain(tag) for tag in item.get("tags") or () if plain(tag))),
        visibility=Visibility.MEMBERS if is_for_members(body) else Visibility.PUBLIC,
        html=without_shortcodes(body),
        modified=moment_of(str(item.get("date_modified") or item.get("date_published") or "")),
    )
