"""The reader's page in a browser: text size, listening, progress; and whole without any script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from bot.dev.local import free_port
from corpus.essay import Block, BlockKind
from tests.support.admin_site import COOLING, Desk, open_desk

pytestmark = pytest.mark.browser

SPEECH = """
window.spoken = [];
const voice = { queue: null, cancelled: 0,
  speak(speech) { window.spoken.push([speech.lang, speech.text]); this.queue = speech; },
  cancel() { this.cancelled += 1; this.queue = null; } };
Object.defineProperty(window, "speechSynthesis", { value: voice });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    port = free_port(0)
    desk = open_desk(tmp_path_factory.mktemp("reader"), public_url=f"http://127.0.0.1:{port}")
    long = tuple(Block(BlockKind.TEXT, f"第{n}段。" + "機櫃的熱要有地方去，水比風走得遠。" * 12) for n in range(20))
    desk.add(replace(COOLING, title="很長的一篇", blocks=long))
    server = make_server("127.0.0.1", port, desk.bot.app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield desk
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-TW") as context:
        yield context


def opened(desk: Desk, context: BrowserContext, essay: int) -> Page:
    page = context.new_page()
    page.goto(f"{desk.bot.settings.public_url}/read/{essay}")
    expect(page.get_by_role("toolbar", name="閱讀工具")).to_be_visible()
    return page


def size(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('article p[id]')).fontSize)"))


def test_the_text_grows_and_stays_so_on_the_next_page(desk: Desk, context: BrowserContext) -> None:
    page = opened(desk, context, 1)
    normal = size(page)
    page.get_by_role("button", name="字大一點").click()
    page.get_by_role("button", name="字大一點").click()
    assert size(page) > normal * 1.2
    other = opened(desk, context, 3)
    assert size(other) == size(page)
    for _ in range(2):
        other.get_by_role("button", name="字小一點").click()
    assert size(other) == normal
    expect(other.get_by_role("button", name="字小一點")).to_be_disabled()
    assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_browser_reads_it_aloud_part_by_part_until_it_is_stopped(desk: Desk, context: BrowserContext) -> None:
    context.add_init_script(SPEECH)
    page = opened(desk, context, 1)
    page.get_by_role("button", name="聽這篇").click()
    page.evaluate("speechSynthesis.queue.onend()")
    assert page.evaluate("spoken") == [["zh-TW", COOLING.title], ["zh-TW", COOLING.blocks[0].text]]
    expect(page.locator(".spoken")).to_have_text(COOLING.blocks[0].text)
    page.get_by_role("button", name="停").click()
    assert page.evaluate("speechSynthesis.cancelled") == 1
    expect(page.locator(".spoken")).to_have_count(0)
    expect(page.get_by_role("button", name="聽這篇")).to_be_visible()


def test_the_bar_fills_as_one_reads_on(desk: Desk, context: BrowserContext) -> None:
    page = opened(desk, context, 3)
    bar = page.locator("progress")
    assert bar.evaluate("bar => bar.value") < 0.3
    page.get_by_role("heading", name="新上架").scroll_into_view_if_needed()
    expect(bar).to_have_js_property("value", 1)


def test_without_scripts_the_page_is_whole(desk: Desk, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{desk.bot.settings.public_url}/read/1")
        expect(page.locator("article")).to_contain_text(COOLING.blocks[-1].text)
        expect(page.get_by_role("heading", name="新上架")).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
