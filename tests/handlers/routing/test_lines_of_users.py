"""Lines that users typed in vain once, each with its siblings: signs, LINE's emoji, Simplified characters, spellings of codes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dev.local import LocalBot
from tests.support.phones import Cast, Heard, Phone

CARD = "上市 ·"
NO_PRICES = "不看即時股價"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("說明。", "查公司"),
        ("說明\u200b", "查公司"),
        ("\ufeff說明", "查公司"),
        ("#說明", "查公司"),
        ("1. 說明", "查公司"),
        ("說明ok", "查公司"),
        ("最新～", "第 1 篇"),
        ("2330。", CARD),
        ("台積電!", CARD),
        ("我的訂閱❤️", "訂閱"),
        ("追蹤 2330!", "已追蹤"),
        ("每日 08:30。", "改好了"),
        ("暫停 7天!", "暫停到"),
        ("主題!", "散熱"),
        ("谢谢", "不客氣"),
        ("可以买吗", NO_PRICES),
        ("再见", "再見"),
        ("你是谁", "我是羅盤"),
        ("申请编辑", "核准"),
        ("台积电现在多少", NO_PRICES),
        ("什么股票可以买", NO_PRICES),
        ("目标价多少", NO_PRICES),
        ("2330-TW", CARD),
        ("2330 TT", CARD),
        ("TPE:2330", CARD),
    ],
)
def test_a_line_of_a_user_is_understood(chat: Phone, line: str, told: str) -> None:
    chat("訂閱 散熱")
    assert told in chat(line)


@pytest.mark.parametrize(
    ("line", "name", "told"),
    [
        ("說明(love)", "(love)", "查公司"),
        ("2330(love)", "(love)", CARD),
        ("我的訂閱()", "()", "訂閱"),
        ("訂閱 散熱(love)", "(love)", "已訂閱：散熱。"),
    ],
)
def test_an_emoji_of_lines_own_says_nothing(chat: Phone, line: str, name: str, told: str) -> None:
    heard = say(chat, line, name)
    assert told in heard
    assert name not in heard.text


def say(phone: Phone, line: str, emoji: str) -> Heard:
    place = (line.index(emoji), len(emoji))
    return phone.hear(phone.stage.platform.say(phone.chat_id, phone.owner.id, line, emojis=(place,)))


def test_further_essays_are_asked_for_by_the_word_on_the_button(chat: Phone) -> None:
    assert "要看哪一篇" in chat("相關文章")
    chat("2330")
    chat("早安")
    assert "第 1 篇" in chat("相關文章")


def test_who_asks_too_fast_is_told_once_in_a_group_too(stage: LocalBot, cast: Cast) -> None:
    phone, conversation = cast.in_group(), stage.bot.conversation
    plain = conversation.settings
    try:
        conversation.settings = replace(plain, rate=1)
        told = [phone(f"羅盤 {word}").text for word in ("說明", "主題", "最新", "2330")]
    finally:
        conversation.settings = plain
    assert [("問得有點快" in text) for text in told].count(True) <= 2  # a minute may end meanwhile
    assert any("問得有點快" in text for text in told)
    assert "" in told
