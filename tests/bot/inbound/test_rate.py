"""Who asks too much in a minute is told once in it, and then kept waiting in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.dev.simulator.people import LinePerson
from bot.inbound.conversation import TOO_MANY
from bot.inbound.sessions import RATE_SECONDS
from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.identity import Role
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, bot_over, said

RATE = 3


@pytest.fixture(params=["in memory", "in Redis"])
def bot(tmp_path: Path, request: pytest.FixtureRequest) -> InProcessBot:
    redis = request.getfixturevalue("redis_url") if request.param == "in Redis" else ""
    bot = bot_over(tmp_path, redis_url=redis)
    conversation = bot.bot.conversation
    conversation.settings = replace(conversation.settings, rate=RATE)
    return bot


def test_one_refusal_a_minute_wherever_the_asks_come_from(bot: InProcessBot) -> None:
    for _minute in range(2):
        heard = [said(bot.say(ANN, ANN, "說明")) for _ in range(5)] + [said(bot.say(CLUB, ANN, "羅盤 說明"))] * 2
        assert [bool(text) for text in heard] == [True] * (RATE + 1) + [False] * 3
        assert [TOO_MANY in text for text in heard].count(True) == 1
        assert TOO_MANY not in said(bot.say(BEN, BEN, "說明")), "who asks once is answered, whatever others do"
        bot.pass_by(seconds=RATE_SECONDS)


def test_an_editor_may_send_a_folder_of_files_at_once_and_nobody_else(tmp_path: Path) -> None:
    bot = bot_over(tmp_path)
    with UnitOfWork(bot.bot.engine) as work:
        Club(work).people.set_role(ANN.id, Role.EDITOR, bot.clock.now)
        work.commit()
    conversation = bot.bot.conversation
    conversation.settings = replace(conversation.settings, rate=RATE)

    def refusals(who: LinePerson) -> int:
        return sum(
            TOO_MANY in said(bot.heard(bot.platform.send_file(who, who, "a.exe", b"MZ"))) for _ in range(RATE + 1)
        )

    assert [refusals(ANN), refusals(BEN)] == [0, 1]
    typed = [said(bot.say(ANN, ANN, "說明")) for _ in range(RATE + 1)]
    assert TOO_MANY in typed[-1], "of words an editor types no more than others"
