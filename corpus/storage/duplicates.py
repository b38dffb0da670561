"""Near-duplicate essays: MinHash over character 3-grams (Broder 1997), with bands for looking them up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.language.text import fold

PERMUTATIONS = 96
ROWS_A_BAND = 4  # 24 bands of 4: a pair at similarity 0.6 shares a band in 96 of 100 cases
SHINGLE = 3
NEAR_DUPLICATE = 0.6
SAME_ESSAY = 0.3  # under the same title
MOVED_ESSAY = 0.8  # under the same title, of the same day, at another address


@dataclass(frozen=True)
class Signature:
    """The MinHash values of one text; of an empty text there are none, and it resembles nothing."""

    values: NDArray[np.uint32]

    @classmethod
    def of(cls, text: str) -> Signature:
        from datasketch import MinHash  # 0.3 s to import, and only adding needs it

        letters = "".join(character for character in fold(text) if character.isalnum())
        shingles = {letters[i : i + SHINGLE].encode() for i in range(len(letters) - SHINGLE + 1)}
        if not shingles:
            return cls(np.empty(0, np.uint32))
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch(shingles)
        return cls(sketch.hashvalues.astype(np.uint32))

    @classmethod
    def unpack(cls, packed: bytes) -> Signature:
        return cls(np.frombuffer(packed, "<u4"))

    def pack(self) -> bytes:
        """Four bytes a value, to be kept."""
        return self.values.astype("<u4").tobytes()

    def similarity(self, other: Signature) -> float:
        """Estimated Jaccard similarity, 0 to 1."""
        if not len(self.values) or not len(other.values):
            return 0.0
        return float(np.mean(self.values == other.values))

    def bands(self) -> list[str]:
        return self._bands

    @cached_property
    def _bands(self) -> list[str]:
        rows = [self.values[i : i + ROWS_A_BAND] for i in range(0, len(self.values), ROWS_A_BAND)]
        return [
            hashlib.md5(bytes([i]) + row.tobytes(), usedforsecurity=False).hexdigest() for i, row in enumerate(rows)
        ]
