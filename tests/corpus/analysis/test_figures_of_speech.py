"""「生技業的台積電」 is no news of 台積電, 「生技業與台積電合作」 is."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.analysis.tickers import scan
from corpus.lexicon.securities import Lexicon

LINES = Path(__file__).parents[2] / "data" / "figures_of_speech.tsv"


def lines(sort: str) -> list[str]:
    rows = (line.split("\t") for line in LINES.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return [text for found, text in rows if found == sort]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


@pytest.mark.parametrize("text", lines("figure"))
def test_a_figure_of_speech_names_no_security(text: str, lexicon: Lexicon) -> None:
    assert [one.security.name for one in scan(text, lexicon)] == []


@pytest.mark.parametrize("text", lines("news"))
def test_news_that_looks_like_it_does(text: str, lexicon: Lexicon) -> None:
    assert scan(text, lexicon)
