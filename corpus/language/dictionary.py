"""jieba's dictionary as a table that processes share through mmap, and the cutting that needs no more than it.

`rjieba` cuts faster, and guesses words that no dictionary has; each of its dictionaries takes 26 MB of a process. So the segmenter
alone has one; code that cuts a few clauses with other words than the segmenter's reads this table.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import exp, inf, log
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import rjieba

# A trie: character, first child, count and kind of each node; see rebuild.py
TABLE = Path(__file__).with_name("dictionary.npy")

# Characters that are cut into words together; each other character is a word of its own.
_RUN = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002ebef\U0002f800-\U0002fa1fa-zA-Z0-9+#&._%-]+"
)
_UNKNOWN = "x"  # the kind of a character that is no word


class Dictionary:
    """jieba's dictionary with words of one's own, cut as `rjieba.cut(text, False)` does: the likeliest words, nothing guessed."""

    def __init__(self) -> None:
        self._first, self._characters, self._children, self._counts, self._kinds = _table()
        self._total = self._counts[0]
        self._own: dict[str, int] = {}  # count by word; 0 for the beginning of one

    def add(self, word: str, count: int) -> None:
        """Count a word as met `count` times, among some 60 million words, from now on."""
        self._total += count - self.count(word)
        for end in range(1, len(word)):
            self._own.setdefault(word[:end], 0)
        self._own[word] = count

    def count(self, word: str) -> int:
        """Return how often jieba has met a text as a word; 0 where it is none."""
        return next((count for end, count in reversed(self._words_at(word, 0, len(word))) if end == len(word)), 0)

    def kind(self, character: str) -> str:
        """Return the kind of word that a single character is, in jieba's letters: n, v, uj."""
        node = self._first[ord(character)] if ord(character) < len(self._first) else 0
        return self._kinds[node].to_bytes(4, "little").rstrip(b"\0").decode() if node else _UNKNOWN

    def likely(self, word: str) -> int:
        """Return a word's count, or if greater the one by which it would be as likely as the words in it: `rjieba.suggest_freq`."""
        total = log(self._total)
        chance = 0.0
        for start, end in pairwise(i for i, edge in enumerate(self.edges(word)) if edge):
            chance += log(self.count(word[start:end]) or 1) - total
        return max(int(exp(chance + total)) + 1, self.count(word))

    def cut(self, text: str) -> list[str]:
        """Cut all of the text into words, spaces and punctuation among them."""
        return [text[start:end] for start, end in pairwise(i for i, edge in enumerate(self.edges(text)) if edge)]

    def edges(self, text: str, places: Sequence[int] | None = None) -> bytearray:
        """Return 1 at every offset at which a word begins or ends; with sorted `places`, cut only the runs that hold one."""
        edges = bytearray(b"\1") * (len(text) + 1)
        for run in _RUN.finditer(text):
            start, end = run.span()
            if places is None or ((at := bisect_left(places, start)) < len(places) and places[at] <= end):
                self._cut_run(text, start, end, edges)
        return edges

    def _cut_run(self, text: str, start: int, end: int, edges: bytearray) -> None:
        """Clear the offsets within words: of all ways to cut, take the one of the greatest product of probabilities.

        Walks the trie by itself, as `_words_at` does: it is met at every character of an essay.
        """
        total = log(self._total)
        first, characters, children, counts = self._first, self._characters, self._children, self._counts
        run, size = text[start:end], end - start
        codes = [*map(ord, run)]
        best, word_end = [0.0] * (size + 1), [0] * size
        for place in range(size - 1, -1, -1):
            likeliest, after, stop = -inf, place + 1, place
            own: dict[str, int] | None = self._own
            node = first[codes[place]] if codes[place] < len(first) else 0
            while node or own:
                stop += 1
                count = counts[node] if node else 0
                if own:
                    given = own.get(run[place:stop])
                    own, count = (None, count) if given is None else (own, given or count)
                if count and (chance := log(count) - total + best[stop]) >= likeliest:
                    likeliest, after = chance, stop
                if stop == size:
                    break
                if node:
                    low, high = children[node], children[node + 1]
                    node = bisect_left(characters, codes[stop], low, high) if low < high else 0
                    node = node if node and node < high and characters[node] == codes[stop] else 0
            best[place] = likeliest if likeliest > -inf else best[after] - total
            word_end[place] = after
        place, is_latin = 0, False
        while place < size:
            after = word_end[place]
            edges[start + place + 1 : start + after] = bytes(after - place - 1)
            was_latin, is_latin = is_latin, after == place + 1 and run[place].isascii() and run[place].isalnum()
            if was_latin and is_latin:  # letters and digits that no word holds are one
                edges[start + place] = 0
            place = after

    def _words_at(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return (end, count) of each word that begins at `start`, the shortest first."""
        found: list[tuple[int, int]] = []
        own: dict[str, int] | None = self._own
        first = ord(text[start])
        node, place = self._first[first] if first < len(self._first) else 0, start
        characters, children, counts = self._characters, self._children, self._counts
        while node or own:
            place += 1
            count = counts[node] if node else 0
            if own:
                given = own.get(text[start:place])
                own, count = (None, count) if given is None else (own, given or count)
            if count:
                found.append((place, count))
            if place == end:
                break
            if node:  # on to the child that the next character leads to, if there is one
                low, high = children[node], children[node + 1]
                node = bisect_left(characters, code := ord(text[place]), low, high) if low < high else 0
                node = node if node and node < high and characters[node] == code else 0
        return found


@cache
def _table() -> tuple[memoryview[int], ...]:
    """Load the node of each single character by its code, and the rows of the table."""
    table = np.load(TABLE, mmap_mode="r")
    singles = np.arange(table[1, 0], table[1, 1])
    first = np.zeros(table[0, singles].max() + 1, dtype=np.uint16)
    first[table[0, singles]] = singles
    return tuple(memoryview(row) for row in (first, *table))


@cache
def _made() -> list[rjieba.Jieba]:
    """Return the dictionary that importing rjieba makes, as long as nobody has taken it."""
    import rjieba  # 30 MB, and a process that cuts no text into words does without

    return [rjieba._DEFAULT_JIEBA]


def new_jieba() -> rjieba.Jieba:
    """Return a dictionary of rjieba's to add words to. The first is the one that importing rjieba makes: nobody else may use it."""
    import rjieba

    return made.pop() if (made := _made()) else rjieba.Jieba()


@cache
def plain_jieba() -> rjieba.Jieba:
    """Return rjieba with jieba's words only, to guess words without the lexicon's: 26 MB that few processes come to need."""
    import rjieba

    return rjieba.Jieba()
