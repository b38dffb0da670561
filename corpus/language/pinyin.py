"""The sound of a Chinese character: one toneless syllable, whatever its neighbours, so that both sides of a comparison agree."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("readings.tsv")  # a syllable and its characters a line; see rebuild.py


def syllables(text: str) -> tuple[str, ...]:
    """Return the toneless first reading of each character of `text`; the character itself when it has none."""
    readings = _readings()
    return tuple([(readings[code] if (code := ord(one)) < len(readings) else "") or one for one in text])


@cache
def _readings() -> list[str]:
    """Load the reading of each character by its code, empty where it has none. A dict takes ten times the memory."""
    found: list[str] = []
    for sound, _, characters in (line.partition("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines()):
        codes = [ord(one) for one in characters]
        found.extend([""] * (max(codes) + 1 - len(found)))
        for code in codes:
            found[code] = sound
    return found
