"""New words: names and terms of an essay that neither the lexicons nor jieba's dictionary know, as suggestions to moderators."""

from __future__ import annotations

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import accumulate, chain
from math import log
from operator import add

import numpy as np
from numpy.typing import NDArray

from corpus.essay import Essay
from corpus.language.dictionary import plain_jieba
from corpus.language.text import fold, simplify, to_halfwidth

LONGEST = 8
OFTEN = 3  # a term that is cut apart shows itself only by returning
COHESION = 0.65  # how much the two parts attract each other, 1 where neither stands without the other
FREEDOM = 0.9  # nats: how freely the neighbours change
KEYWORDS = 60  # best keywords that are looked at

_RUN = re.compile(r"[\u4e00-\u9fff]+")
# The stop words of `jieba.analyse`.
_STOP_WORDS = """
the of is and to in that we for an are by be as on with can if from which you it this then at have all not one has or
"""
_QUOTED = re.compile(r"「([\u4e00-\u9fffA-Za-z0-9\-]{2,8})」")
_INTRODUCED = re.compile(r"([\u4e00-\u9fff]{2,12}) ?[((] ?([A-Za-z][A-Za-z0-9 .,&'\-]{1,40})[,))]")
_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9\-]*[A-Z0-9][A-Za-z0-9\-]*(?![A-Za-z0-9])")
# A term neither begins nor ends with a word that only joins others (Simplified, as the text is compared).
_JOINT = frozenset(
    "的了着著和与及或在是有为以于之其这那也都而但就被把将从对向到不很更最个等们并会能可要让使由我你他她它年月日上下中"
)


def propose(essay: Essay, known: Container[str], limit: int = 20) -> list[tuple[str, float]]:
    """Propose up to `limit` new words with a weight from 0 to 1, best first. `known` is asked for each word as written and folded.

    Three kinds of evidence, the strongest counts: keywords outside jieba's dictionary (TF-IDF, as `jieba.analyse` has it); words that the essay
    introduces, as 中文(English) or in 「」 more than once; and repeated character runs with high cohesion (least normalised pointwise
    mutual information of two parts) and free neighbours (least entropy), the way Matrix67 described for finding words without a dictionary.
    """
    text = to_halfwidth(f"{essay.title}\n{essay.body}")
    plain = simplify(text)  # as long as `text`: what is found in one is read from the other
    weights: dict[str, float] = defaultdict(float)
    edges = _word_edges(plain)
    for word, weight in chain(_keywords(text, plain), _introduced(text, edges), _cohesive(text, plain, edges)):
        weights[word] = max(weights[word], weight)
    new = [
        (word, weight)
        for word, weight in weights.items()
        if not (word in known or fold(word) in known or _in_dictionary(word))
    ]
    new.sort(key=lambda item: (-item[1], -len(item[0]), item[0]))
    return [(word, round(weight, 3)) for word, weight in _without_fragments(new)][:limit]


def _keywords(text: str, plain: str) -> Iterator[tuple[str, float]]:
    tags = keywords(plain, KEYWORDS)
    most = tags[0][1] if tags else 1.0
    for word, weight in tags:
        start = plain.find(word)
        if start >= 0 and len(word) > 2 and plain.count(word) > 1 and _RUN.fullmatch(word):
            yield text[start : start + len(word)], 0.8 * weight / most


def keywords(plain: str, limit: int) -> list[tuple[str, float]]:
    """Return up to `limit` words of a Simplified text with their TF-IDF, highest first, as `jieba.analyse.extract_tags` gives them."""
    stops = frozenset(_STOP_WORDS.split())
    every = Counter(plain_jieba().cut(plain))
    times = Counter({word: n for word, n in every.items() if len(word.strip()) > 1 and word.lower() not in stops})
    weights = np.array(list(times.values()), float) * (_rarities(list(times)) / times.total())
    return sorted(zip(times, weights.tolist(), strict=True), key=lambda item: -item[1])[:limit]


def _rarities(words: list[str]) -> NDArray[np.float64]:
    """Return the inverse document frequency of each word; the middle one for a word that jieba's table does not hold."""
    known, rarities, usual = _rarity_table()
    sought = np.array([hash(word.encode()) for word in words], np.int64)  # of bytes: as str, oS and 卯 have one hash
    places = np.minimum(np.searchsorted(known, sought), len(known) - 1)
    return np.where(known[places] == sought, rarities[places], usual)


