"""The choice of a page's article: the element that holds the most running text, without what markup or links set aside.

Every part is weighed as a reader would weigh it: sentences count by their length, links and short lines against it; what
stands before the headline or in a part of the page that its markup names otherwise counts little. The article is the element
whose parts weigh most together, the innermost of these; inside it, lists of links to the same site are set aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml.html import HtmlElement

from corpus.essay import BlockKind
from corpus.intake.boilerplate import role_of
from corpus.intake.extracted import Reason
from corpus.intake.lines import LONGEST_HEADING, width
from corpus.intake.role import LineRole
from corpus.intake.web.parts import Part
from corpus.language.text import to_halfwidth

MOST_OF_PAGE = 0.45  # a zone with more of the page's sentences than this is the article, whatever it is called
LONGEST_WEIGHED = 400
_REACH, _PURE = (
    2,
    0.5,
)  # how far up elements beside the heaviest are looked for; how much of their text must be left when links count
_SUBTITLE, _SUBTITLE_WIDTH = 3, 6  # deepest level and least Han width of a subtitle
_HEADLINE_WIDTH = 8  # in Han widths; shorter headings name sections
LEAST_SENTENCES = 40  # in Han widths; a page with less of running text has no article

_STOP = re.compile("[。！？!?；;…]|[a-z]{2}[.](?:\\s|$)")
_PAUSE = re.compile("[，、,：:]")
_UNSURE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Body:
    """The choice among a page's parts: for each, None if it is of the article, or why it is not."""

    reasons: tuple[Reason | None, ...]
    headline: int | None  # the part that is the article's headline
    weight: float  # of the running text


def sentences_in(part: Part) -> float:
    """Return how much running text a part holds, in Han widths; at most LONGEST_WEIGHED."""
    wide = width(part.text)
    if part.kind is BlockKind.TABLE:
        return 0.0
    if part.kind is BlockKind.HEADING or part.linked > 0.5 or wide < 8:
        return 0.0
    told = bool(_STOP.search(part.text)) or (wide > 30 and bool(_PAUSE.search(part.text)))
    return min(wide, LONGEST_WEIGHED) * (1 - part.linked) if told else 0.0


def choose_body(parts: Sequence[Part], titles: Sequence[str], described: str) -> Body:
    """Choose the article among the parts. `titles`: what the page's head calls it, best first; `described`: the head's summary of it."""
    running = [sentences_in(part) for part in parts]
    crowded = _crowded(parts, running)
    headline = _headline(parts, titles, running, crowded)
    zones = _zones(parts, running, headline, crowded)
    zones = _with_next_articles(parts, zones, headline)
    zones = _with_related(parts, zones, headline, running)
    weights = [
        _weight(part, told, zone, at, headline, described)
        for at, (part, told, zone) in enumerate(zip(parts, running, zones, strict=True))
    ]
    holders = _holders(parts, weights, running)
    reasons: list[Reason | None] = []
    for at, (part, zone) in enumerate(zip(parts, zones, strict=True)):
        inside = not holders.isdisjoint(part.above)
        reasons.append(part.shut or zone or (None if inside else _outside(parts, at, headline)))
    _take_subtitles(parts, reasons, headline)
    total = sum(told for told, reason in zip(running, reasons, strict=True) if reason is None)
    return Body(tuple(reasons), headline, total)


def _crowded(parts: Sequence[Part], running: Sequence[float]) -> set[HtmlElement]:
    """Return the elements that name a part of the page and yet hold most of its running text."""
    held: Counter[HtmlElement] = Counter()
    for part, told in zip(parts, running, strict=True):
        for element, _ in part.zones:
            held[element] += round(told)
    return {element for element, told in held.items() if told > MOST_OF_PAGE * sum(running)}


def _zones(
    parts: Sequence[Part], running: Sequence[float], headline: int | None, crowded: set[HtmlElement]
) -> list[Reason | None]:
    """Return the zone of each part: of the innermost element that names one, unless that holds the headline or all that is left to read."""
    holders = set(parts[headline].above) if headline is not None else set()
    found = [_zone(part, holders) for part in parts]
    start = headline or 0
    free = sum(told for told, zone in zip(running[start:], found[start:], strict=True) if zone is None)
    if free >= LEAST_SENTENCES:
        return found
    return [_zone(part, holders | crowded) for part in parts]


def _zone(part: Part, not_these: set[HtmlElement]) -> Reason | None:
    return next((zone for element, zone in reversed(part.zones) if element not in not_these), None)


