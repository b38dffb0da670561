"""The end of an essay's text: an offer with all that follows it, and short lines among the site's own."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.essay import BlockKind
from corpus.intake.item import Item
from corpus.intake.role import SITES_OWN, LineRole

PLUG_SHARE = 0.4  # an offer with more text than this after it stands in the middle of an essay

_LISTED = frozenset(BlockKind) - {BlockKind.HEADING, BlockKind.TEXT}
_SITE = SITES_OWN | {LineRole.TAGS, LineRole.CREW, LineRole.READING, LineRole.PLUG, LineRole.TEASER}


def without_tail(items: Sequence[Item]) -> Sequence[Item]:
    """Return the body without what follows its end: an offer and all after it, and short lines among the site's own."""
    offered = _before_plug(items)
    told = [at for at in range(offered) if _is_text(items[at])]
    below = range(told[-1] if told else offered, offered)
    is_sites = offered < len(items) or any(_is_sites(items[at]) for at in below)
    end = next((at for at in below if _is_sites(items[at]) or (is_sites and _is_byline(items[at]))), offered)
    while end and _is_label(items[end - 1], is_sites):
        end -= 1
    return items[:end]


def _is_text(item: Item) -> bool:
    return item.is_told or (item.kind in _LISTED and item.is_content)


def _is_label(item: Item, is_sites: bool) -> bool:
    """Tell whether the last line of a text is a heading without a text, or, above the site's lines, a counter."""
    if item.role is LineRole.BREAK:
        return is_sites
    return item.is_content and (item.kind is BlockKind.HEADING or (is_sites and item.plain.isdigit()))


def _is_byline(item: Item) -> bool:
    return item.role is LineRole.BYLINE


def _is_sites(item: Item) -> bool:
    """Tell whether a line is the site's; an address may be that of a picture the author shows."""
    return item.role in _SITE and not item.plain.startswith("http")


def _before_plug(items: Sequence[Item]) -> int:
    """Return the place where the offers at the end begin: the first offer that has little of the text after it."""
    left = sum(len(item.text) for item in items if item.is_content)
    least = PLUG_SHARE * left
    for at, item in enumerate(items):
        if item.role in (LineRole.PLUG, LineRole.TEASER) and left <= least:
            return at
        left -= len(item.text) if item.is_content else 0
    return len(items)
