"""Near-duplicate essays: MinHash over character 3-grams (Broder 1997), with bands for looking them up.

The values are those of datasketch with seed 1 (a test compares them); that library brings scipy into a serving process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import md5, sha1

import numpy as np
from numpy.typing import NDArray

from corpus.language.text import fold

PERMUTATIONS = 96
ROWS_A_BAND = 4  # 24 bands of 4: a pair at similarity 0.6 shares a band in 96 of 100 cases
SHINGLE = 3
NEAR_DUPLICATE = 0.6
REPRINT = 0.9  # from here on it is no news
SAME_TEXT = 0.97  # of the same day, under whatever title
SAME_ESSAY = 0.3  # under the same title
MOVED_ESSAY = 0.8  # under the same title, of the same day, at another address

_OTHER = re.compile(r"[\W_]+")  # all but letters, digits and ideographs


@dataclass(frozen=True)
class Signature:
    """The MinHash values of one text; of an empty text there are none, and it resembles nothing."""

    values: NDArray[np.uint32]

    @classmethod
    def of(cls, text: str) -> Signature:
        """Sign a text: the least hash of its 3-grams under each permutation."""
        letters = _OTHER.sub("", fold(text))
        shingles = {letters[i : i + SHINGLE].encode() for i in range(len(letters) - SHINGLE + 1)}
        if not shingles:
            return cls(np.empty(0, np.uint32))
        heads = b"".join([sha1(each, usedforsecurity=False).digest()[:4] for each in shingles])
        factors, terms = _permutations()
        permuted = _mixed(np.frombuffer(heads, "<u4"))[:, None] * factors + terms
        return cls(permuted.min(axis=0))

    @classmethod
    def unpack(cls, packed: bytes) -> Signature:
        return cls(np.frombuffer(packed, "<u4"))

    def pack(self) -> bytes:
        """Return the values as bytes to be kept, four for each."""
        return self.values.astype("<u4").tobytes()

    def similarity(self, other: Signature) -> float:
        """Estimate the Jaccard similarity, 0 to 1."""
        if not len(self.values) or not len(other.values):
            return 0.0
        return float(np.mean(self.values == other.values))

    @cached_property
    def bands(self) -> list[str]:
        """The bands' hashes: two essays that share one may be near-duplicates."""
        rows = [self.values[i : i + ROWS_A_BAND] for i in range(0, len(self.values), ROWS_A_BAND)]
        return [md5(bytes([i]) + row.tobytes(), usedforsecurity=False).hexdigest() for i, row in enumerate(rows)]


def _mixed(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spread the bits of each hash: the finaliser of MurmurHash3 (Appleby)."""
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Draw the factors (odd) and terms of the bijections a x + b mod 2^32."""
    draw = np.random.RandomState(1)
    factors = draw.randint(0, 2**31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, draw.randint(0, 2**32, PERMUTATIONS, dtype=np.uint32)
