"""What a member is told of the end, and what a guest is told of joining: once, and never in the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from corpus.database import UnitOfWork
from corpus.essay import Visibility
from handlers.club.club import Club
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, bot_over, cooling, pushes, said, seen

JOIN = "到 https://join.example/plans 就能加入"


@pytest.fixture
def place(tmp_path: Path) -> InProcessBot:
    return bot_over(tmp_path, join=JOIN)


def grant(place: InProcessBot, days: int, plan: str = "members") -> None:
    with UnitOfWork(place.bot.engine) as work:
        Club(work).memberships.grant(ANN.id, days, place.clock.now, plan)
        work.commit()


def pass_days(place: InProcessBot, days: int) -> None:
    for _ in range(days):
        place.at(place.clock.now + timedelta(days=1))
        place.tick()


def test_a_reminder_rides_with_a_reply_within_the_last_seven_days(place: InProcessBot) -> None:
    place.say(ANN, ANN, "早安")
    grant(place, 10)
    pass_days(place, 2)
    place.say(ANN, ANN, "早安")
    assert "為止" not in seen(place, ANN)
    pass_days(place, 1)
    place.say(ANN, ANN, "早安")
    assert "你的會員資格到 2026/03/12 為止" in seen(place, ANN)
    pass_days(place, 5)
    place.say(ANN, ANN, "早安")
    assert seen(place, ANN).count("為止") == 1
    assert pushes(place) == []


def test_a_silent_member_is_pushed_once_three_days_before_the_end(place: InProcessBot) -> None:
    place.say(ANN, ANN, "早安")
    grant(place, 10, "決策者")
    pass_days(place, 6)
    assert pushes(place) == []
    pass_days(place, 3)
    assert len(pushes(place)) == 1
    assert "你的決策者資格" in seen(place, ANN)


def test_who_prolongs_in_time_is_not_reminded_of_the_old_end(place: InProcessBot) -> None:
    place.say(ANN, ANN, "早安")
    grant(place, 10)
    pass_days(place, 4)
    grant(place, 60)
    pass_days(place, 5)
    place.say(ANN, ANN, "早安")
    assert "為止" not in seen(place, ANN)
    assert pushes(place) == []


def test_a_lapsed_member_reads_as_a_guest_from_that_moment_on(place: InProcessBot) -> None:
    essay = place.publish(cooling("水冷的一年", Visibility.MEMBERS))
    grant(place, 1)
    place.at(place.clock.now + timedelta(hours=23, minutes=59))
    assert essay.paragraphs[0].text in said(place.say(ANN, ANN, f"讀 {essay.id}"))
    place.at(place.clock.now + timedelta(minutes=1))
    assert essay.paragraphs[0].text not in said(place.say(ANN, ANN, f"讀 {essay.id}"))


def test_a_guest_who_meets_a_members_essay_is_told_how_to_join(place: InProcessBot) -> None:
    essay = place.publish(cooling("水冷的一年", Visibility.MEMBERS))
    told = str(place.say(BEN, BEN, f"讀 {essay.id}"))
    assert JOIN in told
    assert "https://join.example/plans'" in told
    assert JOIN in said(place.say(BEN, BEN, "會員"))
    grant(place, 9)
    assert JOIN not in str(place.say(ANN, ANN, f"讀 {essay.id}"))


def test_a_group_is_told_how_to_join_once_a_day(place: InProcessBot) -> None:
    essay, other = (place.publish(cooling(name, Visibility.MEMBERS)) for name in ("水冷的一年", "氣冷的一年"))
    place.platform.join(CLUB)
    assert JOIN in str(place.say(CLUB, ANN, f"羅盤 讀 {essay.id}"))
    assert JOIN not in str(place.say(CLUB, BEN, f"羅盤 讀 {other.id}"))
    place.at(place.clock.now + timedelta(hours=17, minutes=1))
    assert JOIN in str(place.say(CLUB, BEN, f"羅盤 讀 {other.id}"))
