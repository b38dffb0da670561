"""The ranking of essays: signals of the index and of a close reading, weighed by a fit."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from corpus.index import Match, Scope, Term
from corpus.index.documents import PARAGRAPH, WHOLE
from corpus.index.generation import IndexGeneration
from corpus.search.matchable import QueryMatch

PARAGRAPHS = 60  # found by the index for one question
WHOLES = 24
DECAY = (1.0, 0.4, 0.2, 0.1)  # weights of an essay's best paragraphs in its score
WHOLE_SHARE = 0.6
PAIRS_SHARE = 0.5
_GIVEN = Path(__file__).parents[1] / "lexicon" / "ranking.toml"


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of one candidate: scores of the index as shares of the best candidate's, shares of the question's worth."""

    terms: float  # BM25 of the best paragraphs by the question's terms
    whole: float  # of the whole essay
    pairs: float  # of the best paragraph by pairs of characters
    top_pairs: float  # of title, headings and tags by pairs of characters
    essay: float  # held anywhere in it
    passage: float  # held together in a paragraph with its heading
    sentence: float  # held together in one sentence
    top: float  # held in the title, the headings or the tags
    title: float  # held in the title
    named: float  # the names that the title says
    names: float  # the names that it says anywhere
    together: float  # index scores (terms, whole) times the share held


@dataclass(frozen=True, slots=True)
class Ranker:
    """A linear model over the signals."""

    weights: tuple[float, ...]

    @classmethod
    def load(cls, fitted: Path | None = None) -> Ranker:
        given = tomllib.loads((fitted or _GIVEN).read_text("utf-8"))["signals"]
        return cls(tuple(float(given[field.name]) for field in fields(Signals)))

    def score(self, signals: Signals) -> float:
        return float(np.dot(self.weights, astuple(signals)))


class Candidates:
    """The candidates that four searches of the index find for one question."""

    def __init__(
        self, generation: IndexGeneration, terms: tuple[Term, ...], bigrams: Sequence[str], scope: Scope
    ) -> None:
        self._passages = _by_essay(generation.search(PARAGRAPH, terms, scope, PARAGRAPHS))
        self._pairs = _by_essay(generation.holding_pairs(PARAGRAPH, bigrams, scope, PARAGRAPHS))
        self._scores = tuple(
            _shares(scores)
            for scores in (
                {essay: _decayed(matches) for essay, matches in self._passages.items()},
                {match.essay: match.score for match in generation.search(WHOLE, terms, scope, WHOLES)},
                {essay: matches[0].score for essay, matches in self._pairs.items()},
                {match.essay: match.score for match in generation.holding_pairs(WHOLE, bigrams, scope, WHOLES)},
            )
        )

    def best(self, most: int) -> list[int]:
        """Return the ids of the essays worth reading, best first."""
        terms, wholes, pairs, _ = self._scores
        total = {
            essay: terms.get(essay, 0.0) + WHOLE_SHARE * wholes.get(essay, 0.0) + PAIRS_SHARE * pairs.get(essay, 0.0)
            for essay in terms.keys() | wholes.keys() | pairs.keys()
        }
        return sorted(total, key=lambda essay: (-total[essay], essay))[:most]

    def places(self, essay: int) -> tuple[int, ...]:
        """Return the essay's paragraphs as the index ranks them, best first."""
        found = (*self._passages.get(essay, ()), *self._pairs.get(essay, ()))
        return tuple(dict.fromkeys(match.paragraph or 0 for match in found))

    def signals(self, essay: int, reading: QueryMatch) -> Signals:
        terms, wholes, pairs, top_pairs = (scores.get(essay, 0.0) for scores in self._scores)
        names = np.array([term.word.name for term in reading.wanted], dtype=float)
        held = reading.share(reading.whole)
        return Signals(
            terms,
            wholes,
            pairs,
            top_pairs,
            essay=held,
            passage=reading.share(reading.passages),
            sentence=reading.share(reading.sentences),
            top=reading.share(reading.top),
            title=reading.share(reading.title),
            named=float(names @ reading.title / max(1.0, names.sum())),
            names=float(names @ reading.proven(reading.whole) / max(1.0, names.sum())),
            together=(terms + WHOLE_SHARE * wholes) * (0.5 + held),
        )


def _by_essay(matches: Sequence[Match]) -> Mapping[int, list[Match]]:
    found: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        found[match.essay].append(match)
    return found


def _decayed(matches: Sequence[Match]) -> float:
    return sum(weight * match.score for weight, match in zip(DECAY, matches, strict=False))


def _shares(scores: Mapping[int, float]) -> dict[int, float]:
    most = max(scores.values(), default=0.0)
    return {essay: score / most for essay, score in scores.items()} if most else {}
