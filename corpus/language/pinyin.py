"""How a Chinese character sounds: one toneless syllable, whatever its neighbours, so that both sides of a comparison agree."""

from __future__ import annotations

import os
from functools import cache, lru_cache


@lru_cache(maxsize=20_000)
def syllable(character: str) -> str:
    """The toneless first reading of one character; the character itself when it has none."""
    reading = _readings().get(ord(character))
    if reading is None:
        return character
    from pypinyin import Style
    from pypinyin.style import convert

    return str(convert(reading.split(",")[0], Style.NORMAL, strict=False))


def syllables(text: str) -> tuple[str, ...]:
    """Those of each character of `text`."""
    return tuple(map(syllable, text))


@cache
def _readings() -> dict[int, str]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # readings of whole phrases would take 45 MB more
    from pypinyin.pinyin_dict import pinyin_dict  # 40,000 readings: read when the first sound is asked for

    return pinyin_dict
