"""What the documents say, held against the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import app
from bot.cli.readme_tables import command_table, setting_table
from handlers.commands import COMMANDS, router
from handlers.routing.typed_text import tidy

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_command_and_setting_as_the_code_has_them() -> None:
    assert command_table() in README
    assert setting_table() in README


def test_the_commands_that_the_readme_names_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"`luopan ([a-z]+)", README)) | set(re.findall(r"bin/luopan ([a-z]+)", README))
    assert named <= known
    assert len(named) > 10


@pytest.mark.parametrize(
    "page", [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"], ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.words], ids=lambda c: c.words[0])
def test_an_example_calls_its_own_command(command) -> None:  # type: ignore[no-untyped-def]
    call = router().exact(tidy(command.examples[0]))
    assert command.recognise is not None or (call is not None and call.command.words == command.words)


def test_no_word_calls_two_commands() -> None:
    words = [word for command in COMMANDS for word in command.words]
    assert sorted(words) == sorted(set(words))
