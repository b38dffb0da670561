"""One Essay out of the items between two boundaries: title, body, and what the page says about it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from itertools import pairwise
from typing import TypeVar

from corpus.essay import Block, BlockKind, Essay
from corpus.intake.boilerplate import role_of
from corpus.intake.byline import (
    author_in,
    columnist_in,
    day_in,
    is_full_name,
    is_organisation,
    is_person,
    labelled,
    source_in,
    tags_in,
)
from corpus.intake.ending import without_tail
from corpus.intake.extracted import Extracted, LeftOut, Reason
from corpus.intake.item import Item
from corpus.intake.lines import is_prose, ordinal, states_facts, width
from corpus.intake.role import REASONS, LineRole
from corpus.intake.title_line import SHORTEST_TITLE, head_length, title_place

SUBTITLE = 10  # in Han widths, at least
SHORTEST_TEXT = 60  # of lines without a full stop under no title; less is a title whose text is still to come
_DECLARED = re.compile(r"^(?:原文)?[標标][題题](?:\s*[:：]|\s)\s*")
_PRINTED = re.compile(r"^(?:星期|週|今天|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,)", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_UPDATED = re.compile(r"更新|updated", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_DATELINE = re.compile(r"^[【\[(〔][^】\])〕]{4,40}[】\])〕]")
_SENTENCE = re.compile(r"[^。!?！？]+[!?！？]*")
_NOT_ABOVE = (LineRole.FRAME, LineRole.QUOTED, LineRole.COMMENT, LineRole.BREAK)
LEAST_ECHOED = 8  # in Han widths, of a title that names pictures, too
NEAR_TITLE = 3  # lines above a title among which its author's name may stand
LONGEST_NAME = 6  # in Han widths
LONGEST_ALIAS = 10  # the same, of a name that an account goes by
LONGEST_OPENING = 80  # characters
_ROW_SIGN = re.compile(r"[・·•|∙]")
_FORUM_KIND = re.compile(r"^\[[^\]]{1,6}\]\s*")

T = TypeVar("T")


def assemble(items: Sequence[Item], title: str | None = None, among_site: bool = False) -> Extracted:
    """Return the essay that these items make, and the items that are not in it; no essay when they hold no paragraph.

    `title` is what the essay is known to be called; else it is read from the items. `among_site`: the items come from the top of a
    plain page, where lines of the site may stand above the title.
    """
    title_at = _place_of(title, items) if title else title_place(items, among_site)
    items = _without_echoes(items, title_at)
    start = _start(items, title_at, drop_head=among_site)
    body = [*_subtitle(items, title_at, start), *range(start, start + len(without_tail(items[start:])))]
    inside = [at for at in body if items[at].is_content and items[at].kind]
    blocks = tuple(item.block or Block(item.kind, item.text) for at in inside if (item := items[at]).kind)
    if not any(block.kind is not BlockKind.HEADING for block in blocks):
        return Extracted(left_out=tuple(LeftOut(item.whole, _reason(item)) for item in items))
    about = _about(items, title_at)
    found = Essay(
        title=title or _clean_title(items[title_at].text if title_at is not None else _stand_in(blocks, _opens(items))),
        blocks=blocks,
        author=_first(map(author_in, about))
        or _name_among(items[max(0, (title_at or 0) - NEAR_TITLE) : start])
        or _name_over(items[: title_at or 0])
        or _name_beside_day(items[(title_at or 0) + 1 :], start - (title_at or 0) - 1)
        or _name_said_in_byline(items[(title_at or 0) + 1 : start])
        or (columnist_in(items[title_at].plain) if title_at is not None else None),
        source=_first(map(source_in, about)),
        published=_published(about),
        tags=tuple(dict.fromkeys(tag for item in items if item.role is LineRole.TAGS for tag in tags_in(item.text))),
        further_reading=tuple(dict.fromkeys(item.text for item in items if item.role is LineRole.READING)),
    )
    kept = {*inside, *(() if title_at is None or (title and items[title_at].text != title) else (title_at,))}
    label = items[title_at].text.removesuffix(found.title) if title_at is not None and title_at in kept else ""
    named = (LeftOut(label.strip(), Reason.FRAME),) if label.strip() and label != items[title_at or 0].text else ()
    return Extracted((found,), (*named, *_left_out(items, kept, inside, start)))


def _without_echoes(items: Sequence[Item], title_at: int | None) -> Sequence[Item]:
    """Return the items, those that hold the whole title behind a word or a number told as repeated: a picture is called so."""
    if title_at is None or width(items[title_at].text) < LEAST_ECHOED:
        return items
    title = items[title_at].text
    return [
        item.outside(LineRole.REPEATED)
        if at > title_at and item.is_content and item.text.endswith(title) and _is_number(item.text.removesuffix(title))
        else item
        for at, item in enumerate(items)
    ]


def _is_number(text: str) -> bool:
    return 0 < len(text) <= LONGEST_ALIAS and text.strip()[-1:].isdigit()


def _left_out(items: Sequence[Item], kept: Set[int], inside: Sequence[int], start: int) -> Iterator[LeftOut]:
    """Yield the items that are neither title nor body, each with the block that it stood above."""
    for at, item in enumerate(items):
        if at not in kept:
            yield LeftOut(item.whole, _reason(item, is_above=at < start), before=bisect_left(inside, at))


def _reason(item: Item, is_above: bool = False) -> Reason:
    """Return the reason why an item is not in the body: by its role, else by being a name or by its place above the text."""
    if (known := REASONS.get(item.role)) is not None:
        return known
    return Reason.BYLINE if is_person(item.plain) else Reason.MENU if is_above else Reason.OTHER


def _place_of(title: str, items: Sequence[Item]) -> int | None:
    """Return the place of a known title in the head, perhaps with or without the site's name, or None."""
    head = [at for at in range(head_length(items)) if items[at].is_content or items[at].role is LineRole.TITLE]
    return next((at for at in head if title in items[at].text or title.startswith(items[at].text)), None)


