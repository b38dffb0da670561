"""The line of a page that is its essay's title, found by what stands around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.essay import BlockKind
from corpus.intake.byline import is_full_name
from corpus.intake.cohesion import words
from corpus.intake.item import Item
from corpus.intake.line_kinds import FRAMED
from corpus.intake.lines import could_be_heading, is_prose, ordinal, states_facts, width
from corpus.intake.role import LineRole

SHORTEST_TITLE = 5  # in Han widths
LONGEST_KICKER = 16  # in Han widths
NEAR_TOP = 6  # lines at the top of a page among which a line that is said twice is its title
NEAR = 20  # lines below a title among which the text takes up its words

_SECTION = re.compile(r"\||^[【「〈《\[(][^】」〉》\])]+[】」〉》\])]$")


def title_place(items: Sequence[Item], among_site: bool) -> int | None:
    """Return the index of the title among the lines above the first paragraph; among the site's lines, one that the text takes up."""
    head = range(head_length(items))
    if declared := [at for at in head if items[at].role is LineRole.TITLE]:
        return declared[0]
    fit = [at for at in head if items[at].is_content and items[at].kind is BlockKind.HEADING]
    fit = [at for at in fit if not items[at].plain.isdigit()]  # a counter
    fit = [at for at in fit if not states_facts(items[at].plain) and not _signs_above_day(items, at)] or fit
    if not among_site:
        return _first_of(fit)
    repeated = [at for at in fit if items[at].repeated]
    wide = [at for at in fit if width(items[at].text) >= SHORTEST_TITLE]
    framed = [at for at in wide if FRAMED.match(items[at].text)]
    spoken_of = [at for at in wide if width(items[at].text) >= 2 * SHORTEST_TITLE or _recurs(items, at)]
    signed = [at for at in spoken_of if at + 1 < len(items) and items[at + 1].role is LineRole.BYLINE]
    framed = [at for at in framed if not signed or at <= signed[0]]  # below a byline it is the newsroom's
    found = _first_of(repeated, framed, signed, spoken_of, wide, _short_title(items))
    return found + 1 if found is not None and found + 1 in wide and _is_kicker(items, found) else found


def _is_kicker(items: Sequence[Item], at: int) -> bool:
    """Tell whether a line right over one that could be the title names a section: in brackets or parted by bars, and not taken up below."""
    line, below = items[at], items[at + 1]
    is_section = width(line.text) <= LONGEST_KICKER and _SECTION.search(line.plain) is not None
    if not is_section or line.repeated or ordinal(below.text):
        return False
    return len(_taken_up(items, at, at + 1)) <= min(1, len(_taken_up(items, at + 1, at + 1)) - 1)


def _signs_above_day(items: Sequence[Item], at: int) -> bool:
    """Tell whether a line is the writer's name, between a line right above it and the day right below."""
    day = next(iter(items[at + 1 : at + 2]), None)
    is_signed = day is not None and day.role is LineRole.BYLINE and not day.gap
    return is_signed and at > 0 and not items[at].gap and is_full_name(items[at].text)


def _short_title(items: Sequence[Item]) -> list[int]:
    """Return the place of the first line, however short and whatever it says, if it stands alone over a byline or over the text."""
    if len(items) < 2 or items[0].role not in (LineRole.CONTENT, LineRole.CHROME) or _is_no_title(items[0].text):
        return []
    is_alone = items[1].role is LineRole.BYLINE or (items[1].gap and items[1].is_content and is_prose(items[1].text))
    return [0] if is_alone and items[0].kind in (None, BlockKind.HEADING, BlockKind.TEXT) else []


def _is_no_title(text: str) -> bool:
    return is_prose(text) or "://" in text


def _first_of(*choices: Sequence[int]) -> int | None:
    return next((choice[0] for choice in choices if choice), None)


def _recurs(items: Sequence[Item], at: int) -> bool:
    """Tell whether the text below takes up the words of a line; it does not take up the site's name."""
    return 3 * len(_taken_up(items, at, at)) >= len(set(words(items[at].text)))


def _taken_up(items: Sequence[Item], at: int, below: int) -> set[str]:
    """Return the words of a line that the text below another one takes up."""
    text = "\n".join(item.text for item in items[below + 1 : below + NEAR] if item.is_content)
    return set(words(items[at].text)).intersection(words(text))


def head_length(items: Sequence[Item]) -> int:
    """Return the number of items before the first paragraph, or to a title said twice; a figure alone is a counter."""
    twice = next((at + 1 for at, item in enumerate(items[:NEAR_TOP]) if item.repeated), 0)
    for at, item in enumerate(items):
        is_line = item.kind is BlockKind.HEADING or could_be_heading(item.text) or item.plain.isdigit()
        if item.is_content and not is_line and at >= twice:
            return at
    return len(items)
