"""Facts that a web page's head gives of its article: JSON-LD, Open Graph and other meta tags, the canonical link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from corpus.intake.byline import author_in, is_organisation, tags_in
from corpus.intake.web.text_runs import squeezed
from corpus.language.text import to_halfwidth

_DATED = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "date",
    "dc.date",
    "dc.date.issued",
    "datecreated",
)
_AUTHORED = ("author", "article:author", "dc.creator", "byl", "parsely-author")
_ARTICLES = re.compile(r"(?:News|Blog|Tech|Scholarly|Opinion|Report)?(?:Article|Posting)$|^Report$")
_LAST_COMMA = re.compile(r",\s*([}\]])")
_SITE_SUFFIX = re.compile(r"\s*[|_|｜–—\-»:：]\s*[^|_|｜–—\-»]{2,24}$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The facts that a page's head holds; None and () where it says nothing."""

    titles: tuple[str, ...] = ()  # best first, perhaps with the site's name
    author: str | None = None
    published: str | None = None
    site: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    description: str = ""
    is_article: bool = False  # it says that it is one
    is_front: bool = False  # its address is that of the site


def metadata_of(page: HtmlElement) -> Metadata:
    """Return the facts of a page's head. Nothing is guessed: what only the text gives is left to the text."""
    meta = _meta(page)
    node = _article_node(page)
    site = meta.get("og:site_name") or _name(node.get("publisher")) or meta.get("application-name")
    titles = (
        _text(node.get("headline")),
        meta.get("og:title"),
        meta.get("twitter:title"),
        page.xpath("string(//title)"),
    )
    url = next(iter(page.xpath("//link[@rel='canonical']/@href")), None) or meta.get("og:url") or _text(node.get("url"))
    named = [tag.get("content").strip() for tag in page.xpath("//meta[@property='article:tag'][@content]")]
    keywords = node.get("keywords")
    tags = tuple(dict.fromkeys(named)) or tags_in(meta.get("news_keywords") or meta.get("keywords") or "")
    if not tags and isinstance(keywords, list):
        tags = tuple(word for word in keywords if isinstance(word, str))
    return Metadata(
        titles=tuple(dict.fromkeys(title for given in titles if given and (title := squeezed(given)))),
        author=_author(node, meta, site),
        published=_text(node.get("datePublished")) or next((meta[name] for name in _DATED if meta.get(name)), None),
        site=site,
        url=url,
        tags=tags,
        description=meta.get("og:description") or meta.get("description") or "",
        is_article=bool(node) or meta.get("og:type") == "article",
        is_front=url is not None and re.fullmatch(r"https?://[^/]+/?", url.strip()) is not None,
    )


def without_site(title: str, site: str | None) -> str:
    """Return a title less the site's and the section's name that many pages put after it."""
    shorter = title
    for _ in range(3):
        cut = _SITE_SUFFIX.sub("", shorter)
        if len(cut) < 4 or cut == shorter:
            break
        tail = shorter[len(cut) :]
        if site is not None and site in title and site not in tail and shorter == title:
            break
        shorter = cut
    return shorter


def _meta(page: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in page.iter("meta"):
        content = (tag.get("content") or "").strip()
        for name in (tag.get("property"), tag.get("name"), tag.get("itemprop")):
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found


def _author(node: Mapping[str, Any], meta: Mapping[str, str], site: str | None) -> str | None:
    """Return the author, a person before an organisation."""
    names = [_name(node.get("author")), *(_name(meta.get(name)) for name in _AUTHORED)]
    given = [author_in(to_halfwidth(name)) or name for name in names if name]
    return next((name for name in given if not is_organisation(name, site)), next(iter(given), None))


def _name(value: object) -> str | None:
    """Return a name; the address of a profile is none."""
    if isinstance(value, list):
        return "、".join(dict.fromkeys(filter(None, map(_name, value)))) or None
    if isinstance(value, dict):
        return _name(value.get("name"))
    name = squeezed(str(value)) if isinstance(value, str) else ""
    return name if name and "//" not in name and "@" not in name else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _article_node(page: HtmlElement) -> dict[str, Any]:
    """Return the JSON-LD node of the article."""
    nodes = list(_nodes(page))
    typed = (node for node in nodes if any(_ARTICLES.search(kind) for kind in _types(node)))
    return next(typed, next((node for node in nodes if "headline" in node), {}))


def _types(node: Mapping[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [one for one in (kind if isinstance(kind, list) else [kind]) if isinstance(one, str)]


def _parsed(script: str) -> object:
    """Parse JSON, also with commas behind the last of a list, as templates leave them. Raises ValueError where it is none."""
    try:
        return json.loads(script, strict=False)
    except ValueError:
        return json.loads(_LAST_COMMA.sub(r"\1", script), strict=False)


def _nodes(page: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in page.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = _parsed(script)
        except (ValueError, RecursionError):
            continue
        for top in data if isinstance(data, list) else [data]:
            if isinstance(top, dict):
                yield top
                graph = top.get("@graph")
                yield from (node for node in (graph if isinstance(graph, list) else ()) if isinstance(node, dict))
