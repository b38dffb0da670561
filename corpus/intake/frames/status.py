"""A post as a short-message site shows it: a name and its handle above, the hour and the counters below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.intake.dates import find_date
from corpus.intake.frames.piece import Piece
from corpus.intake.lines import TextLine, is_prose
from corpus.intake.role import LineRole

_HANDLE = re.compile(r"@[A-Za-z0-9_.]{2,30}")
_FIGURE = re.compile(r"[\d,.]+\s?[KMkm萬千]?")
_COUNTED = re.compile(r"(?:views?|次查看|次瀏覽)", re.IGNORECASE)


def read_status(lines: Sequence[TextLine]) -> list[Piece]:
    """The post that the lines are, if a handle stands under their first one."""
    if len(lines) < 3 or not _HANDLE.fullmatch(lines[1].text) or is_prose(lines[0].text):
        return []
    days = (find_date(line.plain) for line in lines[2:] if not is_prose(line.text))
    framed = tuple(replace(line, role=LineRole.FRAME) for line in lines[:2])
    return [
        Piece((*framed, *_body(lines[2:])), author=lines[0].text, published=next(filter(None, days), None), is_one=True)
    ]


def _body(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """The lines, the figure above 「Views」 told as the counter that it is."""
    for line, below in pairwise(lines):
        is_counter = _FIGURE.fullmatch(line.text) and _COUNTED.fullmatch(below.text)
        yield replace(line, role=LineRole.FRAME) if is_counter else line
    yield lines[-1]
