"""Roles that a line has by its neighbours: lists of other pages, captions, tags, titles said twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.essay import BlockKind
from corpus.intake.item import Item
from corpus.intake.lines import bullet, could_be_heading, is_prose, width
from corpus.intake.role import LineRole

_LIST_HEADS = frozenset({LineRole.RELATED_HEAD, LineRole.READING_HEAD})
_NO_LINKS = frozenset(BlockKind) - {BlockKind.TEXT, BlockKind.BULLET, BlockKind.NUMBERED}
_SITE_SUFFIX = re.compile(r"\s*[|_–—-]\s*[^|_–—]{2,20}$")
TOP = 12  # lines of a page among which its title stands
LONGEST_MOTTO = 36  # in Han widths
LONGEST_TAG = 8.0  # in Han widths
LONGEST_SECTION = 8.0  # in Han widths, of the section's name that a page sets right before its title
_PICTURE_ENDS = "圖图片"
_PICTURED = re.compile(r"[\s_-]*(?:第\s?\d+\s?[張张])?(?:圖片?|图片?|照片)$")  # behind a title, for want of a caption
_REPEATED_WITHIN = 5
_LONGEST_CAPTION = 4  # lines


def settle_lists(items: list[Item]) -> list[Item]:
    """Give the short lines under 「延伸閱讀」 and 「相關新聞」 the list's role, until text goes on."""
    settled: list[Item] = []
    role: LineRole | None = None
    for at, item in enumerate(items):
        if item.role in _LIST_HEADS or (item.role is LineRole.TICKER_HEAD and not any(map(_is_content, items[:at]))):
            role = LineRole.READING if item.role is LineRole.READING_HEAD else LineRole.RELATED
            settled.append(item)
            continue
        if role is not None and item.is_content and not _ends_list(items, at):
            listed = bullet(item.text)
            item = item.with_role(role) if listed is None else replace(item, role=role, text=listed)
        elif item.is_content or item.role is LineRole.TEASER:
            role = None
        settled.append(item)
    return settled


def _is_content(item: Item) -> bool:
    return item.is_content


def _ends_list(items: Sequence[Item], at: int) -> bool:
    """Tell whether a line ends a list of links: a sentence, or a short line, but the first, that a sentence or a byline follows."""
    if is_prose(items[at].text) or items[at].kind in _NO_LINKS:
        return True
    if items[at - 1].role in (*_LIST_HEADS, LineRole.TICKER_HEAD) or at + 1 == len(items):
        return False
    after = items[at + 1]
    return after.role is LineRole.BYLINE or (after.is_content and is_prose(after.text)) or after.text == items[at].text


def settle_captions(items: list[Item]) -> list[Item]:
    """Give labels in the caption above a credit line the role of credits; a whole sentence stays."""
    settled = list(items)
    for at, item in enumerate(items):
        if item.role is not LineRole.CREDIT:
            continue
        first = at
        while first > 0 and not items[first].gap and at - first < _LONGEST_CAPTION and items[first - 1].is_content:
            first -= 1
        if at - first < _LONGEST_CAPTION and items[first].gap:
            for above in range(first, at):
                if not is_prose(items[above].text):
                    settled[above] = items[above].with_role(LineRole.CREDIT)
    return settled


def settle_echoes(items: list[Item]) -> list[Item]:
    """Give a line from the page's top the role of a repeated one where it names a picture below, or stands there in two halves."""
    top = [_joined(item.text) for item in items[:TOP]]
    settled = list(items)
    for at in range(1, len(top)):
        if not items[at].gap and top[at - 1] + top[at] in top[: at - 1]:
            settled[at - 1 : at + 1] = [half.with_role(LineRole.REPEATED) for half in items[at - 1 : at + 1]]
    for at, item in enumerate(items):
        named = _PICTURED.search(item.text) if item.text[-1:] in _PICTURE_ENDS else None
        if named and _joined(item.text[: named.start()]) in top[:at]:
            settled[at] = item.with_role(LineRole.REPEATED)
    return settled


def _joined(text: str) -> str:
    return "".join(text.split())


def settle_tags(items: list[Item]) -> list[Item]:
    """Give a row of words right over the head of a list of other pages the role of tags, if the text above has used each of them."""
    settled = list(items)
    for at, (item, below) in enumerate(pairwise(items)):
        words = item.text.split() if below.role in _LIST_HEADS and item.is_content and not is_prose(item.text) else []
        if len(words) > 1 and max(map(width, words)) <= LONGEST_TAG:
            told = "".join(above.text for above in items[:at] if above.is_content)
            if all(word in told for word in words):
                settled[at] = item.with_role(LineRole.TAGS)
    return settled


def merge_repeated(items: list[Item]) -> list[Item]:
    """Mark a heading-like line that was there a moment ago as the page's title said twice."""
    merged: list[Item] = []
    for item in items:
        could_be_title = item.is_content and item.block is None and could_be_heading(item.text)
        twin = _twin(merged, item) if could_be_title else None
        if twin is None:
            merged.append(item)
        else:
            is_longer = len(merged[twin].text) > len(item.text)  # longer by the site's name
            merged.append(replace(item, repeated=is_longer, role=item.role if is_longer else LineRole.REPEATED))
            merged[twin] = replace(
                merged[twin], repeated=not is_longer, role=LineRole.REPEATED if is_longer else item.role
            )
    return merged


def _twin(items: Sequence[Item], item: Item) -> int | None:
    """Find the same line among those right above, perhaps with the site's name behind it or a section's before it."""
    for at in range(len(items) - 1, max(-1, len(items) - 1 - _REPEATED_WITHIN), -1):
        earlier = items[at]
        if earlier.is_content and (_ends_head(earlier.text) or width(earlier.text) < 4):
            return None
        if not earlier.is_content or item.text not in earlier.text:
            continue
        before, _, behind = earlier.text.partition(item.text)
        is_sectioned = not behind and width(before) <= LONGEST_SECTION and width(item.text) > 2 * LONGEST_SECTION
        if is_sectioned or (not before and item.text in (earlier.text, _SITE_SUFFIX.sub("", earlier.text))):
            return at
    return None


def _ends_head(text: str) -> bool:
    """Tell whether a line is a paragraph, and no line under a site's name or a title that says what it is about."""
    return is_prose(text) and width(text) > LONGEST_MOTTO
