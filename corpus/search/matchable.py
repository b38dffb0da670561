"""An essay laid out for matching, and where the words of a question stand on it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from corpus.essay import Essay, Paragraph
from corpus.index import TermForm
from corpus.language.segment import EVERYDAY
from corpus.language.text import Folded, Span, fold, fold_with_places, sentences
from corpus.search.period import YEARS_AGO, AskedYear
from corpus.search.question import NAME_BOOST, Word

MEANS_THE_SAME = 0.5  # weight from which a form means what was typed, and is not merely near to it
ANYTHING = 0.4  # share of its worth that a word that fits any subject counts in the ranking
FACET_SHARE = 0.4  # most of its worth that a side of the subject proves: the 外銷 of 口罩外銷
PASSING = 3  # times that an essay may say a word without being about it

_GAP = r"[^\s,、。;:!?,]{0,5}"
Parts = NDArray[np.float64]  # how well something is held, from 0 to 1

_ANY_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[1-4]q2\d")
_RELATIVE_YEARS = {-2: "前年", -1: "去年", 1: "明年", 2: "后年"}
_QUARTER = re.compile("q[1-4]")
_SPACES = re.compile(r"\\ ")


@dataclass(frozen=True, slots=True)
class MatchableSentence:
    """One sentence of a paragraph, by its span there."""

    source: Paragraph
    span: Span

    @property
    def paragraph(self) -> int:
        """The index of its paragraph."""
        return self.source.index

    @property
    def text(self) -> str:
        """Its text as written."""
        return self.source.text[slice(*self.span)]

    def __len__(self) -> int:
        return self.span[1] - self.span[0]


class MatchableEssay:
    """An essay as one text, as written and folded: title, byline and tags, headings, then the paragraphs."""

    def __init__(self, essay: Essay) -> None:
        self.essay = essay
        top = [essay.title, f"{essay.author or ''} {essay.source or ''} {' '.join(essay.tags)}", *essay.headings]
        lines = [*top, *(paragraph.text for paragraph in essay.paragraphs)]
        self.original = "\n".join(lines)
        self.folded = fold_with_places(self.original)
        self.starts = [0, *accumulate(len(line) + 1 for line in lines)]  # where the lines begin, and the end
        self.above = len(top)  # number of lines above the paragraphs
        self.top = self.starts[self.above]  # where the paragraphs begin
        self.top_text = fold("\n".join(top))

    @cached_property
    def sentences(self) -> tuple[MatchableSentence, ...]:
        """The sentences that may be quoted: not those that the essay itself quotes from others."""
        return tuple(
            MatchableSentence(paragraph, span)
            for paragraph in self.essay.paragraphs
            if not paragraph.is_quoted
            for span in sentences(paragraph.text)
        )

    @cached_property
    def sentence_starts(self) -> list[int]:
        return [self.starts[self.above + sentence.paragraph] + sentence.span[0] for sentence in self.sentences]

    def sentence_at(self, start: int) -> int | None:
        """Return the number of the sentence that holds a place of the page; None in a heading or in what is quoted."""
        number = bisect_right(self.sentence_starts, start) - 1
        if number < 0:
            return None
        return number if start < self.sentence_starts[number] + len(self.sentences[number]) else None

    @cached_property
    def folded_sentences(self) -> tuple[str, ...]:
        starts = np.array(self.sentence_starts, dtype=self.folded.places.dtype)
        ends = starts + np.array([len(sentence) for sentence in self.sentences], dtype=starts.dtype)
        bounds = zip(*(np.searchsorted(self.folded.places, places).tolist() for places in (starts, ends)), strict=True)
        return tuple(self.folded.text[start:end] for start, end in bounds)

    @cached_property
    def headed(self) -> NDArray[np.int_]:
        """The line number of each paragraph's heading; 0, the title's, where it has none."""
        lines = {heading: self.above - len(self.essay.headings) + i for i, heading in enumerate(self.essay.headings)}
        return np.array([lines.get(paragraph.heading or "", 0) for paragraph in self.essay.paragraphs], dtype=int)

    def may_be_of(self, asked: AskedYear) -> bool:
        """Tell whether the essay was written in that year or speaks of it (2025, 3Q25, 114年, 去年), or, undated, names none.

        An undated essay is read as of today: its 去年 is that of the question.
        """
        text, published = self.folded.text, self.essay.published
        if _said_year(asked.year).search(text):
            return True
        if published is not None:
            relative = _RELATIVE_YEARS.get(asked.year - published.year)
            return asked.year == published.year or (relative or "\n\n") in text
        if asked.said:
            return asked.said in text or not (_ANY_YEAR.search(text) or any(map(text.__contains__, YEARS_AGO)))
        return not _ANY_YEAR.search(text)

    def is_about(self, folded: str) -> bool:
        """Tell whether the top (title, byline, tags, headings) says a folded word, or the text says it again and again."""
        return folded in self.top_text or self.folded.text.count(folded) > PASSING


@dataclass(frozen=True, slots=True)
class Pattern:
    """A spelling of a word in folded text, with its weight; a `latin` one must not be part of a longer word."""

    pattern: re.Pattern[str]
    weight: float
    latin: bool = False

    def spans(self, folded: Folded) -> Iterator[Span]:
        """Yield the spans of the pattern in the text as written."""
        for match in self.pattern.finditer(folded.text):
            # Looked at here and not by a look-behind, which would make the search itself ten times slower.
            before = folded.text[match.start() - 1] if match.start() else ""
            if not (self.latin and before and _is_alnum(before)) or _ends_model(before, match.group()):
                yield folded.span(*match.span())


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word of the question with its patterns in folded text and its worth."""

    word: Word
    spellings: tuple[Pattern, ...]  # best first
    worth: float  # its weight times its rarity in the archive
    typed: str = ""
    extra: bool = False  # a run of the question's words: it helps to rank, and proves nothing

    @property
    def proof(self) -> float:
        """The word's weight as evidence; a name counts no more than another word, a side of the subject less."""
        if self.extra:
            return 0.0
        return self.worth * self._telling

    @property
    def _telling(self) -> float:
        if self.word.name:
            return 1 / NAME_BOOST
        return min(self.word.telling, FACET_SHARE) if self.word.facet else self.word.telling

    def spans(self, folded: Folded) -> list[tuple[Span, float]]:
        return [(span, way.weight) for way in self.spellings for span in way.spans(folded)]


