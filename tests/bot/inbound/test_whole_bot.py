"""Gate and conversation as the application wires them: the community's day, and comings while another module answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dev.simulator.people import person
from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.identity import Chat
from tests.simulation.inprocess_bot import InProcessBot

MEI = person("美玲")
NEW_YEAR_IN_TAIPEI = datetime(2026, 12, 31, 17, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> InProcessBot:
    return InProcessBot(tmp_path, NEW_YEAR_IN_TAIPEI, persons=(MEI,))


def is_active(place: InProcessBot) -> bool:
    with UnitOfWork(place.bot.engine) as work:
        return Club(work).chats.get(Chat.of_id(MEI.id)).active


def test_the_gate_reckons_with_the_community_s_day(place: InProcessBot) -> None:
    assert place.bot.gate.words.asks_after("28Q1有哪些受惠？"), "2028 is next year in Taipei already"
    place.at(datetime(2026, 12, 31, 15, tzinfo=UTC))
    assert not place.bot.gate.words.asks_after("28Q1有哪些受惠？")


def test_who_comes_back_while_another_module_answers_is_noted_and_not_greeted(place: InProcessBot) -> None:
    place.heard(place.platform.unfollow(MEI))
    assert not is_active(place)
    place.platform.standby = True
    assert place.heard(place.platform.follow(MEI)) == []
    assert is_active(place)


def test_who_comes_is_greeted(place: InProcessBot) -> None:
    place.platform.unfollow(MEI)
    assert place.heard(place.platform.follow(MEI)) != []