def _start(items: Sequence[Item], title_at: int | None, drop_head: bool) -> int:
    """Return the index of the first item that may belong to the body. A title that counts (①) is the first section heading, too.

    What stands between a title and the bylines under it speaks of the essay, too: a section of the site, a name.
    """
    head = head_length(items)
    if title_at is None:
        return _start_untitled(items[:head], is_all=head == len(items)) if drop_head else 0
    if ordinal(items[title_at].text):
        return title_at
    bylines = [at for at in range(title_at, head) if items[at].role is LineRole.BYLINE or _signs(items, at)]
    return max(bylines, default=title_at) + 1


def _subtitle(items: Sequence[Item], title_at: int | None, start: int) -> list[int]:
    """Find the line right under a title, in its paragraph and above its byline, that is longer than a name or a section's."""
    if title_at is None or title_at + 1 >= start:
        return []
    item = items[title_at + 1]
    is_one = item.is_content and not item.gap and width(item.text) >= SUBTITLE and not is_full_name(item.text)
    return [title_at + 1] if is_one else []


def _signs(items: Sequence[Item], at: int) -> bool:
    """Tell whether a line under a title is its writer's name; one that is marked, or set apart, may be what the text is about."""
    item, above = items[at], items[at - 1]
    is_name = is_person(item.plain) or (above.role is LineRole.BYLINE and is_full_name(item.text))
    return item.block is None and not item.gap and is_name


def _start_untitled(head: Sequence[Item], is_all: bool) -> int:
    """Return the index below the site's lines; the end, where there is no paragraph at all and hardly a line."""
    if is_all and sum(width(item.text) for item in head if item.is_content) < SHORTEST_TEXT:
        return len(head)
    return max((at + 1 for at, item in enumerate(head) if not item.is_content), default=0)


def _name_among(items: Sequence[Item]) -> str | None:
    """Return a person's name that has a line of its own, or a name said on two lines running: beside a portrait, and under it."""
    named = next((item.text for item in items if is_person(item.plain)), None)
    twice = (below.text for above, below in pairwise(items) if above.text == below.text and _could_be_name(below))
    return named or next(twice, None)


def _name_over(above: Sequence[Item]) -> str | None:
    """Return the name right over the day and hour that stand right over a title, as in an app."""
    if len(above) < 2 or above[-1].role is not LineRole.BYLINE or not _CLOCK.search(above[-1].plain) or above[-1].gap:
        return None
    name = above[-2]
    is_name = _could_be_name(name, LONGEST_ALIAS) and not is_organisation(name.plain)
    return name.text if is_name else None


def _name_beside_day(items: Sequence[Item], start: int) -> str | None:
    """Return the full name that stands in a byline's paragraph, right above or below it, and is no text, which begins at `start`."""
    pairs = [(at, at + 1) for at in range(len(items) - 1) if not items[at + 1].gap]
    beside = (
        items[name]
        for day, name in (*pairs, *((below, above) for above, below in pairs))
        if items[day].role is LineRole.BYLINE and (name < start or not items[name].is_content)
    )
    full = next((item.text for item in beside if is_full_name(item.text)), None)
    return full or next((items[at].text for at, _ in pairs if _begins_row(items[at : at + 3])), None)


