"""LINE's limits, and the functions that make words fit them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final
from unicodedata import east_asian_width

import regex
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

MESSAGES: Final = 5  # of a reply or push
TEXT: Final = 5_000  # UTF-16 code units, as every "characters" of LINE but the labels
BUBBLE_BYTES: Final = 30_000  # of JSON in UTF-8; LINE says KB, we read it the strict way
CAROUSEL_BYTES: Final = 50_000
LABEL: Final = 20  # grapheme clusters: quick replies and actions
QUICK_REPLIES: Final = 13
DATA: Final = 300  # postback data and display text
URI: Final = 1_000
CLIPBOARD: Final = 1_000

ELLIPSIS: Final = "…"
UNITS_PER_CLUSTER: Final = 4  # an emoji family is 11, a letter under twenty accents 21: such text is cut earlier

_KEPT = {ord("\n"), ord("\t")}
_UNSEEN = {
    **{code: " " for code in [*range(0x20), *range(0x7F, 0xA0)] if code not in _KEPT},
    **dict.fromkeys([*range(8234, 8239), *range(8294, 8298)], "\u200b"),  # may turn other text around
    **dict.fromkeys([*range(55296, 57344), 65534, 65535], "�"),  # has no form in UTF-8, or none in JSON
}
_CLUSTER = regex.compile(r"\X")
_VISIBLE = regex.compile(r"[^\p{White_Space}\p{C}\p{M}\uFFFD]")


def clean(text: str) -> str:
    """Replace characters that cannot be sent or would disturb their neighbours; the text's length, and so every offset, stays."""
    return text if text.isprintable() else text.translate(_UNSEEN)


def ideographs(text: str) -> float:
    """Estimate the width of a text, in ideographs."""
    return sum(1.0 if east_asian_width(character) in "WF" else 0.55 for character in text)


def line(text: str) -> str:
    """Return the text as one line, cleaned."""
    return " ".join(clean(text).split())


def is_blank(text: str) -> bool:
    """Tell whether a reader would see nothing."""
    return _VISIBLE.search(text) is None


def units(text: str) -> int:
    """Count the UTF-16 code units of a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def size(value: Any) -> int:
    """Count the bytes of the value's JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def shorten(text: str, clusters: int, most: int | None = None) -> str:
    """Return the text, or its beginning and 「…」, in at most `clusters` grapheme clusters and `most` UTF-16 code units."""
    most = clusters * UNITS_PER_CLUSTER if most is None else most
    if len(text) <= clusters and (2 * len(text) <= most or units(text) <= most):
        return text
    end = used = 0
    for count, match in enumerate(_CLUSTER.finditer(text), 1):
        used += units(match.group())
        if count > clusters or used > most:
            return text[:end].rstrip() + ELLIPSIS
        if count < clusters and used < most:
            end = match.end()  # there is room for the ellipsis after it
    return text


def label(text: str, clusters: int = LABEL) -> str:
    """Return short words in one line, never none: LINE refuses an empty label."""
    return shorten(words, clusters) if not is_blank(words := line(text)) else ELLIPSIS


@lru_cache(maxsize=1_000)
def uri(url: str) -> str | None:
    """Return the address percent-encoded, its host in ASCII; None for one that LINE would refuse or no browser should follow."""
    try:
        address = parse_url(clean(url).strip())
    except LocationParseError:
        return None
    if address.scheme not in ("http", "https") or not address.host or not address.url.isascii():
        return None
    return address.url if len(address.url) <= URI else None