def query_term(word: Word, forms: Sequence[TermForm], worth: float, extra: bool = False) -> QueryTerm:
    """Return the word with patterns for these of its forms."""
    ways = {form.text: form.weight for form in reversed(forms)}
    spelt = best_first(*(in_a_row(text, weight) for text, weight in ways.items()))
    return QueryTerm(replace(word, forms=tuple(forms)), spelt, worth, word.typed, extra)


def best_first(*ways: Pattern) -> tuple[Pattern, ...]:
    return tuple(sorted(ways, key=lambda way: -way.weight))


@lru_cache(maxsize=8_000)
def in_a_row(text: str, weight: float) -> Pattern:
    """Return a pattern of these characters. Latin ones stand alone, but for a plural s or a model's number (hbm in hbm4)."""
    after = ""
    if _is_alnum(text[-1]):
        after = "s?(?![a-z])" if text[-1].isalpha() else "(?![0-9])"
    return Pattern(re.compile(_SPACES.sub(r"\\s?", re.escape(text)) + after), weight, _is_alnum(text[0]))


@lru_cache(maxsize=4_000)
def gapped(parts: tuple[str, ...], weight: float) -> Pattern:
    """Return a pattern of the parts in order with a few characters between: 罕病 in 罕見疾病, 長約 in 長期合約."""
    between = _GAP.join(map(re.escape, parts))
    return Pattern(re.compile(between), weight)


def _ends_model(before: str, text: str) -> bool:
    """Tell whether the text is a model's number (the 365 of microsoft365, cut as by `segment.pieces`) or a year's quarter (2025q3)."""
    if _QUARTER.fullmatch(text):
        return before.isdigit()
    return len(text) > 2 and text.isdigit() and before.isalpha()


@lru_cache(maxsize=200)
def _said_year(year: int) -> re.Pattern[str]:
    """Return a pattern of a year as texts write it; 2025–26 says both."""
    short = f"{year % 100:02}"
    minguo = rf"|(?<!\d){year - 1911}年" if year > 2011 else ""
    return re.compile(
        rf"(?<!\d){year}(?!\d)|(?:19|20)\d\d\s?[-~–—/至到]\s?{short}(?!\d)|[1-4]q{short}|(?<!\d){short}q|fy{short}(?!\d){minguo}"
    )


def _is_alnum(character: str) -> bool:
    return character.isascii() and character.isalnum()


