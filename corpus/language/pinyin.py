"""How a Chinese character sounds: one toneless syllable, whatever its neighbours, so that both sides of a comparison agree."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("readings.tsv")  # a syllable and its characters a line; see rebuild.py


def syllable(character: str) -> str:
    """The toneless first reading of one character; the character itself when it has none."""
    return _readings().get(character, character)


def syllables(text: str) -> tuple[str, ...]:
    """Those of each character of `text`."""
    return tuple(map(_readings().get, text, text))


@cache
def _readings() -> dict[str, str]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return {
        character: sound
        for sound, _, characters in (line.partition("\t") for line in lines)
        for character in characters
    }
