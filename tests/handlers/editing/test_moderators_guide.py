"""The moderators' guide says what the house does: its commands exist, its numbers are the ones in the code, its pictures are small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.web.admin
from handlers.club.admin_sessions import IDLE, KNOCK
from handlers.club.plans import SECOND_THOUGHTS
from handlers.club.retention import Retention
from handlers.commands import router
from handlers.editing.roles import APPLICATION_LIFE
from handlers.identity import Role
from handlers.routing.typed_text import tidy
from tests.support import pictures

DOCS = Path(__file__).parents[3] / "docs"
GUIDE = (DOCS / "moderators.md").read_text(encoding="utf-8")
TYPED = [*re.findall(r"`([^`]+)`", GUIDE), *re.findall(r"打「([^」]+)」", GUIDE)]
COMMANDS = sorted({typed for typed in TYPED if re.match(r"[\u4e00-\u9fff]", typed)})
PICTURES = [DOCS / path for path in re.findall(r"\((pictures/[^)]+)\)", GUIDE)]
PAGES = Path(bot.web.admin.__path__[0]) / "templates" / "admin"


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


def test_every_page_of_the_desk_stands_in_the_guide() -> None:
    pages = re.findall(r'turn\("[a-z.]+", "([^"]+)"\)', (PAGES / "base.html").read_text(encoding="utf-8"))
    assert pages
    assert [page for page in pages if f"\n| {page} |" not in GUIDE] == []


def test_the_pictures_of_the_guide_are_those_that_are_taken_and_small() -> None:
    script = Path(pictures.__file__).read_text(encoding="utf-8")
    assert 8 <= len(PICTURES) <= 14
    assert {picture.stem for picture in PICTURES} == set(re.findall(r'"((?:line|desk)-[a-z]+)"', script))
    assert [picture.name for picture in PICTURES if picture.stat().st_size > 120_000] == []


def test_the_numbers_of_the_guide_are_those_of_the_house() -> None:
    assert SECOND_THOUGHTS.total_seconds() == 3 * 60
    assert APPLICATION_LIFE.days == 7
    assert Retention().shown == 30
    assert (KNOCK.total_seconds(), IDLE.total_seconds()) == (5 * 60, 12 * 3_600)
    assert [said for said in ("三分鐘", "七天", "三十天", "五分鐘", "十二小時") if said not in GUIDE] == []
