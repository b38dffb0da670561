"""Key sentences: the few verbatim sentences of many essays that say most about a ticker or a theme."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import log, sqrt

from corpus.essay import Essay, Paragraph
from corpus.text import fold, sentences

LEAST_ESSAYS = 3
# What a sentence is worth beside its centrality of 0 to 1.
NAMED, EARLY = 0.35, 0.15  # for each of up to two words of the subject; for one at the beginning
BEGINNING = 20  # characters
FIGURE, CLAIM = 0.12, 0.04  # for each of up to three figures with a unit, and of three words that state or measure
LIKENESS, SAME_ESSAY = 0.3, 0.1  # against likeness to what is chosen already, and to a second sentence of an essay
REPEATED = 0.7  # likeness at which two sentences say the same

_DANGLING = re.compile(
    r"[「『(]?(?:[這此其它他她該]|那(?!些)|前者|後者|兩者|二者|上述|如此|對此|為此|因此|因而|所以|於是|然而|但|不過|而(?!立)|可是|"
    r"同時|與此同時|此外|另外|另一|再者|再來|反觀|反之|相反|相較之下|相比之下|相對的|換言之|換句話|也就是|亦即|簡單來說|簡言之|"
    r"例如|比如|譬如|舉例|首先|其次|接著|接下來|隨後|最後|第[一二三四五六七八九十][,，、點,]|一是|二是|三是|更|也|還|又|並|則|卻|甚至|"
    r"尤其|特別是|總之|結果|當然|事實上|就像|好比|如同|同樣|正因|畢竟|有趣的是|值得注意的是|不僅如此|除此之外|除了這|在這|在此|從這|由此|正是|"
    r"不只是|以上|以下|如下|本文|本篇|讓我們|我們|你|您|圖[/:：]|資料來源|推薦閱讀|推薦觀看|延伸閱讀)"
)
_ENDS_WHOLE = re.compile(r"[。!!.…][」』”’))】]*$")
_ASKS = re.compile(r"[?？]|[嗎呢][。!!]")
_FIGURE = re.compile(
    r"\d[\d,.]*\s*(?:[%％]|個?百分點|倍|[兆億萬千元片台家噸座輛人個吋瓦度月年℃]|美元|奈米|[kKMGT]W|公[斤噸里])|[百千萬億兆]分之|[\d一二三四五六七八九近過]成"
)
_CLAIM = re.compile(
    r"根據|預測|預估|預計|數據|統計|指出|顯示|龍頭|第一|最大|超過|突破|佔|成長|關鍵|將|取決|核心|優勢|挑戰|瓶頸|機會|風險"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One whole sentence as it stands in its essay; `paragraph` is its address there."""

    essay: Essay
    paragraph: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    sentence: Sentence
    grams: Mapping[str, float]  # tf-idf of character bigrams, of length 1


def key_sentences(
    essays: Sequence[Essay],
    terms: Sequence[str],
    *,
    limit: int = 5,
    per_essay: int = 2,
    paragraphs: Mapping[int, Collection[int]] | None = None,
    shown: Collection[str] = (),
) -> list[Sentence]:
    """The sentences that say most about `terms`, newest dated essays first and undated ones last.

    Centrality is the cosine to the centroid of all candidate sentences in folded character bigrams (Radev's MEAD), biased
    by the terms and by signs of substance; the choice is made by maximal marginal relevance (Carbonell and Goldstein).
    `paragraphs` names, by essay id, the paragraphs known to speak of the subject; of other essays those that hold a term are read.
    `shown` sentences are passed over. At most `per_essay` come from one essay, and three essays are heard where there are three.
    """
    wanted = [fold(term) for term in terms]
    found = [
        (essay, paragraph, text)
        for essay in essays
        for paragraph in _about(essay, wanted, paragraphs)
        for text in _whole_sentences(paragraph)
        if text not in shown
    ]
    chosen = _choose(_score(found, wanted), limit, per_essay)
    return sorted(chosen, key=lambda sentence: (sentence.essay.published or date.min, sentence.score), reverse=True)


def is_quotable(text: str) -> bool:
    """Whether a sentence can stand alone: whole, no question, no lead-in, and no opener that hangs on what came before."""
    return (
        20 <= len(text) <= 160
        and bool(_ENDS_WHOLE.search(text))
        and not _ASKS.search(text)
        and not _DANGLING.match(text)
        and all(text.count(left) == text.count(right) for left, right in ("「」", "『』", "()", "《》"))
    )


def _about(essay: Essay, wanted: Sequence[str], known: Mapping[int, Collection[int]] | None) -> Iterator[Paragraph]:
    if known is not None and essay.id in known:
        yield from (paragraph for paragraph in essay.paragraphs if paragraph.index in known[essay.id])
        return
    for paragraph in essay.paragraphs:
        text = fold(paragraph.text)
        if any(term in text for term in wanted):
            yield paragraph


def _whole_sentences(paragraph: Paragraph) -> Iterator[str]:
    for start, end in sentences(paragraph.text):
        text = paragraph.text[start:end]
        if is_quotable(text):
            yield text


def _score(found: Sequence[tuple[Essay, Paragraph, str]], wanted: Sequence[str]) -> list[_Candidate]:
    folded = [fold(text) for _, _, text in found]
    grams = _tf_idf(folded)
    total: dict[str, float] = defaultdict(float)
    for gram in grams:
        for pair, value in gram.items():
            total[pair] += value
    centroid = _unit(total)
    return [
        _Candidate(
            Sentence(essay, paragraph.index, text, _cosine(gram, centroid) + _bias(plain, wanted) + _substance(text)),
            gram,
        )
        for (essay, paragraph, text), plain, gram in zip(found, folded, grams, strict=True)
    ]


def _bias(plain: str, wanted: Sequence[str]) -> float:
    """The sentence itself names the subject, better twice and early: a pronoun's sentence says less to a stranger."""
    places = [place for term in wanted if (place := plain.find(term)) >= 0]
    return NAMED * min(len(places), 2) + (EARLY if min(places, default=BEGINNING) < BEGINNING else 0.0)


def _substance(text: str) -> float:
    """Figures with their units, and words by which an essay states, measures or forecasts."""
    return FIGURE * min(len(_FIGURE.findall(text)), 3) + CLAIM * min(len(_CLAIM.findall(text)), 3)


def _choose(candidates: Sequence[_Candidate], limit: int, per_essay: int) -> list[Sentence]:
    """Greedy: each time the best that is least like those already chosen, keeping room for three essays."""
    chosen: list[_Candidate] = []
    left = list(candidates)
    while left and len(chosen) < limit:
        taken = Counter(id(candidate.sentence.essay) for candidate in chosen)
        silent = {id(candidate.sentence.essay) for candidate in left} - taken.keys()
        must_be_new = bool(silent) and limit - len(chosen) <= LEAST_ESSAYS - len(taken)
        left = [candidate for candidate in left if taken[id(candidate.sentence.essay)] < per_essay]
        allowed = [candidate for candidate in left if not (must_be_new and taken[id(candidate.sentence.essay)])]
        if not allowed:
            break
        best = max(allowed, key=lambda candidate: _marginal(candidate, chosen))
        chosen.append(best)
        left = [candidate for candidate in left if _cosine(candidate.grams, best.grams) < REPEATED]
    return [candidate.sentence for candidate in chosen]


def _marginal(candidate: _Candidate, chosen: Sequence[_Candidate]) -> float:
    likeness = max((_cosine(candidate.grams, other.grams) for other in chosen), default=0.0)
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
