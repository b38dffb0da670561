"""The sentences of an essay that answer: verbatim, whole, in reading order, with marks on what matched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.essay import BlockKind
from corpus.language.text import Span, simplify
from corpus.search.answer_signs import Sign, is_idle, is_refuted, is_spoken
from corpus.search.matchable import MatchableEssay, Parts, QueryMatch

MOST_SNIPPETS = 5  # a card shows the first two or three
MOST_SENTENCES = 3
MOST_ROWS, LONGEST_ROWS = 5, 240  # of a table that say the same of several things
LONGEST_SNIPPET = 150  # characters; a single longer sentence stays whole
LONGEST_FURTHER = 90  # of those after the first
LEAST_SHARE = 0.2  # of the best snippet's score, from which another is shown beside it

NEARBY = 0.67  # weight of a word in the paragraph or its heading, but not in the sentences
BEFORE = 0.95  # of that, for a word in the paragraph before
TOP_SHARE = 0.6  # of that, for a word in the title, byline, tags or any heading
SHORT = 14  # characters below which a run says little
TITLED = 0.4  # of its worth, which a name keeps in an essay that has it in the title
MOST_READ = 14  # most promising sentences, with which runs begin
SIGN = 0.25  # added for each sign of the wished kind of answer
YEAR = 0.2  # added for naming the year asked about, taken away for naming only others
FIRST = 0.1  # added for beginning with the essay's first sentence that has the most telling word
RANK = 0.15  # added for the index's best paragraph, and less for those after it
LENGTH = 0.06  # taken away for each further sentence
BESIDE = 0.8  # weight of a run from a paragraph already quoted: the snippets come from several places
REFUTED, SPOKEN = 0.5, 0.3  # taken away for being refuted next, for another's words

# Patterns of folded text, as in `answer_signs`.
_DANGLING = re.compile(
    simplify(
        "(?:[這此其它他她該]|但是?|然而|因此|所以|而|同時|此外|另外|不過|反之|例如|比如|換句話說|對此|相較之下|也就是說|再者|甚至|當時|這時|於是|結果)"
    )
)
_LEAD_IN = re.compile(r":\s*$")
_PROMISE = re.compile(simplify(r"[二兩三四五六七八幾數多][大個項種點類條道步][^,。]{0,12}。?$|以下|如下"))
_FULL_STOP = re.compile(r"[。.!?][」』”’)】]*$")
_NAMED_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ASKS = re.compile(r"\?[」』”)]*$")


@dataclass(frozen=True, slots=True)
class Snippet:
    """One to three whole sentences, verbatim; `marks` are code-point spans in `text` of what matched."""

    text: str
    marks: tuple[Span, ...] = ()
    heading: str | None = None
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class _Window:
    """Sentences `first` to `last` of a page, both included."""

    first: int
    last: int
    score: float

    def meets(self, other: _Window) -> bool:
        return self.first <= other.last and other.first <= self.last


def choose(reading: QueryMatch, signs: Sequence[Sign], ranked: Sequence[int]) -> tuple[Snippet, ...]:
    """Choose the snippets that answer, best first.

    `signs`: patterns of the wished kind of answer; `ranked`: paragraphs as the index ranked them, best first.
    """
    cutter = _Cutter(reading, signs, ranked)
    left = sorted(cutter.windows(), key=lambda window: window.first)
    least = LEAST_SHARE * max((window.score for window in left), default=0.0)
    taken: list[_Window] = []
    spoken: set[int] = set()  # paragraphs already quoted
    while left and len(taken) < MOST_SNIPPETS:
        best = max(left, key=lambda window: window.score * (BESIDE if cutter.paragraph(window) in spoken else 1.0))
        left.remove(best)
        if best.score < least:
            break
        wide = cutter.widened(best, LONGEST_FURTHER if taken else LONGEST_SNIPPET)
        if not any(wide.meets(other) for other in taken):
            taken.append(wide)
            spoken.add(cutter.paragraph(wide))
    return tuple(cutter.snippet(window) for window in taken)


class _Cutter:
    """One reading of an essay, cut into runs of sentences that may answer."""

    def __init__(self, reading: QueryMatch, signs: Sequence[Sign], ranked: Sequence[int]) -> None:
        self.reading, self.page, self.signs = reading, reading.page, signs
        self.texts = reading.page.folded_sentences
        bonus = {paragraph: 1 + RANK / (1 + rank) for rank, paragraph in enumerate(ranked)}
        self.places = np.array([sentence.paragraph for sentence in self.page.sentences], dtype=int)
        self.ranked = np.array([bonus.get(place, 1.0) for place in range(len(reading.paragraphs))])
        self.introduces_subject = self._first_to_say()
        self.barred = reading.unwanted | {index for index, text in enumerate(self.texts) if is_idle(text)}

    def paragraph(self, window: _Window) -> int:
        return int(self.places[window.first])

    def windows(self) -> Iterator[_Window]:
        """Yield runs of sentences that begin with one of the most promising sentences, each with its score."""
        if not len(self.places):
            return
        promises = self._promises()
        promises[0][list(self.barred)] = -1.0
        for first in np.argsort(-promises[0], kind="stable")[:MOST_READ].tolist():
            for last in range(first, min(first + MOST_SENTENCES, len(self.places))):
                if last in self.barred:
                    break
                if last > first and not (self._goes_on(first, last) and self._fits(first, last, LONGEST_SNIPPET)):
                    break
                yield _Window(first, last, float(promises[last - first][first]) * self._manner(first, last))

    def _promises(self) -> list[Parts]:
        """Return the worth of the question's words in runs of one, two, ... sentences, by their first sentence."""
        reading, worth = self.reading, _local_worth(self.reading)
        ranked, around = self.ranked[self.places], _around(reading)[self.places]
        found, held = [], reading.sentences
        for more in range(min(MOST_SENTENCES, len(held))):
            if more:
                held = np.maximum(held[:-1], reading.sentences[more:])
            found.append(ranked[: len(held)] * (_with_share(held, around[: len(held)]) @ worth))
        return found

    def _first_to_say(self) -> int:
        """Return the index of the first sentence with the most telling word of the question; -1: none."""
        reading = self.reading
        if not len(reading.worth) or not len(self.places):
            return -1
        holding = reading.sentences[:, int(np.argmax(reading.worth))] > 0
        return int(np.argmax(holding)) if holding.any() else -1

    def _manner(self, first: int, last: int) -> float:
        """Rate how well a run of sentences reads as an answer, as a factor around 1."""
        text = "".join(self.texts[first : last + 1])
        factor = 1 - LENGTH * (last - first)
        factor += SIGN * sum(sign.search(text) is not None for sign in self.signs)
        factor += FIRST * (first == self.introduces_subject)
        factor -= 0.2 * bool(_LEAD_IN.search(text) or _ASKS.search(text))
        factor -= 0.1 * bool(_DANGLING.match(text) and first and self._same(first - 1, first))
        factor -= 0.15 * (len(text) < SHORT)
        factor += YEAR * self._year(text)
        factor -= SPOKEN * is_spoken(text) + REFUTED * self._is_refuted(last)
        return max(0.1, factor)

    def _year(self, text: str) -> int:
        """Return 1 where the text names a year asked about, -1 where it names only others, else 0."""
        named = set(map(int, _NAMED_YEAR.findall(text)))
        asked = {one.year for one in self.reading.years}
        return 0 if not (named and asked) else 1 if named & asked else -1

    def _is_refuted(self, index: int) -> bool:
        return index + 1 < len(self.texts) and is_refuted(self.texts[index], self.texts[index + 1])

    def widened(self, window: _Window, longest: int) -> _Window:
        """Widen a run, while it stays short, by the sentences that a lead-in or a dangling opener needs, then by its neighbours."""
        first, last = window.first, window.last
        if self._introduces(last) and last + 1 < len(self.texts) and last + 1 not in self.barred:
            last += 1
            while self._may_take(last + 1, first, last, longest, across=True):
                last += 1
        if _DANGLING.match(self.texts[first]) and self._may_take(first - 1, first, last, longest):
            first -= 1
        while self._may_take(last + 1, first, last, longest):
            last += 1
        while self._may_take(first - 1, first, last, longest):
            first -= 1
        return _Window(first, last, window.score)

    def _introduces(self, index: int) -> bool:
        """Tell whether a sentence needs the one after it.

        Such a sentence announces (「...有三大挑戰。」, a line ending in a colon, a list's short title), asks, or is refuted next.
        """
        text, sentence = self.texts[index], self.page.sentences[index]
        if _LEAD_IN.search(text) or _ASKS.search(text) or self._is_refuted(index):
            return True
        if self._is_row(index):
            return False
        ends_paragraph = sentence.span[1] == len(self.page.essay.paragraphs[sentence.paragraph].text.rstrip())
        return ends_paragraph and bool(_PROMISE.search(text) or not _FULL_STOP.search(text))

    def _may_take(self, other: int, first: int, last: int, longest: int, across: bool = False) -> bool:
        return (
            0 <= other < len(self.texts)
            and other not in self.barred
            and last - first + 1 < (MOST_ROWS if self._is_row(other) else MOST_SENTENCES)
            and (across or self._goes_on(other, first))
            and self._fits(min(other, first), max(other, last), max(longest, LONGEST_ROWS * self._is_row(other)))
        )

    def _same(self, a: int, b: int) -> bool:
        return bool(self.places[a] == self.places[b])

    def _goes_on(self, a: int, b: int) -> bool:
        """Tell whether two sentences belong together: those of a paragraph do, rows of a table where both hold the same words."""
        held = self.reading.sentences
        return self._same(a, b) and (not self._is_row(a) or bool((held[a] == held[b]).all()))

    def _is_row(self, index: int) -> bool:
        return self.page.essay.paragraphs[int(self.places[index])].kind is BlockKind.TABLE

    def _fits(self, first: int, last: int, longest: int) -> bool:
        return sum(map(len, self.page.sentences[first : last + 1])) <= longest

    def snippet(self, window: _Window) -> Snippet:
        page = self.page
        text = ""
        marked: list[Span] = []
        for i in range(window.first, window.last + 1):
            if i > window.first:
                text += _gap(page, i)
            start = page.sentence_starts[i]
            end = start + len(page.sentences[i])
            shift = len(text) - start
            marked += [(a + shift, b + shift) for a, b in self.reading.marks if start <= a and b <= end]
            text += page.sentences[i].text
        paragraph = page.essay.paragraphs[page.sentences[window.first].paragraph]
        return Snippet(text, tuple(marked), paragraph.heading, paragraph.index)


