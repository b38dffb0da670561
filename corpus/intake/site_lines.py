"""Lines of a whole page, pasted or saved as text, that are the site's and not the article's.

Nothing marks them but their place and shape: menus stand above the headline and lists of other pages below the text, both as runs of
short lines. So the headline is looked for first (a line that a date, a name or a text taking up its words follows), then the end: where
the sum of what sentences are worth and short lines cost is greatest. What is told in short pieces, each under a line of the same make, is
a list of other articles.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from statistics import median

from corpus.essay import BlockKind
from corpus.intake.boilerplate import is_menu, role_of
from corpus.intake.cohesion import words
from corpus.intake.item import Item
from corpus.intake.lines import could_be_heading, is_numbered, is_prose, narrowed, states_facts, width
from corpus.intake.role import SITES_OWN, LineRole

RUN = 6  # short lines in a row; so many above the text or below it show a site's page
SENTENCE = 12.0  # in Han widths; a shorter one may be a button or a notice
WORTH = 80.0  # of a paragraph, at most; in Han widths
COST = 12.0  # of a short line
HEAD_COST = 60.0  # of the head of a list of other pages
DAY_COST = 30.0  # of another day or name: the next article's
HEADLINE = 8.0  # in Han widths; shorter lines are labels as a rule
LONGEST_HEADLINE = 90.0  # in Han widths
LEAST_WEIGHT = 3.0  # of what speaks for a headline
NEAR = 16  # lines below a headline among which its day or its text begins
OFTEN = 3  # a line that stands there as often is a button
LEAST_TOLD = 0.3  # share of sentences; with less and no headline the page has no article
NEAR_MARK = 4  # lines below the article among which it says who may read it
LABEL = 6.0  # in Han widths
NOTICE = 60.0  # in Han widths; a shorter paragraph to the reader without a word of the article's is the site's
GOES_ON = 0.12  # of a paragraph's words that the article has used; fewer, and it is another article's

SITE_SAYS = 4  # lines that only a site says
_SITE_SAYS = (SITES_OWN | {LineRole.RELATED_HEAD, LineRole.TEASER}) - {
    LineRole.FRAME,
    LineRole.COMMENT,
    LineRole.PAYWALL,
}
_FIGURES = re.compile(r"\d")
_TO_READER = re.compile("[您請]|歡迎|本網?站|我們")
_AGO = re.compile(r"\d+\s?(?:秒|分鐘|小時|天|週|個?月|年)[前内內]|(?:min|hour|day|week)s? ago", re.IGNORECASE)


def without_site(items: Sequence[Item]) -> list[Item]:
    """Return the items with those that are the site's told by their role; all as they are where the page is no site's."""
    if not _is_site(items):
        return list(items)
    streams = _streams(items)
    headline = _headline(items, streams)
    if headline is None:
        return [_set_aside(item) for item in items] if _is_index(items) else list(items)
    end = _end(items, headline, streams)
    often = Counter(item.text for item in items)
    first = next((at for at in range(headline + 1, end) if _is_told(items[at])), end)
    near = range(headline, end + NEAR_MARK)
    kept = [*items[:headline], _as_headline(items[headline]), *items[headline + 1 :]]
    return [
        item
        if headline <= at < end and not _is_button(items, at, headline, first, often)
        else _set_aside(item, at in near)
        for at, item in enumerate(kept)
    ]


def _is_index(items: Sequence[Item]) -> bool:
    """Tell whether a page without a headline is nothing but menus and lists: hardly a sentence, and labels of a word or two."""
    lines = [width(item.text) for item in items]
    told = sum(width(item.text) for item in items if _is_told(item))
    return told < LEAST_TOLD * sum(lines) and median(lines) <= LABEL


def _as_headline(item: Item) -> Item:
    return item if item.role is LineRole.TITLE else item.with_role(LineRole.CONTENT).with_kind(BlockKind.HEADING)


def _is_site(items: Sequence[Item]) -> bool:
    """Tell whether lines that only a site says stand there, and a run of short lines above the text or below it."""
    told = [at for at, item in enumerate(items) if _is_told(item)]
    listed_above = (item for item in items[: told[0] if told else len(items)] if item.kind is BlockKind.BULLET)
    says = sum(item.role in _SITE_SAYS for item in items)
    says += sum(role_of(narrowed(item.text)) in _SITE_SAYS for item in listed_above)
    outside = (items[: told[0]], items[told[-1] + 1 :]) if told else (items,)
    return says >= SITE_SAYS or (says > 0 and max(map(_longest_run, outside)) >= RUN)


def _longest_run(items: Sequence[Item]) -> int:
    longest = run = 0
    for item in items:
        run = run + 1 if _is_label(item) else 0
        longest = max(longest, run)
    return longest


def _is_told(item: Item) -> bool:
    return item.is_told and width(item.text) >= SENTENCE


def _is_label(item: Item) -> bool:
    """Tell whether a line is the site's, or short without being a list item or a row of figures."""
    if item.role in SITES_OWN or item.role in (LineRole.RELATED_HEAD, LineRole.READING_HEAD, LineRole.READING):
        return True
    return item.is_content and not is_prose(item.text) and not _is_row(item)


