"""What a web page's head says about its article: meta tags, JSON-LD, the canonical link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from corpus.intake.byline import tags_in

_DATED = (
    "article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "date",
    "dc.date",
    "dc.date.issued",
)
_SITE_SUFFIX = re.compile(r"\s*[|_|–—-]\s*[^|_|–—-]{2,24}$")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The facts of one page; None and () where it says nothing."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    site: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()


def metadata_of(page: HtmlElement) -> PageMetadata:
    """The facts of a page. Nothing is guessed: a date or author that only the text gives is left to the text."""
    meta = _meta(page)
    linked = _linked_data(page)
    headline = _headline(page)
    title = meta.get("og:title") or _text(linked.get("headline")) or headline or page.xpath("string(//title)")
    site = meta.get("og:site_name")
    article_tags = [tag.get("content").strip() for tag in page.xpath("//meta[@property='article:tag'][@content]")]
    return PageMetadata(
        title=_without_site(squeezed(str(title)), site, headline) or None,
        author=_person(meta.get("author") or meta.get("article:author")) or _person(linked.get("author")),
        published=next((meta[name] for name in _DATED if meta.get(name)), None) or _text(linked.get("datePublished")),
        site=site,
        url=next(iter(page.xpath("//link[@rel='canonical']/@href")), None) or meta.get("og:url"),
        tags=tuple(dict.fromkeys(article_tags)) or tags_in(meta.get("news_keywords") or meta.get("keywords") or ""),
    )


def _headline(page: HtmlElement) -> str:
    """The article's topmost heading; the page's own may be the name of the site, with which its title then ends."""
    title = squeezed(page.xpath("string(//title)"))
    tops = [squeezed(heading.text_content()) for heading in page.xpath("//h1")]
    if named := [top for top in tops if top and title.startswith(top)]:
        return named[0]
    if len(tops) == 1 and not title.endswith(tops[0]):
        return tops[0]
    inside = page.xpath("(//article | //main)[1]//*[self::h1 or self::h2][not(preceding::p[ancestor::article])]")
    return squeezed(inside[0].text_content()) if inside else ""


def squeezed(text: str) -> str:
    """Text with every run of blanks as one."""
    return _SPACE.sub(" ", text).strip()


def _meta(page: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in page.xpath("//meta[@content]"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        found.setdefault(name.lower(), tag.get("content").strip())
    return found


def _without_site(title: str, site: str | None, headline: str) -> str:
    """The title less the site's name that many pages put after it."""
    if headline and title.startswith(headline):
        return headline
    shorter = _SITE_SUFFIX.sub("", title)
    return shorter if site is None or site in title[len(shorter) :] else title


def _person(value: object) -> str | None:
    """An author's name; the address of a profile is none."""
    if isinstance(value, list):
        return "、".join(filter(None, map(_person, value))) or None
    if isinstance(value, dict):
        return _person(value.get("name"))
    name = str(value or "").strip()
    return name if name and "//" not in name else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _linked_data(page: HtmlElement) -> dict[str, Any]:
    """The first JSON-LD node with a headline."""
    return next((node for node in _linked_nodes(page) if "headline" in node), {})


def _linked_nodes(page: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in page.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        graph = data.get("@graph", [data]) if isinstance(data, dict) else data
        yield from (node for node in (graph if isinstance(graph, list) else ()) if isinstance(node, dict))
