"""The examples of docs/lexicon.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus.analysis.themes import Theme, Themes, detect_text
from corpus.analysis.tickers import scan
from corpus.lexicon.securities import Lexicon
from corpus.lexicon.themes import read_themes

_PAGE = (Path(__file__).parents[3] / "docs" / "lexicon.md").read_text(encoding="utf-8")


def examples(header: str) -> list[tuple[str, set[str], set[str]]]:
    """The rows of the table whose first column is headed so: (text, found, not found)."""
    rows = _PAGE.split(f"\n| {header} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return [(text, set(found.split()), set(never.split())) for text, found, never in cells]


@pytest.mark.parametrize(("text", "found", "never"), examples("text"))
def test_an_example_of_a_security_is_true(text: str, found: set[str], never: set[str]) -> None:
    codes = {named.security.code for named in scan(text, Lexicon.load())}
    assert found <= codes
    assert not never & codes


@pytest.mark.parametrize(("text", "found", "never"), examples("paragraphs, parted by /"))
def test_an_example_of_a_theme_is_true(text: str, found: set[str], never: set[str]) -> None:
    keys = {theme.key for theme in detect_text(text.replace("/", "\n"), Themes.load()) if theme.main}
    assert found == keys
    assert not never & keys


def test_the_page_has_examples() -> None:
    assert len(examples("text")) > 15
    assert len(examples("paragraphs, parted by /")) > 4


def test_the_theme_of_the_page_is_one() -> None:
    (tea,) = read_themes(re.search(r"```toml\n(.*?)```", _PAGE, re.DOTALL)[1])  # type: ignore[index]
    assert tea == Theme(
        "tea",
        "手採茶",
        ("茶葉", "烏龍茶", "tea"),
        ("茶園", "茶農"),
        ("高山", "產區"),
        ("coffee", "agri_food"),
        ("茶水間",),
    )
    assert set(tea.related) <= {theme.key for theme in Themes.load().all()}


def test_the_page_names_every_file_of_the_lexicon() -> None:
    folder = Path(__file__).parents[3] / "corpus" / "lexicon"
    assert [file.name for file in folder.glob("*.t*") if f"`{file.name}`" not in _PAGE] == []
