"""The outcome of a search: the essays that answer a question, with their snippets, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from corpus.essay import Essay
from corpus.search.answer_signs import Sign
from corpus.search.confidence import Evidence
from corpus.search.matchable import MEANS_THE_SAME, QueryMatch
from corpus.search.ranking import Signals
from corpus.search.snippets import Snippet, choose

MOST_WHY = 4
FINDING_WEIGHT = 1_000  # of one without hits, in characters


@dataclass(frozen=True)
class EssayHit:
    """An essay that answers, with its score. Snippets are cut at first access: most hits are never shown."""

    essay_id: int
    score: float
    reading: QueryMatch = field(repr=False, compare=False)
    signs: tuple[Sign, ...] = ()  # patterns of a sentence that answers
    ranked: tuple[int, ...] = ()  # paragraphs as the index ranked them, best first
    signals: Signals | None = field(default=None, repr=False, compare=False)

    @property
    def essay(self) -> Essay:
        """The essay, in the form that the asker may see."""
        return self.reading.page.essay

    @cached_property
    def snippets(self) -> tuple[Snippet, ...]:
        """The passages that answer, best first; a card has room for the first two or three."""
        return choose(self.reading, self.signs, self.ranked)

    @cached_property
    def share(self) -> float:
        """The share of the question that the essay holds, each word weighed by its proof, 0 to 1."""
        return self.reading.explained_weight(self.reading.whole)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The question's words that the essay does not hold in any form, as they were typed, the most telling first."""
        read = zip(self.reading.wanted, self.reading.whole, strict=True)
        lost = [term for term, held in read if not term.extra and held < MEANS_THE_SAME]
        return tuple(term.typed for term in sorted(lost, key=lambda term: -term.proof))

    @property
    def paragraph(self) -> int:
        """The index of the paragraph in which the best snippet stands."""
        return self.snippets[0].paragraph if self.snippets else 0

    @cached_property
    def why(self) -> tuple[str, ...]:
        """The words that matched, as the essay writes them, the most telling first; of each the form nearest to the typed one."""
        read = sorted(zip(self.reading.wanted, self.reading.spans, strict=True), key=lambda pair: -pair[0].worth)
        nearest = [min(spans, key=lambda span: (-span[1], span[0])) for _, spans in read if spans]
        found = dict.fromkeys(self.reading.page.original[slice(*span)] for span, _ in nearest)
        return tuple(word for word in found if not any(word != other and word in other for other in found))[:MOST_WHY]


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a search, `answer`, `choices` or `not_covered`, and its confidence, from 0 to 1."""

    outcome: str
    confidence: float
    hits: tuple[EssayHit, ...] = ()
    terms: tuple[str, ...] = ()
    tentative: bool = False  # sure enough for one person, if not for a group
    outside_period: bool = False  # a period was asked for, and nothing in it answers; the hits are from other times
    evidence: Evidence | None = None
    newer: EssayHit | None = (
        None  # a view was asked for, and this essay on the same subject was written after the first one
    )
    apart: tuple[str, ...] = ()  # names asked about that no essay holds together: one hit for each, in this order
    building: bool = False  # the index is behind the archive: what is not found may still be there

    def weight(self) -> int:
        """Return about how many characters it keeps in memory: those of the essays found, and some for itself."""
        return FINDING_WEIGHT + sum(len(hit.reading.page.original) for hit in self.hits)