def _is_row(item: Item) -> bool:
    figures = len(_FIGURES.findall(item.plain))
    return 3 * figures >= len(item.plain) or is_numbered(item.text) or item.text[-1] in "、；;："


def _headline(items: Sequence[Item], streams: frozenset[int]) -> int | None:
    """Return the likeliest headline: the one with the most that speaks for it, the higher on the page the better."""
    page = _Page.of(items)
    near = sorted({at for told in page.told for at in range(max(0, told - NEAR), told)} - streams)
    weights = {at: page.weight(at) for at in near if _could_head(items[at])}
    best = max(weights, key=lambda at: (weights[at], -at), default=None)
    while best is not None and _is_below_headline(items, best, weights):
        best -= 1
    return best if best is not None and weights[best] > LEAST_WEIGHT else None


def _is_below_headline(items: Sequence[Item], at: int, weights: Mapping[int, float]) -> bool:
    """Tell whether a line stands right under another that would be the headline without it: at the top, or in a paragraph of the two."""
    if at == 1:
        return 0 in weights and _says_more_than_a_section(items, 0)
    pair = not items[at].gap and at > 0 and (items[at - 1].gap or not items[at - 2].is_content)
    return pair and weights.get(at - 1, 0.0) > LEAST_WEIGHT and _says_more_than_a_section(items, at - 1)


def _says_more_than_a_section(items: Sequence[Item], at: int) -> bool:
    """Tell whether a line is longer than the label of a section, or the text takes up its words."""
    said = _words(items[at].text)
    below = set().union(*(_words(item.text) for item in items[at + 1 : at + 1 + NEAR] if _is_told(item)))
    return width(items[at].text) >= HEADLINE or (bool(said) and 2 * len(said & below) >= len(said))


