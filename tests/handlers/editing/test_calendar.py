"""The calendar: what is scheduled on which day, in LINE and on the page, and the digests without anybody's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from corpus.database import UnitOfWork
from handlers.ask import Ask
from handlers.club.drafts import new_draft
from handlers.club.plans import Plan, PlanKind
from handlers.club.subscriptions import TopicKind
from handlers.club.timetable import Timetable
from handlers.club.topic import Topic
from handlers.club.week_figures import FEWEST
from handlers.editing.calendar import CalendarDay, calendar, tell_calendar
from handlers.identity import Chat, Place, Role
from tests.support.admin_site import COOLING, MODERATOR, Desk, open_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Friday, the 20th of November 2026: a draft for Monday, a push for today, digests on Mondays."""
    desk = open_desk(tmp_path_factory.mktemp("desk"))
    at = desk.clock.at
    with desk.book() as (club, _):
        draft = club.drafts.begin(new_draft(MODERATOR, at, essays=(COOLING,), visibility_chosen=True))
        club.plans.make(Plan(0, PlanKind.PUBLISH, at.replace(day=23, hour=8, minute=30), MODERATOR, draft.id), at)
        club.plans.make(Plan(0, PlanKind.PUSH, at + timedelta(minutes=3), MODERATOR, essays=((1, "pushed"),)), at)
        club.plans.make(Plan(0, PlanKind.TRIAL, at, MODERATOR, draft.id, essays=((0, "trial"),)), at)
        for number in range(FEWEST + 1):
            chat = Chat(f"U{number}", Place.PERSON)
            club.subscriptions.add(chat, TopicKind.TOPIC, "散熱", Topic(("散熱",)), by=chat.id, revision=1, at=at)
            mailing = club.subscriptions.settings_of(chat)
            assert mailing is not None
            minute = 20 * 60 if number == FEWEST else 8 * 60 + 30
            club.subscriptions.keep(replace(mailing, timetable=Timetable("0", minute)))
    return desk


def days(desk: Desk, first: date, last: date) -> dict[int, CalendarDay]:
    with UnitOfWork(desk.bot.engine) as work:
        ask = Ask("", Chat(MODERATOR, Place.PERSON), MODERATOR, desk.clock.at, Role.MODERATOR)
        context = desk.bot.conversation.handler_context(ask, work)
        told = tell_calendar(ask, context)
        assert "11/23（一）" in {left for left, _ in told.rows}
        return {one.day.day: one for one in calendar(first, last, context)}


def test_each_day_has_what_is_scheduled_and_the_digests_that_are_due(desk: Desk) -> None:
    found = days(desk, date(2026, 11, 1), date(2026, 11, 30))
    assert len(found) == 30
    [monday] = found[23].scheduled
    assert (monday.clock, monday.what, monday.title) == ("08:30", "定時發布", COOLING.title)
    assert [one.what for one in found[20].scheduled] == ["推播"], "a trial is nobody's appointment"
    assert found[23].digests == (("08:30", FEWEST), ("20:00", 1))
    assert found[23].digests_told == f"摘要 08:30（{FEWEST} 個聊天室）、20:00", "of few nothing is counted"
    assert found[16].digests == (), "of days that are over nothing is told"
    assert found[24].digests == ()


def test_the_page_shows_the_month_and_turns_to_the_next(desk: Desk) -> None:
    browser = desk.browser(MODERATOR)
    page = browser.get("/desk/calendar").text
    assert "行事曆 2026/11" in page
    assert COOLING.title in page
    assert "month=2026-12" in page
    assert "行事曆 2026/12" in browser.get("/desk/calendar?month=2026-12").text
    for odd in ("2026-13", "x", "9999-01", "2026-1"):
        assert "行事曆 2026/11" in browser.get(f"/desk/calendar?month={odd}").text, odd
