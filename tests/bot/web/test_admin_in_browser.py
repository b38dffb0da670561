"""The desk in a real browser: from the link to a published, corrected and withdrawn essay, on a phone and on a desk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from bot.dev.local import free_port
from corpus.database import writing
from corpus.intake.sources.source import Source, SourceDoors, SourceRule, SourceState
from corpus.storage import source_store, topics
from corpus.storage.source_store import KnownPost
from handlers.club.drafts import new_draft
from handlers.club.unsaved_forms import UnsavedForms
from tests.support.accessibility import SCREENS, accessibility_faults, looks
from tests.support.admin_site import COOLING, MEMBERS, MODERATOR, OWNER, Desk, open_desk

PAGES = (
    "essays/",
    "essays/1",
    "essays/1/edit",
    "essays/1/versions/1",
    "upload",
    "drafts/",
    "drafts/1",
    "drafts/2",
    "drafts/2/1",
    "plans/",
    "calendar",
    "week",
    "gaps",
    "words/",
    "deliveries",
    "sources/",
    "sources/1",
    "operations",
    "unsaved/",
    "members/",
    "people/",
    "audit",
)
OTHERS = ("desk/enter?code=x", "read/1", "read/2", "my-data?code=x", "my-data/kept?code=x")
PASTED = """電網的三年

發布日期:2026-10-02

變壓器的交期拉長到兩年,重電族群的營收能見度跟著拉長,但匯率吃掉一部分毛利。

