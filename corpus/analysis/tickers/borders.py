"""The borders of a name in running text, which may be cut out of everyday words: 火力|旺 or 火|力旺, 中美|晶片 or 中美晶|片."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from functools import lru_cache

from corpus.language.dictionary import Dictionary

_AROUND = 6  # characters on each side of a name that are cut with it
_LONGEST = 5  # characters of an everyday word
_WORD, _SINGLE, _PARTICLE = (
    1.0,
    1.5,
    1.2,
)  # costs of pieces: the reading with fewer and longer pieces is the likelier
_CLEARLY = 0.25  # difference in cost from which on one reading is plainly the better one
_EVERYDAY = 20  # least count in jieba's dictionary of a word that people use
_REMEMBERED = 50_000  # words whose answers are kept
_PARTICLES = frozenset("pcdurfya")  # jieba's kinds of words that are often one character long
_OF_NAMES = frozenset(("nr", "ns", "nrt", "ng"))  # kinds of single characters that are rather a part of a longer name


class Border(Enum):
    """The certainty with which a name begins and ends where words do."""

    CLEAR = auto()
    DOUBTFUL = auto()  # everyday words that cross its ends are as likely
    FALSE = auto()  # everyday words are likelier


class Borders:
    """A judge of names that reads the words around one twice, with the name and without it (as with a dictionary of everyday words)."""

    def __init__(self, dictionary: Dictionary, names: frozenset[str]) -> None:
        self._dictionary = dictionary
        self._names = names  # words that only the lexicon of securities knows
        self._everyday: dict[str, bool] = {}
        self._judged = lru_cache(maxsize=20_000)(self._judge)

    def of(self, flat: str, start: int, end: int, edges: bytearray) -> Border:
        """Judge the borders of the Chinese name between two offsets; `edges` are those of the words of the whole text."""
        border = Border.CLEAR
        if self._is_crossed(flat, start, end):
            left, right = _clause(flat, start, -1), _clause(flat, end, 1)
            border = self._judged(flat[left:right], start - left, end - left)
        if border is Border.CLEAR and end - start == 2 and self._is_part(flat, start, end, edges):
            return Border.DOUBTFUL
        return border

    def _is_crossed(self, flat: str, start: int, end: int) -> bool:
        """Tell whether an everyday word begins before the name and ends in it, begins in it and ends behind it, or holds it."""
        before, after = _han_before(flat, start), _han_after(flat, end)
        for inside in range(1, min(3, end - start)):
            for outside in range(1, min(3, before) + 1):
                if self._is_everyday(flat[start - outside : start + inside]):
                    return True
            for outside in range(1, min(3, after) + 1):
                if self._is_everyday(flat[end - inside : end + outside]):
                    return True
        return any(
            self._is_everyday(flat[start : end + outside]) for outside in range(1, min(2, after) + 1)
        )  # 博通古今

    def _is_part(self, flat: str, start: int, end: int, edges: bytearray) -> bool:
        """Tell whether a single character of names stands beside it, as if both were one: 邦特|蘭, 藍|鼎元."""
        before = bool(_han_before(flat, start)) and edges[start - 1] and self._is_of_names(flat[start - 1])
        after = bool(_han_after(flat, end)) and edges[end + 1] and self._is_of_names(flat[end])
        return bool(before or after)

    def _is_everyday(self, word: str) -> bool:
        known = self._everyday.get(word)
        if known is None:
            if len(self._everyday) > _REMEMBERED:
                self._everyday.clear()
            least = _EVERYDAY if len(word) == 2 else 1  # three characters are no word by chance
            count = self._dictionary.count(word)
            is_met = count >= least or (count > 0 and self._dictionary.likely(word) >= least)
            known = word not in self._names and is_met
            self._everyday[word] = known
        return known

    def _judge(self, window: str, start: int, end: int) -> Border:
        """Compare the cheapest reading of `window` that has the name with the cheapest that has not."""

        def is_everyday(first: int, last: int) -> bool:
            if last <= start or first >= end:
                return self._dictionary.count(window[first:last]) > 0
            return (first, last) != (start, end) and self._is_everyday(window[first:last])

        def is_word(first: int, last: int) -> bool:
            return (first, last) == (start, end) or ((last <= start or first >= end) and is_everyday(first, last))

        without, with_name = self._cost(window, is_everyday), self._cost(window, is_word)
        if abs(without - with_name) < _CLEARLY:
            return Border.DOUBTFUL
        return Border.CLEAR if with_name < without else Border.FALSE

    def _cost(self, text: str, is_word: Callable[[int, int], bool]) -> float:
        """Return the least cost of cutting the text into words and single characters."""
        best = [0.0]
        for end in range(1, len(text) + 1):
            costs = [best[end - 1] + self._cost_of_one(text[end - 1])]
            costs += [best[start] + _WORD for start in range(max(0, end - _LONGEST), end - 1) if is_word(start, end)]
            best.append(min(costs))
        return best[-1]

    def _cost_of_one(self, character: str) -> float:
        return _PARTICLE if self._dictionary.kind(character)[:1] in _PARTICLES else _SINGLE

    def _is_of_names(self, character: str) -> bool:
        return self._dictionary.kind(character) in _OF_NAMES


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿"


def _han_before(flat: str, start: int) -> int:
    """Count the Chinese characters right before `start`, three at most."""
    count = 0
    while count < 3 and count < start and _is_han(flat[start - count - 1]):
        count += 1
    return count


def _han_after(flat: str, end: int) -> int:
    count = 0
    while count < 3 and end + count < len(flat) and _is_han(flat[end + count]):
        count += 1
    return count


def _clause(flat: str, place: int, step: int) -> int:
    """Return the end of the Chinese text on one side of a place, a few characters away at most."""
    for _ in range(_AROUND):
        beside = place - 1 if step < 0 else place
        if not 0 <= beside < len(flat) or not _is_han(flat[beside]):
            break
        place += step
    return place
