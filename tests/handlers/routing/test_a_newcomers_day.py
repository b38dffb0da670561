"""What a newcomer and a busy member typed, as they type: nothing of it is searched in vain, and what only looks like it still is."""

from __future__ import annotations

import pytest

from handlers.text.bot_words import bot_topic
from tests.support.phones import Phone


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("這個要怎麼用ㄚ", "直接打公司"), ("我是新來的 不知道可以問什麼", "直接打公司"), ("太長了看不懂", "我只引原文"),
        ("可以講重點嗎", "我只引原文"), ("用三句話總結", "我只引原文"), ("所以結論是", "我只引原文"), ("看嘸", "直接打公司"),
        ("主選單", "直接打公司"), ("資料哪裡來的", "每一句都是社群文章的原文"), ("可以相信嗎", "每一句都是社群文章的原文"),
        ("你會不會騙我", "每一句都是社群文章的原文"), ("怎麼把你加到群組", "邀進群組"), ("可以在群組用嗎", "邀進群組"),
        ("幾點會來", "什麼時候送"), ("我追了哪些", "自選"), ("我有一組碼", "開通"), ("碼是 ABCDE23456", "開通碼不對"),
        ("爛死了都答非所問", "沒幫上忙"), ("算了", "想到再問我"), ("不要了", "想到再問我"), ("謝囉", "不客氣"), ("蛤", "想查哪家公司"),
        ("我要追蹤台積電跟鴻海", "已追蹤：台積電 2330、鴻海 2317"), ("追蹤 和碩還有廣達", "已追蹤：和碩 4938、廣達 2382"),
        ("幫我查一下散熱", "散熱"), ("2330 2317 NVDA", "先看哪一檔"), ("台積電、輝達", "並列"),
    ],
)  # fmt: skip
def test_it_is_understood(chat: Phone, typed: str, says: str) -> None:
    heard = chat(typed)
    assert says in heard
    assert "還沒寫到" not in heard


@pytest.mark.parametrize(
    "typed",
    ["資料中心", "資料庫", "總結報酬", "碼頭", "可信度量測", "群組軟體", "社群平台", "結論性證據", "碼是什麼", "算力", "返回艙", "連結器", "網址產業",
     "準備金率", "加你碼頭", "新手機", "問題資產", "懶人經濟", "收起來的帳棚", "分享經濟"],
)  # fmt: skip
def test_what_only_looks_like_it_is_no_talk_about_the_bot(typed: str) -> None:
    assert bot_topic(typed) is None


def test_what_was_shown_can_be_meant_in_many_words(chat: Phone) -> None:
    chat("氣冷的機房設計以每櫃多少千瓦為上限")
    for said in ("打開第1篇", "給我連結", "分享給朋友", "這篇是什麼時候寫的", "再說一次", "剛剛那個"):
        assert "液冷是未來" in chat(said), said
    chat("打開第1篇")
    assert "已收藏" in chat("收起來")


def test_nothing_was_shown_yet_is_said(chat: Phone) -> None:
    assert "剛才聊到哪我忘了" in chat("再說一次")


def test_a_group_asks_as_people_ask(crowd: Phone) -> None:
    assert "輝達" in crowd("羅盤幫我查輝達")
    assert crowd("羅盤幫我罵他").silent
    assert "訂閱…" not in crowd("羅盤 我的訂閱").actions
