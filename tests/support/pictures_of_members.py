"""Takes the pictures of docs/members.md: the wall in LINE and on the page, the members, their codes, the editor's week."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page

from bot.dev.local import LocalBot
from bot.dev.simulator.people import PERSONS
from corpus.database import UnitOfWork
from corpus.essay import Audience
from handlers.club.club import Club
from handlers.club.drafts import new_draft
from handlers.club.friends import Friends
from handlers.club.gaps import Gap
from handlers.club.member_codes import make_batch
from handlers.club.people import Purpose
from handlers.club.plans import Plan, PlanKind
from handlers.club.subscriptions import TopicKind
from handlers.club.topic import Topic
from handlers.identity import Chat, Place
from tests.support.pictures import EDITOR, FOLDER, WIDTH, enter, phone_screen, promote, sample_stage
from tests.support.pictures import Chat as Conversation

JOIN = "https://example.com/join"
PLANS = ("決策者", "分析者")
ASKED = ("鈉電池什麼時候量產", "矽光子誰做得出來", "人形機器人的減速機")
SECRET = "液冷供應鏈誰還賺得到錢"  # what the samples' members' essay answers


def settle(stage: LocalBot) -> None:
    """A community of two plans that has read, asked and subscribed for some weeks."""
    now = datetime.now(stage.bot.settings.zone)
    with UnitOfWork(stage.bot.engine) as work:
        club = Club(work)
        essays = [essay.id for essay in stage.bot.archive.library(work, Audience.EDITOR).latest(6)]
        for plan in PLANS:
            club.memberships.add_plan(plan, now)
        codes = make_batch(club, now, count=20, days=365, valid=30, plan=PLANS[0], name="十一月", by=EDITOR.id)
        make_batch(club, now - timedelta(days=20), count=10, days=30, valid=30, name="讀書會試讀", by=EDITOR.id)
        for someone, (code, _) in zip(PERSONS, codes, strict=False):
            club.people.use_code(code, Purpose.MEMBER, someone.id, now)
            club.memberships.grant(someone.id, 365, now, PLANS[0])
        club.memberships.grant(PERSONS[0].id, 5, now, PLANS[1])
        club.people.set_note(PERSONS[0].id, "年繳，十一月開始", now)
        for number in range(14):
            _live(club, f"U{number:032x}", number, essays, now)
        essay = stage.bot.archive.library(work, Audience.EDITOR).latest(1)[0]
        draft = club.drafts.begin(new_draft(EDITOR.id, now, essays=(essay,), visibility_chosen=True))
        when = next_month(now)
        club.plans.make(Plan(0, PlanKind.PUBLISH, when, EDITOR.id, draft.id, news=True), now)
        push = Plan(0, PlanKind.PUSH, when + timedelta(days=2), EDITOR.id, essays=((essays[1], "pushed"),))
        club.plans.make(push, now)
        Friends(work).keep(
            {now.date() - timedelta(days=back): (312 - 3 * back + back % 4, 18 - back // 3) for back in range(1, 29)}
        )
        work.commit()


def next_month(now: datetime) -> datetime:
    """The second of the month after, half past eight."""
    return (now.replace(day=28) + timedelta(days=7)).replace(day=2, hour=8, minute=30)


def _live(club: Club, user: str, number: int, essays: list[int], now: datetime) -> None:
    """One of many, who reads a little less than the one before."""
    for essay in essays[: 6 - number // 3]:
        club.bookmarks.open(user, essay, now)
    for essay in essays[: 3 - number // 4]:
        club.bookmarks.save(user, essay, now)
    for question in ASKED[: 3 - number // 5]:
        club.gaps.note(question, Gap.MISS, now, user=user)
    for theme in ("散熱", "記憶體", "電動車")[: 3 - number // 5]:
        chat = Chat(user, Place.PERSON)
        club.subscriptions.add(chat, TopicKind.TOPIC, theme, Topic((theme,)), by=user, revision=1, at=now)


def photograph_wall(stage: LocalBot, page: Page) -> None:
    """What a guest meets in LINE, and on the page that anybody may open."""
    chat = Conversation(stage, page)
    chat.say(SECRET)
    chat.keep("members-wall", 720)
    with UnitOfWork(stage.bot.engine) as work:
        latest = stage.bot.archive.library(work, Audience.GUEST).latest(20)
    [locked] = [essay.id for essay in latest if not essay.visibility.is_public][:1]
    keep(page, f"{stage.bot.settings.public_url}/read/{locked}", "members-page", 640, "aside.note")


def photograph_desk(stage: LocalBot, page: Page) -> None:
    enter(stage, page)
    desk = f"{stage.bot.settings.public_url}/desk"
    keep(page, f"{desk}/members/", "members-codes", 640, "#batches")
    keep(page, f"{desk}/members/", "members-list", 640, "#members")
    keep(page, f"{desk}/week", "members-week", 760)
    keep(page, f"{desk}/week", "members-friends", 640, "#themes")
    month = next_month(datetime.now(stage.bot.settings.zone))
    keep(page, f"{desk}/calendar?month={month:%Y-%m}", "members-calendar", 640, "main")


def keep(page: Page, address: str, name: str, height: int, part: str = "body") -> None:
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.locator(part).first.evaluate("part => part.scrollIntoView({behavior: 'instant'})")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sample_stage(Path(folder), JOIN) as stage, phone_screen() as page:
        photograph_wall(stage, page)
        promote(stage)
        settle(stage)
        photograph_desk(stage, page)


if __name__ == "__main__":
    main()
