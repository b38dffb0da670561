"""Sitemaps (sitemaps.org, Google News): the addresses of a site's posts, and when each was last changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from corpus.intake.errors import IntakeError
from corpus.intake.sources.addresses import below, names_post
from corpus.intake.sources.client import SourceClient, SourceError
from corpus.intake.sources.post import moment_of
from corpus.intake.sources.xml_safe import local_name, parse_xml

MOST_MAPS = 500
DEEPEST = 3
HALF_MAPS = 3  # times that a sitemap which ends in the middle is asked for again

_NO_POSTS = re.compile(
    r"taxonom|categor|(?:^|[-_/])tags?[-_.]|post_tag|post_format|users?[-_.]|author|posts-page|(?:^|/)pages?[-_.]|attachment"
    r"|image|video|product",
    re.IGNORECASE,
)
_POSTS = re.compile(r"posts-post|(?:^|[-_/])posts?[-_.]|news|article", re.IGNORECASE)
_NO_POST = re.compile(
    r"^/?$|/(?:page|tag|tags|category|categories|author|authors|feed|search|wp-\w+|about|contact|privacy(?:-policy)?|terms)(?:/|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MapEntry:
    """One address of a sitemap; `certain` where the sitemap holds posts only."""

    address: str
    modified: str
    certain: bool


def entries(client: SourceClient, maps: Sequence[str], home: str) -> Iterator[MapEntry]:
    """Yield the addresses that may be posts, of all sitemaps and of those that they list. Raises SourceError, IntakeError."""
    waiting = [(url, 0, False) for url in maps]
    seen: set[str] = set()
    while waiting:
        url, depth, certain = waiting.pop(0)
        if url in seen or len(seen) >= MOST_MAPS:
            continue
        seen.add(url)
        root = read_sitemap(client, url)
        if root is None:
            continue
        rows = [_row(element) for element in root]
        if local_name(root) == "sitemapindex":
            listed = [address for address, _ in rows if address]
            waiting += [(part, depth + 1, known) for part, known in _with_posts(listed)] if depth < DEEPEST else []
            continue
        for address, modified in rows:
            if address and below(address, home) and not _is_no_post(address):
                yield MapEntry(address, modified, certain)


def _is_no_post(address: str) -> bool:
    """Tell whether an address is that of a list or of a page about the site; one that names a post in its query is none."""
    return not names_post(address) and bool(_NO_POST.search(unquote(urlsplit(address).path)))


def read_sitemap(client: SourceClient, url: str) -> Any:
    """Return a sitemap's root element; None where there is none, or it is something else."""
    for attempt in range(HALF_MAPS):
        answer = client.get(url, accept="application/xml, text/xml")
        if answer.status != 200 or (b"<" not in answer.data[:1024] and not answer.data.startswith(b"\x1f\x8b")):
            return None
        try:
            root = parse_xml(answer.data, url)
        except IntakeError:
            if b"<html" in answer.data[:1024].lower():
                return None
            if attempt == HALF_MAPS - 1:
                raise SourceError("網站地圖讀不出來", url, "晚一點會自己再試") from None
            continue
        return root if local_name(root) in ("urlset", "sitemapindex") else None
    return None


def _with_posts(listed: Sequence[str]) -> list[tuple[str, bool]]:
    """Return the sitemaps of an index that may hold posts, and whether they hold nothing else."""
    kept = [url for url in listed if not _NO_POSTS.search(urlsplit(url).path.rpartition("/")[2])]
    posts = [url for url in kept if _POSTS.search(urlsplit(url).path.rpartition("/")[2])]
    return [(url, url in posts) for url in (posts or kept)]


def _row(element: Any) -> tuple[str, str]:
    """Return the address of a <url> or <sitemap>, and the moment of its last change."""
    said = {local_name(child): (child.text or "").strip() for child in element}
    return said.get("loc", ""), moment_of(said.get("lastmod", ""))
