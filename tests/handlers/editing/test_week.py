"""The editor's week: equal to an independent count, of five people and more, and without whoever was erased."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, select

from corpus.database import UnitOfWork
from handlers.club import gaps
from handlers.club.club import Club
from handlers.club.gaps import Gap
from handlers.club.retention import Retention, sweep
from handlers.club.tables import missed_askers, missed_asks
from handlers.club.week_figures import FEWEST, WeekFigures
from handlers.identity import Role
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.admin_site import Desk, open_desk
from tests.support.digest_bot import ANN, BEN, bot_over, cooling, said

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=7)


@pytest.fixture
def work(engine: Engine) -> Iterator[UnitOfWork]:
    with UnitOfWork(engine) as work:
        yield work


def test_what_people_did_in_a_month_is_counted_as_an_independent_count_has_it(work: UnitOfWork) -> None:
    dice, club = Random(4), Club(work)
    acts: dict[str, dict[int, dict[str, datetime]]] = {"open": defaultdict(dict), "save": defaultdict(dict)}
    for minute in sorted(dice.sample(range(30 * 24 * 60), 900)):
        user, essay, at = f"U{dice.randrange(25)}", dice.randrange(8), NOW - timedelta(minutes=30 * 24 * 60 - minute)
        act = dice.choice(("open", "save"))
        if act == "open":
            club.bookmarks.open(user, essay, at)
        else:
            club.bookmarks.save(user, essay, at)
        acts[act][essay][user] = at
    gone = "U7"
    for checked in (False, True):
        if checked:
            club.forget(gone, NOW)
            for essays in acts.values():
                for users in essays.values():
                    users.pop(gone, None)
        expected = {
            act: {essay: sum(at >= SINCE for at in users.values()) for essay, users in essays.items()}
            for act, essays in acts.items()
        }
        figures = WeekFigures(work)
        for act, found in (("open", figures.opened(SINCE)), ("save", figures.saved(SINCE))):
            assert found == {essay: count for essay, count in expected[act].items() if count >= FEWEST}
            assert found


def test_of_fewer_than_five_nothing_is_said(work: UnitOfWork) -> None:
    club, figures = Club(work), WeekFigures(work)
    for number in range(FEWEST - 1):
        club.bookmarks.open(f"U{number}", 1, NOW)
        club.gaps.note("鈉電池的回收", Gap.MISS, NOW, user=f"U{number}")
        club.gaps.note("鈉電池的回收", Gap.MISS, NOW, user="U0")
    club.gaps.note("鈉電池的回收", Gap.MISS, NOW)
    assert figures.opened(SINCE) == {}
    assert figures.asked_in_vain(SINCE, 9) == []
    club.bookmarks.open("U99", 1, NOW)
    club.gaps.note("鈉電池的回收？", Gap.WRONG, NOW, user="U99")
    assert figures.opened(SINCE) == {1: FEWEST}
    assert figures.asked_in_vain(SINCE, 9) == [("鈉電池的回收", FEWEST)]
    assert figures.opened(NOW + timedelta(seconds=1)) == {}


def test_who_asked_in_vain_is_counted_once_for_a_week_and_never_after_an_erasure(work: UnitOfWork) -> None:
    club, figures = Club(work), WeekFigures(work)
    users = [f"U{number:032x}" for number in range(FEWEST + 1)]
    for user in users:
        club.gaps.note("鈉電池的回收", Gap.MISS, NOW, user=user)
    assert figures.asked_in_vain(SINCE, 9) == [("鈉電池的回收", FEWEST + 1)]
    kept = work.reader.execute(select(missed_askers)).all()
    assert len({row.salt for row in kept}) == len({row.hash for row in kept}) == FEWEST + 1
    sweep(work.writer, NOW + timedelta(days=2), Retention())  # by then nobody knows who asked
    assert work.reader.execute(select(missed_asks)).all() == []
    club.forget(users[0], NOW)
    assert figures.asked_in_vain(SINCE, 9) == [("鈉電池的回收", FEWEST)]
    gaps.unsend(work.writer, ["m1"])
    club.gaps.note("鈉電池的回收", Gap.MISS, NOW, user=users[1], message="m1")
    gaps.unsend(work.writer, ["m1"])
    assert figures.asked_in_vain(SINCE, 9) == [], "what was taken back counts nobody"
    sweep(work.writer, NOW + timedelta(days=7), Retention())
    assert work.reader.execute(select(missed_askers)).all() == []


def test_editors_are_told_the_week_and_others_what_is_new(tmp_path: Path) -> None:
    town = bot_over(tmp_path, owners=(ANN.id,))
    essay = town.publish(cooling("水冷的一年"))
    with UnitOfWork(town.bot.engine) as work:
        for number in range(FEWEST):
            Club(work).bookmarks.open(f"U{number}", essay.id, town.clock.now)
            Club(work).gaps.note("水冷板的出貨", Gap.MISS, town.clock.now, user=f"U{number}")
        work.commit()
    told = said(town.say(ANN, ANN, "這週"))
    assert f"#{essay.id} 水冷的一年" in told
    assert f"打開 {FEWEST} 人" in told
    assert "現在答得到了" in told
    assert "推播" in told
    assert "打開" not in said(town.say(BEN, BEN, "這週"))


def test_people_who_were_shown_an_essay_are_counted_once_each(tmp_path: Path) -> None:
    town: InProcessBot = bot_over(tmp_path)
    essay = town.publish(cooling("水冷的一年"))
    for person in (ANN, BEN, ANN):
        town.say(person, person, f"讀 {essay.id}")
    reach = town.bot.conversation.outside.reach_since(town.clock.now - timedelta(days=7))
    assert reach == {essay.id: (2, 2)}
    assert Counter(reach) != {}


def test_the_desk_shows_the_week(tmp_path: Path) -> None:
    desk: Desk = open_desk(tmp_path)
    with desk.book() as (club, library):
        essay = library.latest(1)[0]
        for number in range(FEWEST):
            club.bookmarks.save(f"U{number}", essay.id, desk.clock.at)
    page = desk.browser(desk.hire(Role.EDITOR)).get("/desk/week").text
    assert essay.title in page
    assert f"<td>{FEWEST}</td>" in page
