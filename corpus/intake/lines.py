"""The lines of a page, and what their shape alone tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from corpus.intake.role import LineRole
from corpus.language.numerals import read_number
from corpus.language.text import to_halfwidth

LONGEST_HEADING = 60  # in Han widths

HEADING_BARS = "▍▎"
HEADING_SIGNS = f"■□◆◇●◎{HEADING_BARS}★☆"  # bullets that also stand before headings
_BLANK = " \t\n\r\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200d\u202f\u205f\u2800\u3000"
_INDENT = " \t\xa0\u2003\u3000"
_ENGLISH_STOP = re.compile(r"[a-z]{2}[.](?:\s|$)")
_STOPS = "。;；:：,，、…"
_PAUSE = re.compile(r"[，,；;](?!\d).")
_BULLET = re.compile(r"^\s*(?:[•●○◆◇▪▫■□‧·・►▶▷➤➢✔✓✅☑★☆▍▎◎]|[-*–—](?=\s))\s*(?=\S)")
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}[.)、．]|[((][一二三四五六七八九十\d]{1,3}[))])\s*(?=\S)")
_LABELS = re.compile(r"[^\s:]{2,6}:(?=\S)")
_ORDINAL = re.compile(
    r"^(?:(?P<circled>[①-⑳❶-❿])"
    r"|(?P<style>第|[^\W\d_]{0,4}?)(?P<han>[一二三四五六七八九十]{1,3})\s*(?P<unit>[、..,::)]|[章節步部點項波][^\s]{0,3}?[、..::\s—–-]?|階段|[::])"
    r"|[((](?P<inner>[一二三四五六七八九十]{1,3})[))]"
    r"|(?P<digits>\d{1,2})\s?[.、．/)](?!\d))"
)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that is not blank. `gap`: a blank line stands before it. `role`: what the form of the page tells of it."""

    text: str
    gap: bool
    indented: bool = False
    role: LineRole | None = None

    @property
    def plain(self) -> str:
        """Narrow form, for matching patterns."""
        return narrowed(self.text)


@lru_cache(maxsize=50_000)
def narrowed(text: str) -> str:
    """Return a text in narrow form (NFKC), for matching patterns."""
    return text if text.isascii() else to_halfwidth(text)


def read_lines(text: str) -> list[TextLine]:
    """Return the non-blank lines, stripped."""
    return list(_lines(text))


def _lines(text: str) -> Iterator[TextLine]:
    gap = True
    for raw in text.split("\n"):
        if stripped := raw.strip(_BLANK):
            yield TextLine(stripped, gap, indented=raw[0] in _INDENT)
        gap = not stripped


@lru_cache(maxsize=16_384)
def width(text: str) -> float:
    """Return a text's length in Han characters; an ASCII character counts half."""
    return len(text) - 0.5 * len(text.encode("ascii", "ignore"))


@lru_cache(maxsize=16_384)
def is_prose(text: str) -> bool:
    """Tell whether a line reads as sentences rather than as a heading, label or list entry."""
    return "。" in text or width(text) > LONGEST_HEADING or bool(_ENGLISH_STOP.search(text))


@lru_cache(maxsize=16_384)
def could_be_heading(text: str) -> bool:
    """Tell whether a line is short, without a full stop, and not the lead-in of something else."""
    return (
        2 <= width(text) <= LONGEST_HEADING
        and not is_prose(text)
        and text[-1] not in _STOPS
        and not text.endswith("...")
    )


def holds_pause(text: str) -> bool:
    """Tell whether a line pauses, as one that is part of a sentence does."""
    return _PAUSE.search(text) is not None


def states_facts(plain: str) -> bool:
    """Tell whether a line is several labels with what they say, 「評等:買進 目標價:95元」: no title."""
    return len(_LABELS.findall(plain)) > 1


def bullet(text: str) -> str | None:
    """Return the text of a bullet item without its sign, or None."""
    match = _BULLET.match(text)
    return text[match.end() :] if match else None


def is_numbered(text: str) -> bool:
    """Tell whether a line begins like a numbered item: 「1. 」, 「(二)」."""
    return _NUMBERED.match(text) is not None


@dataclass(frozen=True, slots=True)
class Ordinal:
    """The place of a heading in a series: 「趨勢二:」 is number 2 of style 趨勢."""

    style: str
    number: int


def ordinal(text: str) -> Ordinal | None:
    """Return the ordinal that a heading begins with, or None."""
    match = _ORDINAL.match(text)
    if match is None:
        return None
    parts = match.groupdict()
    if circled := parts["circled"]:
        return Ordinal("①", ord(circled) - ord("①" if circled <= "⑳" else "❶") + 1)
    if han := parts["han"] or parts["inner"]:
        return Ordinal(f"{parts['style'] or ''}{'(' if parts['inner'] else ''}一", read_number(han))
    return Ordinal("1", int(parts["digits"]))
