"""Essays out of HTML: trafilatura finds the text, the page's head and bylines say the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import lxml.html
import trafilatura
from lxml.html import HtmlElement

from corpus.essay import BlockKind, Essay
from corpus.intake.assemble import assemble
from corpus.intake.boilerplate import LONGEST_NOISE
from corpus.intake.dates import find_date
from corpus.intake.lines import width
from corpus.intake.outline import Item, marked_up
from corpus.intake.page_metadata import PageMetadata, metadata_of, squeezed
from corpus.intake.role import LineRole

SHORTEST_ARTICLE = 150  # in Han widths; a shorter <article> is the card of another page

_AROUND = ("header", "nav", "aside", "footer", "script", "style")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")  # lxml refuses text that declares an encoding
_SMALL_PARTS = "(.//p|.//li|.//time|.//span|.//div[not(.//div or .//p)])[not(ancestor::aside or ancestor::nav or ancestor::footer)]"


def split_webpage(text: str, source: str) -> list[Essay]:
    """The essays of an HTML page: one for the page, or one for each <article> that holds a whole text."""
    try:
        page = lxml.html.document_fromstring(_DECLARATION.sub("", text))
    except (lxml.etree.LxmlError, ValueError):
        return []
    facts = _facts(page)
    _mark_article(page)
    articles = [article for article in page.xpath("//article[not(ancestor::article)]") if _is_whole(article)]
    if len(articles) < 2:
        found = [_essay(page, facts, source)]
    else:
        found = [_essay(_alone(article), PageMetadata(site=facts.site), source) for article in articles]
    return [essay for essay in found if essay is not None]


def _facts(page: HtmlElement) -> PageMetadata:
    """What the page's head says; leaves no code in the page, which would count as text."""
    for code in page.xpath("//style | //template | //script[not(@type='application/ld+json')]"):
        code.drop_tree()
    facts = metadata_of(page)
    for data in page.xpath("//script"):
        data.drop_tree()
    return facts


def _mark_article(page: HtmlElement) -> None:
    """Make an <article> of what holds most of the paragraphs, where the page marks none.

    Without one, trafilatura keeps the paragraphs but loses the headings and lists between them.
    """
    held: Counter[HtmlElement] = Counter()
    for paragraph in page.xpath("//p"):
        held[paragraph.getparent()] += len(paragraph.text_content())
    if not held or page.xpath("//article | //main"):
        return
    ((holder, _),) = held.most_common(1)
    if holder.tag != "body":
        holder.tag = "article"
        return
    article = holder.makeelement("article")
    article.extend([child for child in holder if child.tag not in _AROUND])
    holder.append(article)


def _is_whole(article: HtmlElement) -> bool:
    return width(article.text_content()) > SHORTEST_ARTICLE and bool(article.xpath(".//h1|.//h2|.//h3"))


def _alone(article: HtmlElement) -> HtmlElement:
    """The article as a page of its own."""
    page = lxml.html.document_fromstring("<html><body></body></html>")
    page.body.append(deepcopy(article))
    return page


def _essay(page: HtmlElement, facts: PageMetadata, source: str) -> Essay | None:
    blocks = _blocks(page, favor_recall=False) or _blocks(page, favor_recall=True)
    essay = next(iter(assemble([*marked_up(blocks), *_about(page)], title=facts.title).essays), None)
    if essay is None:
        return None
    return replace(
        essay,
        author=facts.author or essay.author,
        source=facts.site or essay.source or source or None,
        url=facts.url,
        published=find_date(facts.published or "") or essay.published,
        tags=facts.tags or essay.tags,
    )


def _about(page: HtmlElement) -> list[Item]:
    """The page's lines about its article, which trafilatura leaves out: bylines, tags, further reading."""
    scope = next(iter(page.xpath("//article") or page.xpath("//main") or page.xpath("//body")), page)
    while scope.tag not in ("body", "html") and not scope.xpath(".//h1") and page.xpath("//h1"):
        scope = scope.getparent()
    lines = dict.fromkeys(map(_line, scope.xpath(_SMALL_PARTS)))
    items = marked_up((BlockKind.TEXT, line) for line in lines if width(line) <= LONGEST_NOISE)
    return [item for item in items if item.role in (LineRole.BYLINE, LineRole.TAGS, LineRole.READING)]


def _line(part: HtmlElement) -> str:
    """A small part as one line; several links in a row are words of their own."""
    several = len(part.xpath(".//a")) > 1
    return squeezed((" " if several else "").join(part.itertext()))


def _blocks(page: HtmlElement, favor_recall: bool) -> list[tuple[BlockKind, str]]:
    document: Any = trafilatura.bare_extraction(deepcopy(page), include_comments=False, favor_recall=favor_recall)
    return [] if document is None or document.body is None else list(_read(document.body))


def _read(body: Any) -> Iterator[tuple[BlockKind, str]]:
    """Trafilatura's elements, in order."""
    for element in body.iter("head", "p", "item", "row", "quote", "code"):
        if element.tag == "head":
            yield BlockKind.HEADING, squeezed("".join(element.itertext()))
        elif element.tag == "row":
            yield BlockKind.TEXT, " | ".join(squeezed("".join(cell.itertext())) for cell in element.iter("cell"))
        elif element.tag == "item":
            yield _listed(element)
        elif not any(outer.tag in ("item", "row", "quote") for outer in element.iterancestors()):
            yield from ((BlockKind.TEXT, line) for line in _lines(element))


def _listed(item: Any) -> tuple[BlockKind, str]:
    text = squeezed("".join(item.itertext()))
    if item.getparent().get("rend") != "ol":
        return BlockKind.BULLET, text
    return BlockKind.NUMBERED, f"{item.getparent().index(item) + 1}. {text}"


def _lines(element: Any) -> list[str]:
    """The lines of a paragraph, which its breaks set apart."""
    for pause in element.iter("lb"):
        pause.tail = "\n" + (pause.tail or "")
    return [line for part in "".join(element.itertext()).split("\n") if (line := squeezed(part))]
