"""The moderators' guide says what the house does: its commands exist, its numbers are the ones in the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.ledger.housekeeping import QUOTABLE
from handlers.ask import Role
from handlers.club.plans import SECOND_THOUGHTS
from handlers.commands import router
from handlers.roles import APPLICATION_LIFE
from handlers.route import tidy

GUIDE = (Path(__file__).parent.parent / "docs" / "moderators.md").read_text(encoding="utf-8")
COMMANDS = sorted({code for code in re.findall(r"`([^`]+)`", GUIDE) if re.match(r"[\u4e00-\u9fff]", code)})


@pytest.mark.parametrize("typed", COMMANDS)
def test_every_command_of_the_guide_is_one(typed: str) -> None:
    assert router().exact(tidy(typed)) is not None


def test_every_command_of_the_desk_stands_in_the_guide() -> None:
    words = [
        command.words[0]
        for command in router().commands
        if command.role >= Role.EDITOR and not command.hidden and command.words
    ]
    assert [word for word in words if word not in GUIDE] == []


def test_the_numbers_of_the_guide_are_those_of_the_house() -> None:
    assert SECOND_THOUGHTS.total_seconds() == 3 * 60
    assert APPLICATION_LIFE.days == 7
    assert QUOTABLE / 86_400 == 30
    assert {"三分鐘", "七天", "三十天"} <= set(re.findall(r"三分鐘|七天|三十天", GUIDE))
