"""第 2 篇, 2 and #24: a place in the list just shown, or an essay's own number, wherever a command names an essay."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.language.numerals import read_number

LAST = -1  # 最後一篇: a place counted from the end
MOST_LISTED = 12  # a higher number is an essay's own
_ORDINAL = r"第\s*(?P<ordinal>\d{1,3}|[一二兩三四五六七八九十]{1,3})(?:\s*[篇則個項]|(?!\s?\w))"
_PLACE = re.compile(rf"(?:{_ORDINAL}|(?P<plain>\d{{1,2}})(?!\w))")
_LAST = re.compile(r"最後(?:面)?(?:的)?(?:那)?一?[篇則個項]|(?:the )?last(?: one)?(?![a-z])", re.IGNORECASE)
_THIS = re.compile(
    r"(?:剛[剛才]?|上面)?(?:這|那)一?(?:篇|則)(?:文章)?|this(?: one| essay)?(?![a-z])|it(?![a-z])", re.IGNORECASE
)
_ENGLISH = ("first", "second", "third", "fourth", "fifth")
_ENGLISH_PLACE = re.compile(rf"(?:the )?({'|'.join(_ENGLISH)})(?: one| essay)?", re.IGNORECASE)
_OWN = re.compile(r"#?(?P<number>\d{1,9})(?!\w)\s*(?P<rest>.*)", re.DOTALL)


def place_in(text: str) -> int | None:
    """Return the place in a list that a text names: 「第 2 篇」, 「第二個」 and 「2」 -> 2; None for any other text."""
    if _LAST.fullmatch(text.strip()):
        return LAST
    if named := _ENGLISH_PLACE.fullmatch(text.strip()):
        return _ENGLISH.index(named[1].lower()) + 1
    match = _PLACE.fullmatch(text.strip())
    return _read(match) if match else None


def names_essay(text: str) -> bool:
    """Tell whether a text is an essay's place or number, or 這篇."""
    return _THIS.fullmatch(text) is not None or place_in(text) is not None or own_number(text)[0] > 0


def pointed(text: str, listed: Sequence[int], here: int = 0) -> str:
    """Replace the place in the list that a text begins with by the essay's own number: 「2 舊=新」 -> 「#24 舊=新」.

    `here`: the essay that 這篇 means; 0 where none is known.
    """
    if here and (this := _THIS.match(text)):
        return f"#{here}{text[this.end() :]}"
    match = _LAST.match(text) or _PLACE.match(text)
    place = 0 if match is None else len(listed) if match.re is _LAST else _read(match)
    return f"#{listed[place - 1]}{text[match.end() :]}" if match and 1 <= place <= len(listed) else text


def beyond(text: str, listed: Sequence[int]) -> int:
    """Return the place that a text begins with where the list just shown does not reach so far; 0 where it does."""
    match = _PLACE.match(text)
    if not match or not listed or 1 <= (place := _read(match)) <= len(listed):
        return 0
    return place if match["ordinal"] or place <= MOST_LISTED else 0


def own_number(text: str) -> tuple[int, str]:
    """Split 「#24」 or, as an old button says it, 「24」 from what follows: (24, ""); (0, text) where there is none."""
    match = _OWN.fullmatch(text)
    return (int(match["number"]), match["rest"].strip()) if match else (0, text)


def _read(match: re.Match[str]) -> int:
    return read_number(match["ordinal"] or match["plain"])
