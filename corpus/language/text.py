"""Forms of Chinese text: width, script, sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

Span = tuple[int, int]

_SENTENCE = re.compile(r"[^。!?！？\n]+(?:[。!?！？]+[」』”’)）】]*|$|\n)")


def to_halfwidth(text: str) -> str:
    """Return full-width letters, digits and punctuation in their ordinary forms (NFKC). May change the length."""
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=4)
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def simplify(text: str) -> str:
    """Return the character-wise Simplified form: same length as `text`, so that offsets into one hold in the other."""
    simple = _converter("t2s").convert(text)
    return simple if len(simple) == len(text) else "".join(_simple_character(c) for c in text)


@lru_cache(maxsize=20_000)
def _simple_character(character: str) -> str:
    simple = _converter("t2s").convert(character)
    return simple if len(simple) == 1 else character


# Characters that t2s leaves apart, and radicals that NFKC does not know.
_LEFT_APART = str.maketrans(
    "矽著簷痺⺠⻑⻄⻝⻔⻘⻩⻆⻣⻤⻥⻦⻨⻬⻮⻰⻢⻓⻅⻉⻋⻚⻛",
    "硅着檐痹民长西食门青黄角骨鬼鱼鸟麦齐齿龙马长见贝车页风",
)
_SILENT = re.compile(
    "[\u2122\u00ae\u00a9\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)  # ™ ® © and invisible characters
_CLUSTER = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]*|.", re.DOTALL)
_UNIT = r"(?:[kmgt]b?|[km]?w|gw|nm|[kmg]?hz|k?v|wh|kwh|mah)(?![a-z0-9])"
# A sign that one writer puts in and another does not. Each way begins with the sign itself, which makes the search quick.
_OPTIONAL = re.compile(
    r" (?:(?<=[㐀-鿿].)(?=[a-z0-9])|(?<=[a-z0-9%+#].)(?=[㐀-鿿])"  # AI 伺服器
    rf"|(?<=[a-z].)(?!(?:19|20)\d\d(?!\d)|\d[\d.]*(?:%|{_UNIT}))(?=\d)"  # HBM 4, but not EPS 2026 and intel 12nm
    rf"|(?<=\d.)(?=%|{_UNIT}))"  # 800 G
    r"|,(?<=\d,)(?=\d{3}(?!\d))"  # 1,250
    r"|[‐‑–-](?:(?<=[a-z].)(?=\d)"  # F-35
    r"|(?:(?<=[^a-z0-9][a-z].)|(?<=^[a-z].))(?=[a-z])"  # e-mail
    r"|(?:(?<=[^a-z0-9][a-z]{2}.)|(?<=^[a-z]{2}.))(?=[a-z]{2}(?![a-z])))"  # Wi-Fi
)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text with the place in the original of each of its characters."""

    text: str
    places: NDArray[np.int32]

    def span(self, start: int, end: int) -> Span:
        """Return the span of the original at which a span of the folded text stands."""
        return int(self.places[start]), int(self.places[end - 1]) + 1


@cache
def _same() -> dict[int, int]:
    """Map each Traditional character to its Simplified one, whatever its neighbours."""
    characters = "".join(map(chr, (*range(0x3400, 0xA000), *range(0xF900, 0xFB00), *range(0x20000, 0x2A6E0))))
    simple = _converter("t2s").convert("\n".join(characters)).split("\n")
    table = {ord(c): ord(s) for c, s in zip(characters, simple, strict=True) if len(s) == 1 and s != c}
    return table | _LEFT_APART


def fold(text: str) -> str:
    """Return the form in which question and archive are compared: NFKC, lower case, Simplified character by character.

    Models and numbers are in one spelling: HBM4, WiFi7, 1250, 800G.
    """
    plain = to_halfwidth(_SILENT.sub("", text)).lower().translate(_same())
    return _OPTIONAL.sub("", plain)


def fold_with_places(text: str) -> Folded:
    """Fold a text as `fold` does, with the place of each character in `text`."""
    lower = text.lower()
    plain = to_halfwidth(lower) if len(lower) == len(text) else ""
    if len(plain) == len(text) and not _SILENT.search(text):
        places = np.arange(len(text), dtype=np.int32)
    else:
        pieces = [
            ("" if _SILENT.match(cluster.group()) else to_halfwidth(cluster.group()).lower(), cluster.start())
            for cluster in _CLUSTER.finditer(text)
        ]
        plain = "".join(piece for piece, _ in pieces)
        starts = np.array([start for _, start in pieces], np.int32)
        places = np.repeat(starts, [len(piece) for piece, _ in pieces])
    plain = plain.translate(_same())
    kept = np.ones(len(plain), dtype=bool)
    kept[[sign.start() for sign in _OPTIONAL.finditer(plain)]] = False
    return Folded(_OPTIONAL.sub("", plain), places[kept])


@cache
def _regional() -> dict[str, tuple[str, ...]]:
    lines = files("corpus").joinpath("lexicon", "regional.txt").read_text("utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for group in (line.split(" = ") for line in lines if not line.startswith("#")):
        for form in group:
            others = (other for other in group if other != form)
            found[form] = tuple(dict.fromkeys((*found.get(form, ()), *others)))
    return found


def regional(folded: str) -> tuple[str, ...]:
    """Return the names of a whole word on the other side of the strait: 软体, 软件."""
    return _regional().get(folded, ())


# Folded, as a figure's unit is typed and as it is written out.
_WRITTEN_OUT = {
    "nm": ("奈米", "纳米"),
    "v": ("伏特", "伏"),
    "kv": ("千伏",),
    "w": ("瓦",),
    "kw": ("千瓦", "瓩"),
    "mw": ("百万瓦", "兆瓦"),
    "gw": ("吉瓦",),
    "km": ("公里",),
    "kg": ("公斤",),
}
_MEASURED = re.compile(r"(\d[\d.]*)([a-z]{1,2})")


def written_out(folded: str) -> tuple[str, ...]:
    """Return a figure with its unit in words: 12奈米 for 12nm, 800伏特 for 800v."""
    match = _MEASURED.fullmatch(folded)
    return tuple(match[1] + unit for unit in _WRITTEN_OUT.get(match[2], ())) if match else ()


def regional_terms(folded: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a term on the other side of the strait, as a whole or by the `words` it is made of: ai服务器, ai伺服器."""
    if found := regional(folded):
        return found
    other = "".join(next(iter(regional(word)), word) for word in words)
    return (other,) if len(words) > 1 and other != folded and "".join(words) == folded else ()


def sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of one paragraph, in order; closing quotes and brackets belong to the sentence they close.

    A full stop inside 「...」 does not cut unless the quotation has closed by then.
    """
    spans: list[Span] = []
    start = depth = 0
    for match in _SENTENCE.finditer(text):
        piece = match.group()
        depth = max(0, depth + sum(piece.count(c) for c in "「『《(（") - sum(piece.count(c) for c in "」』》)）"))
        if depth == 0 or match.end() == len(text):
            spans.append((start, match.end()))
            start, depth = match.end(), 0
    if start < len(text):
        spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, span)) is not None]


def _trim(text: str, span: Span) -> Span | None:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
