"""What on a page belongs to the site and not to an essay, told line by line; the wordings are in noise.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from corpus.intake.byline import is_byline
from corpus.intake.lines import is_prose, width
from corpus.intake.role import LineRole

LONGEST_NOISE = 90  # in Han widths; a longer line is content unless it is a strip of quotes
LONGEST_NOTICE = 32  # of what the site says in a sentence

_TOKEN = re.compile(r"\w+")
_ORNAMENT = re.compile(r"^(?:[^\w\s【\[(#▲▼△※→©👉👇_!-]|[\ufe0f\s])+(?=\S)")
_ARROW = re.compile(r"[▲▼△▽↑↓]")
_QUOTE = re.compile(
    r"[^\d\s,、;|/%()▲▼△▽↑↓+−-][^,、;|/%▲▼△▽↑↓+−]{0,24}?\s*[▲▼△▽↑↓]?\s*\d[\d,]*(?:\.\d+)?\s*"
    r"(?:[▲▼△▽↑↓]\s?\d[\d,.]*%?|[+−-]\s?\d[\d,.]*%?|\([▲▼△▽↑↓+−-]?\s?\d[\d.]*%\))(?:\s*\([▲▼△▽↑↓+−-]?\s?\d[\d.]*%\))?[\s|]*"
)


@lru_cache(maxsize=50_000)
def role_of(plain: str) -> LineRole:
    """The role of one line (narrow form) by its wording alone."""
    if is_quote_strip(plain):
        return LineRole.QUOTES
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
    """Prices of several securities in a row: 「台積電 1,085.00 ▲15.00 鴻海 199.50 ▼0.50」; one alone may be a row of the author's."""
    if "。" in plain or len(plain) > 2_000:
        return False
    quotes = list(_QUOTE.finditer(plain))
    least = 2 if _ARROW.search(plain) else 3
    return len(quotes) >= least and sum(len(match[0]) for match in quotes) >= 0.7 * len(plain)


def _is_navigation(plain: str) -> bool:
    tokens = [token.lower() for token in _TOKEN.findall(plain)]
    labels = [token for token in tokens if not token.isdigit()]
    return bool(labels) and "%" not in plain and all(token in _navigation() for token in labels)


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
