"""A thread of a forum whose posts are counted: the first is the text, the others answer to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.intake.boilerplate import role_of
from corpus.intake.dates import find_date
from corpus.intake.frames.piece import Piece
from corpus.intake.lines import TextLine, is_prose, width
from corpus.intake.role import LineRole

HEAD_LINES = 6  # of a post, above its number
LONGEST_LABEL = 20.0  # in Han widths, of a line of it

_PLACE = re.compile(r"(?:.{0,30}\s)?#(?P<sharp>\d+)|(?P<floor>\d+)\s?樓")
_OPENER = "樓主"


def read_thread(lines: Sequence[TextLine]) -> list[Piece]:
    """Return the first post of the thread that the lines are, if a second is counted below it: what follows are replies."""
    places = {
        at: int(match["sharp"] or match["floor"])
        for at, line in enumerate(lines)
        if (match := _PLACE.fullmatch(line.plain))
    }
    first = next((at for at, place in places.items() if place == 1), None)
    second = next((at for at, place in places.items() if place == 2 and (first is None or at > first)), None)
    opener = next((at for at, line in enumerate(lines[:second]) if line.plain == _OPENER), None)
    if second is None or (first is None and opener is None):
        return []
    replies = _top(lines, second)
    begin = first if first is not None else opener or 0
    named = opener - 1 if opener else max(_top(lines, begin), begin - (second - replies))
    author = lines[named].text if 0 <= named < begin else None
    framed = (
        replace(line, role=LineRole.FRAME) if named <= at <= begin or (at < begin and line.text == author) else line
        for at, line in enumerate(lines[:replies])
    )
    said = (replace(line, role=LineRole.COMMENT) for line in lines[replies:])
    return [
        Piece(
            (*framed, *said),
            author=author,
            published=find_date("\n".join(line.plain for line in lines[named : begin + 1])),
        )
    ]


def _top(lines: Sequence[TextLine], place: int) -> int:
    """Return the place where the head of a post begins: its labels above its number, below what closes the post before."""
    at = place
    while at > max(0, place - HEAD_LINES) and _is_label(lines[at - 1]):
        at -= 1
    return at


def _is_label(line: TextLine) -> bool:
    return not is_prose(line.text) and width(line.text) <= LONGEST_LABEL and role_of(line.plain) is not LineRole.CHROME
