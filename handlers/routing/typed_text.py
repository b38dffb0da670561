"""A line as it was typed: tidied, without polite openers, and where a command's word ends in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import DamerauLevenshtein

from corpus.language.pinyin import syllables
from corpus.language.text import simplify, to_halfwidth
from corpus.language.traditional import to_traditional
from handlers.command import Command
from handlers.text.decorations import seen
from handlers.text.paging import is_page

AFTER_WORD = " :,"  # `tidy` has made them narrow

_SPACES = re.compile(r"\s+")
_SIGNS = "!/"
_NUMBERED = re.compile(r"#\d|第\s*[\d一二三四五六七八九十]{1,3}\s*[篇則份個]|\d{1,6}$")  # 撤回第3篇, 草稿3
_ASKS = re.compile(r"(?<=[㐀-鿿\w])ㄇ(?=$|[\s,。!?~])")  # 可以ㄇ
_OF = re.compile(r"(?<=\w)[ㄉㄌ](?=\w)")  # 台積電ㄉ產能


def tidy(text: str) -> str:
    """Return the typed text narrow, in Traditional characters, with single spaces and without a leading `!` or `/`."""
    text = to_traditional(_SPACES.sub(" ", to_halfwidth(seen(text))).strip())
    text = _ASKS.sub("嗎", _OF.sub("的", text))
    return text[1:].strip() if text[:1] in _SIGNS and len(text) > 1 else text


def verbatim_rest(raw: str, words: Sequence[str]) -> str | None:
    """Return the text behind the command word, as it was typed; None where something else stands before the word."""
    start = next(
        (at for at, letter in enumerate(raw) if not letter.isspace() and to_halfwidth(letter) not in _SIGNS), 0
    )
    after = raw[start:]
    word = next((word for word in words if simplify(to_halfwidth(after[: len(word)]).lower()) == simplify(word)), None)
    return None if word is None else after[len(word) :].strip(f"{AFTER_WORD}\uff1a\uff0c\u3000\n")


def ends_there(text: str, word: str, command: Command) -> bool:
    """Tell whether the command's word, with which the text begins, may end there: nothing joins it to what follows."""
    rest = text[len(word) :]
    if command.exact_only:
        return not rest or is_page(rest)
    if not rest or rest[0] in AFTER_WORD:
        return True
    if word.isascii() and word[-1].isalnum():
        return not rest[0].isascii() and not command.own_word  # "find" does not begin "finder"
    return not command.own_word or _NUMBERED.match(rest) is not None


def is_slip(head: str, word: str) -> bool:
    """Tell whether a word is hardly different from a command's: by one letter, or by none that is heard."""
    if head == word or head[:1] == "" or abs(len(head) - len(word)) > 1:
        return False
    if word.isascii():
        return len(word) >= 4 and DamerauLevenshtein.distance(head, word) == 1
    if len(word) >= 3 and DamerauLevenshtein.distance(head, word) == 1:
        return True
    return len(head) == len(word) >= 2 and syllables(head) == syllables(word)
