"""Key sentences: the few verbatim sentences of many essays that say most about a ticker or a theme."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import inf, log, sqrt

from corpus.analysis.sentence_quality import informativeness, is_quotable
from corpus.essay import BlockKind, Essay, Paragraph
from corpus.language.text import fold, sentences

LEAST_ESSAYS = 3
# Points of a sentence beside its centrality of 0 to 1 and its substance.
NAMED, AGAIN, EARLY = 0.4, 0.03, 0.2  # for naming the subject, for doing so in two words, and for beginning with it
BEGINNING = 20  # characters
OPENS = 0.03  # for opening its paragraph
LIKENESS, SAME_ESSAY = 0.1, 0.12  # against likeness to what is chosen already, and to a second sentence of an essay
REPEATED = 0.7  # likeness at which two sentences say the same
# Share of the best sentence's score from which on the newest essay is heard before all others: a name in passing
# (「生技業的台積電」) is no view; of a theme, where more is said in passing, it takes more.
FAIR, FAIR_BY_NAME = 0.66, 0.5

# An author's running text: no row of a table, no footnote, nobody else's words.
RUNNING_TEXT = (BlockKind.TEXT, BlockKind.BULLET, BlockKind.NUMBERED)
_SPOKEN = re.compile(
    r"「[^「」]*(?:「[^「」]*」[^「」]*)*」|『[^』]*』|“[^”]*”"
)  # a whole quotation, whose speaker another sentence names

Confirmed = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class KeySentence:
    """One whole sentence as it stands in its essay; `paragraph` is its address there."""

    essay: Essay
    paragraph: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class _Found:
    """A sentence before it is weighed."""

    essay: Essay
    paragraph: int
    text: str
    folded: str
    opens: bool  # it is the first of its paragraph
    names: bool = False  # it names the subject


@dataclass(frozen=True, slots=True)
class _Candidate:
    sentence: KeySentence
    names: bool  # it names the subject
    grams: Mapping[str, float]  # tf-idf of character bigrams, of length 1


class _Subject:
    """The words that name the subject in folded text: the longest at a place, no trap, a Latin one only as a word of its own."""

    def __init__(self, terms: Sequence[str], traps: Sequence[str], confirmed: Confirmed | None = None) -> None:
        self.confirmed = confirmed
        self._names = {fold(term) for term in terms if term}
        words = sorted(self._names | {fold(trap) for trap in traps if trap}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_word, words)) or r"(?!)")

    def places(self, folded: str) -> list[tuple[int, str]]:
        """Return (start, name) of each place that names the subject."""
        found = [(match.start(), match.group()) for match in self._pattern.finditer(folded)]
        return [(start, word) for start, word in found if word in self._names]

    def is_named(self, one: _Found) -> bool:
        return bool(self.places(one.folded)) and (self.confirmed is None or self.confirmed(one.text))


def key_sentences(
    essays: Sequence[Essay],
    terms: Sequence[str],
    *,
    limit: int = 5,
    per_essay: int = 2,
    paragraphs: Mapping[int, Collection[int]] | None = None,
    shown: Collection[str] = (),
    traps: Sequence[str] = (),
    confirmed: Confirmed | None = None,
) -> list[KeySentence]:
    """Choose the sentences that say most about `terms`; return them newest dated essay first, undated ones last.

    Centrality is the cosine to the centroid of all candidate sentences in folded character bigrams (Radev's MEAD), biased
    by the terms and by signs of substance; the choice is made by maximal marginal relevance (Carbonell and Goldstein).
    `paragraphs` names, by essay id, the paragraphs known to speak of the subject; of other essays those that hold a term are read.
    Where sentences of an essay name the subject, only these speak for it. `traps` are longer words that hold a term and mean
    something else; `confirmed` tells whether a sentence with a term in it really names the subject, and where it is given, no
    other sentence speaks. `shown` sentences are passed over. At most `per_essay` come from one essay, three essays are
    heard where there are three; without `shown`, the newest dated one is among them if it says something fair of the subject.
    """
    subject = _Subject(terms, traps, confirmed)
    found = [one for essay in essays for one in _speaking(essay, subject, paragraphs) if one.text not in shown]
    candidates = _score(found, subject)
    newest = [] if shown else _newest(candidates, FAIR_BY_NAME if confirmed else FAIR)
    return _newest_first(_choose(candidates, limit, per_essay, newest))


def _word(folded: str) -> str:
    plain = re.escape(folded)
    return rf"(?<![a-z0-9]){plain}(?![a-z0-9])" if folded.isascii() else plain


def _about(essay: Essay, subject: _Subject, known: Mapping[int, Collection[int]] | None) -> Iterator[Paragraph]:
    if known is not None and essay.id in known:
        yield from (paragraph for paragraph in essay.paragraphs if paragraph.index in known[essay.id])
        return
    for paragraph in essay.paragraphs:
        if subject.places(fold(paragraph.text)):
            yield paragraph


def _speaking(essay: Essay, subject: _Subject, known: Mapping[int, Collection[int]] | None) -> list[_Found]:
    found = [one for paragraph in _about(essay, subject, known) for one in _whole_sentences(essay, paragraph)]
    naming = [replace(one, names=True) for one in found if subject.is_named(one)]
    return naming if naming or subject.confirmed else found


def _whole_sentences(essay: Essay, paragraph: Paragraph) -> Iterator[_Found]:
    if paragraph.kind not in RUNNING_TEXT:
        return
    for number, (start, end) in enumerate(sentences(paragraph.text)):
        text = paragraph.text[start:end]
        if is_quotable(text) and not _SPOKEN.fullmatch(text):
            yield _Found(essay, paragraph.index, text, fold(text), opens=number == 0)


def _score(found: Sequence[_Found], subject: _Subject) -> list[_Candidate]:
    grams = _tf_idf([one.folded for one in found])
    total: dict[str, float] = defaultdict(float)
    for gram in grams:
        for pair, value in gram.items():
            total[pair] += value
    centroid = _unit(total)
    return [
        _Candidate(
            KeySentence(one.essay, one.paragraph, one.text, _cosine(gram, centroid) + _worth(one, subject)),
            one.names,
            gram,
        )
        for one, gram in zip(found, grams, strict=True)
    ]


def _worth(one: _Found, subject: _Subject) -> float:
    return _bias(one.folded, subject) + informativeness(one.text) + OPENS * one.opens


def _bias(plain: str, subject: _Subject) -> float:
    """Return the points for naming the subject, in two words, and early: a sentence with a pronoun says less to a stranger."""
    found = subject.places(plain)
    if not found:
        return 0.0
    several = len({word for _, word in found}) > 1
    return NAMED + AGAIN * several + EARLY * (found[0][0] < BEGINNING)


def _newest(candidates: Sequence[_Candidate], fair: float) -> list[_Candidate]:
    """Return the sentences that name the subject and score `fair` of the best or more, of the newest dated essay with any."""
    least = fair * max((candidate.sentence.score for candidate in candidates), default=0.0)
    named = [candidate for candidate in candidates if candidate.names and candidate.sentence.score >= least]
    dated = [candidate for candidate in named if candidate.sentence.essay.published]
    newest = max((_age(candidate.sentence.essay) for candidate in dated), default=None)
    return [candidate for candidate in dated if _age(candidate.sentence.essay) == newest]


def _newest_first(chosen: Sequence[KeySentence]) -> list[KeySentence]:
    """Sort sentences: newest dated essays first, undated ones last, the best of these first; one essay's sentences stay together."""
    best = {id(one.essay): one.score for one in sorted(chosen, key=lambda one: one.score)}

    def place(one: KeySentence) -> tuple[tuple[date, int], float, int, float]:
        dated = one.essay.published is not None
        return _age(one.essay) if dated else (date.min, 0), best[id(one.essay)], one.essay.id, one.score

    return sorted(chosen, key=place, reverse=True)


def _age(essay: Essay) -> tuple[date, int]:
    """Return a key that sorts essays by date, those of one day by the order of their coming."""
    return (essay.published or date.min, essay.id)


def _choose(
    candidates: Sequence[_Candidate], limit: int, per_essay: int, first: Sequence[_Candidate]
) -> list[KeySentence]:
    """Choose greedily: one of the `first`, then each time the best that is least like those chosen, with room for three essays."""
    chosen: list[_Candidate] = []
    ranked = _best_first(candidates)
    wanted = _best_first(first)
    while len(chosen) < limit:
        best = _best(wanted, chosen) or _best(ranked, chosen)
        if best is None:
            break
        chosen.append(best)
        taken = Counter(id(candidate.sentence.essay) for candidate in chosen)
        ranked = [candidate for candidate in ranked if taken[id(candidate.sentence.essay)] < per_essay]
        must_be_new = limit - len(chosen) <= LEAST_ESSAYS - len(taken)
        wanted = [one for one in ranked if not taken[id(one.sentence.essay)]] if must_be_new else []
    return [candidate.sentence for candidate in chosen]


def _best_first(candidates: Iterable[_Candidate]) -> list[_Candidate]:
    return sorted(candidates, key=lambda candidate: -candidate.sentence.score)


def _best(candidates: Iterable[_Candidate], chosen: Sequence[_Candidate]) -> _Candidate | None:
    """Return the one of most marginal relevance that repeats none of the chosen; `candidates` come with the highest score first.

    What a sentence scores is the most it can be worth, so the search ends at the first that scores less than the best is worth.
    """
    best, most = None, -inf
    for candidate in candidates:
        if candidate.sentence.score <= most:
            break
        likeness = max((_cosine(candidate.grams, other.grams) for other in chosen), default=0.0)
        if likeness < REPEATED and (worth := _marginal(candidate, likeness, chosen)) > most:
            best, most = candidate, worth
    return best


def _marginal(candidate: _Candidate, likeness: float, chosen: Sequence[_Candidate]) -> float:
    heard = any(candidate.sentence.essay is other.sentence.essay for other in chosen)
    return candidate.sentence.score - LIKENESS * likeness - (SAME_ESSAY if heard else 0.0)


def _tf_idf(texts: Sequence[str]) -> list[dict[str, float]]:
    counts = [Counter(a + b for a, b in pairwise(text) if a.isalnum() and b.isalnum()) for text in texts]
    spread = Counter(gram for count in counts for gram in count)
    return [
        _unit({gram: times * log(1 + len(texts) / spread[gram]) for gram, times in count.items()}) for count in counts
    ]


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = sqrt(sum(value * value for value in vector.values())) or 1.0
    return {gram: value / length for gram, value in vector.items()}


def _cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    small, large = sorted((left, right), key=len)
    return sum(value * large.get(gram, 0.0) for gram, value in small.items())
