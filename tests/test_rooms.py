"""The house's own rules, read off its imports: one way, and one home for each third party."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ABOVE = {"corpus": ("handlers", "bot"), "handlers": ("bot",)}
HOMES = {
    "flask": "bot/",
    "linebot": "bot/",
    "redis": "bot/sessions.py",
    "tantivy": "corpus/index/",
    "rjieba": "corpus/",
    "jieba": "corpus/newwords.py",
    "trafilatura": "corpus/intake/",
    "datasketch": "corpus/duplicates.py",
    "pypdf": "corpus/intake/",
    "ssrfguard": "corpus/intake/",
    "docx": "corpus/intake/",
    "alembic": "bot/",
    "typer": "bot/",
    "gunicorn": "bot/",
}
SHARED = {"ask", "house", "present", "paging", "route", "commands", "question", "edition", "promise", "club"} | {
    "drafting",
    "understanding",
    "publication",
    "postage",
    "deeds",
    "moment",
    "numbering",
    "typed",
    "named",
    "chatter",
    "vocabulary",
}
PEERS = ("bot/bench/",)  # the benchmark sets other engines up beside ours


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", ABOVE)
def test_imports_run_one_way(room: str) -> None:
    strays = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        if name.split(".")[0] in ABOVE[room]
    ]
    assert strays == []


def test_handlers_do_not_import_one_another() -> None:
    handlers = {path.stem for path in (ROOT / "handlers").glob("*.py") if path.stem != "__init__"} - SHARED
    strays = [
        f"{path.name} imports {name}"
        for path in (ROOT / "handlers").glob("*.py")
        if path.stem in handlers
        for name in imports(path)
        if name.startswith("handlers.") and name.split(".")[1] in handlers
    ]
    assert strays == []


def test_each_third_party_has_one_home() -> None:
    strays = []
    for room in ("bot", "handlers", "corpus"):
        for path in modules(room):
            place = path.relative_to(ROOT).as_posix()
            for name in imports(path):
                home = HOMES.get(name.split(".")[0])
                if home is not None and not place.startswith((home, *PEERS)):
                    strays.append(f"{place} imports {name}")
    assert strays == []


def test_nothing_is_configured_by_import() -> None:
    """Importing the wiring opens no database, no index and no connection."""
    import bot.app  # would fail here without settings if it built anything

    assert callable(bot.app.build)
