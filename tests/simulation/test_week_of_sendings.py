"""The week's sendings over a month of digests: what was pushed, what rode along and what was spent, as LINE counts them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.dev.local import plain
from bot.dev.simulator.people import LinePerson
from corpus.database import UnitOfWork
from handlers.ask import Ask
from handlers.editing.week import SPAN, Week, editors_week
from handlers.identity import Chat, Place, Role
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, EVE, MONDAY, bot_over, cooling

pytestmark = pytest.mark.slow

LIMIT = 200
DIGEST = "今日摘要"  # what a digest that rides along is called


def week(town: InProcessBot) -> Week:
    now = town.clock.now.astimezone(town.zone)
    with UnitOfWork(town.bot.engine) as work:
        ask = Ask("", Chat(EVE.id, Place.PERSON), EVE.id, now, Role.OWNER)
        return editors_week(town.bot.conversation.handler_context(ask, work), now)


def counted(town: InProcessBot, gone: LinePerson | None = None) -> tuple[int, int]:
    """(rides, pushes) of the last seven days by the platform's own journal."""
    since = town.clock.now - SPAN
    calls = [call for call in town.platform.calls if call.accepted and call.at >= since]
    rides = [call for call in calls if call.kind == "reply" and any(DIGEST in plain(one) for one in call.messages)]
    return len(rides), sum(call.kind == "push" and (gone is None or call.to != (gone.id,)) for call in calls)


def spent(town: InProcessBot, month: datetime) -> int:
    """Messages of a month."""
    calls = [call for call in town.platform.calls if call.accepted and call.kind == "push"]
    return sum(call.cost for call in calls if call.at.astimezone(town.zone).month == month.month)


def test_each_week_of_a_month_is_what_the_platform_counted(tmp_path: Path) -> None:
    town = bot_over(tmp_path, patience=0, monthly_limit=LIMIT)
    for one in (ANN, BEN):
        town.say(one, one, "訂閱 散熱")
        town.say(one, one, "每日 08:30")
    town.say(CLUB, ANN, "羅盤 訂閱 散熱")
    weeks: list[tuple[int, int]] = []
    for day in range(1, 31):
        morning = MONDAY + timedelta(days=day)
        town.at(morning)
        if day % 3:
            town.publish(cooling())
        for minute in (89, 90, 91, 92):
            town.at(morning + timedelta(minutes=minute))
            town.tick()
        town.say(CLUB, BEN, "羅盤 說明")
        if day % 7 == 0:
            town.pass_by(hours=3)
            told = week(town)
            weeks.append(counted(town))
            assert (told.sent.ridden, told.sent.pushed) == weeks[-1], day
            assert told.month is not None
            assert (told.month.used, told.month.left) == (
                spent(town, town.clock.now),
                LIMIT - spent(town, town.clock.now),
            )
    assert all(rides >= 2 and pushes >= 4 for rides, pushes in weeks), "there was something to count"

    town.pass_by(hours=3)
    town.say(ANN, ANN, "刪除我的資料 確定")
    told, before = week(town), counted(town)
    assert (told.sent.ridden, told.sent.pushed) == counted(town, gone=ANN) != before