class QueryMatch:
    """One page read with the words of one question.

    `whole`, `top`, `times`: (words,) how well the page and its top hold each word, and how often it stands there.
    `sentences`, `paragraphs`: (sentences, words) and (paragraphs, words), the same for each; `passages`: with the headings.
    """

    def __init__(
        self,
        page: MatchableEssay,
        wanted: Sequence[QueryTerm],
        without: Sequence[str] = (),
        years: Sequence[AskedYear] = (),
        figure: re.Pattern[str] | None = None,
        rarest: float = 1.0,
    ) -> None:
        self.page = page
        self.wanted = wanted
        self.without = without
        self.years = years  # asked for by the question
        self.figure = figure  # pattern of the figure asked for
        self.rarest = rarest  # the worth of a word that the archive holds nowhere
        self.worth = np.array([word.worth for word in wanted])
        self.spans = [word.spans(page.folded) for word in wanted]
        self.times = np.array([len(spans) for spans in self.spans], dtype=float)
        self._lines = np.zeros((len(page.starts) - 1, len(wanted)))
        for number, spans in enumerate(self.spans):
            for (start, _), weight in spans:
                line = self._lines[bisect_right(page.starts, start) - 1]
                line[number] = max(line[number], weight)
        self.title = self._lines[0]
        self.top, self.paragraphs = self._lines[: page.above].max(axis=0), self._lines[page.above :]
        self.whole = self._lines.max(axis=0)

    @cached_property
    def sentences(self) -> Parts:
        page = self.page
        held = np.zeros((len(page.sentences), len(self.wanted)))
        for number, spans in enumerate(self.spans):
            for (start, _), weight in spans:
                if (place := page.sentence_at(start)) is not None:
                    held[place, number] = max(held[place, number], weight)
        return held

    @cached_property
    def unwanted(self) -> frozenset[int]:
        """The sentences that say an unwanted word."""
        spans = [span for word in self.without for span in in_a_row(word, 1.0).spans(self.page.folded)]
        return self._sentences_of(spans)

    @cached_property
    def figured(self) -> frozenset[int]:
        """The sentences that say a figure of the kind asked for, and those beside them."""
        if self.figure is None:
            return frozenset()
        folded = self.page.folded
        said = self._sentences_of([folded.span(*found.span()) for found in self.figure.finditer(folded.text)])
        return frozenset(near for number in said for near in (number - 1, number, number + 1))

    def _sentences_of(self, spans: Sequence[Span]) -> frozenset[int]:
        places = (self.page.sentence_at(start) for start, _ in spans)
        return frozenset(place for place in places if place is not None)

    @cached_property
    def marks(self) -> list[Span]:
        """Spans in the page's text of all that matched, in order, merged where they touch or a space alone parts them."""
        merged: list[Span] = []
        for start, end in sorted(span for spans in self.spans for span, _ in spans):
            if merged and not self.page.original[merged[-1][1] : start].strip(" "):
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    @cached_property
    def passages(self) -> Parts:
        """The weight at which each paragraph holds each word, its heading included."""
        headed = self.page.headed[:, np.newaxis]
        return np.maximum(self.paragraphs, np.where(headed, self._lines[self.page.headed], 0.0))

    def share(self, found: Parts) -> float:
        """Return the found share of all words' worth, 0 to 1; a word that fits any subject counts less."""
        return share_of(found, self._ranked_worth)

    @cached_property
    def _ranked_worth(self) -> Parts:
        anything = np.array([term.word.telling <= EVERYDAY for term in self.wanted], dtype=bool)
        worth: Parts = self.worth * np.where(anything, ANYTHING, 1.0)
        return worth

    def explained_weight(self, found: Parts) -> float:
        """Return the found share of all words' proofs, 0 to 1, counting only forms that mean the same; of several rows the highest."""
        return share_of(self.proven(found), self.proofs)

    def proven(self, found: Parts) -> Parts:
        """Return 1 for each word found in a form that means the same, else 0: a form merely near to it proves nothing."""
        return np.where(found < MEANS_THE_SAME, 0.0, 1.0)

    @cached_property
    def proofs(self) -> Parts:
        """The proof of each word: (words,)."""
        return np.array([word.proof for word in self.wanted])


def share_of(found: Parts, worth: Parts) -> float:
    """Return the found share of the words' worth, 0 to 1; of several rows the highest."""
    total = float(worth.sum())
    return float((found @ worth).max(initial=0.0)) / total if total else 0.0
