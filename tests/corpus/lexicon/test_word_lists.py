"""The lists of words that tell little: each word once, however it is written."""

from __future__ import annotations

from collections import Counter

import pytest

from corpus.language.text import fold
from corpus.lexicon.thesaurus import lexicon_lines


@pytest.mark.parametrize("name", ["facets.txt", "everyday.txt"])
def test_no_word_stands_twice(name: str) -> None:
    words = Counter(fold(" ".join(lexicon_lines(name))).split())
    assert [word for word, count in words.items() if count > 1] == []
