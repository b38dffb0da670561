"""Further reading: essays that share securities, themes and words with one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.essay import Essay
from corpus.language.dictionary import plain_jieba
from corpus.language.text import fold

SECURITY_SHARE, THEME_SHARE, TEXT_SHARE = 1.0, 0.8, 2.0
LEAST = 0.25  # below, two essays have nothing to say to each other
_COMMONEST_WORDS = 120


@dataclass(frozen=True)
class Candidate:
    """An essay with its topics: keys of securities and of themes."""

    essay: Essay
    securities: frozenset[Hashable]
    themes: frozenset[Hashable]

    @cached_property
    def words(self) -> Counter[str]:
        """The essay's commonest words of two and more characters; those of the title count three times."""
        words = [
            word for word in plain_jieba().cut(fold(f"{self.essay.title}\n" * 3 + self.essay.body)) if len(word) > 1
        ]
        return Counter(dict(Counter(words).most_common(_COMMONEST_WORDS)))


def related(essay: Candidate, others: Sequence[Candidate], limit: int = 3) -> list[tuple[int, tuple[Hashable, ...]]]:
    """Return (essay id, shared topics: securities, then themes) of the essays that share most, closest first.

    A topic counts by its rarity among the candidates, words by the cosine of their tf-idf vectors.
    """
    rarity = _rarity([essay, *others])
    words = _word_rarity([essay, *others])
    scored = [(_likeness(essay, other, rarity, words), other) for other in others]
    best = sorted((pair for pair in scored if pair[0] >= LEAST), key=lambda pair: (-pair[0], pair[1].essay.id))
    return [(other.essay.id, _shared(essay, other, rarity)) for _, other in best[:limit]]


def _likeness(a: Candidate, b: Candidate, rarity: dict[Hashable, float], words: dict[str, float]) -> float:
    securities = _overlap(a.securities, b.securities, rarity)
    themes = _overlap(a.themes, b.themes, rarity)
    return SECURITY_SHARE * securities + THEME_SHARE * themes + TEXT_SHARE * _cosine(a.words, b.words, words)


def _overlap(a: frozenset[Hashable], b: frozenset[Hashable], rarity: dict[Hashable, float]) -> float:
    """Return the weighted Jaccard overlap, 0 to 1."""
    union = sum(rarity[topic] for topic in a | b)
    return sum(rarity[topic] for topic in a & b) / union if union else 0.0


def _cosine(a: Counter[str], b: Counter[str], rarity: dict[str, float]) -> float:
    dot = sum(_weight(a, word, rarity) * _weight(b, word, rarity) for word in a.keys() & b.keys())
    norm = math.prod(math.sqrt(sum(_weight(c, word, rarity) ** 2 for word in c)) for c in (a, b))
    return dot / norm if norm else 0.0


def _weight(counts: Counter[str], word: str, rarity: dict[str, float]) -> float:
    return (1 + math.log(counts[word])) * rarity[word]


def _shared(a: Candidate, b: Candidate, rarity: dict[Hashable, float]) -> tuple[Hashable, ...]:
    def rarest(topics: Iterable[Hashable]) -> list[Hashable]:
        return sorted(topics, key=lambda topic: (-rarity[topic], str(topic)))

    return (*rarest(a.securities & b.securities), *rarest(a.themes & b.themes))


def _rarity(candidates: Sequence[Candidate]) -> dict[Hashable, float]:
    counts = Counter(topic for c in candidates for topic in c.securities | c.themes)
    return {topic: math.log(1 + len(candidates) / count) for topic, count in counts.items()}


def _word_rarity(candidates: Sequence[Candidate]) -> dict[str, float]:
    counts = Counter(word for c in candidates for word in c.words)
    return {word: math.log(1 + len(candidates) / count) for word, count in counts.items()}
