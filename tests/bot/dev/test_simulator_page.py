"""The simulator's page in a real browser: two phones, one bot."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.limits import problems
from bot.dev.simulator.platform import Platform

pytestmark = pytest.mark.browser


def card() -> dict[str, Any]:
    tag = {"type": "box", "layout": "vertical", "flex": 0, "cornerRadius": "md", "backgroundColor": "#eef3f1"}
    tag |= {
        "contents": [{"type": "text", "text": "#散熱"}],
        "action": {"type": "message", "label": "散熱", "text": "主題 散熱"},
    }
    marked = {"type": "span", "text": "散熱", "weight": "bold", "color": "#b4532a"}
    snippet = {"type": "text", "wrap": True, "contents": [{"type": "span", "text": "液冷"}, marked]}
    read = {"type": "uri", "label": "閱讀全文", "uri": "http://127.0.0.1:9/read/1"}
    share = {"type": "uri", "label": "分享", "uri": "https://line.me/R/share?text=%E7%BE%85%E7%9B%A4"}
    buttons = [{"type": "button", "style": "primary", "height": "sm", "action": action} for action in (read, share)]
    block = {"type": "box", "layout": "vertical", "spacing": "md"}
    row = {"type": "box", "layout": "horizontal", "contents": [tag, {"type": "filler"}]}
    title = {"type": "text", "text": "液冷散熱的下一步", "size": "lg", "weight": "bold"}
    body = {**block, "contents": [title, {"type": "separator"}, snippet, row]}
    return {"type": "bubble", "size": "kilo", "body": body, "footer": {**block, "contents": buttons}}


class Bot:
    """Answers one to one, and in a group when mentioned: with what was said, a card, and a quick reply."""

    def __init__(self) -> None:
        self.platform: Platform | None = None
        self.awake = True

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        if self.awake:
            for event in json.loads(body)["events"]:
                threading.Thread(target=self.answer, args=(event,)).start()
        return 200 if self.awake else 503

    def answer(self, event: dict[str, Any]) -> None:
        message = event.get("message", {})
        if event["source"]["type"] == "group" and "mention" not in message:
            return
        carousel = {"type": "carousel", "contents": [card(), card(), card()]}
        more = {"type": "postback", "label": "更多", "data": "更多", "displayText": "再來一些"}
        messages: list[dict[str, Any]] = [
            {"type": "text", "text": f"收到:{message.get('text') or event['postback']['data']}"},
            {"type": "flex", "altText": "三篇文章", "contents": carousel},
        ]
        messages[-1]["quickReply"] = {"items": [{"type": "action", "action": more}]}
        assert self.platform is not None
        assert problems(messages) == []
        self.platform.channel.send("reply", {"replyToken": event["replyToken"], "messages": messages})


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def line(bot: Bot) -> Platform:
    bot.platform = Platform("secret", "token", bot)
    return bot.platform


@pytest.fixture
def address(line: Platform) -> Iterator[str]:
    url, stop = start_in_thread(line)
    yield url
    stop()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page on a phone, where any error in a script fails the test."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        yield page
        assert errors == []


def one_to_one(page: Page) -> Locator:
    page.get_by_role("button", name="一對一").click()
    return page.get_by_role("region", name="一對一聊天")


def in_group(page: Page) -> Locator:
    page.get_by_role("button", name="群組").click()
    return page.get_by_role("region", name="群組聊天")


def say(phone: Locator, text: str) -> None:
    phone.get_by_label("訊息", exact=True).fill(text)
    phone.get_by_label("訊息", exact=True).press("Enter")


def test_an_answer_stands_in_the_chat_and_stays_when_the_page_is_loaded_again(page: Page) -> None:
    say(one_to_one(page), "液冷")
    expect(one_to_one(page).get_by_text("收到:液冷")).to_be_visible()
    page.reload()
    expect(one_to_one(page).get_by_text("收到:液冷")).to_be_visible()


def test_everything_of_a_card_can_be_pressed(page: Page) -> None:
    phone = one_to_one(page)
    say(phone, "液冷")
    link = phone.get_by_role("link", name="閱讀全文").first
    expect(link).to_have_attribute("href", "http://127.0.0.1:9/read/1")
    expect(link).to_have_attribute("target", "_blank")
    phone.get_by_role("button", name="分享").first.click()
    expect(page.get_by_role("status")).to_contain_text("羅盤")
    phone.get_by_role("button", name="散熱").first.click()
    expect(phone.get_by_text("收到:主題 散熱")).to_be_visible()


def test_a_quick_reply_is_offered_under_the_last_message_only(page: Page) -> None:
    phone = one_to_one(page)
    say(phone, "液冷")
    phone.get_by_role("button", name="更多", exact=True).click()
    expect(phone.get_by_text("再來一些")).to_be_visible()
    expect(phone.get_by_text("收到:更多")).to_be_visible()
    expect(phone.get_by_role("button", name="更多", exact=True)).to_have_count(1)


def test_in_the_group_the_bot_is_silent_until_somebody_mentions_it(page: Page, line: Platform) -> None:
    phone = in_group(page)
    phone.get_by_text("美玲", exact=True).click()
    say(phone, "大家早")
    expect(phone.get_by_text("大家早")).to_be_visible()
    phone.get_by_role("button", name="提到羅盤").click()
    phone.get_by_label("訊息", exact=True).press_sequentially("散熱")
    phone.get_by_role("button", name="傳送", exact=True).click()
    expect(phone.get_by_text("收到:@羅盤 散熱")).to_be_visible()
    said = [bubble for bubble in line.history("投資讀書會") if bubble.sender]
    assert {bubble.sender for bubble in said} == {line.chats.person("美玲").id}
    assert len(line.history("投資讀書會")) == 4


def test_a_bubble_can_be_quoted_edited_and_unsent(page: Page, line: Platform) -> None:
    phone = in_group(page)
    say(phone, "散熱")
    phone.get_by_role("button", name="訊息選項").click()
    phone.get_by_role("button", name="引用").click()
    say(phone, "說這個")
    expect(phone.get_by_role("button", name="小安 散熱")).to_be_visible()
    phone.get_by_role("button", name="訊息選項").last.click()
    phone.get_by_role("button", name="編輯").click()
    say(phone, "說那個")
    expect(phone.get_by_text("已編輯")).to_be_visible()
    phone.get_by_role("button", name="訊息選項").first.click()
    phone.get_by_role("button", name="收回").click()
    expect(phone.get_by_text("小安收回了一則訊息")).to_be_visible()
    first, second = line.history("投資讀書會")
    assert first.unsent
    assert (second.quoted, second.content["text"]) == (first.id, "說那個")


def test_the_months_quota_stands_on_the_page(page: Page, line: Platform) -> None:
    expect(page.get_by_text("本月已用 0 / 200 則")).to_be_visible()
    group = line.chats.group("投資讀書會").id
    line.channel.send("push", {"to": group, "messages": [{"type": "text", "text": "今日摘要"}]})
    expect(page.get_by_text("本月已用 12 / 200 則")).to_be_visible()


def test_a_bot_that_does_not_take_a_message_is_told_of(page: Page, bot: Bot) -> None:
    bot.awake = False
    say(one_to_one(page), "在嗎")
    expect(page.get_by_role("status")).to_contain_text("機器人沒有收下（503）")


def test_a_reply_is_shown_as_it_comes(page: Page, line: Platform) -> None:
    expect(page.get_by_text("本月已用")).to_be_visible()
    watch = """() => new Promise(resolve => new MutationObserver(
        () => document.body.innerText.includes("到了") && resolve(Date.now())
    ).observe(document.body, {subtree: true, childList: true}))"""
    page.evaluate(f"() => {{ window.shown = ({watch})() }}")
    bubble = line.chats.write(line.chats.id_of("小安"), None, {"type": "text", "text": "到了"})
    assert page.evaluate("() => window.shown") >= bubble.at.timestamp() * 1000, (
        "the page heard of it without being asked"
    )


def test_a_flex_message_is_drawn_with_lines_own_measures(page: Page) -> None:
    phone = one_to_one(page)
    say(phone, "液冷")
    bubble = phone.locator(".flex-bubble").first
    expect(bubble).to_have_css("width", "260px")
    expect(bubble.get_by_text("液冷散熱的下一步")).to_have_css("font-size", "19px")
    expect(bubble.get_by_text("散熱", exact=True)).to_have_css("color", "rgb(180, 83, 42)")
    expect(bubble.locator(".separator")).to_have_css("margin-top", "8px")
    expect(bubble.locator(".button > *").first).to_have_css("height", "40px")


def test_nothing_sticks_out_of_the_phone_and_nothing_is_fetched_from_elsewhere(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    say(one_to_one(page), "長" * 300 + "x" * 300)
    expect(one_to_one(page).locator(".flex-message")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    assert asked
    assert all(url.startswith((address, "data:")) for url in asked)
