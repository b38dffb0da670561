"""Whatever people read in Chinese has full-width punctuation: texts of the code that speaks, pages, scripts, documents."""

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
SHELL = ROOT / "bot" / "cli"  # whose commands have their docstrings for help

PAGES = sorted((ROOT / "bot").rglob("*.html"))
SCRIPTS = sorted(path for path in (ROOT / "bot").rglob("*.js") if not path.name.endswith(".min.js"))
DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    if re.match("[^\n]*\n+(?:## [^\n]*\n+)?[㐀-鿿]", path.read_text(encoding="utf-8"))
)

_HAN = "[㐀-鿿]"
_PUT_IN = "\ue000"  # what an f-string or a page puts in
_CHINESE = "[㐀-鿿「」『』〈〉《》]"
_BESIDE = rf"[㐀-鿿「」『』〈〉《》{_PUT_IN}]"
_NARROW = re.compile(
    rf"{_BESIDE}[,;?!]|{_CHINESE}:|:{_HAN}|{_PUT_IN}:{_PUT_IN} ?{_HAN}|[,;?!]{_BESIDE}|{_BESIDE}\((?=[^)]*\))|\([^()]*{_BESIDE}[^()]*\)|[?!]$"
)
_VALUE = re.compile(r"\{\{.*?\}\}")  # what a page shows there
_EMPTY_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|<[^>]*>")
_NARROW_ON_PAGE = re.compile(rf"{_CHINESE}[,:;?!](?! ?\w+\))|[,;?!]{_CHINESE}|{_CHINESE}\(|\({_CHINESE}")
_QUOTED = re.compile(r"""([\"'`])(.*?)\1""")  # an attribute, or a text that a page or a script shows at times
_CODE = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>|https?://\S+", re.DOTALL)
_SHOWN = re.compile(r"\$?\{+[^}]*\}+")
_TYPED = re.compile(r"「小安: |美玲: |=決策者, |「\(1\)」")  # what a person types so
_PATTERN = re.compile(r"\\[dswb]|\(\?|\[\^|\.\*|\.\{|\|.*\||[\]\)][*+?]|\{\d")  # the text of a regular expression


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a module but its docstrings and patterns; docstrings, too, where they are a command's help."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
        if isinstance(part, ast.Constant)
    }
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and not _is_help(node, path)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(p.value) if isinstance(p, ast.Constant) else _PUT_IN for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | docs:
            yield node.lineno, node.value


def _is_help(node: ast.Expr, path: Path) -> bool:
    said = node.value.value if isinstance(node.value, ast.Constant) else None
    return path.is_relative_to(SHELL) and isinstance(said, str) and bool(re.match(_HAN, said))


def is_narrow(text: str) -> bool:
    """Whether a Chinese text has a half-width sign where a full-width one belongs."""
    return bool(re.search(_HAN, text) and _NARROW.search(text))


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(ROOT)))
def test_chinese_is_punctuated_in_full_width(path: Path) -> None:
    said = [(line, _TYPED.sub("", text)) for line, text in texts(path) if not _PATTERN.search(text)]
    narrow = [f"{line}: {text}" for line, text in said if is_narrow(text)]
    assert narrow == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_is_punctuated_in_full_width(path: Path) -> None:
    lines = list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))
    narrow = [
        f"{number}: {line}"
        for number, line in lines
        if _NARROW_ON_PAGE.search(_EMPTY_TAG.sub("", _VALUE.sub("值", line))) or any(map(is_narrow, quoted(line)))
    ]
    assert narrow == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_script_is_punctuated_in_full_width(path: Path) -> None:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    assert [f"{number}: {line}" for number, line in lines if any(map(is_narrow, quoted(line)))] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_chinese_document_is_punctuated_in_full_width(path: Path) -> None:
    said = _TYPED.sub("", _CODE.sub("", path.read_text(encoding="utf-8")))
    narrow = [line for line in said.splitlines() if _NARROW_ON_PAGE.search(line)]
    assert narrow == []


def quoted(line: str) -> list[str]:
    """The texts between quotation marks in a line of a page or a script."""
    return [_SHOWN.sub(_PUT_IN, text) for _, text in _QUOTED.findall(line)]


def test_a_narrow_sign_would_be_found() -> None:
    for text in (
        "好,改好了",
        "要看哪一檔?",
        "已訂閱:散熱",
        "台積電(2330)",
        "最新(三篇)",
        "LINE:有聊天頁",
        f"共{_PUT_IN},好",
        f"{_PUT_IN}:{_PUT_IN} 則用了",
    ):
        assert is_narrow(text)
    for text in (
        "每日 08:30",
        "台積電 2330",
        "好，改好了。",
        "https://line.me/R/share?text=",
        f"每日 {_PUT_IN}:{_PUT_IN}",
    ):
        assert not is_narrow(text)
    for line in ('{{ ",寫在設定裡" if fixed }}', '<p title="按人數計算;回覆不計">', "say(`回覆:${text}`)"):
        assert any(map(is_narrow, quoted(line)))
