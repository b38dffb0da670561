"""The sentences of an essay that answer: verbatim, whole, in reading order, with marks on what matched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.language.text import Span
from corpus.search.matchable import MatchableEssay, Parts, QueryMatch
from corpus.search.question import AnswerKind

MOST_SNIPPETS = 5  # a card shows the first two or three
MOST_SENTENCES = 3
LONGEST_SNIPPET = 150  # characters; a single longer sentence stays whole
LEAST_SHARE = 0.2  # of the best snippet's score: what is worth showing beside it

NEARBY = 0.7  # what a word counts that stands in the paragraph or its heading, but not in the sentences
BEFORE = 0.8  # of that, where it stands in the paragraph before
ON_TOP = 0.6  # and where it stands in the title or any heading
MOST_READ = 14  # sentences looked at closely
WISH = 0.4  # what a sign of the wished kind of answer adds
RANK = 0.15  # what being the index's best paragraph adds
LENGTH = 0.06  # what each further sentence takes away

_DANGLING = re.compile(
    r"(?:[這此其它他她該]|但是?|然而|因此|所以|而|同時|此外|另外|不過|反之|例如|比如|換句話說|對此|相較之下|也就是說|再者|甚至)"
)
_LEAD_IN = re.compile(r"[::]\s*$")
_PROMISE = re.compile(r"[二兩三四五六七八幾數多][大個項種點類條道步][^,,。]{0,12}。?$|以下|如下")
_FULL_STOP = re.compile(r"[。.!?!?…][」』”’))】]*$")
_ASKS = re.compile(r"[??][」』”)]*$")
_POINTER = re.compile(r"^(?:延伸|推薦)?(?:閱讀|觀看)|^(?:圖|表|資料來源|圖片來源|攝影|來源)\s*[::/]")
_SIGNS = {
    AnswerKind.NUMBER: re.compile(
        r"\d[\d,.]*\s*(?:%|％|倍|成|[萬億兆千百]|元|美元|人|家|座|台|片|瓦|噸|[年個]|[GMk]?W|x)|[一二三四五六七八九十]成|[百千萬億兆]分之"
    ),
    AnswerKind.WHO: re.compile(r"[^、,。]{2,12}、[^、,。]{2,12}|\(\s*\d{4}\s*\)|公司|集團|廠商|創辦人|執行長"),
    AnswerKind.WHY: re.compile(r"因為|由於|使得|導致|意味|關鍵|原因|為了|主要|造成|迫使|讓|根源|背後|才能|在於|而是"),
    AnswerKind.WHAT: re.compile(
        r"指的?是|所謂|就是|是一[種個項座套]|又稱|即是|定義|稱為|意思|是將|簡稱|,即|——|「[^」]{2,12}」[((]"
    ),
    AnswerKind.HOW: re.compile(r"透過|藉由|利用|首先|第一|步驟|方法|運用|採[用取]|策略|核心"),
}


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


def choose(reading: QueryMatch, wishes: frozenset[AnswerKind], ranked: Sequence[int]) -> tuple[Snippet, ...]:
    """The snippets that answer, best first. `ranked`: paragraphs as the index ranked them, best first."""
    bonus = {paragraph: 1 + RANK / (1 + rank) for rank, paragraph in enumerate(ranked)}
    windows = sorted(_windows(reading, wishes, bonus), key=lambda window: (-window.score, window.first))
    taken: list[_Window] = []
    for window in windows:
        if taken and window.score < LEAST_SHARE * taken[0].score:
            break
        wide = _widened(reading, window)
        if not any(wide.meets(other) for other in taken):
            taken.append(wide)
        if len(taken) == MOST_SNIPPETS:
            break
    return tuple(_snippet(reading, window) for window in taken)


def _windows(reading: QueryMatch, wishes: frozenset[AnswerKind], bonus: Mapping[int, float]) -> Iterator[_Window]:
    """Runs of sentences that begin with one of the most promising sentences, each with its score."""
    page = reading.page
    places = np.array([sentence.paragraph for sentence in page.sentences], dtype=int)
    if not len(places):
        return
    ranked = np.array([bonus.get(paragraph, 1.0) for paragraph in range(len(reading.paragraphs))])[places]
    promises = _promises(reading, ranked, _around(reading)[places])
    promises[0][list(reading.unwanted)] = -1.0
    for first in np.argsort(-promises[0], kind="stable")[:MOST_READ].tolist():
        for last in range(first, min(first + MOST_SENTENCES, len(places))):
            if last in reading.unwanted:
                break
            if last > first and not (places[first] == places[last] and _fits(page, first, last)):
                break
            promise = float(promises[last - first][first])
            yield _Window(first, last, promise * _manner(page, first, last, wishes))


def _promises(reading: QueryMatch, ranked: Parts, around: Parts) -> list[Parts]:
    """What runs of one, two, ... sentences hold of the question's worth, by their first sentence."""
    found, held, worth = [], reading.sentences, _local_worth(reading)
    for more in range(min(MOST_SENTENCES, len(held))):
        if more:
            held = np.maximum(held[:-1], reading.sentences[more:])
        found.append(ranked[: len(held)] * (_with_share(held, around[: len(held)]) @ worth))
    return found


