"""Traditional characters for a line that was typed in Simplified ones.

By a small table: OpenCC's own dictionary of phrases takes 43 MB and a third of a second, and a typed line is no essay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

LONGEST = 300  # characters of a line; a longer text is no command

# Characters that Big5 holds, too, but hardly anybody in Taiwan types: each says that the whole line is Simplified.
_TELLING = frozenset("么个几价体听万与")
TRADITIONAL = Path(__file__).with_name(
    "traditional.tsv"
)  # characters, and words that convert otherwise than their characters; see corpus/lexicon/rebuild.py
LONGEST_WORD = 4


def to_traditional(text: str) -> str:
    """Convert 「什么股票可以买」 to 「什麼股票可以買」; leave a line without any Simplified character alone. Keeps the length."""
    if len(text) > LONGEST or text.isascii() or _simplified().isdisjoint(text):
        return text
    return "".join(
        old if old == "台" else new for old, new in zip(text, "".join(converted(text, _table())), strict=True)
    )


def converted(text: str, table: Mapping[str, str]) -> Iterator[str]:
    """Yield the text converted by the table: by its longest word at each place, else by the character there."""
    place = 0
    while place < len(text):
        piece = next(
            (
                found
                for n in range(LONGEST_WORD, 1, -1)
                if len(found := text[place : place + n]) == n and found in table
            ),
            text[place],
        )
        yield table.get(piece, piece)
        place += len(piece)


@cache
def _simplified() -> frozenset[str]:
    """Return the characters of which one alone says that a line is Simplified."""
    han = (character for character in _table() if "\u4e00" <= character <= "\u9fff")
    return _TELLING.union(character for character in han if len(character) == 1 and not _in_big5(character))


def _in_big5(character: str) -> bool:
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _table() -> dict[str, str]:
    lines = TRADITIONAL.read_text("utf-8").splitlines()
    return {simple: traditional for simple, _, traditional in (line.partition("\t") for line in lines)}
