"""Boundaries on a page: where one essay ends and the next begins.

Nothing marks it but a title among headings that look alike, so every heading is weighed as a reader would weigh it: is it longer
than the page's headings, does the section above it conclude, does the one below open a subject, do the words change here?
The weights are log-odds from a logistic regression over essays laid end to end in random order, rounded and in a few places set by
hand; a sum above 0 is a title.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import log2
from statistics import median

from corpus.essay import BlockKind
from corpus.intake.cohesion import Vocabulary
from corpus.intake.item import Item
from corpus.intake.lines import is_prose, ordinal, width
from corpus.intake.role import SITES_OWN, LineRole

BIAS = -4.7
CONTINUITY = -2.7  # per doubling of the page's mean similarity across a line
MOST_CONTINUITY = 2.0  # doublings; two short sections may have no word in common, and still be of one essay
ANNOUNCES = 1.3
NOT_ENDED = 3.0  # neither does the text above conclude nor do its words give way
LONGEST_HEAD = 60  # in Han widths, of a site's name and motto over the title of the only essay
SHORTEST_ESSAY = 120  # in Han widths, unless the page says that there is one
ONLY_A_LEAD = 2.0  # the essay above would be a title and what stands over its first heading
SURE = 12.0
SEVERAL = 2.5  # the surest title of a page must weigh as much; else the page is one essay

_ENDS = (LineRole.TAGS, LineRole.CREW, LineRole.TEASER, LineRole.BREAK)
_MARKET = re.compile(r"^(?:台股|美股|港股|日股|陸股)\s*:|\(\s*\d{4,6}\s*\)|[A-Z]{4,}.*\([A-Z]{1,5}\)")
_CONCLUSION = re.compile(r"^(?:結論|結語|總結|小結|後記)")
_CLOSING_HEAD = re.compile(r"結論|結語|總結|小結|啟示|借鏡|展望|未來|投資|觀察|機會|風險|下一步|最後")
_CLOSING = re.compile(
    r"^(?:總結|總而言之|總之|總的來說|總體|綜上|綜合|整體而言|歸根結|說到底|簡單說|最終|最後|未來|展望|所以)"
)
_ADDRESS = re.compile(r"投資(?:者|人)|企業(?:家|主)|讀者|我們|未來|下一個|十年|贏家")
_PREVIEW = re.compile(r"本文|這篇|以下(?:將|幾)|一探究竟|帶(?:您|你|大家)|為(?:您|你)|剖析|拆解|揭(?:示|開)|究竟|[??]$")
_OPENING = re.compile(r"^(?:當|在|您|你|一|過去|隨著|如果|想像|近年|長久|全球|說到|提到|走進|每)")
_NEVER = re.compile(
    r"^(?:結論|結語|總結|小結|前言|引言|導言|後記|附錄|參考資料|重點(?:整理)?|摘要|常見問題|[qa]\d{1,2})(?:$|[\s:.、—–-])"
    r"|^[對給](?:台灣|投資|企業|散戶|讀者|行銷)[^:]{0,12}(?:啟示|提醒|建議|意義|借鏡|一課|一句話|忠告)",
    re.IGNORECASE,
)


def starts(items: Sequence[Item], likely_one: bool = False) -> list[int]:
    """Return the indices of the items that begin an essay, the first always 0. `likely_one`: they come from an article's own page."""
    heads = [at for at, item in enumerate(items) if item.kind is BlockKind.HEADING or item.role is LineRole.TITLE]
    top = next((at for at, item in enumerate(items) if item.is_content and is_prose(item.text)), 0)
    said = [0.0, *accumulate(width(item.text) if item.is_content else 0.0 for item in items)]
    later = (at for at in heads if at > top and not _follows_heading(items, at))
    candidates = [0, *(at for at in later if not items[at].repeated or said[at] > LONGEST_HEAD)]
    is_one = likely_one or _opens_with_prose(items)
    if is_one and not any(explicit(items, at) >= SURE / 3 for at in candidates[1:]):
        return [0]
    weights = _weights(items, candidates)
    if max(weights, default=0.0) < (SURE / 2 if is_one else SEVERAL):
        return [0]
    found = [0]
    for (above, at), weight in zip(pairwise(candidates), weights, strict=True):
        long_enough = said[at] - said[found[-1]] > SHORTEST_ESSAY
        if weight > (SURE / 2 if not long_enough else ONLY_A_LEAD if above == found[-1] else 0):
            found.append(at)
    return found


def _opens_with_prose(items: Sequence[Item]) -> bool:
    """Tell whether a page begins with text, as a post does; a page of several essays begins with the title of the first."""
    first = next((item for item in items if item.is_content), None)
    return first is not None and first is items[0] and first.kind is not BlockKind.HEADING