def _could_head(item: Item) -> bool:
    """Tell whether a line could be the headline; one under 「相關新聞」 could, too: the site's lists stand above it as well as below."""
    if item.role is LineRole.TITLE:
        return True
    if item.kind is BlockKind.TABLE or is_menu(item.plain) or states_facts(item.plain):
        return False
    is_line = item.is_content or item.role in (LineRole.RELATED, LineRole.READING)
    return (
        is_line
        and 3 <= width(item.text) <= LONGEST_HEADLINE
        and "。" not in item.text
        and item.text[-1] not in "，,、；;：:"
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page, and the places among them of sentences and of bylines.

    `titles`: how many lines above each could be a title; `said`: how often each line stands there.
    """

    items: Sequence[Item]
    told: Sequence[int]
    bylines: Sequence[int]
    titles: Sequence[int]
    said: Mapping[str, int]

    @classmethod
    def of(cls, items: Sequence[Item]) -> _Page:
        told = [at for at, item in enumerate(items) if _is_told(item)]
        bylines = [at for at, item in enumerate(items) if item.role is LineRole.BYLINE]
        titles = accumulate((could_be_heading(item.text) and width(item.text) >= HEADLINE for item in items), initial=0)
        return cls(items, told, bylines, list(titles), Counter(item.text for item in items))

    def weight(self, at: int) -> float:
        """Weigh a line above a sentence as the headline, as a reader would."""
        item = self.items[at]
        near = self.told[bisect_right(self.told, at) : bisect_right(self.told, at + NEAR)]
        text = near[0] - at - 1
        byline = next(iter(self.bylines[bisect_right(self.bylines, at) :][:1]), len(self.items))
        day = byline - at - 1 if byline < near[0] else None
        between = self.titles[at + 1 + (day or text)] - self.titles[at + 1]
        said = _words(item.text)
        below = [_words(self.items[place].text) for place in near]
        taken_up = sum(any(word in words for words in below) for word in said)
        length = width(item.text)
        return (
            (4.0 - 0.15 * day + (2.0 if day == 0 else 0.0) if day is not None else 0.0)
            + 4.0 * taken_up / max(4, len(said))
            + (1.0 if HEADLINE <= length <= 45 else -1.5 if length < 5 or length > 60 else 0.0)
            + (1.0 if item.repeated else 2.0 if self._is_dated_above(at) else 0.0)
            - 0.12 * text
            - min(4, between)
            + 1.5 * (1 - at / len(self.items))
            + (6.0 if item.role is LineRole.TITLE else 0.0)
        )

    def _is_dated_above(self, at: int) -> bool:
        """Tell whether a day stands right over a line that the page says again, in its list of what was written."""
        return at > 0 and self.items[at - 1].role is LineRole.BYLINE and self.said[self.items[at].text] > 1


@lru_cache(maxsize=4_096)
def _words(text: str) -> frozenset[str]:
    return frozenset(words(text))


def _end(items: Sequence[Item], headline: int, streams: frozenset[int]) -> int:
    """Return the end of the article: below the line at which sentences have outweighed short lines by most."""
    first = next((at for at in range(headline + 1, len(items)) if _is_told(items[at])), len(items))
    total = best = 0.0
    end = headline + 1
    article = set(_words(items[headline].text))
    elsewhere = False  # below the head of a list of other pages
    for at in range(first, len(items)):
        item = items[at]
        if item.role is LineRole.RELATED_HEAD:
            elsewhere = True
        if _is_told(item) and at not in streams:
            said = _words(item.text)
            if elsewhere and not _goes_on(items, at, said, article):
                total -= COST
                continue
            elsewhere = False
            if not said & article and width(item.text) < NOTICE and _TO_READER.search(item.text):
                continue
            article |= said
        total += -HEAD_COST if at in streams else _worth(item)
        if total > best or (total == best and end == at and _is_row(item)):
            best, end = total, at + 1
    return end if any(map(_is_sites, items[end:])) else len(items)


def _is_sites(item: Item) -> bool:
    return item.role in SITES_OWN or item.role in (LineRole.TEASER, LineRole.PLUG)


def _goes_on(items: Sequence[Item], at: int, said: Set[str], article: Set[str]) -> bool:
    """Tell whether a paragraph below a list of other pages belongs to the article: another one stands beside it, and it uses its words."""
    shared = len(said & article) / max(1, len(said))
    return shared >= GOES_ON and any(map(_is_told, items[at + 1 : at + 2]))


def _worth(item: Item) -> float:
    if _is_told(item):
        return min(WORTH, width(item.text))
    if item.role in (LineRole.RELATED_HEAD, LineRole.TEASER):
        return -HEAD_COST
    if item.role is LineRole.BYLINE:
        return -DAY_COST
    if item.is_content and (item.kind is not None or _is_row(item)):
        return 0.0
    return -COST


def _streams(items: Sequence[Item]) -> frozenset[int]:
    """Return the lines of lists that tell a piece of other articles: under or over each a line of the same make, 「… ・ 2 天前」."""
    made = list(map(_make, items))
    makes = Counter(made)
    places = [at for at, make in enumerate(made) if make and makes[make] >= OFTEN]
    if len(places) < OFTEN or not any(_is_told(items[at]) for at in range(places[0], places[-1])):
        return frozenset()
    period = int(median(below - above for above, below in pairwise(places)))
    return frozenset(range(max(0, places[0] - period + 1), places[-1] + 1)) if period > 1 else frozenset()


def _make(item: Item) -> str:
    """Return the end of a line that says how old something is, with # for the age; empty for other lines."""
    plain = item.plain
    return _AGO.sub("#", plain)[-6:] if _AGO.search(plain) and not is_prose(item.text) else ""


def _is_button(items: Sequence[Item], at: int, headline: int, first: int, often: Counter[str]) -> bool:
    """Tell whether a line inside the article is the site's: one that stands on the page again and again, or above the text."""
    item = items[at]
    if at == headline or not item.is_content or is_prose(item.text):
        return False
    if often[item.text] >= OFTEN and not _is_row(item):
        return True
    is_label = headline < at < headline + NEAR and width(item.text) <= HEADLINE + LABEL
    if is_label and _stands_below_byline(items, at, headline):
        return True
    if not headline < at < first:
        return False
    in_byline = not item.gap and not items[at - 1].is_content and width(item.text) <= LABEL
    return in_byline or item.plain.replace(",", "").isdigit() or (item.kind is None and not _is_row(item))


def _stands_below_byline(items: Sequence[Item], at: int, headline: int) -> bool:
    """Tell whether a line stands below the only byline there, in its paragraph, with but a lead between the headline and that."""
    day = next((above for above in range(at - 1, headline, -1) if items[above + 1].gap or _is_byline(items[above])), at)
    end = next((below for below in range(at + 1, len(items)) if items[below].gap), len(items))
    return (
        _is_byline(items[day])
        and not items[day + 1].gap
        and sum(map(_is_told, items[headline + 1 : end])) <= 1
        and sum(map(_is_byline, items[headline : end + NEAR])) == 1
    )


def _is_byline(item: Item) -> bool:
    return item.role is LineRole.BYLINE


def _set_aside(item: Item, near: bool = False) -> Item:
    """Return a line as the site's; a mark for members that is not near the article says nothing of it."""
    if item.role is LineRole.PAYWALL and not near:
        return item.with_role(LineRole.LOGIN)
    if not item.is_content and item.role is not LineRole.TITLE:
        return item
    is_page = could_be_heading(item.text) and width(item.text) >= HEADLINE
    return item.outside(LineRole.RELATED if is_page or is_prose(item.text) else LineRole.CHROME)
