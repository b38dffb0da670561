"""Friends and blocks: asked of LINE once a day, kept by day, shown to editors from five on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.line.client import LineClient, LineError
from bot.outbound.friend_counts import FriendCounter
from corpus.database import UnitOfWork
from handlers.club.friends import FriendCount, Friends
from tests.support.admin_site import MODERATOR, open_desk
from tests.support.digest_bot import ANN, BEN, bot_over

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Insight(LineClient):
    """Tells a day once it was over for `late` days; refuses while it is away."""

    def __init__(self, late: int = 1) -> None:
        super().__init__("http://127.0.0.1:9", "token")
        self.late = late
        self.today = NOON.date()
        self.is_away = False
        self.asked: list[date] = []

    def followers(self, day: date) -> tuple[int, int] | None:
        self.asked.append(day)
        if self.is_away:
            raise LineError(500, "away")
        return (day.day, 1) if (self.today - day).days >= self.late else None


def look(engine: Engine, counter: FriendCounter, line: Insight, at: datetime) -> list[int]:
    """The days of the month that are known after a look."""
    line.today = at.date()
    with UnitOfWork(engine) as work:
        counter(work, at)
    with UnitOfWork(engine) as work:
        return [one.day.day for one in Friends(work).since(date(2026, 11, 1))]


def test_each_day_is_asked_for_once_and_once_a_day(engine: Engine) -> None:
    counter = FriendCounter(line := Insight())
    assert look(engine, counter, line, NOON) == [17, 18, 19]
    assert look(engine, counter, line, NOON + timedelta(hours=23)) == [17, 18, 19]
    assert len(line.asked) == 3
    assert look(engine, counter, line, NOON + timedelta(days=1)) == [17, 18, 19, 20]
    assert look(engine, FriendCounter(line), line, NOON + timedelta(days=1)) == [17, 18, 19, 20]
    assert len(line.asked) == 4


@pytest.mark.parametrize("late", [2, 3])
def test_what_line_tells_late_or_not_today_is_asked_for_the_next_day(engine: Engine, late: int) -> None:
    counter = FriendCounter(line := Insight(late))
    line.is_away = True
    assert look(engine, counter, line, NOON) == []
    line.is_away = False
    assert look(engine, counter, line, NOON + timedelta(hours=1)) == []
    assert look(engine, counter, line, NOON + timedelta(days=1))[-1] == 21 - late
    assert look(engine, counter, line, NOON + timedelta(days=2))[-1] == 22 - late


def test_the_platform_tells_friends_and_blocks_of_days_that_are_over(tmp_path: pytest.TempPathFactory) -> None:
    town = bot_over(tmp_path)  # type: ignore[arg-type]
    for person in (ANN, BEN):
        town.platform.follow(person)
    town.platform.unfollow(BEN)
    friends = len(town.platform.chats.friends)
    town.tick()
    town.pass_by(days=1)
    town.tick()
    with UnitOfWork(town.bot.engine) as work:
        kept = {one.day: (one.friends, one.blocks) for one in Friends(work).since(date(2026, 2, 1))}
    before = dict.fromkeys((date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)), (friends, 0))
    assert kept == before | {date(2026, 3, 2): (friends, 1)}


def test_the_week_draws_them_and_says_them_in_words(tmp_path: pytest.TempPathFactory) -> None:
    desk = open_desk(tmp_path)  # type: ignore[arg-type]
    today = desk.clock.at.date()
    with desk.book() as (club, _):
        counts = {today - timedelta(days=back): (100 - back, 3) for back in range(1, 40)}
        Friends(club.people.work).keep(counts)
        assert len(Friends(club.people.work).since(today - timedelta(days=2))) == 2
        assert Friends(club.people.work).since(today)[:1] == []
        assert Friends(club.people.work).since(today - timedelta(days=1)) == [
            FriendCount(today - timedelta(days=1), 99, 3)
        ]
    page = desk.browser(MODERATOR).get("/desk/week").text
    assert "99 人，11/12 是 92 人；封鎖 不到 5 人" in page
    assert page.count("<polyline") == 2
    assert page.split('class="line" points="', 1)[1].split('"', 1)[0].count(",") == 29
