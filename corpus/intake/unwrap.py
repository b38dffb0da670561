"""Lines that were broken to fit a width, as forums, mails and printed pages break them: joined to paragraphs again.

A line is full when the first word of the next one would not have fitted in. Where most lines that have another right below them are
full, the width broke them, not the writer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.intake.dates import find_date, without_date
from corpus.intake.lines import TextLine, bullet, holds_pause, is_numbered, width

NARROWEST, WIDEST = 7.5, 50.0  # in Han widths: 15 to 100 columns
FULL_LINES = 3
LETTER_LINES = 6  # as many lines, all of one length, and words and numbers may have been broken, too
FULL_SHARE = 0.55  # of the lines that have another right below
PAUSED = 0.3  # of the full lines hold a pause: sentences, where other lines stand around them that no width broke
MOST_WIDER = 0.05  # of the lines: addresses, rows of a table
MOST_SAID = 0.5  # of the full lines end with a sentence; more, and it is the writer who ended them

_WORD = re.compile(r"[(（「『《〈【\[“]*(?:[!-'*-~]+|.)[，。、；：！？）」』》〉】”…,.;:!?)\]]*")
_SENTENCE_END = re.compile(r"[。！？!?][」』”)）]*$")
_ROW_END = re.compile(r"\t|\|$")  # of a table
_ADDRESS = re.compile(r"https?://|^www\.")


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The way in which a text was broken: at this width, `by_letter` also inside words and numbers."""

    margin: float
    by_letter: bool

    def broke(self, above: TextLine, below: TextLine) -> bool:
        """Tell whether the width, not the writer, ended a line."""
        if not _are_neighbours(above, below) or bullet(below.text) is not None or is_numbered(below.text):
            return False
        return _needed(above, below) > self.margin and not _is_day(below)

    def join(self, above: str, below: str) -> str:
        is_word = above[-1].isascii() and below[0].isascii()
        return f"{above}{' ' if is_word and not self.by_letter else ''}{below}"


def unwrapped(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines with those that a width broke joined; all as they are where no width did."""
    found = wrapping(lines)
    return list(lines if found is None else _joined(lines, found))


def wrapping(lines: Sequence[TextLine]) -> Wrapping | None:
    """Return the way in which the lines were broken, or None where each ends as its writer wanted."""
    breaks = [(above, _needed(above, below)) for above, below in pairwise(lines) if _are_neighbours(above, below)]
    if len(breaks) < FULL_LINES:
        return None
    widths = sorted(
        (width(line.text) for line in lines if line.role is None and not _ADDRESS.search(line.text)), reverse=True
    )
    for margin in dict.fromkeys(widths[: 1 + int(MOST_WIDER * len(widths))]):
        if not NARROWEST <= margin <= WIDEST:
            continue
        full = [above for above, needed in breaks if needed > margin]
        if len(full) < FULL_LINES:
            continue
        is_most = len(full) >= FULL_SHARE * len(breaks) or _is_in_midst(breaks, margin, full)
        if is_most and _broken_off(full):
            by_letter = len(full) >= LETTER_LINES and all(width(line.text) >= margin - 0.5 for line in full)
            return Wrapping(margin, by_letter)
    return None


def _is_in_midst(breaks: Sequence[tuple[TextLine, float]], margin: float, full: Sequence[TextLine]) -> bool:
    """Tell whether most lines are full from the first such line to the last, and hold sentences: menus stand above and below."""
    if len(full) < LETTER_LINES:
        return False
    places = [at for at, (_, needed) in enumerate(breaks) if needed > margin]
    is_most = len(full) >= FULL_SHARE * (places[-1] + 1 - places[0])
    return is_most and sum(holds_pause(line.text) for line in full) >= PAUSED * len(full)


def _broken_off(full: Sequence[TextLine]) -> bool:
    """Tell whether most of the full lines end in the middle of a sentence."""
    return sum(bool(_SENTENCE_END.search(line.text)) for line in full) <= MOST_SAID * len(full)


def _is_day(line: TextLine) -> bool:
    """Tell whether a line is a day, as under a title, and nothing more."""
    return line.text[0].isdigit() and find_date(line.plain) is not None and not without_date(line.plain).strip()


def _are_neighbours(above: TextLine, below: TextLine) -> bool:
    if above.role is not None or below.role is not None or below.gap or _ROW_END.search(above.text):
        return False
    return not (below.indented and not above.indented)


def _needed(above: TextLine, below: TextLine) -> float:
    """Return the width of a line that would hold the first word of the next one, too."""
    blank = 0.5 if above.text[-1].isascii() and below.text[0].isascii() else 0.0
    return width(above.text) + blank + first_word(below.text)


def first_word(text: str) -> float:
    """Return the width of a text's first word, which no break parts, in Han widths: one Han character, a whole number or name."""
    found = _WORD.match(text)
    return width(found[0]) if found else 1.0


def _joined(lines: Sequence[TextLine], how: Wrapping) -> Iterator[TextLine]:
    above, text = lines[0], lines[0].text
    start = above
    for below in lines[1:]:
        if how.broke(above, below):
            text = how.join(text, below.text)
        else:
            yield replace(start, text=text)
            start, text = below, below.text
        above = below
    yield replace(start, text=text)
