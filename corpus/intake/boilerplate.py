"""Lines of a page that belong to the site and not to an essay, told one by one; the wordings are in noise.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from corpus.intake.byline import is_byline, is_person
from corpus.intake.lines import HEADING_SIGNS, is_prose, width
from corpus.intake.role import LineRole
from corpus.language.traditional import to_traditional

LONGEST_NOISE = 90  # in Han widths; a longer line is content unless it is a strip of quotes
LONGEST_AFTERWORD = 160
LONGEST_NOTICE = 32  # of what the site says in a sentence
LONGEST_CAPTION = 72  # of one that is a sentence
LEAST_LABELS, LONGEST_LABEL = 3, 8  # words, characters
LEAST_QUOTES = 2  # in a row, with arrows

_AFTERWORD = re.compile(r"p\.?s\.?[\s:.]", re.IGNORECASE)
_TOKEN = re.compile(r"\w+")
_PICTURED = re.compile(
    r"\s*(?:\(?(?:圖|照片|攝影)(?:片)?(?:來源|提供)?\s?[/:|]\s?\S{2,16}\)?|\([^()]{2,16}(?:攝影?|提供|資料照片?|檔案照)\)|\((?:路透|美聯社|法新社|歐新社)\))"
)  # behind the last stop of a caption
_ORNAMENT = re.compile(r"^(?!\W\s?付費$)(?:[^\w\s【\[(#▲▼△※→©👉👇_!@-]|[\ufe0f\s])+(?=\S)")
_ARROW = re.compile(r"[▲▼△▽↑↓]")
_CHANGE = re.compile(r"[▲▼△▽↑↓+−(-]\s?\d|\([▲▼△▽↑↓+−-]")
_QUOTE = re.compile(
    r"[^\d\s,、;|/%()▲▼△▽↑↓+−-][^,、;|/%▲▼△▽↑↓+−]{0,24}?\s*[▲▼△▽↑↓]?\s*\d[\d,]*(?:\.\d+)?\s*"
    r"(?:[▲▼△▽↑↓]\s?\d[\d,.]*%?|[+−-]\s?\d[\d,.]*%?|\([▲▼△▽↑↓+−-]?\s?\d[\d.]*%\))(?:\s*\([▲▼△▽↑↓+−-]?\s?\d[\d.]*%\))?[\s|]*"
)


@lru_cache(maxsize=50_000)
def role_of(plain: str) -> LineRole:
    """Return the role of one line (narrow form) by its wording alone."""
    if is_quote_strip(plain):
        return LineRole.QUOTES
    if width(plain) > (LONGEST_AFTERWORD if _AFTERWORD.match(plain) else LONGEST_NOISE):
        return LineRole.CONTENT
    said = to_traditional(_ORNAMENT.sub("", plain))
    if _any_wording().is_met(said):
        told = is_prose(said) and width(said) > LONGEST_NOTICE
        for role, wording in _roles():
            if (wording.in_sentences or not told) and wording.is_met(said):
                return LineRole.CONTENT if role is LineRole.TAGS and _is_headed(plain, said) else role
    if is_byline(said) or (said != plain and is_person(said)):
        return LineRole.BYLINE
    if width(said) <= LONGEST_CAPTION and _PICTURED.fullmatch(said.rpartition("。")[2]):
        return LineRole.CREDIT
    return LineRole.CHROME if _is_navigation(said) else LineRole.CONTENT


def _is_headed(plain: str, said: str) -> bool:
    """Tell whether hashtags stand behind a heading's sign, or a single one behind an ornament: 「📌 #電網的十年」 is a heading."""
    return plain != said and said[0] == "#" and (plain[0] in HEADING_SIGNS or said.count("#") == 1)


def is_quote_strip(plain: str) -> bool:
    """Tell whether a line is prices of several securities: 「台積電 1,085.00 ▲15.00 鴻海 199.50 ▼0.50」; one alone may be the author's."""
    if "。" in plain or len(plain) > 2_000 or len(_CHANGE.findall(plain)) < LEAST_QUOTES:
        return False
    quotes = list(_QUOTE.finditer(plain))
    least = LEAST_QUOTES if _ARROW.search(plain) else 3
    return len(quotes) >= least and sum(len(match[0]) for match in quotes) >= 0.7 * len(plain)


def _is_navigation(plain: str) -> bool:
    """Tell whether a line is labels of pages and buttons, perhaps several behind a name of their own, 「字號:大 中 小」."""
    tokens = [token.lower() for token in _TOKEN.findall(plain)]
    labels = [token for token in tokens if not token.isdigit()]
    if len(labels) > 2 and plain.partition(":")[0].lower() == labels[0]:
        del labels[0]
    return bool(labels) and "%" not in plain and _navigation().issuperset(labels)


def is_menu(plain: str) -> bool:
    """Tell whether a line is the labels of pages in a row: many short words, or some of which one is such a label."""
    words = plain.replace("|", " ").split()
    if len(words) < LEAST_LABELS or max(map(len, words)) > LONGEST_LABEL:
        return False
    return len(words) >= 2 * LEAST_LABELS or not _navigation().isdisjoint(map(str.lower, words))


@cache
def _noise() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("noise.toml").read_text("utf-8"))


@cache
def _navigation() -> frozenset[str]:
    return frozenset(_noise()["navigation"].split())


@dataclass(frozen=True, slots=True)
class _Wording:
    """Patterns for a line's beginning and for what it holds; `in_sentences`: they also count where the line is a sentence."""

    like: re.Pattern[str] | None
    holds: re.Pattern[str] | None
    in_sentences: bool = False

    def is_met(self, said: str) -> bool:
        return bool((self.like and self.like.match(said)) or (self.holds and self.holds.search(said)))


@cache
def _roles() -> tuple[tuple[LineRole, _Wording], ...]:
    return tuple(
        (LineRole(line["is"]), _Wording(_any_of([line], "like"), _any_of([line], "holds"), "sentences" in line))
        for line in _noise()["line"]
    )


@cache
def _any_wording() -> _Wording:
    """Return all wordings as one: hardly a line of an essay meets any, so one test spares most of the work."""
    lines = _noise()["line"]
    return _Wording(_any_of(lines, "like"), _any_of(lines, "holds"))


def _any_of(lines: Sequence[Mapping[str, str]], name: str) -> re.Pattern[str] | None:
    said = [line[name] for line in lines if name in line]
    return re.compile("|".join(said), re.IGNORECASE | re.VERBOSE) if said else None