def _with_next_articles(parts: Sequence[Part], zones: list[Reason | None], headline: int | None) -> list[Reason | None]:
    """Set aside the articles that an endless page shows below: each under a headline of the same make."""
    if headline is None or parts[headline].kind is not BlockKind.HEADING:
        return zones
    first = parts[headline].above[-1]
    holders = set(parts[headline].above)
    others: set[HtmlElement] = set()
    for part in parts[headline + 1 :]:
        own = part.above[-1]
        if part.kind is BlockKind.HEADING and own.get("class") and own.get("class") == first.get("class"):
            others.update(element for element in part.above[:-1] if element not in holders)
    return [
        zone or (Reason.RELATED if others.intersection(part.above) else None)
        for part, zone in zip(parts, zones, strict=True)
    ]


def plain(text: str) -> str:
    return _UNSURE.sub("", text).lower()


def _headline(
    parts: Sequence[Part], titles: Sequence[str], running: Sequence[float], crowded: set[HtmlElement]
) -> int | None:
    """Return the place of the part that says the title: a heading before any other, one with text under it before one without."""
    named = [plain(title) for title in titles if title]
    last = max(
        (at for at, told in enumerate(running) if told), default=len(parts)
    )  # of the text, above which it stands
    best, found = 0.0, None
    for at, part in enumerate(parts):
        said = (
            plain(part.text) if part.kind not in (BlockKind.TABLE, BlockKind.PICTURE) and len(part.text) < 300 else ""
        )
        if len(said) < 2 or part.shut or at > last:
            continue
        match = max((_likeness(said, title) - 0.1 * rank for rank, title in enumerate(named)), default=0.0)
        if match < 0.5 or (part.kind is BlockKind.TEXT and role_of(to_halfwidth(part.text)) is LineRole.CHROME):
            continue
        score = match + (0.5 if part.level == 1 else 0.3 if part.kind is BlockKind.HEADING else 0) - 0.4 * part.linked
        score -= 0.4 if _is_set_aside(part, crowded) else 0
        score += 0.3 if any(told for told in running[at + 1 : at + 25]) else 0
        if score > best:
            best, found = score, at
    if found is None:
        tops = [
            at
            for at, part in enumerate(parts)
            if part.level == 1 and not part.shut and width(part.text) >= 4 and not _is_set_aside(part, crowded)
        ]
        found = tops[0] if len(tops) == 1 else _over_byline(parts, last)
    return found if found is not None else _only_heading(parts, running, crowded)


def _only_heading(parts: Sequence[Part], running: Sequence[float], crowded: set[HtmlElement]) -> int | None:
    """Find the one heading above the text of a page that calls itself by its section's name."""
    first = next((at for at, told in enumerate(running) if told), 0)
    above = [
        at
        for at, part in enumerate(parts[:first])
        if part.kind is BlockKind.HEADING and not part.shut and not _is_set_aside(part, crowded)
    ]
    return above[0] if len(above) == 1 and width(parts[above[0]].text) >= _HEADLINE_WIDTH else None


def _over_byline(parts: Sequence[Part], last: int) -> int | None:
    """Find the line that stands right over a byline and over the text: a headline, whatever element it is in."""
    return next(
        (
            at
            for at, (part, below) in enumerate(pairwise(parts[: last + 1]))
            if part.kind is BlockKind.TEXT
            and part.linked < _PURE
            and _SUBTITLE_WIDTH <= width(part.text) <= LONGEST_HEADING
            and role_of(to_halfwidth(part.text)) is LineRole.CONTENT
            and role_of(to_halfwidth(below.text)) is LineRole.BYLINE
        ),
        None,
    )


def _is_set_aside(part: Part, crowded: set[HtmlElement]) -> bool:
    """Tell whether markup says that a part is none of the article's; what is hidden may be shown by a program."""
    return any(zone is not Reason.HIDDEN and element not in crowded for element, zone in part.zones)


def _likeness(said: str, title: str) -> float:
    """Return how much of a title a line says; a line that is a short part of it, as the site's name, says little."""
    if said in title:
        return (
            len(said) / len(title)
            if len(said) < 6 or len(said) < 0.35 * len(title)
            else 0.6 + 0.4 * len(said) / len(title)
        )
    if title in said and len(title) >= 4:
        return 0.5 + 0.5 * len(title) / len(said)
    return 0.0


def _weight(part: Part, told: float, zone: Reason | None, at: int, headline: int | None, described: str) -> float:
    """Return the weight that a part adds to the elements that hold it."""
    if part.kind is BlockKind.PICTURE:
        return 0.0
    wide = min(width(part.text), LONGEST_WEIGHED)
    before = headline is not None and at < headline
    if part.shut or zone is not None:
        return 0.0
    if part.linked > 0.5 and part.kind is not BlockKind.TABLE:
        return -(6 + 0.3 * wide)
    if part.kind is BlockKind.TABLE:
        return 0.5 * wide * (1 - part.linked)
    gain = told if told else 0.5 if part.kind is BlockKind.HEADING else 0.0
    if before:
        return 0.1 * gain
    if told and described and plain(part.text)[:16] in described:
        gain += LONGEST_WEIGHED
    return gain


