"""An hour of writing in a real browser: the visit ends, the network goes, the role is taken, and no word is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from bot.dev.local import free_port
from handlers.club.unsaved_forms import UnsavedForms
from handlers.identity import Role
from tests.support.admin_site import Desk, open_desk

pytestmark = pytest.mark.browser
EDIT = "/desk/essays/1/edit"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    port = free_port(0)
    desk = open_desk(tmp_path, public_url=f"http://127.0.0.1:{port}")
    server = make_server("127.0.0.1", port, desk.bot.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield desk
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(locale="zh-TW", timezone_id="Asia/Taipei") as context:
        yield context


@pytest.fixture
def user(desk: Desk) -> str:
    return desk.hire(Role.EDITOR)


def enter(desk: Desk, page: Page, user: str) -> None:
    page.goto(f"{desk.bot.settings.public_url}/desk/enter?code={desk.invite(user)}")
    page.get_by_role("button", name="進後台").click()


def editing(desk: Desk, context: BrowserContext, user: str) -> Page:
    """The form of an essay, on a clock that the test turns."""
    page = context.new_page()
    page.clock.install(time=desk.clock.at)
    enter(desk, page, user)
    page.goto(f"{desk.bot.settings.public_url}{EDIT}")
    page.get_by_label("內文").fill("")
    return page


def write(page: Page, sentence: str) -> None:
    """Type at the end of the text."""
    body = page.get_by_label("內文")
    body.evaluate(
        "(field, more) => { field.value += more; field.dispatchEvent(new Event('input', {bubbles: true})); }", sentence
    )


def pass_time(desk: Desk, page: Page, seconds: int) -> None:
    desk.clock.at += timedelta(seconds=seconds)
    page.clock.fast_forward(1_000 * seconds)


def on_the_server(desk: Desk, user: str) -> str:
    with desk.book() as (club, _):
        kept = UnsavedForms(club.people.work).of(user, EDIT)
    return kept.fields["body"] if kept else ""


def keeps_locally(page: Page, texts: int) -> bool:
    """Whether the browser comes to keep so many texts within a minute; its scripts may still be at work."""
    end = time.monotonic() + 60
    while (kept := locally(page)) != texts and time.monotonic() < end:
        time.sleep(0.05)
    return kept == texts


def locally(page: Page) -> int:
    return int(page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('luopan ')).length"))


def test_an_hour_of_writing_loses_no_word(desk: Desk, context: BrowserContext, user: str) -> None:
    page = editing(desk, context, user)
    body, said = page.get_by_label("內文"), page.locator("[data-written]")
    written = ""

    def go_on(sentence: str) -> None:
        nonlocal written
        written += sentence
        write(page, sentence)

    for minute in range(60):
        go_on(f"第{minute}分鐘寫的一句。\n")
        pass_time(desk, page, 60)
        expect(said).to_have_text(f"{desk.clock.at:%H:%M} 自動存了")
    assert on_the_server(desk, user) == written
    assert keeps_locally(page, 0), "the server has it all"

    context.set_offline(True)
    go_on("斷線時寫的一句。\n")
    pass_time(desk, page, 5)
    expect(said).to_contain_text("連不上")
    expect(page.locator("[data-stopped]")).to_contain_text("預覽停在")
    context.set_offline(False)
    pass_time(desk, page, 15)
    expect(said).to_contain_text("自動存了")
    expect(page.locator("[data-stopped]")).to_be_hidden()
    expect(page.locator("#preview article")).to_contain_text("斷線時寫的一句")

    desk.clock.at += timedelta(hours=13)  # the visit is over
    go_on("登入過期後寫的一句。\n")
    pass_time(desk, page, 5)
    expect(said).to_contain_text("重新進後台")
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_text("打到一半的字都在")).to_be_visible()
    enter(desk, page, user)
    expect(body).to_have_value(written)
    assert page.url.endswith(EDIT)

    with desk.book() as (club, _):
        club.people.set_role(user, Role.GUEST, desk.clock.at)
    go_on("權限收回後寫的一句。\n")
    pass_time(desk, page, 5)
    expect(said).to_contain_text("重新進後台")
    page.get_by_role("button", name="存草稿").click()
    with desk.book() as (club, _):
        club.people.set_role(user, Role.EDITOR, desk.clock.at)
    enter(desk, page, user)
    page.goto(f"{desk.bot.settings.public_url}{EDIT}")
    expect(body).to_have_value(written)

    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_text("草稿存好了。")).to_be_visible()
    assert keeps_locally(page, 0)
    with desk.book() as (club, _):
        kept = club.drafts.current(user)
    assert kept is not None
    assert [block.text for block in kept.essays[0].blocks] == written.splitlines()
    page.goto(f"{desk.bot.settings.public_url}{EDIT}")
    expect(page.locator("[data-restored]")).to_be_hidden()


def test_who_comes_in_again_in_another_tab_goes_on_writing_in_this_one(
    desk: Desk, context: BrowserContext, user: str
) -> None:
    page = editing(desk, context, user)
    desk.clock.at += timedelta(hours=13)
    write(page, "寫到一半。")
    pass_time(desk, page, 5)
    expect(page.locator("[data-written]")).to_contain_text("重新進後台")
    enter(desk, context.new_page(), user)
    pass_time(desk, page, 15)
    expect(page.locator("[data-written]")).to_contain_text("自動存了")
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_text("草稿存好了。")).to_be_visible()


def test_a_tab_that_is_closed_without_a_network_is_made_up_for(desk: Desk, context: BrowserContext, user: str) -> None:
    page = editing(desk, context, user)
    context.set_offline(True)
    write(page, "沒有存到伺服器的一句。")
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{desk.bot.settings.public_url}{EDIT}")
    expect(page.get_by_label("內文")).to_have_value("沒有存到伺服器的一句。")
    expect(page.get_by_text("都放回來了")).to_be_visible()
    expect(page.locator("#preview article")).to_contain_text("沒有存到伺服器的一句。")
    page.get_by_role("button", name="不要，用存好的").click()
    expect(page.locator("[data-restored]")).to_be_hidden()
    assert keeps_locally(page, 0)


def test_after_a_week_the_browser_keeps_nothing_of_it(desk: Desk, context: BrowserContext, user: str) -> None:
    page = editing(desk, context, user)
    context.set_offline(True)
    write(page, "一週沒有送出去的一句。")
    page.close()
    context.set_offline(False)
    written = desk.clock.at
    for later, kept in ((timedelta(days=7, minutes=-9), 1), (timedelta(days=7, minutes=9), 0)):
        desk.clock.at = written + later
        page = context.new_page()
        page.clock.install(time=desk.clock.at)
        enter(desk, page, user)
        page.wait_for_load_state("networkidle")
        assert keeps_locally(page, kept)
        page.close()


def test_another_person_in_the_same_browser_sees_none_of_it(desk: Desk, context: BrowserContext, user: str) -> None:
    page = editing(desk, context, user)
    context.set_offline(True)
    write(page, "不給別人看的一句。")
    context.set_offline(False)
    page.close()
    page = context.new_page()
    enter(desk, page, desk.hire(Role.EDITOR))
    page.goto(f"{desk.bot.settings.public_url}{EDIT}")
    expect(page.locator("[data-restored]")).to_be_hidden()
    assert "不給別人看" not in page.get_by_label("內文").input_value()
