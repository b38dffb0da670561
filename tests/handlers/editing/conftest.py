"""Who writes and who reads in the stories of editing; each file has a `room` of its own."""

from __future__ import annotations

import pytest

from handlers.identity import Role
from tests.support.newsroom import Newsroom
from tests.support.phones import Phone


@pytest.fixture
def desk(room: Newsroom) -> Phone:
    return room.someone(Role.MODERATOR)


@pytest.fixture
def reader(room: Newsroom) -> Phone:
    return room.someone()
