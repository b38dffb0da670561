"""Cohesion of a page: whether its words go on across a line, or change there.

Block comparison as in TextTiling (Hearst, Computational Linguistics 23:1, 1997), over the sections between headings: the
sections just before a line against those just after it, by the cosine of their weighted word counts. A digression changes
the words, too, but the essay comes back to them: so the likest sections across the line count besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

REACH = 3  # sections looked at on either side
FURTHER = 5  # sections among which the likest are looked for
LIKEST = 2
AT_ONCE = 16  # lines between sections that are looked at together
LONGEST = 8_000  # words of a section that are looked at
_SHARES = (0.5, 0.8)  # of the blocks, and of the likest sections, in the whole
_LEVEL = 0.01  # keeps the logarithm of a similarity of nothing finite
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[A-Za-z]{2,}")

Numbers = NDArray[np.int64]
Weights = NDArray[np.float64]


def words(text: str) -> Iterator[str]:
    """Return Latin words and pairs of neighbouring Han characters: as good as words here, and far faster."""
    pairs = (map(str.__add__, run, run[1:]) for run in _HAN.findall(text))
    return chain(map(str.lower, _LATIN.findall(text)), chain.from_iterable(pairs))


class Vocabulary:
    """The words of a page's sections, as numbers."""

    def __init__(self, sections: Sequence[str]) -> None:
        self._latin: dict[str, int] = {}
        said = [self._numbers(section)[:LONGEST] for section in sections]
        self._counts = [np.unique(numbers, return_counts=True) for numbers in said]
        self._used = [frozenset(numbers.tolist()) for numbers, _ in self._counts]

    def _numbers(self, text: str) -> Numbers:
        """Return the words of a text: a Latin one by its order on the page, a pair of Han characters by their code points."""
        latin = [self._latin.setdefault(word.lower(), len(self._latin)) for word in _LATIN.findall(text)]
        codes = np.frombuffer(text.encode("utf-32-le", "replace"), "<u4").astype(np.int64)
        is_han = (codes >= 0x3400) & (codes <= 0x9FFF)
        pairs = ((codes[:-1] << 16) + codes[1:])[is_han[:-1] & is_han[1:]]
        return np.concatenate((np.array(latin, np.int64), pairs))

    def continuity(self) -> list[float]:
        """Return for each section but the first how alike the sections before and from it are, in doublings of the page's mean."""
        size = len(self._counts)
        telling, rarity = self._telling()
        nearest: list[float] = []
        likest: list[float] = []
        for first in range(1, size, AT_ONCE):
            last = min(size, first + AT_ONCE)
            some = slice(max(0, first - FURTHER), last + FURTHER)
            single, blocks = _vectors(telling[some], rarity)
            for at in range(first - some.start, last - some.start):
                before, after = blocks[at], blocks[at + REACH]
                below, above = single[at : at + FURTHER], single[max(0, at - FURTHER) : at]
                nearest.append(float(before @ after))
                likest.append(_likest(below @ before) + _likest(above @ after))
        both = zip(_doublings(nearest), _doublings(likest), strict=True)
        return [_SHARES[0] * block + _SHARES[1] * sections for block, sections in both]

    def announces(self, at: int, title: str) -> float:
        """Return the share of a title's words that the sections after its own take up, less the share that those before it had used."""
        said = frozenset(self._numbers(title).tolist())
        ahead, behind = self._used[at + 1 : at + 1 + REACH], self._used[max(0, at - REACH) : at]
        return (_shared(said, ahead) - _shared(said, behind)) / max(1, len(said))

    def _telling(self) -> tuple[list[tuple[Numbers, Numbers]], Weights]:
        """Return for each section its words by their place among the page's, with their counts; and the rarity of each of the page's words.

        A word in one section alone, or in all of them, tells nothing and is left out.
        """
        said = [numbers for numbers, _ in self._counts]
        _, places, spread = np.unique(np.concatenate(said), return_inverse=True, return_counts=True)
        rarity = np.where(spread > 1, np.log(len(said) / spread), 0.0)
        columns = np.split(places, np.cumsum(list(map(len, said)))[:-1])
        tells = [rarity[column] > 0 for column in columns]
        return [(c[some], n[some]) for c, (_, n), some in zip(columns, self._counts, tells, strict=True)], rarity


def _shared(said: frozenset[int], sections: Sequence[frozenset[int]]) -> int:
    return len(frozenset().union(*(said & section for section in sections)))


def _vectors(sections: Sequence[tuple[Numbers, Numbers]], rarity: Weights) -> tuple[Weights, Weights]:
    """Return the words of each section, and of each REACH sections together from those just above the first one, as unit vectors."""
    columns, counts = zip(*sections, strict=True)
    rows = np.repeat(np.arange(REACH, REACH + len(columns)), list(map(len, columns)))
    held, places = np.unique(np.concatenate(columns), return_inverse=True)
    table = np.zeros((len(columns) + 2 * REACH, len(held)), np.int64)
    table[rows, places] = np.concatenate(counts)
    blocks = np.sum([table[n : len(table) - REACH + 1 + n] for n in range(REACH)], axis=0)
    return _weighted(table[REACH:-REACH], rarity[held]), _weighted(blocks, rarity[held])


def _weighted(counts: Numbers, rarity: Weights) -> Weights:
    """Return rows of (1 + log count) x rarity, of length one."""
    damped = np.concatenate(([0.0], 1 + np.log(np.arange(1, 1 + counts.max(initial=1)))))
    weights = damped[counts] * rarity
    return np.asarray(weights / np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-9))


def _likest(alike: Weights) -> float:
    return float(np.sort(alike)[-LIKEST:].sum()) / LIKEST


def _doublings(alike: Sequence[float]) -> list[float]:
    """Return each value in doublings of the mean of all."""
    values = np.array(alike)
    return np.log2((values + _LEVEL) / (values.mean() + _LEVEL)).tolist() if alike else []
