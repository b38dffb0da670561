"""Pages of several essays: a blog's front page or archive, each essay in an element of its own under a title of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml.html import HtmlElement

from corpus.essay import BlockKind
from corpus.intake.lines import width
from corpus.intake.web.body import sentences_in
from corpus.intake.web.parts import Part
from corpus.intake.web.text_runs import squeezed

SHORTEST_ARTICLE = 100  # in Han widths of running text; a shorter one is the card of another page
_ENTRIES = frozenset(("hentry", "h-entry", "post", "type-post", "entry", "blog-post", "post-item"))
_TITLES = "entry-title p-name post-title"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One essay of a page of several: its element, its title's place among the parts, what its own markup says of it."""

    element: HtmlElement
    headline: int
    url: str | None
    tags: tuple[str, ...]
    author: str | None
    published: str | None


def entries_of(parts: Sequence[Part], base: str) -> list[PageEntry]:
    """Return the essays of a page that holds several whole ones; none of another page."""
    told: Counter[HtmlElement] = Counter()
    for part in parts:
        for element in part.above:
            if _is_entry(element):
                told[element] += round(sentences_in(part))
    whole = [element for element, count in told.items() if count >= SHORTEST_ARTICLE]
    tops = [element for element in whole if not any(outer in told for outer in element.iterancestors())]
    found = [entry for element in tops if (entry := _entry(parts, element, base)) is not None]
    return found if len(found) > 1 else []


def _is_entry(element: HtmlElement) -> bool:
    names = (element.get("class") or "").split()
    return ("comment" not in " ".join(names).lower()) and (element.tag == "article" or not _ENTRIES.isdisjoint(names))


def _entry(parts: Sequence[Part], element: HtmlElement, base: str) -> PageEntry | None:
    inside = [at for at, part in enumerate(parts) if element in part.above]
    named = [
        at
        for at in inside
        if any(name in _TITLES.split() for above in parts[at].above for name in (above.get("class") or "").split())
    ]
    headings = [at for at in inside if parts[at].kind is BlockKind.HEADING and width(parts[at].text) >= 2]
    headline = next(iter(named or headings), None)
    if headline is None:
        return None
    own = next(iter(parts[headline].links), None)
    times = element.xpath(".//time/@datetime | .//*[contains(@class, 'published')]/@title")
    authors = element.xpath(".//*[contains(@class, 'author')]//a | .//a[@rel='author'] | .//*[contains(@class, 'fn')]")
    tags = element.xpath(".//a[@rel='tag' or @rel='category tag'] | .//*[contains(@class, 'tags-links')]//a")
    return PageEntry(
        element,
        headline,
        urljoin(base, own.url) if own and not own.url.startswith("#") else None,
        tuple(dict.fromkeys(name for tag in tags if (name := squeezed("".join(tag.itertext()))))),
        next((name for author in authors if (name := squeezed("".join(author.itertext())))), None),
        next(iter(times), None),
    )