def _local_worth(reading: QueryMatch) -> Parts:
    """What a word tells within its essay: less where every other sentence says it, as one on a company names it."""
    total = len(reading.sentences)
    holding = (reading.sentences > 0).sum(axis=0)
    rarity = np.log1p(total / np.maximum(holding, 1)) / np.log1p(total)
    local: Parts = reading.worth * rarity
    return local


def _with_share(held: Parts, around: Parts) -> Parts:
    """What sentences hold of each word, and for a share what stands around them."""
    return held + NEARBY * np.maximum(0.0, around - held)


def _around(reading: QueryMatch) -> Parts:
    """How well each word stands in a paragraph or its heading, and, as less, in the paragraph before or on top."""
    before = np.zeros_like(reading.paragraphs)
    before[1:] = reading.paragraphs[:-1]
    nearby: Parts = np.maximum(np.maximum(reading.passages, BEFORE * before), ON_TOP * reading.top)
    return nearby


def _manner(page: MatchableEssay, first: int, last: int, wishes: frozenset[AnswerKind]) -> float:
    """How well a run of sentences reads as an answer, as a factor around 1."""
    text = "".join(page.sentences[i].text for i in range(first, last + 1))
    factor = 1 - LENGTH * (last - first)
    factor += WISH * sum(bool(_SIGNS[wish].search(text)) for wish in wishes)
    if _LEAD_IN.search(text) or _ASKS.search(text):
        factor -= 0.2
    if _POINTER.search(text):
        factor -= 0.5
    if _DANGLING.match(text) and first and _same(page, first - 1, first):
        factor -= 0.1
    if len(text) < 14:
        factor -= 0.15
    return max(0.1, factor)


def _widened(reading: QueryMatch, window: _Window) -> _Window:
    """With what a lead-in introduces, what a dangling opener refers to, and what goes on after it, while it stays short."""
    page, first, last = reading.page, window.first, window.last
    if _introduces(page, last) and last + 1 < len(page.sentences) and last + 1 not in reading.unwanted:
        last += 1
        while _may_take(reading, last + 1, first, last, across=True):
            last += 1
    if _DANGLING.match(page.sentences[first].text) and _may_take(reading, first - 1, first, last):
        first -= 1
    while _may_take(reading, last + 1, first, last):
        last += 1
    while _may_take(reading, first - 1, first, last):
        first -= 1
    return _Window(first, last, window.score)


def _introduces(page: MatchableEssay, index: int) -> bool:
    """Whether a sentence only announces what comes: 「...有三大挑戰。」, a line ending in a colon, a list's short title."""
    sentence = page.sentences[index]
    if _LEAD_IN.search(sentence.text):
        return True
    ends_paragraph = sentence.span[1] == len(page.essay.paragraphs[sentence.paragraph].text.rstrip())
    return ends_paragraph and bool(_PROMISE.search(sentence.text) or not _FULL_STOP.search(sentence.text))


def _may_take(reading: QueryMatch, other: int, first: int, last: int, across: bool = False) -> bool:
    page = reading.page
    return (
        0 <= other < len(page.sentences)
        and other not in reading.unwanted
        and last - first + 1 < MOST_SENTENCES
        and (across or _same(page, other, first))
        and _fits(page, min(other, first), max(other, last))
    )


def _same(page: MatchableEssay, a: int, b: int) -> bool:
    return page.sentences[a].paragraph == page.sentences[b].paragraph


def _fits(page: MatchableEssay, first: int, last: int) -> bool:
    return sum(len(sentence.text) for sentence in page.sentences[first : last + 1]) <= LONGEST_SNIPPET


def _snippet(reading: QueryMatch, window: _Window) -> Snippet:
    page = reading.page
    text = ""
    marked: list[Span] = []
    for i in range(window.first, window.last + 1):
        if i > window.first:
            text += _gap(page, i)
        start = page.sentence_starts[i]
        end = start + len(page.sentences[i].text)
        shift = len(text) - start
        marked += [(a + shift, b + shift) for a, b in reading.marks if start <= a and b <= end]
        text += page.sentences[i].text
    paragraph = page.essay.paragraphs[page.sentences[window.first].paragraph]
    return Snippet(text, tuple(marked), paragraph.heading, paragraph.index)


def _gap(page: MatchableEssay, index: int) -> str:
    """What stands between a sentence and the one before it: nothing, a space, or a new paragraph."""
    before, sentence = page.sentences[index - 1], page.sentences[index]
    if before.paragraph != sentence.paragraph:
        return "\n"
    return page.essay.paragraphs[sentence.paragraph].text[before.span[1] : sentence.span[0]]
