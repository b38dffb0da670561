"""What a line of content is: a heading, a paragraph, or an item of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from corpus.essay import BlockKind
from corpus.intake.byline import is_full_name
from corpus.intake.item import Item
from corpus.intake.lines import (
    HEADING_BARS,
    HEADING_SIGNS,
    bullet,
    could_be_heading,
    holds_pause,
    is_numbered,
    is_prose,
    ordinal,
    width,
)
from corpus.intake.role import LineRole

FRAMED = re.compile(r"^【[^】]{4,}】$")
_ROW = re.compile(r"^[^::。]{1,14}[::]\s?[^。]{1,40}$|^\S{1,12}\s+[\d.,]+\s?%?$")
_FEELING = re.compile("[\u2600-\u26ff\u2764\U0001f300-\U0001faff]\ufe0f?$")
LONGEST_SUBHEADING = 36  # in Han widths; a longer one must have a longer text under it
CLAUSES = 5  # short lines in a row, half of which pause, are somebody's text without full stops and no headings


def settle_kinds(items: list[Item]) -> list[Item]:
    spaced = _is_spaced(items)
    content = [at for at, item in enumerate(items) if item.is_content]
    following = dict(pairwise(content))
    settled = list(items)
    for at in reversed(content):
        after = following.get(at)
        settled[at] = _with_kind(items, at, settled[after] if after is not None else None, spaced)
    return _settle_clauses(settled)


def _settle_clauses(items: list[Item]) -> list[Item]:
    """Make the lines that pause paragraphs where most in a row of short lines do: they tell something without full stops."""
    paused = {at for at, item in enumerate(items) if _could_be_clause(item) and holds_pause(item.text)}
    if 2 * len(paused) < CLAUSES:
        return items
    settled = list(items)
    for is_run, group in groupby(range(len(items)), lambda at: at in paused or _could_be_clause(items[at])):
        run = list(group)
        clauses = paused.intersection(run) if is_run and len(run) >= CLAUSES else ()
        if 2 * len(clauses) >= len(run):
            for at in clauses:
                settled[at] = replace(items[at], kind=BlockKind.TEXT, clause=True)
    return settled


def _could_be_clause(item: Item) -> bool:
    is_line = item.kind is BlockKind.HEADING or item.kind is BlockKind.TEXT
    return is_line and not is_prose(item.text) and not item.repeated and not FRAMED.match(item.text)


def _with_kind(items: Sequence[Item], at: int, after: Item | None, spaced: bool) -> Item:
    item = items[at]
    if item.kind in (BlockKind.HEADING, BlockKind.TABLE):
        return item
    if (listed := bullet(item.text)) is not None:
        is_head = could_be_heading(listed) and after is not None and _marks_heading(item.text[0], after)
        return replace(item, kind=BlockKind.HEADING if is_head else BlockKind.BULLET, text=listed)
    if _is_heading(items, at, after, spaced):
        return item.with_kind(BlockKind.HEADING)
    return item.with_kind(BlockKind.NUMBERED if is_numbered(item.text) else BlockKind.TEXT)


def _marks_heading(sign: str, after: Item) -> bool:
    """Tell whether the text behind a sign is the heading of what follows: bars never list, other signs do."""
    return sign in HEADING_BARS or (sign in HEADING_SIGNS and after.kind is BlockKind.TEXT)


def _is_heading(items: Sequence[Item], at: int, after: Item | None, spaced: bool) -> bool:
    item = items[at]
    if after is None or not could_be_heading(item.text):
        return False
    if _FEELING.search(item.text) and any(above.is_content for above in items[:at]):
        return False  # somebody talks; at the top the line is the page's name
    if item.repeated or FRAMED.match(item.text) or _stands_over_byline(items, at) or _opens_under_day(items, at):
        return True
    if is_numbered(item.text) and at > 0 and _counts_on(items[at - 1], item):
        return False
    beside = at > 0 and not item.gap and items[at - 1].is_content
    if (beside and spaced) or _is_row(items, at):
        return False
    if after.kind is BlockKind.HEADING:
        return not (ordinal(item.text) and ordinal(after.text) and is_numbered(item.text))
    if is_numbered(item.text) and after.kind is BlockKind.NUMBERED:
        return False
    if after.kind in (BlockKind.BULLET, BlockKind.NUMBERED):
        return True
    if is_prose(after.text):
        return width(item.text) <= max(LONGEST_SUBHEADING, width(after.text))
    return width(after.text) > 2 * width(item.text)


def _is_row(items: Sequence[Item], at: int) -> bool:
    """Tell whether a line and the one right above or below it read like the rows of a table."""
    above = items[at - 1 : at] if not items[at].gap else []
    below = [item for item in items[at + 1 : at + 2] if not item.gap]
    return bool(_ROW.match(items[at].text)) and any(
        item.is_content and _ROW.match(item.text) for item in (*above, *below)
    )


def _stands_over_byline(items: Sequence[Item], at: int) -> bool:
    below = list(items[at + 1 : at + 3])
    if len(below) == 2 and is_full_name(below[0].text) and not below[0].gap and not below[1].gap:
        del below[0]
    return bool(below) and below[0].role is LineRole.BYLINE


def _opens_under_day(items: Sequence[Item], at: int) -> bool:
    """Tell whether a line stands alone right below the day that a page begins with, as a blog's title does."""
    is_alone = items[at].gap and at + 1 < len(items) and items[at + 1].gap
    return is_alone and 0 < at <= 2 and all(above.role is LineRole.BYLINE for above in items[:at])


def _counts_on(above: Item, item: Item) -> bool:
    """Tell whether an item carries on the list that the line above it belongs to: no heading has the next one right below."""
    first, second = ordinal(above.text), ordinal(item.text)
    return bool(above.is_content and first and second and second.number == first.number + 1)


def _is_spaced(items: Sequence[Item]) -> bool:
    """Tell whether the page sets its paragraphs apart by blank lines."""
    content = [item for item in items if item.is_content]
    return sum(item.gap for item in content) > 0.6 * len(content)
