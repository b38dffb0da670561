"""The rules of the rooms, read off folders and imports: one way, no circle, one door, one home for each third party."""

from __future__ import annotations

import ast
import graphlib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "corpus")
ABOVE = {"corpus": ("handlers", "bot"), "handlers": ("bot",)}
MOST_FILES = 10  # at the top of a room
HOMES = {  # third parties that one folder keeps to itself
    "flask": "bot/",
    "linebot": "bot/",
    "redis": "bot/inbound/sessions.py",
    "tantivy": "corpus/index/",
    "rjieba": "corpus/",
    "jieba": "corpus/analysis/newwords.py",
    "lxml": "corpus/intake/",
    "pypdf": "corpus/intake/",
    "ssrfguard": "corpus/intake/",
    "docx": "corpus/intake/",
    "alembic": "bot/",
    "typer": "bot/cli/",
    "feedparser": "corpus/intake/",
    "protego": "corpus/intake/",
    "gunicorn": "bot/",
}
DEV = "bot/dev/"  # the benchmark sets other engines up beside ours
SHARED_BY_FOLDER = {  # files of a handlers' folder that its handlers share
    "handlers/reading": {
        "cards",
        "security_card",
        "security_names",
        "digest_builder",
        "names_alone",
        "question_or_talk",
    },
    "handlers/subscriptions": {"digest_settings", "topic_words"},
    "handlers/editing": {
        "draft_access",
        "draft_import",
        "draft_review",
        "word_change",
        "publishing_service",
        "priced_sending",
        "audit_labels",
    },
    "handlers/routing": {"calls", "english", "joining", "route", "typed_text"},
    "handlers/account": {"kept_list"},
}
SHARED_BY_ALL = ("handlers/text/", "handlers/club/")  # pure text, and the community's tables


def modules(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "versions" not in path.parts)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for room in ROOMS for path in modules(room)}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_shows_few_files_at_its_top(room: str) -> None:
    assert len([path for path in (ROOT / room).glob("*.py") if path.stem != "__init__"]) <= MOST_FILES


@pytest.mark.parametrize("room", ABOVE)
def test_imports_run_one_way(room: str) -> None:
    strays = [
        f"{place(path)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        if name.split(".")[0] in ABOVE[room]
    ]
    assert strays == []


def test_no_import_hides_a_circle() -> None:
    """Also under TYPE_CHECKING and inside functions; a package's own `__init__` may name its parts."""
    graph = {
        module: {
            name for name in imports(path) if name in MODULES and name != module and not name.startswith(f"{module}.")
        }
        for module, path in MODULES.items()
    }
    graphlib.TopologicalSorter(graph).prepare()


def test_a_class_name_stands_for_one_thing() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for module, path in MODULES.items():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(module)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_a_handler_imports_only_what_its_folder_shares() -> None:
    strays = []
    for path in modules("handlers"):
        folder = place(path.parent)
        if folder not in SHARED_BY_FOLDER or path.stem == "__init__":
            continue
        for name in imports(path):
            target = MODULES.get(name)
            if target is None or not name.startswith("handlers.") or target.stem == "__init__":
                continue
            home = place(target.parent)
            if home == "handlers" or place(target).startswith(SHARED_BY_ALL):
                continue
            shares = SHARED_BY_FOLDER.get(home, set())
            if target.stem not in shares or target.stem == "commands":
                strays.append(f"{place(path)} imports {name}")
    assert strays == []


def test_each_third_party_has_one_home() -> None:
    strays = []
    for path in MODULES.values():
        for name in imports(path):
            home = HOMES.get(name.split(".")[0])
            if home is not None and not place(path).startswith((home, DEV)):
                strays.append(f"{place(path)} imports {name}")
    assert strays == []


def test_the_ledger_is_the_only_door_to_its_tables() -> None:
    strays = [
        f"{place(path)} imports {name}"
        for module, path in MODULES.items()
        if not module.startswith(("bot.ledger", "bot.dev", "bot.migrat"))
        for name in imports(path)
        if name.startswith("bot.ledger.") and name in MODULES
    ]
    assert strays == []


def test_only_the_command_line_starts_the_local_platform() -> None:
    strays = [
        f"{place(path)} imports {name}"
        for module, path in MODULES.items()
        if not module.startswith(("bot.dev", "bot.cli"))
        for name in imports(path)
        if name.startswith("bot.dev")
    ]
    assert strays == []


def test_nothing_is_configured_by_import() -> None:
    """Importing the wiring opens no database, no index and no connection."""
    import bot.app  # would fail here without settings if it built anything

    assert callable(bot.app.build)
