"""Names in running text: every surface of the lexicon whose edges are also edges of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import ahocorasick

from corpus.analysis.tickers.borders import Border, Borders
from corpus.language.dictionary import Dictionary
from corpus.lexicon.securities import Lexicon
from corpus.lexicon.security import Surface, SurfaceKind, flatten

_LEXICON = Path(__file__).parents[2] / "lexicon"
_UNLISTED, _WORDS = _LEXICON / "unlisted.txt", _LEXICON / "words.txt"

# Counts of names that the dictionary is given (jieba's own count of all words is 60 million). A name of two
# characters must be rarer than the words it could be cut from: 跨國|巨頭, not 跨|國巨|頭; but 國巨|大漲, not 國|巨大|漲.
_PAIR, _LONGER = 400, 1_500

_ROW = 3  # names side by side that make a row

# Terms of the day that are also names; nearly every use means the term.
_CURRENT = frozenset(map(flatten, ("綠電", "新零售")))


@dataclass(frozen=True, slots=True)
class NameHit:
    """A place in the text that reads like a name; no surfaces: a longer word that must not be taken apart."""

    start: int
    end: int
    surfaces: tuple[Surface, ...]

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end

    @property
    def sort(self) -> SurfaceKind:
        return self.surfaces[0].sort


class Names:
    """The lexicon's surfaces as one automaton (Aho and Corasick 1975), with a segmenter that knows them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._automaton = ahocorasick.Automaton()
        self._dictionary = Dictionary()
        self._taught: set[str] = set()  # names that the dictionary does not know
        self._rare: set[str] = set()  # ordinary words by hand that the dictionary does not know: 可成, 全台
        for key, group in lexicon.surfaces.items():
            if len(key) > 1:
                self._automaton.add_word(key, (len(key), group))
                self._teach(key, group[0].sort)
        for word in _everyday():
            if self._dictionary.likely(word) < _LONGER:
                self._dictionary.add(word, _LONGER)
        self.borders = Borders(self._dictionary, frozenset(self._taught - _everyday()))
        for word in _unlisted():
            self._automaton.add_word(word, (len(word), ()))
            self._dictionary.add(word, _LONGER) if not word.isascii() else None
        self._automaton.make_automaton()

    def _teach(self, key: str, sort: SurfaceKind) -> None:
        if key.isascii():
            return
        if sort is SurfaceKind.WORD:
            if not self._dictionary.count(key) and key not in _CURRENT:
                self._rare.add(key)
                self._taught.add(key)
                self._dictionary.add(key, _PAIR // 4)
            return
        if not self._dictionary.count(key):
            self._taught.add(key)
        self._dictionary.add(key, _PAIR if len(key) == 2 else _LONGER)

    def is_rare(self, key: str) -> bool:
        """Tell whether an ordinary word is one that no dictionary knows, so that little is needed to take it for the name."""
        return key in self._rare

    def all(self, text: str, flat: str) -> list[NameHit]:
        """Return every surface in the text, whatever stands around it, but never a part of a Latin word."""
        return [
            NameHit(start, last + 1, fitting)
            for last, (size, group) in self._automaton.iter(flat)
            if _stands_alone(flat, start := last + 1 - size, last + 1)
            and (fitting := _fitting(text[start : last + 1], group)) is not None
        ]

    def words(self, hits: list[NameHit], flat: str, edges: bytearray) -> list[NameHit]:
        """Return the hits that may be names: their edges are edges of words, or they stand in a row without signs between them,
        or they open a clause and the words read so are no less likely. Of overlapping ones the first, of these the longest.
        """
        glued = in_rows(hits, edges)
        sound = [
            hit
            for hit in hits
            if (edges[hit.start] and edges[hit.end]) or hit.span in glued or self._may_open_a_clause(hit, flat, edges)
        ]
        sound.sort(key=lambda hit: (hit.start, -hit.end))
        kept: list[NameHit] = []
        end = 0
        for hit in sound:
            if hit.start >= end:
                end = hit.end
                kept.append(hit)
        return [hit for hit in kept if hit.surfaces]

    def _may_open_a_clause(self, hit: NameHit, flat: str, edges: bytearray) -> bool:
        """Tell whether a Chinese name opens a clause and may be read there: 群創|新高, though 創新 is a word."""
        if (
            not hit.surfaces
            or hit.sort is not SurfaceKind.NAME
            or (hit.start and flat[hit.start - 1].isalnum())
            or flat[hit.start].isascii()
        ):
            return False
        return self.borders.of(flat, hit.start, hit.end, edges) is not Border.FALSE

    def edges(self, flat: str, hits: Iterable[NameHit]) -> bytearray:
        """Return 1 at every offset around the hits at which a word begins or ends."""
        return self._dictionary.edges(flat, sorted(place for hit in hits for place in hit.span))


def in_rows(hits: list[NameHit], edges: bytearray) -> set[tuple[int, int]]:
    """Find three names and more that fill the space between two edges without a sign between them; return their spans: 廣達緯創英業達."""
    chinese = [
        hit for hit in hits if hit.surfaces and not hit.surfaces[0].text.isascii() and hit.sort <= SurfaceKind.WORD
    ]
    longest: dict[
        int, tuple[int, NameHit]
    ] = {}  # by offset: names in the longest row that begins there, and the first of them
    for hit in sorted(chinese, key=lambda hit: -hit.start):
        length = longest[hit.end][0] + 1 if hit.end in longest else int(bool(edges[hit.end]))
        if length > longest.get(hit.start, (0, hit))[0]:
            longest[hit.start] = length, hit
    found: set[tuple[int, int]] = set()
    for start, (length, first) in sorted(longest.items()):
        if length >= _ROW and edges[start] and first.span not in found:
            found.update(hit.span for hit in _row(start, longest))
    return found


def _row(start: int, longest: Mapping[int, tuple[int, NameHit]]) -> Iterator[NameHit]:
    while start in longest:
        yield longest[start][1]
        start = longest[start][1].end


def _fitting(written: str, group: tuple[Surface, ...]) -> tuple[Surface, ...] | None:
    """Return the surfaces that may be written so: Chinese ones always, Latin ones if the case fits; None where none does."""
    if not group or not written.isascii():
        return group
    fitting = tuple(surface for surface in group if _same_case(written, surface))
    return fitting or None


def _same_case(written: str, surface: Surface) -> bool:
    """Tell whether a Latin name is written as in the lexicon; longer ones may be in capitals, those not kept by hand in small letters."""
    if written == surface.text:
        return True
    if surface.sort is SurfaceKind.CODE or len(written) < 4:
        return False
    return written.isupper() or (written.islower() and len(written) > 5 and not surface.by_hand)


_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def _stands_alone(flat: str, start: int, end: int) -> bool:
    if flat[start] in _LATIN and start and flat[start - 1] in _JOINED:
        return flat[start - 1] in "-.&" and (start < 2 or flat[start - 2] not in _LATIN)
    if flat[end - 1] in _LATIN and end < len(flat) and flat[end] in _JOINED:
        return flat[end] in "'-.&" and (
            end + 1 >= len(flat) or flat[end + 1] not in _LATIN or flat[end : end + 2] == "'s"
        )
    return True


_JOINED = _LATIN | frozenset("-&'.")


@lru_cache(maxsize=1)
def _unlisted() -> frozenset[str]:
    return frozenset(_read_unlisted())


def _read_unlisted() -> Iterator[str]:
    """Yield the words of unlisted.txt, split by spaces; a Latin phrase is a line of its own."""
    for line in _UNLISTED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield from [flatten(line)] if line.isascii() else map(flatten, line.split())


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    lines = (line for line in _WORDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in flatten(line).split())