def _follows_heading(items: Sequence[Item], at: int) -> bool:
    """Tell whether a heading stands right under another one, as its first subheading."""
    return items[at - 1].kind is BlockKind.HEADING and not items[at].repeated


def _weights(items: Sequence[Item], candidates: Sequence[int]) -> list[float]:
    """Return for each candidate but the first the log-odds that it is a title."""
    sections = [items[a:b] for a, b in pairwise([*candidates, len(items)])]
    vocabulary = Vocabulary(["\n".join(item.text for item in section if item.is_content) for section in sections])
    continuity = vocabulary.continuity()
    usual_heading = median(width(items[at].text) for at in candidates[1:] or candidates)
    usual_section = median(map(_length, sections))
    in_series = _inside_series(items, candidates)
    found = []
    for place, (before, after) in enumerate(pairwise(sections), 1):
        at = candidates[place]
        goes_on = max(-MOST_CONTINUITY, min(MOST_CONTINUITY, float(continuity[place - 1])))
        ended = closing(before) + CONTINUITY * goes_on
        weight = (
            BIAS + title_shape(items[at], usual_heading) + ended + opening(after, usual_section) + explicit(items, at)
        )
        weight += ANNOUNCES * vocabulary.announces(place, items[at].text)
        found.append(weight - (SURE / 2 if at in in_series else 0) - (NOT_ENDED if ended < 0 else 0))
    return found


def _length(section: Sequence[Item]) -> float:
    return 1 + sum(width(item.text) for item in section[1:] if item.is_content)


def title_shape(item: Item, usual: float) -> float:
    """Weigh a heading's shape: titles are longer than the page's headings, name tickers, and do not count or conclude."""
    if item.role is LineRole.TITLE:
        return SURE
    if ordinal(item.text) or _NEVER.match(item.plain):
        return -2 * SURE
    return 6.5 * min(1.5, max(-1.0, log2(width(item.text) / max(usual, 10)))) + (
        0.4 if _MARKET.search(item.plain) else 0
    )


def closing(section: Sequence[Item]) -> float:
    """Weigh the section above a title as an ending: a concluding heading, concluding words, an address to the reader, no announcement."""
    prose = [item.plain for item in section if item.is_content and item.kind is not BlockKind.HEADING]
    if not prose:
        return -SURE / 2
    if prose[-1].endswith(":"):
        return -2 * SURE
    heading = section[0].plain if section[0].kind is BlockKind.HEADING else ""
    return (
        (2.0 if _CONCLUSION.match(heading) else 0)
        + (1.8 if _CLOSING_HEAD.search(heading) else 0)
        + (2.5 if _CLOSING.match(prose[-1]) else 0)
        + 0.2 * min(3, len(set(_ADDRESS.findall(prose[-1]))))
    )


def opening(section: Sequence[Item], usual: float) -> float:
    """Weigh the section under a title as a lead: without a list, not short, raising what is to come, not summing up."""
    prose = [item for item in section[1:] if item.is_content]
    if not prose:
        return -SURE / 2
    return (
        0.2 * max(-3.0, log2(_length(section) / usual))
        - (1.2 if any(item.kind in (BlockKind.BULLET, BlockKind.NUMBERED) for item in prose) else 0)
        + (0.2 if _OPENING.match(prose[0].plain) else -3.0 if _CLOSING.match(prose[0].plain) else 0)
        + 0.5 * min(2, sum(1 for item in prose if _PREVIEW.search(item.plain)))
    )


def explicit(items: Sequence[Item], at: int) -> float:
    """Weigh what the page itself shows: a title said twice, a byline under it, the end of an essay above it; or offers all round."""
    above, below = items[at - 1].role, [item.role for item in items[at + 1 : at + 4]]
    if above is LineRole.PLUG and LineRole.PLUG in below:
        return -2 * SURE
    return (
        (SURE if items[at].repeated else 0)
        + (SURE if below[:1] == [LineRole.BYLINE] else 0)
        + (SURE / 3 if above in _ENDS else SURE / 6 if above is LineRole.READING or above in SITES_OWN else 0)
    )


def _inside_series(items: Sequence[Item], candidates: Sequence[int]) -> set[int]:
    """Return the candidates that stand between number n and number n + 1 of the same series."""
    last: dict[str, tuple[int, int]] = {}
    inside: set[int] = set()
    for at, item in enumerate(items):
        place = ordinal(item.text) if item.kind is BlockKind.HEADING else None
        if place is None:
            continue
        number, since = last.get(place.style, (0, at))
        if place.number == number + 1 and number:
            inside.update(candidates[bisect_right(candidates, since) : bisect_right(candidates, at)])
        last[place.style] = (place.number, at)
    return inside
