"""The command that CONTRIBUTING.md sketches: one new file and one line make it work."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

from handlers.commands import COMMANDS
from handlers.reading import find
from handlers.routing.route import Router

PAGE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def sketched() -> ModuleType:
    """The file of the page, as a module."""
    [source] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    module = ModuleType("sketched")
    exec(re.sub(r"^   ", "", source, flags=re.MULTILINE), vars(module))
    return module


def test_its_word_calls_it_and_nothing_else_changes() -> None:
    command = sketched().COMMAND
    router = Router((*COMMANDS, command), otherwise=find.COMMAND)
    called = router.exact("幾篇")
    assert called is not None
    assert called.command is command
    assert router.exact("訂閱 散熱") is not None
