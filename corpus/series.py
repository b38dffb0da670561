"""A series: essays that belong together under a name, each with its number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.language.numerals import read_number
from corpus.language.text import to_halfwidth

LONGEST_NAME = 60

_TYPED = re.compile(
    r"(?P<name>.*?\S)(?:\s*第\s*(?P<nth>\d{1,3}|[一二三四五六七八九十]{1,3})\s*[篇回集話期章]|[\s#]*(?<!\d)(?P<part>\d{1,3}))"
)


@dataclass(frozen=True, slots=True)
class Series:
    """The place of an essay in a series; `part` counts from 1."""

    name: str
    part: int

    def __str__(self) -> str:
        """Return the place as a reader reads it and a person could type it."""
        return f"{self.name} 第 {self.part} 篇"

    @classmethod
    def typed(cls, text: str) -> Series | None:
        """Read 「記憶體週期 3」 or 「記憶體週期第三篇」; return None where no number is named."""
        found = _TYPED.fullmatch(" ".join(to_halfwidth(text).split()))
        part = read_number(found["nth"] or found["part"]) if found else 0
        return cls(found["name"][:LONGEST_NAME], part) if found and part else None
