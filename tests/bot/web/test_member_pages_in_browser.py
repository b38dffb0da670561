"""The pages of members and of the editor's week in a browser: readable at every width, light and dark, and without a fault for axe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from bot.dev.local import free_port
from corpus.essay import Block, BlockKind, Series
from handlers.club.drafts import new_draft
from handlers.club.friends import Friends
from handlers.club.gaps import Gap
from handlers.club.member_codes import make_codes
from handlers.club.plans import Plan, PlanKind
from handlers.club.subscriptions import TopicKind
from handlers.club.topic import Topic
from handlers.club.week_figures import FEWEST
from handlers.identity import Chat, Place
from tests.support.accessibility import accessibility_faults, looks
from tests.support.admin_site import COOLING, MEMBERS, MODERATOR, OWNER, Desk, open_desk

PAGES = (
    "desk/week",
    "desk/calendar",
    "desk/members/",
    "desk/drafts/1",
    "members/claim?of=cs_1",
    "members/claim",
    "read/2",
    "read/3",
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A week with every figure, a calendar with every kind of entry, a draft that was submitted, members and codes."""
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    desk = open_desk(tmp_path_factory.mktemp("members"), public_url=url, luopan_join="https://example.com/join")
    said = (Block(BlockKind.TEXT, "機櫃的熱要有地方去，水比風走得遠，第二篇從這裡說起。"),)
    for part in (1, 2, 3):
        words = (*said, Block(BlockKind.TEXT, f"第{part}段只在這一篇，談的是第{part}種水冷板。"))
        desk.add(replace(COOLING, title=f"散熱三講之{part}", blocks=words, series=Series("散熱三講", part)))
    at = desk.clock.at
    with desk.book() as (club, _):
        for number in range(FEWEST + 2):
            chat = Chat(f"U{number}", Place.PERSON)
            club.bookmarks.open(chat.id, 1, at)
            club.bookmarks.save(chat.id, 1, at)
            club.gaps.note("鈉電池的回收", Gap.MISS, at, user=chat.id)
            club.subscriptions.add(chat, TopicKind.TOPIC, "散熱", Topic(("散熱",)), by=chat.id, revision=1, at=at)
        Friends(club.people.work).keep(
            {at.date() - timedelta(days=back): (140 - 2 * back, 12 - back // 4) for back in range(1, 29)}
        )
        draft = club.drafts.begin(
            replace(new_draft(MODERATOR, at, essays=(COOLING,), visibility_chosen=True), submitted_at=at)
        )
        club.plans.make(Plan(0, PlanKind.PUBLISH, at + timedelta(days=3), MODERATOR, draft.id), at)
        club.plans.make(Plan(0, PlanKind.PUSH, at + timedelta(minutes=3), MODERATOR, essays=((1, "pushed"),)), at)
    make_codes(desk.bot.engine, at, count=3, days=365, valid=90, name="十一月")
    server = make_server("127.0.0.1", port, desk.bot.app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield desk
    server.shutdown()
    server.server_close()


def entered(page: Page, desk: Desk) -> Page:
    page.goto(f"{desk.bot.settings.public_url}/desk/enter?code={desk.invite(OWNER)}")
    page.get_by_role("button", name="進後台").click()
    expect(page.get_by_role("heading", name="文章", exact=True)).to_be_visible()
    return page


def test_each_page_fits_and_axe_finds_no_fault(browser: Browser, desk: Desk) -> None:
    with browser.new_context(locale="zh-TW") as context:
        page = entered(context.new_page(), desk)
        for path in PAGES:
            page.goto(f"{desk.bot.settings.public_url}/{path}")
            for look in looks(page):
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, look)
                assert accessibility_faults(page) == [], (path, look)


def test_what_the_pages_show(browser: Browser, desk: Desk) -> None:
    with browser.new_context(viewport={"width": 390, "height": 900}, locale="zh-TW") as context:
        page = entered(context.new_page(), desk)
        page.goto(f"{desk.bot.settings.public_url}/desk/week")
        expect(page.get_by_role("img", name="四週的好友和封鎖")).to_be_visible()
        page.goto(f"{desk.bot.settings.public_url}/desk/calendar")
        expect(page.get_by_role("listitem").filter(has_text="定時發布").first).to_be_visible()
        empty = page.locator(".month > .free")
        assert empty.count() > 0
        expect(empty.first).to_be_hidden()
        page.goto(f"{desk.bot.settings.public_url}/read/4")
        expect(page.get_by_role("navigation", name="系列：散熱三講")).to_contain_text("下一篇")
        page.goto(f"{desk.bot.settings.public_url}/read/2")
        expect(page.get_by_role("link", name="加入會員")).to_be_visible()
        assert MEMBERS.blocks[0].text not in page.content()
