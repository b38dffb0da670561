"""What a line is probably about, by lines that people typed: talk about the bot, an editor's work, chat, or a question for the archive.

Naive Bayes over single characters and pairs of them (Latin words and pairs of those), as in Manning, Raghavan and Schütze,
*Introduction to Information Retrieval* (2008), chapter 13; single characters count less, since pairs repeat them, and a pair that no
line holds speaks for the archive. A line that is misread is mended by more of its kind in talk_lines.tsv.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import chain, pairwise
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.language.text import fold
from handlers.text.bot_words import BotTopic
from handlers.verb import Verb

Topic = BotTopic | Verb | str
LINES = Path(__file__).with_name("talk_lines.tsv")
TABLE = Path(__file__).with_name("talk_model.npy")  # see rebuild.py
ARCHIVE, CHAT = "archive", "chat"  # labels of a question for the archive, and of what asks nothing of anybody

MOST_LIKELY = 5
RIVAL = 3.0  # log-odds within which another topic may be meant as well
SURER = 8.0  # log-odds by which the model is surer of a topic than the words are of theirs

_TOPICS = frozenset(BotTopic)
_SMOOTHING = 0.2
_SINGLE = 0.7  # weight of a single character
_UNHEARD = 0.5  # log-odds that a pair or a Latin word of no line takes from talk
_STEPS = 16  # of one unit of log-odds
_RUNS = re.compile(r"[㐀-鿿]+|[a-z0']+|[?!]")
_DIGITS = re.compile(r"\d+")


class LabelledLine(NamedTuple):
    """A line as it was typed, and what it is about: a topic of talk about the bot, a command of editing, chat or a question."""

    label: str
    writer: str
    said: str


class LikelyTopic(NamedTuple):
    """A topic of talk, a command of editing or `CHAT`, and the log-odds that a line is of it, against a question for the archive."""

    topic: Topic
    odds: float


class TalkModel:
    """Tells labels apart by the grams that lines of theirs hold."""

    def __init__(self, table: NDArray[Any]) -> None:
        """Read what `counted` returned."""
        self.labels = (table.dtype.names or ())[1:]
        self._grams = table["gram"].copy()
        self._odds = table.view(np.int8).reshape(len(table), -1)[:, -len(self.labels) :]

    def odds(self, line: str) -> dict[str, float]:
        """Return the log-odds of each label against a question for the archive."""
        characters, pairs = (self._places(numbers) for numbers in _grams(line))
        odds = self._odds[characters[characters >= 0]].sum(axis=0, dtype=np.int32) * _SINGLE
        odds += self._odds[pairs[pairs >= 0]].sum(axis=0, dtype=np.int32)
        unheard = _UNHEARD * int(np.count_nonzero(pairs < 0))
        return {label: total / _STEPS - unheard for label, total in zip(self.labels, odds.tolist(), strict=True)}

    def _places(self, numbers: Collection[int]) -> NDArray[np.int64]:
        """Return the rows of these grams, -1 for those of no line."""
        wanted = np.array(list(numbers), np.uint32)
        places = np.minimum(np.searchsorted(self._grams, wanted), len(self._grams) - 1)
        return np.where(self._grams[places] == wanted, places, -1)


def counted(lines: Iterable[LabelledLine]) -> NDArray[Any]:
    """Return a row for each gram of the lines, in order: its number, and what it adds to the log-odds of each label, in steps."""
    given = list(lines)
    labels = sorted({line.label for line in given})
    grams, columns = array("L"), array("L")
    for line in given:
        said = set().union(*_grams(line.said))
        grams.extend(said)
        columns.extend([labels.index(line.label)] * len(said))
    found, places = np.unique(np.array(grams, np.uint32), return_inverse=True)
    counts = np.full((len(found), len(labels)), _SMOOTHING)
    np.add.at(counts, (places, np.array(columns)), 1.0)
    likely = np.log(counts / counts.sum(axis=0))
    odds = likely - likely[:, [labels.index(ARCHIVE)]]
    table = np.zeros(len(found), [("gram", "<u4"), *((label, "i1") for label in labels)])
    table["gram"] = found
    for column, label in enumerate(labels):
        table[label] = np.round(odds[:, column] * _STEPS).clip(-127, 127)
    return table


def talk_lines() -> list[LabelledLine]:
    """Return the lines that come with the bot."""
    rows = LINES.read_text("utf-8").splitlines()
    return [LabelledLine(*row.split("\t")) for row in rows if not row.startswith("#")]


@lru_cache(maxsize=512)
def likely_topics(line: str, is_editor: bool) -> tuple[LikelyTopic, ...]:
    """Return the likeliest things that a line may be about, other than the archive; an editor's work only where `is_editor`."""
    odds = talk_model().odds(line)
    open_to_all = {*_TOPICS, CHAT}
    labels = [label for label in odds if label != ARCHIVE and (is_editor or label in open_to_all)]
    best = sorted(labels, key=lambda label: -odds[label])[:MOST_LIKELY]
    return tuple(LikelyTopic(_topic(label), odds[label]) for label in best)


def surest(topic: Topic | None, line: str, is_editor: bool) -> Topic | None:
    """Return the topic that a line has by its words, or another one of which the model is surer by far; None where its words have none.

    Of lines by writers it had not seen, the model was right in 49 of 53 such cases, the words in two.
    """
    best, *others = likely_topics(line, is_editor)
    odds = next((one.odds for one in (best, *others) if one.topic == topic), -inf)
    return best.topic if topic is not None and best.odds > odds + SURER else topic


@lru_cache(maxsize=1)
def talk_model() -> TalkModel:
    """Return the model of the lines that come with the bot."""
    return TalkModel(np.load(TABLE, mmap_mode="r"))


def _topic(label: str) -> Topic:
    """Return what a label names: a topic, `CHAT`, or the command of 「send back」."""
    return BotTopic(label) if label in _TOPICS else CHAT if label == CHAT else Verb[label.upper().replace(" ", "_")]


def _grams(line: str) -> tuple[set[int], set[int]]:
    """Return the numbers of a line's single characters, and of its pairs, Latin words and pairs of those."""
    runs = _RUNS.findall(_DIGITS.sub("0", fold(line)))
    han = list(filter(_is_han, runs))
    pairs = chain.from_iterable(pairwise(run) for run in han)
    words = (f"{one} {other}" for one, other in pairwise(runs) if not (_is_han(one) or _is_han(other)))
    singles = (run for run in runs if not _is_han(run))
    return set(map(_number, chain.from_iterable(han))), set(map(_number, chain(map("".join, pairs), singles, words)))


def _is_han(run: str) -> bool:
    return "㐀" <= run[0] <= "鿿"


def _number(gram: str) -> int:
    return zlib.crc32(gram.encode())
