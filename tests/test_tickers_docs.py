"""The examples of docs/lexicon.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.securities import Lexicon
from corpus.tickers import scan

_PAGE = Path(__file__).parents[1] / "docs" / "lexicon.md"


def _examples() -> list[tuple[str, set[str], set[str]]]:
    lines = iter(_PAGE.read_text(encoding="utf-8").splitlines())
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    start = rows.index(["text", "found", "not"]) + 2
    return [
        (text, set(found.split()), set(never.split()))
        for text, found, never in (row for row in rows[start:] if len(row) == 3)
    ]


@pytest.mark.parametrize(("text", "found", "never"), _examples())
def test_an_example_of_the_page_is_true(text: str, found: set[str], never: set[str]) -> None:
    codes = {named.security.code for named in scan(text, Lexicon.load())}
    assert found <= codes
    assert not never & codes


def test_the_page_has_examples() -> None:
    assert len(_examples()) > 15
