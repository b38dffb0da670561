"""Words by what they speak of, and whether a line speaks of that and of nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from itertools import chain
from typing import Generic, TypeVar

from corpus.language.text import to_halfwidth
from handlers.text.empty_words import any_of

T = TypeVar("T")

_GAP = "…"  # in a phrase: up to six characters, 「讓…發文」


class TopicWords(Generic[T]):
    """Words and phrases by topic, in the order in which the topics are tried, and words that say nothing beside them.

    The patterns are compiled for the first line that is asked about: some hundredths of a second, and not everybody is an editor.
    """

    def __init__(self, words: Mapping[T, Collection[str]], beside: Collection[str]) -> None:
        self.words = tuple(chain(chain.from_iterable(words.values()), beside))
        self._by_topic = words

    @cached_property
    def _patterns(self) -> dict[T, re.Pattern[str]]:
        return {topic: re.compile(_one_of(said)) for topic, said in self._by_topic.items()}

    @cached_property
    def _covered(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{_one_of(self.words)}|(?<!\d)\d{{1,2}}(?!\d)|[\s:.,、。!?~'’\-]+)+")

    def spoken_of(self, text: str) -> T | None:
        """Return the topic of which a line holds a word, whatever else it says: for lines that ask nothing of the archive."""
        said = _folded(text)
        return next((topic for topic, pattern in self._patterns.items() if pattern.search(said)), None)

    def topic(self, text: str) -> T | None:
        """Return the topic of a line that speaks of it and of nothing else; None for every other line.

        Every word of it must be one of these: 「訂閱制的商業模式」 is a question for the archive.
        """
        return self.spoken_of(text) if self._covered.fullmatch(_folded(text)) else None


def _folded(text: str) -> str:
    return to_halfwidth(text).strip().lower()


def _one_of(words: Collection[str]) -> str:
    return any_of(words).replace(_GAP, ".{0,6}?")
