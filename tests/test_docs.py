"""What the documents say, held against the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import app
from bot.cli.readme_tables import PAGES, command_table, setting_table, shell_table
from handlers.commands import COMMANDS, router
from handlers.routing.typed_text import tidy
from handlers.text.question_detection import looks_like_question

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENGLISH = (ROOT / "README.en.md").read_text(encoding="utf-8")
COMMANDS_PAGE, SETTINGS_PAGE = (page.read_text(encoding="utf-8") for page in PAGES)


def test_the_pages_list_every_command_and_setting_as_the_code_has_them() -> None:
    assert command_table() in COMMANDS_PAGE
    assert shell_table() in COMMANDS_PAGE
    assert setting_table() in SETTINGS_PAGE


def test_both_readmes_say_the_same() -> None:
    """Sections, steps, commands, links and pictures stand in the same order in both languages."""
    for pattern in (
        r"^(#+) ",
        r"^(\d+)\. ",
        r"^\| `([^`]+)`",
        r"\]\((?!README)([^)]+)\)",
        r"^make (\w+)",
        r"`(\.venv/[^`]+)`",
    ):
        ours, theirs = (re.findall(pattern, text, re.MULTILINE) for text in (README, ENGLISH))
        assert len(ours) == len(theirs), pattern
        if "venv" not in pattern:
            assert ours == theirs, pattern


def test_the_readme_fits_three_screens() -> None:
    assert len(README.splitlines()) <= 90


def test_what_the_readme_says_to_type_calls_a_command_or_asks() -> None:
    for typed in re.findall(r"^\| `([^`]+)`", README, re.MULTILINE):
        assert router().exact(tidy(typed)) is not None or looks_like_question(typed) or typed.startswith(("#", "2330"))


def test_the_commands_that_the_readme_names_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"luopan ([a-z]+)", README + COMMANDS_PAGE))
    assert named <= known
    assert known <= named


@pytest.mark.parametrize(
    "page", [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"], ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize(
    "page", [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda page: page.name
)
def test_files_that_documents_name_exist(page: Path) -> None:
    named = re.findall(r"`((?:bot|handlers|corpus|tests|docs)/[\w./-]+\.\w+)", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_modules_that_documents_and_docstrings_name_exist() -> None:
    """A name like corpus.database.reading, between backticks: the module, and the name in it."""
    pages = [page for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "decisions") for page in folder.glob("*.md")]
    code = [path for room in ("bot", "handlers", "corpus") for path in (ROOT / room).rglob("*.py")]
    named = {
        (path, name)
        for path in (*pages, *code)
        for name in re.findall(r"`((?:bot|handlers|corpus)(?:\.\w+)+)", path.read_text(encoding="utf-8"))
    }
    assert sorted(f"{path.name}: {name}" for path, name in named if not _is_there(name)) == []


def _is_there(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    if path.is_dir() or path.with_suffix(".py").exists():
        return True
    module = path.parent / "__init__.py" if path.parent.is_dir() else path.parent.with_suffix(".py")
    return module.exists() and re.search(rf"\b{path.name}\b", module.read_text(encoding="utf-8")) is not None


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.words], ids=lambda c: c.words[0])
def test_an_example_calls_its_own_command(command) -> None:  # type: ignore[no-untyped-def]
    call = router().exact(tidy(command.examples[0]))
    assert command.recognise is not None or (call is not None and call.command.words == command.words)


def test_no_word_calls_two_commands_but_the_week_which_editors_see_otherwise() -> None:
    words = [word for command in COMMANDS for word in command.words]
    assert [word for word in set(words) if words.count(word) > 1] == ["這週"]
    for_all = [word for command in COMMANDS if not command.editors_only for word in command.words]
    assert sorted(for_all) == sorted(set(for_all))