華城(1519)與士電(1503)的訂單已經排到後年,市場開始擔心重複下單。
"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def port() -> int:
    return free_port(0)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Desk]:
    desk = open_desk(tmp_path_factory.mktemp("desk"), public_url=f"http://127.0.0.1:{port}")
    with desk.book() as (club, _):
        correction = new_draft(MODERATOR, desk.clock.at, essays=(COOLING,), replaces=1, visibility_chosen=True)
        club.drafts.begin(correction)
        club.drafts.begin(new_draft(MODERATOR, desk.clock.at, essays=(COOLING, MEMBERS)))
        page = "/desk/essays/1/edit"
        UnsavedForms(club.people.work).keep(OWNER, page, {"title": "打到一半的標題"}, desk.clock.at)
    with writing(desk.bot.engine) as connection:
        at, blog = desk.clock.at, "https://blog.example/"
        doors = SourceDoors(blog, f"{blog}wp-json/")
        source = source_store.add(connection, Source(blog, "部落格", doors, SourceRule.DRAFT, at, at, SourceState.KEPT))
        for state, reason in (("refused", "這篇有密碼"), ("kept", ""), ("removed", "")):
            post = KnownPost(
                f"blog.example/{state}",
                f"{blog}{state}",
                "一篇文章",
                state=state,
                reason=reason,
                seen_at=at,
                checked_at=at,
            )
            source_store.keep_post(connection, source.id, post)
    server = make_server("127.0.0.1", port, desk.bot.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield desk
    server.shutdown()
    server.server_close()


@contextmanager
def visit(browser: Browser, desk: Desk, user: str, screen: str = "phone") -> Iterator[Page]:
    """A page of somebody who came in by a link; whatever a script or the policy complains of fails the test."""
    with browser.new_context(viewport=SCREENS[screen], locale="zh-TW") as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(f"{desk.bot.settings.public_url}/desk/enter?code={desk.invite(user)}")
        page.get_by_role("button", name="進後台").click()
        expect(page.get_by_role("heading", name="文章", exact=True)).to_be_visible()
        yield page
        assert complaints == []


@pytest.mark.parametrize("screen", SCREENS)
def test_from_the_link_to_a_published_corrected_and_withdrawn_essay(browser: Browser, desk: Desk, screen: str) -> None:
    title = f"電網的三年({screen})"
    with visit(browser, desk, MODERATOR, screen) as page:
        page.get_by_role("link", name="新增", exact=True).click()
        page.get_by_label("貼上文章").fill(
            PASTED.replace("三年", f"三年({screen})", 1).replace("重電", f"{screen}重電")
        )
        page.get_by_role("button", name="讀讀看").click()
        expect(page.get_by_label("標題")).to_have_value(title)
        page.get_by_label("公開", exact=True).check()
        page.get_by_role("button", name="存草稿").click()
        expect(page.get_by_text("草稿存好了。")).to_be_visible()
        page.locator("[hx-trigger=revealed]").scroll_into_view_if_needed()
        expect(page.get_by_text("正在讀…")).to_have_count(0)  # what comes there moves what is below
        page.get_by_label("只上架").check()
        page.get_by_role("button", name="現在發布").click()
        expect(page.get_by_role("status")).to_contain_text("上架了")
        page.get_by_role("link", name=title).click()

        page.get_by_role("link", name="更正這篇").click()
        page.wait_for_url("**/edit")  # and its scripts
        page.get_by_label("內文").fill("變壓器的交期拉長到三年。")
        preview = page.get_by_role("region", name="預覽")
        expect(preview.locator(".flex-bubble")).to_contain_text("交期拉長到三年")
        expect(preview.locator("article")).to_contain_text("交期拉長到三年")
        page.get_by_role("button", name="發布更正").click()
        expect(page.get_by_role("status")).to_contain_text("更正了")
        expect(page.get_by_role("link", name="第 2 版")).to_be_visible()

        page.get_by_text("推播、通知更正、撤回").click()
        page.get_by_role("button", name="撤回").click()
        expect(page.get_by_role("status")).to_contain_text("撤回了")
        expect(page.get_by_role("button", name="重新上架")).to_be_visible()
        page.get_by_role("button", name="登出").click()
        expect(page.get_by_text("請在 LINE 一對一對羅盤說「後台」")).to_be_visible()


def test_the_preview_follows_the_eyes_that_are_chosen(browser: Browser, desk: Desk) -> None:
    with visit(browser, desk, MODERATOR) as page:
        page.goto(f"{desk.bot.settings.public_url}/desk/essays/2/edit")
        paper = page.locator("#preview article")
        expect(paper).to_contain_text("以下是會員專屬內容")
        page.get_by_label("看得到全文的會員", exact=True).check()
        expect(paper).to_contain_text("液冷接頭的毛利率")
        page.get_by_label("群組").check()
        expect(paper).not_to_contain_text("液冷接頭的毛利率")


def test_a_search_answers_while_one_types_and_comes_back(browser: Browser, desk: Desk) -> None:
    with visit(browser, desk, MODERATOR) as page:
        page.get_by_label("找文章").press_sequentially("會員專題")
        expect(page.get_by_text("找到 1 篇")).to_be_visible()
        page.get_by_role("link", name="會員專題：液冷接頭").click()
        page.go_back()
        expect(page.get_by_label("找文章")).to_have_value("會員專題")
        expect(page.get_by_text("找到 1 篇")).to_be_visible()


def test_the_first_thing_the_keyboard_reaches_skips_the_navigation(browser: Browser, desk: Desk) -> None:
    with visit(browser, desk, MODERATOR) as page:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到內容")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "#" in url)
        page.keyboard.press("Tab")
        expect(page.get_by_label("找文章")).to_be_focused()


def test_who_decides_words_by_keyboard_stays_in_the_list(browser: Browser, desk: Desk) -> None:
    with desk.book() as (_, library):
        topics.suggest(library.work.writer, 1, [("分歧管", 9.0)])
    with visit(browser, desk, MODERATOR) as page:
        page.goto(f"{desk.bot.settings.public_url}/desk/words/")
        page.get_by_role("button", name="收「分歧管」", exact=True).press("Enter")
        expect(page.get_by_text("「分歧管」收了。")).to_be_focused()


def test_each_page_fits_names_its_fields_and_has_no_fault_for_axe(browser: Browser, desk: Desk) -> None:
    with visit(browser, desk, OWNER) as page:
        for path in PAGES:
            page.goto(f"{desk.bot.settings.public_url}/desk/{path}")
            for look in looks(page):
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, look)
                nameless = page.evaluate(
                    "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
                    ".filter(f => !f.labels.length && !f.ariaLabel).map(f => f.outerHTML)"
                )
                assert nameless == [], (path, look)
                assert page.locator("main h1").first.is_visible(), (path, look)
                assert accessibility_faults(page) == [], (path, look)
        for path in OTHERS:
            page.goto(f"{desk.bot.settings.public_url}/{path}")
            for look in looks(page):
                assert accessibility_faults(page) == [], (path, look)


def test_every_page_works_without_scripts(browser: Browser, desk: Desk) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{desk.bot.settings.public_url}/desk/enter?code={desk.invite(MODERATOR)}")
        page.get_by_role("button", name="進後台").click()
        page.get_by_label("找文章").fill("液冷散熱")
        page.get_by_role("button", name="找", exact=True).click()
        page.get_by_role("link", name="液冷散熱的下一步").click()
        page.get_by_role("link", name="更正這篇").click()
        page.get_by_role("button", name="存成更正草稿").click()
        expect(page.get_by_role("status")).to_contain_text("草稿存好了")


def test_a_field_without_a_name_is_a_fault(browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content("<html lang=zh-Hant><title>頁</title><main><h1>頁</h1><input></main></html>")
        assert [rule for rule, _ in accessibility_faults(page)] == ["label"]
