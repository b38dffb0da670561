"""What on a page belongs to the site and not to an essay, told line by line; the wordings are in noise.toml."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum, auto
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from corpus.intake.byline import is_byline
from corpus.intake.lines import is_prose, width

LONGEST_NOISE = 90  # in Han widths; a longer line is content unless it is a strip of quotes
LONGEST_NOTICE = 32  # of what the site says in a sentence

_TOKEN = re.compile(r"\w+")
_ORNAMENT = re.compile(r"^(?:[^\w\s【\[(#▲▼△※→©👉👇_!-]|[\ufe0f\s])+(?=\S)")
_PRICED = re.compile(r"[▲▼△▽↑↓+−]|\d[.,]\d")
_CHANGE = re.compile(r"[▲▼△▽↑↓]\s?\d|[-+−]?\d+(?:\.\d+)?\s?%|[-+−]\d+\.\d+")
_FIGURE = re.compile(r"[\d\s.,%▲▼△▽↑↓+\-−()|/:]|[A-Z]{1,5}\b")


class LineRole(StrEnum):
    """What a line of a page is for."""

    CONTENT = auto()
    TITLE = auto()  # declared as such: 「標題: ...」
    BYLINE = auto()  # date, author, source
    TAGS = auto()
    READING = auto()  # one piece of further reading
    READING_HEAD = auto()  # the head of a list of them
    RELATED_HEAD = auto()  # the head of a list of the site's other pages
    CREDIT = auto()  # whose picture or figures these are
    CREW = auto()  # editor, photographer: stands at an essay's end
    PLUG = auto()  # an offer; what follows it at an essay's end is more of it
    TEASER = auto()  # the next article begins
    BREAK = auto()  # a rule
    CHROME = auto()  # the site's own


@lru_cache(maxsize=50_000)
def role_of(plain: str) -> LineRole:
    """The role of one line (narrow form) by its wording alone."""
    if is_quote_strip(plain):
        return LineRole.CHROME
    if width(plain) > LONGEST_NOISE:
        return LineRole.CONTENT
    said = _ORNAMENT.sub("", plain)
    told = is_prose(said) and width(said) > LONGEST_NOTICE
    for role, pattern, sentences in _patterns():
        if (sentences or not told) and pattern.search(said):
            return role
    if is_byline(said):
        return LineRole.BYLINE
    return LineRole.CHROME if _is_navigation(said) else LineRole.CONTENT


def is_quote_strip(plain: str) -> bool:
    """Prices in a row: 「台積電 1,085.00 ▲15.00 (1.40%)」. Mostly figures, each with its change."""
    if "。" in plain or len(plain) > 2_000 or not _CHANGE.search(plain) or not _PRICED.search(plain):
        return False
    return len(_FIGURE.findall(plain)) >= 0.6 * len(plain) or len(re.findall(r"[▲▼△▽]\s?\d", plain)) >= 2


def _is_navigation(plain: str) -> bool:
    tokens = [token.lower() for token in _TOKEN.findall(plain)]
    return bool(tokens) and "%" not in plain and all(token in _navigation() or token.isdigit() for token in tokens)


@cache
def _wordings() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("noise.toml").read_text("utf-8"))


@cache
def _navigation() -> frozenset[str]:
    return frozenset(_wordings()["navigation"].split())


@cache
def _patterns() -> tuple[tuple[LineRole, re.Pattern[str], bool], ...]:
    return tuple(
        (LineRole(line["is"]), re.compile(line["like"], re.IGNORECASE | re.VERBOSE), line.get("sentences", False))
        for line in _wordings()["line"]
    )
