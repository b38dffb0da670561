"""Traditional characters for a line that was typed in Simplified ones."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC

LONGEST = 300  # characters of a line; a longer text is no command

# Characters that Big5 holds, too, but hardly anybody in Taiwan types: each says that the whole line is Simplified.
_TELLING = frozenset("么个几价体听万与")


def to_traditional(text: str) -> str:
    """「什么股票可以买」 -> 「什麼股票可以買」; a line without any Simplified character is left alone. Keeps the length."""
    if len(text) > LONGEST or not any(map(_is_simplified, text)):
        return text
    changed = _converter().convert(text)
    if len(changed) != len(text):
        return text
    return "".join(old if old == "台" else new for old, new in zip(text, changed, strict=True))


def _is_simplified(character: str) -> bool:
    if not "\u4e00" <= character <= "\u9fff":
        return False
    return character in _TELLING or (not _in_big5(character) and _converter().convert(character) != character)


@cache
def _in_big5(character: str) -> bool:
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")
