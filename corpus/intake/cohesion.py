"""Whether the words of a page go on across a line, or change there.

Block comparison as in TextTiling (Hearst, Computational Linguistics 23:1, 1997), over the sections between headings: the
sections just before a line against those just after it, by the cosine of their weighted word counts. A digression changes
the words, too, but the essay comes back to them: so the likest sections across the line count besides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

REACH = 3  # sections looked at on either side
FURTHER = 5  # sections among which the likest are looked for
LIKEST = 2
_SHARES = (0.5, 0.8)  # of the blocks, and of the likest sections, in the whole
_LEVEL = 0.01  # keeps the logarithm of a similarity of nothing finite
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[A-Za-z]{2,}")


def words(text: str) -> Iterator[str]:
    """Latin words and pairs of neighbouring Han characters: as good as words here, and far faster."""
    yield from (word.lower() for word in _LATIN.findall(text))
    for run in _HAN.findall(text):
        yield from map(str.__add__, run, run[1:])


class Vocabulary:
    """The words of a page's sections."""

    def __init__(self, sections: Sequence[str]) -> None:
        self._bags = [Counter(words(section)) for section in sections]

    def continuity(self) -> NDArray[np.float64]:
        """For each section but the first: how alike the sections before and from it are, in doublings of the page's mean."""
        if len(self._bags) < 2:
            return np.zeros(0)
        counts = self._counts()
        spread = np.asarray((counts > 0).sum(axis=0)).ravel()
        rarity = np.where(spread > 1, np.log(len(self._bags) / np.maximum(spread, 1)), 0.0)
        before, after = (_weighted(_window(len(self._bags), offsets) @ counts, rarity) for offsets in _SIDES)
        single = _weighted(counts, rarity)
        likest = _likest(before, single, range(FURTHER)) + _likest(after, single, range(-FURTHER, 0))
        return np.asarray(_SHARES[0] * _doublings(_alike(before, after)) + _SHARES[1] * _doublings(likest))

    def announces(self, at: int, title: str) -> float:
        """Share of a title's words that the sections after its own take up, less the share that those before it had used."""
        said = set(words(title))
        ahead = set().union(*self._bags[at + 1 : at + 1 + REACH])
        behind = set().union(*self._bags[max(0, at - REACH) : at])
        return (len(said & ahead) - len(said & behind)) / max(1, len(said))

    def _counts(self) -> csr_array:
        ids = {word: i for i, word in enumerate(dict.fromkeys(word for bag in self._bags for word in bag))}
        columns = [ids[word] for bag in self._bags for word in bag]
        values = [float(count) for bag in self._bags for count in bag.values()]
        rows = np.cumsum([0, *map(len, self._bags)])
        return csr_array((values, columns, rows), shape=(len(self._bags), max(1, len(ids))))


_SIDES = (range(-REACH, 0), range(REACH))


def _window(size: int, offsets: range) -> csr_array:
    """A matrix that sums, for each section, the sections at these offsets from it."""
    fit = [offset for offset in offsets if abs(offset) < size]
    return csr_array(diags_array([np.ones(size - abs(o)) for o in fit], offsets=fit, shape=(size, size)))


def _alike(some: csr_array, others: csr_array) -> NDArray[np.float64]:
    """The cosine of each row with the row of the others at its place."""
    return np.asarray(some.multiply(others).sum(axis=1)).ravel()


def _likest(block: csr_array, single: csr_array, offsets: range) -> NDArray[np.float64]:
    """For each line: how alike its block and the likest of the single sections at these offsets from it are."""
    size = single.shape[0]
    fit = [offset for offset in offsets if abs(offset) < size]
    alike = np.stack([_alike(block, _window(size, range(offset, offset + 1)) @ single) for offset in fit])
    return np.asarray(np.sort(alike, axis=0)[-LIKEST:].mean(axis=0))


def _doublings(alike: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each line but the first, in doublings of their mean."""
    inner = alike[1:]
    return np.asarray(np.log2((inner + _LEVEL) / (inner.mean() + _LEVEL)))


def _weighted(sums: csr_array, rarity: NDArray[np.float64]) -> csr_array:
    """Rows of (1 + log count) x rarity, of length one."""
    sums = sums.copy()
    sums.data = (1 + np.log(sums.data)) * rarity[sums.indices]
    norms = np.sqrt(np.asarray(sums.multiply(sums).sum(axis=1)).ravel())
    return csr_array(diags_array(1 / np.maximum(norms, 1e-9)) @ sums)