def _holders(parts: Sequence[Part], weights: Sequence[float], running: Sequence[float]) -> set[HtmlElement]:
    """Return the innermost of the elements whose parts weigh most together, and elements beside it that are whole sentences, too."""
    sums: dict[HtmlElement, float] = {}
    told: dict[HtmlElement, float] = {}
    depth: dict[HtmlElement, int] = {}
    for part, weight, text in zip(parts, weights, running, strict=True):
        for deep, element in enumerate(part.above):
            sums[element] = sums.get(element, 0.0) + weight
            told[element] = told.get(element, 0.0) + (text if weight > 0 and "。" in part.text else 0.0)
            depth[element] = deep
    heaviest = max(sums, key=lambda element: (sums[element], depth[element]), default=None)
    found = {heaviest} if heaviest is not None else set()
    node = heaviest
    for _ in range(_REACH):
        parent = node.getparent() if node is not None else None
        if parent is None or parent.tag in ("body", "html"):
            break
        found |= {
            other
            for other in parent
            if other is not node
            and told.get(other, 0.0) >= LEAST_SENTENCES
            and sums[other] > _PURE * told[other]
            and not (_is_whole(node) and _is_whole(other))
        }
        node = parent
    return found


def _is_whole(element: HtmlElement) -> bool:
    """Tell whether markup says that an element is an article, or holds one: two of them are no parts of the same."""
    return element.tag == "article" or next(element.iterdescendants("article"), None) is not None


def _take_subtitles(parts: Sequence[Part], reasons: list[Reason | None], headline: int | None) -> None:
    """Take the headings between the headline and the article's element, and sentences beside it: what a magazine sets under its title."""
    first = next((at for at, reason in enumerate(reasons) if reason is None), None)
    if headline is None or first is None:
        return
    for at in range(headline + 1, first):
        part = parts[at]
        is_heading = 1 < part.level <= _SUBTITLE and width(part.text) >= _SUBTITLE_WIDTH
        is_beside = (
            part.above[:-1] == parts[headline].above[:-1] and role_of(to_halfwidth(part.text)) is LineRole.CONTENT
        )
        if reasons[at] is Reason.OTHER and (is_heading or (is_beside and sentences_in(part))):
            reasons[at] = None


def _outside(parts: Sequence[Part], at: int, headline: int | None) -> Reason:
    part = parts[at]
    if at == headline:
        return Reason.TITLE
    if part.linked > 0.5:
        return Reason.RELATED if width(part.text) >= 10 else Reason.MENU
    return Reason.OTHER


def _with_related(
    parts: Sequence[Part], zones: list[Reason | None], headline: int | None, running: Sequence[float]
) -> list[Reason | None]:
    """Set aside what stands under 「相關文章」 in an element of its own."""
    settled = list(zones)
    told = {element for part, text in zip(parts, running, strict=True) if text for element in part.above}
    for at, part in enumerate(parts):
        if settled[at] is not None or (headline is not None and at <= headline) or width(part.text) > 16:
            continue
        if part.kind in (BlockKind.TABLE, BlockKind.PICTURE) or role_of(to_halfwidth(part.text)) not in (
            LineRole.RELATED_HEAD,
            LineRole.READING_HEAD,
        ):
            continue
        holder = _section_of(parts, at)
        if holder is None or holder is part.above[-1] or _is_one_of_many(holder, told):
            continue
        for below in range(at, len(parts)):
            if holder not in parts[below].above:
                break
            settled[below] = settled[below] or Reason.RELATED
    return settled


def _is_one_of_many(section: HtmlElement, told: set[HtmlElement]) -> bool:
    """Tell whether an element is one of the article's sections: others of the same make beside it hold running text, too."""
    beside = [other for other in section.itersiblings(preceding=True) if other.tag == section.tag]
    return any(other in told and _make(other) == _make(section) for other in beside)


def _make(element: HtmlElement) -> object:
    """Return the marks that elements of the same make have in common: the class; without one, all their attributes."""
    return element.get("class") or sorted(element.attrib.items())


def _section_of(parts: Sequence[Part], at: int) -> HtmlElement | None:
    """Return the outermost element that begins with a part, or None."""
    above = set(parts[at - 1].above) if at else set()
    return next((element for element in parts[at].above if element not in above), None)