def _local_worth(reading: QueryMatch) -> Parts:
    """Return each word's worth within its essay: less where many sentences say it, or for a name in the title."""
    total = len(reading.sentences)
    holding = (reading.sentences > 0).sum(axis=0)
    rarity = np.log1p(total / np.maximum(holding, 1)) / np.log1p(total)
    names = np.array([term.word.name for term in reading.wanted], dtype=bool)
    local: Parts = reading.worth * rarity * np.where(names & (reading.title > 0), TITLED, 1.0)
    return local


def _with_share(held: Parts, around: Parts) -> Parts:
    """Return how well sentences hold each word, with a share (NEARBY) of how well their surroundings do."""
    return held + NEARBY * np.maximum(0.0, around - held)


def _around(reading: QueryMatch) -> Parts:
    """Rate how well each word stands in a paragraph or its heading, or, as less, in the paragraph before or on top.

    A name met in passing (not on top) counts in its own paragraph only: 「公司預估」 below it means the essay's own subject.
    """
    passing = np.array([term.word.name for term in reading.wanted], dtype=bool) & (reading.top == 0)
    before = np.zeros_like(reading.paragraphs)
    before[1:] = np.where(passing, 0.0, reading.paragraphs[:-1])
    nearby: Parts = np.maximum(np.maximum(reading.passages, BEFORE * before), TOP_SHARE * reading.top)
    return nearby


def _gap(page: MatchableEssay, index: int) -> str:
    """Return the text between a sentence and the one before it: nothing, a space, or a line break for a new paragraph."""
    before, sentence = page.sentences[index - 1], page.sentences[index]
    if before.paragraph != sentence.paragraph:
        return "\n"
    return page.essay.paragraphs[sentence.paragraph].text[before.span[1] : sentence.span[0]]