def _name_said_in_byline(items: Sequence[Item]) -> str | None:
    """Return the name in a line between title and text that a byline there says again, among other words."""
    bylines = [item.plain for item in items if item.role is LineRole.BYLINE]
    names = (item for item in items if item.is_content and _could_be_name(item, LONGEST_ALIAS))
    return next((item.text for item in names if any(item.plain in line for line in bylines)), None)


def _begins_row(items: Sequence[Item]) -> bool:
    """Tell whether a line is the name in what a page shows in a row, 「王小明 ・2026/3/4 ・付費」, each behind its sign."""
    name, day, *_ = items
    return (
        day.role is LineRole.BYLINE and _could_be_name(name) and any(_ROW_SIGN.match(item.text) for item in items[1:])
    )


def _could_be_name(item: Item, longest: float = LONGEST_NAME) -> bool:
    return 2 <= width(item.text) <= longest and role_of(item.plain) is LineRole.CONTENT


def _clean_title(text: str) -> str:
    return _FORUM_KIND.sub("", _DECLARED.sub("", text)) or text


def _opens(items: Sequence[Item]) -> bool:
    """Tell whether a page begins with its text, as a post does: with nothing of a site, no name and no day above it."""
    above = next((at for at, item in enumerate(items) if item.is_content and item.kind), 0)
    return all(item.role in _NOT_ABOVE for item in items[:above])


def _stand_in(blocks: Sequence[Block], opens: bool) -> str:
    """Return a title for an untitled page: its first sentence where it opens with text or has no heading, else its first heading."""
    heading = next((block.text for block in blocks if block.kind is BlockKind.HEADING), None)
    return heading if heading and not opens else _opening(blocks[0].text)


def _opening(text: str) -> str:
    """Return the first sentence of a text; of a very long one as much as its signs set apart."""
    said = next(filter(None, (match[0].strip() for match in _SENTENCE.finditer(text))), text)
    said = text if width(said) < SHORTEST_TITLE else said
    if len(said) <= LONGEST_OPENING:
        return said
    cut = max(said.rfind(sign, 0, LONGEST_OPENING) for sign in "，,、；;：: ")
    return said[: cut if cut > LONGEST_OPENING // 2 else LONGEST_OPENING]


def _about(items: Sequence[Item], title_at: int | None) -> list[str]:
    """Return the lines that speak of the essay, best first: bylines right below and above its title, later ones, its opening.

    A date above the title with the site's lines between them is the day the page was printed.
    """
    head = head_length(items)
    top = head if title_at is None else title_at
    above = 0 if title_at is not None and items[title_at].role is LineRole.TITLE else top
    while above > 0 and (items[above - 1].role is LineRole.BYLINE or states_facts(items[above - 1].plain)):
        above -= 1
    if above == 0 and items[0].role is LineRole.BYLINE and _PRINTED.match(items[0].plain):
        above = 1
    near = _published_first((*items[top : max(top, head)], *items[above:top]))
    if title_at is None and not near:
        near = _published_first(items[:head])
    prose = next((at for at in range(head, len(items)) if items[at].is_content and is_prose(items[at].text)), head)
    tables = (item.block.table for item in items[top:prose] if item.block is not None and item.block.table is not None)
    near += [line for table in tables for line in labelled(table)]
    bylines = [*near, *_published_first(items[max(top, head) :])]
    opening = [item.plain for item in items[top:] if item.is_content and is_prose(item.text)][:1]
    return bylines + opening


def _published_first(items: Sequence[Item]) -> list[str]:
    """Return the bylines among some items, those that say only when the text was changed behind the others."""
    bylines = [item.plain for item in items if item.role is LineRole.BYLINE]
    return sorted(bylines, key=lambda line: bool(_UPDATED.search(_IN_BRACKETS.sub("", line))))


def _published(lines: Sequence[str]) -> date | None:
    """Return the date of the first byline that has one; in an opening only what stands in its dateline counts."""
    if not lines:
        return None
    dateline = _DATELINE.match(lines[-1])
    return _first(map(day_in, [line for line in lines if not is_prose(line)] + ([dateline[0]] if dateline else [])))


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value), None)
