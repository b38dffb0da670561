"""A person with a browser: the simulator's page, the bot behind it, and the reader, as they are used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from bot.dev.local import LocalBot

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def page(browser: Browser, stage: LocalBot) -> Iterator[Page]:
    """The page on a phone, where any error in a script fails the test."""
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(stage.page)
        yield page
        assert errors == []


def chat(page: Page, tab: str) -> Locator:
    page.get_by_role("button", name=tab).click()
    return page.get_by_role("region", name=f"{tab}聊天")


def say(phone: Locator, text: str) -> None:
    phone.get_by_label("訊息", exact=True).fill(text)
    phone.get_by_label("訊息", exact=True).press("Enter")


def essays(phone: Locator) -> set[str]:
    """The essays that the last message opens."""
    links = phone.locator(".flex-message").last.get_by_role("link", name="閱讀全文").all()
    return {str(link.get_attribute("href")).split("?")[0].split("#")[0] for link in links}


def test_a_person_asks_and_pages(page: Page) -> None:
    phone = chat(page, "一對一")
    say(phone, "產能")
    expect(phone.get_by_text("非投資建議").first).to_be_visible()
    first = essays(phone)
    answers = phone.locator(".flex-message").count()
    phone.get_by_role("button", name="更多", exact=True).last.click()
    expect(phone.locator(".flex-message")).to_have_count(answers + 1)
    assert first
    assert essays(phone)
    assert not first & essays(phone)


def test_the_reader_opens_at_the_marked_paragraph(page: Page) -> None:
    phone = chat(page, "一對一")
    say(phone, "找 液冷 分歧管")
    link = phone.get_by_role("link", name="閱讀全文").last
    expect(link).to_be_visible()
    with page.context.expect_page() as opened:
        link.click()
    reader = opened.value
    reader.set_viewport_size(PHONE)
    marked = reader.locator(":target")
    expect(marked).to_be_in_viewport()
    expect(marked).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    assert reader.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]


def test_the_group_meets_silence_until_it_mentions_the_bot(page: Page, stage: LocalBot) -> None:
    phone = chat(page, "群組")
    say(phone, "液冷散熱現在誰在做")
    expect(phone.get_by_text("液冷散熱現在誰在做")).to_be_visible()
    phone.get_by_role("button", name="提到羅盤").click()
    phone.get_by_label("訊息", exact=True).press_sequentially("散熱")
    phone.get_by_role("button", name="傳送", exact=True).click()
    expect(phone.get_by_text("非投資建議").last).to_be_visible()
    group = next(iter(stage.platform.chats.groups))
    senders = [bubble.sender is None for bubble in stage.platform.history(group)]
    assert senders == [False, False, True]
