"""Whatever the bot says in Chinese has full-width punctuation: texts in the code that speaks, and each page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SPEAKING = sorted(
    path for room in ("handlers", "bot", "corpus/intake", "corpus/storage") for path in (ROOT / room).rglob("*.py")
)

PAGES = sorted((ROOT / "bot" / "web").rglob("*.html"))

_CHINESE = "[㐀-鿿「」『』〈〉《》]"
_NARROW = re.compile(rf"{_CHINESE}[,:;?!]|[,;?!]{_CHINESE}|{_CHINESE}\((?=[^)]*\))|\([^()]*{_CHINESE}[^()]*\)")
_VALUE = re.compile(r"\{\{.*?\}\}")  # what a page shows there
_EMPTY_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|<[^>]*>")
_NARROW_ON_PAGE = re.compile(rf"{_CHINESE}[,:;?!](?! ?\w+\))|{_CHINESE}\(|\({_CHINESE}")
_TYPED = re.compile(r"「小安: |美玲: |=決策者, ")  # what a person types so
_PATTERN = re.compile(r"\\[dswb]|\(\?|\[\^|\.\*|\.\{|\|.*\||[\]\)][*+?]|\{\d")  # the text of a regular expression


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a module but its docstrings and patterns; what an f-string puts in is a blank."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(p.value) if isinstance(p, ast.Constant) else "\ue000" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | docs:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(ROOT)))
def test_chinese_is_punctuated_in_full_width(path: Path) -> None:
    said = [(line, _TYPED.sub("", text)) for line, text in texts(path) if not _PATTERN.search(text)]
    narrow = [f"{line}: {text}" for line, text in said if _NARROW.search(text)]
    assert narrow == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_is_punctuated_in_full_width(path: Path) -> None:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    narrow = [
        f"{number}: {line}"
        for number, line in lines
        if _NARROW_ON_PAGE.search(_EMPTY_TAG.sub("", _VALUE.sub("值", line)))
    ]
    assert narrow == []


def test_a_narrow_sign_would_be_found() -> None:
    for text in ("好,改好了", "要看哪一檔?", "已訂閱:散熱", "台積電(2330)", "最新(三篇)"):
        assert _NARROW.search(text)
    for text in ("每日 08:30", "台積電 2330", "好，改好了。", "https://line.me/R/share?text="):
        assert not _NARROW.search(text)
