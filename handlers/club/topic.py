"""AI 散熱 不要手機: the topics that a chat subscribes to, as they were typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.language.text import fold, to_halfwidth

EVERYTHING = "精選"  # every new essay
MOST_WORDS = 6
LONGEST_LINE = 400  # characters; a longer line subscribes to nothing
LONGEST_NAME = 12  # words

_SEPARATE = re.compile(r"\s*[,;、\n]+\s*")
_APART = re.compile(r"[\s&+]+")
_NOT = re.compile(r"(不要|不含|不看|排除|除了|!|(?<!\S)-|not )\s*")
_ALL = re.compile(r"^(精選|全部|所有|所有文章|全部文章|新文章|最新|最新文章|picks|all)$")
_LABELS = re.compile(r"(?<![^\s,;、])(?:(?:主題|來源|個股)[\s:]+|#)")  # 「主題 散熱」, 「#散熱」
_AUTHOR = re.compile(
    r"(?:(?<![^\s,;、])|(?<=不要)|(?<=不含)|(?<=不看)|(?<=排除))作者[\s:]+(?=\S)"
)  # 「作者 林以晨」: the essays by him, not those about him
_SIGNED = "作者＝"  # one word with the name, while the words of a line are split
BY = "作者 "
_AND = ("還有", "以及", "跟", "和", "與")


@dataclass(frozen=True, slots=True)
class Topic:
    """The topic of a subscription: essays that speak of all of `wanted` and of none of `without`; without a word, every essay."""

    wanted: tuple[str, ...]
    without: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the topic as a person could type it."""
        return " ".join([*(self.wanted or (EVERYTHING,)), *(f"不要{word}" for word in self.without)])

    @property
    def key(self) -> str:
        """The key of the topic, the same when it is typed a little differently."""
        return " ".join([*sorted(map(fold, self.wanted)), *sorted("!" + fold(word) for word in self.without)])[:200]


def read_topics(text: str, knows: Callable[[str], bool]) -> list[Topic]:
    """Read the topics of one line, which commas part; `knows` tells names, so that 「AI 伺服器」 stays one word."""
    parts = _SEPARATE.split(_AUTHOR.sub(_SIGNED, _LABELS.sub("", to_halfwidth(text).strip(" 。.!?~"))))
    return [topic for part in parts if (topic := _topic(part, knows)) is not None]


def _topic(part: str, knows: Callable[[str], bool]) -> Topic | None:
    wanted: list[str] = []
    without: list[str] = []
    for piece in re.split(rf"(?={_NOT.pattern})", part):
        negated = _NOT.match(piece)
        words = [word for word in _APART.split(piece[negated.end() :] if negated else piece) if word]
        if negated:
            without += words[:1]
            wanted += words[1:]
        else:
            wanted += joined(words, knows)
    wanted = [_shown(word) for word in dict.fromkeys(wanted) if not _ALL.match(word.lower())]
    asks_for_all = any(_ALL.match(word.lower()) for word in _APART.split(part))
    return Topic(tuple(wanted), tuple(dict.fromkeys(map(_shown, without)))) if wanted or asks_for_all else None


def author_of(word: str) -> str:
    """Return the author whom a word of a topic names; empty where it names none."""
    return word.removeprefix(BY) if word.startswith(BY) else ""


def _shown(word: str) -> str:
    return BY + word.removeprefix(_SIGNED) if word.startswith(_SIGNED) else word


def joined(words: list[str], knows: Callable[[str], bool]) -> list[str]:
    """Join neighbouring words that are one known name together, the longest first."""
    found = []
    while words:
        length = next((n for n in range(min(len(words), LONGEST_NAME), 1, -1) if knows(_shown(" ".join(words[:n])))), 1)
        found.append(" ".join(words[:length]))
        words = words[length:]
    return found


def and_apart(text: str, is_name: Callable[[str], bool]) -> list[str]:
    """Return the names that a word for "and" joins, where all of it is names: 「台積電跟鴻海」; 和碩 is one."""
    parted = (text.split(word) for word in _AND if word in text and not is_name(text))
    return next((parts for parts in parted if all(map(is_name, parts))), [])