@cache
def _rarity_table() -> tuple[NDArray[np.int64], NDArray[np.float64], float]:
    """Read jieba's table: sorted hashes of its words, their inverse document frequencies, and the middle frequency; 4 MB.

    `jieba.analyse` would read it into a dictionary of 40 MB, but loads four tables more with it: 100 MB and two seconds.
    """
    with warnings.catch_warnings(action="ignore"):  # on the pkg_resources that jieba imports
        import jieba  # 19 MB, and only intake needs it
    with (files(jieba) / "analyse/idf.txt").open(encoding="utf-8") as lines:
        pairs = ((hash(word.encode()), float(rarity)) for word, rarity in map(str.split, lines))
        table = np.fromiter(pairs, [("word", np.int64), ("rarity", np.float64)])
    table.sort(order="word")
    return table["word"].copy(), table["rarity"].copy(), float(np.sort(table["rarity"])[len(table) // 2])


def _introduced(text: str, edges: Container[int]) -> Iterator[tuple[str, float]]:
    for match in _QUOTED.finditer(text):
        word = match.group(1)
        if text.count(word) > 1 and not _has_joint_edge(simplify(word)):
            yield word, 0.6
    for match in _INTRODUCED.finditer(text):
        latin = match.group(2)
        starts = (start for start in range(match.start(1), match.end(1) - 1) if start in edges)
        if word := _returning(text, starts, match.end(1)):
            yield word, 0.9
        if text.count(latin) > 1:
            yield latin.strip(), 0.7
    for latin, times in Counter(_LATIN_NAME.findall(text)).items():
        if times >= OFTEN and len(latin) > 2:
            yield latin, min(0.6, 0.1 * times)


def _returning(text: str, starts: Iterable[int], end: int) -> str | None:
    """Return the longest term before a bracket that the text uses elsewhere too: that is where the term begins."""
    terms = (text[start:end] for start in starts if end - start <= LONGEST)
    return next((term for term in terms if text.count(term) > 1 and not _has_joint_edge(simplify(term))), None)


def _cohesive(text: str, plain: str, edges: Container[int]) -> Iterator[tuple[str, float]]:
    runs = _RUN.findall(plain)
    total = sum(map(len, runs))
    joined = "\n".join(["", *runs, ""])
    times, places = _often(joined)
    for gram, found in places.items():
        if _has_joint_edge(gram):
            continue
        start = plain.find(gram)
        if start not in edges or start + len(gram) not in edges or _freedom(len(gram), found, joined) < FREEDOM:
            continue
        surprise = log(total / len(found))
        attraction = min(
            log(len(found) * total / (times[gram[:cut]] * times[gram[cut:]])) / surprise for cut in range(1, len(gram))
        )
        if attraction >= COHESION:
            yield text[start : start + len(gram)], min(1.0, attraction / 2 + len(found) / 20)


def _often(joined: str) -> tuple[Mapping[str, int], Mapping[str, list[int]]]:
    """Count the terms of up to LONGEST characters, and find the places of those of three and more that return often.

    The parts of a term return as often as it does, so it grows from them. `joined`: runs of characters between line ends,
    which no term holds.
    """
    pairs = list(map(add, joined, joined[1:]))
    times = Counter(joined)
    times.update(pairs)
    level: dict[str, list[int]] = {
        pair: [] for pair, n in times.items() if n >= OFTEN and len(pair) == 2 and "\n" not in pair
    }
    for start, pair in enumerate(pairs):
        if pair in level:
            level[pair].append(start)
    often: dict[str, list[int]] = {}
    for length in range(3, LONGEST + 1):
        longer: dict[str, list[int]] = defaultdict(list)
        for start in chain.from_iterable(level.values()):
            if joined[start + 1 : start + length] in level:
                longer[joined[start : start + length]].append(start)
        level = {gram: found for gram, found in longer.items() if len(found) >= OFTEN}
        often |= level
        times.update({gram: len(found) for gram, found in level.items()})
    return times, often


def _freedom(length: int, places: Iterable[int], joined: str) -> float:
    """Return the entropy of a term's neighbours on the side where it is less; the edge of a run is a neighbour of its own."""
    before, after = Counter[str | int](), Counter[str | int]()
    for start in places:
        left, right = joined[start - 1], joined[start + length]
        before[start if left == "\n" else left] += 1
        after[start if right == "\n" else right] += 1
    return min(_entropy(before), _entropy(after))


def _word_edges(plain: str) -> frozenset[int]:
    """Find where the words of jieba's dictionary begin and end: a new term may join words, but not cut through one."""
    return frozenset(accumulate(map(len, plain_jieba().cut(plain, False)), initial=0))


def _entropy(counts: Counter[str | int]) -> float:
    total = counts.total()
    return -sum(times / total * log(times / total) for times in counts.values())


def _has_joint_edge(plain: str) -> bool:
    return plain[0] in _JOINT or plain[-1] in _JOINT


def _in_dictionary(word: str) -> bool:
    return bool(plain_jieba().has_word(simplify(word)))


def _without_fragments(words: list[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """Drop each word that is only a piece of a better one."""
    kept: list[str] = []
    for word, weight in words:
        if not any(word in other for other in kept):
            kept.append(word)
            yield word, weight
