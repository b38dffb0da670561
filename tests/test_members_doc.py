"""docs/members.md: its pictures are those that are taken, and small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import pictures_of_members

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = re.findall(r"!\[([^\]]+)\]\((pictures/[^)]+)\)", (DOCS / "members.md").read_text(encoding="utf-8"))


def test_the_pictures_are_those_that_are_taken() -> None:
    script = Path(pictures_of_members.__file__).read_text(encoding="utf-8")
    taken = set(re.findall(r'"(members-[a-z]+)"', script))
    assert len(taken) >= 5
    assert {Path(path).stem for _, path in PICTURES} == taken


@pytest.mark.parametrize(("words", "path"), PICTURES)
def test_each_picture_is_there_is_small_and_says_what_it_shows(words: str, path: str) -> None:
    assert (DOCS / path).stat().st_size <= 120_000
    assert len(words) >= 10
