"""Commands with their word behind what they are about, several in one message, and what is no longer wanted by its name."""

from __future__ import annotations

import pytest

from handlers.text.word_order import command_first, requests
from tests.support.phones import Cast, Phone


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("把2330加到自選", "追蹤 2330"),
        ("2330加入追蹤", "追蹤 2330"),
        ("加自選 2330", "追蹤 2330"),
        ("把散熱退訂", "退訂 散熱"),
        ("把這篇存起來", "收藏 這篇"),
        ("這篇存起來", "收藏 這篇"),
        ("第二篇收藏一下", "收藏 第二篇"),
        ("刪掉第一個收藏", "取消收藏 第一個"),
        ("有人寫鈉離子電池的話跟我說", "有文章再通知我 鈉離子電池"),
        ("如果有寫到鴻海再通知我", "有文章再通知我 鴻海"),
    ],
)
def test_the_command_comes_first(said: str, meant: str) -> None:
    assert command_first(said) == meant


@pytest.mark.parametrize(
    "said", ["Netflix 訂閱", "ETF 追蹤", "股票加碼", "怎麼讀財報", "AI 加速器", "把脈產業", "有人寫過鴻海嗎"]
)
def test_what_is_no_command_is_left_alone(said: str) -> None:
    assert command_first(said) == ""


@pytest.mark.parametrize(
    "said", ["取消長榮", "長榮不要了", "不要追蹤長榮", "别追长荣", "取消追蹤長榮", "幫我取消長榮", "把長榮取消追蹤"]
)
def test_what_was_watched_is_let_go_by_its_name(cast: Cast, said: str) -> None:
    phone = cast.person()
    phone("追蹤 2603")
    assert "已取消追蹤：長榮" in phone(said)


@pytest.mark.parametrize("said", ["散熱不要了", "不訂散熱了", "取消散熱", "不要送散熱", "散熱不要再送了"])
def test_what_was_subscribed_to_is_let_go_by_its_name(cast: Cast, said: str) -> None:
    phone = cast.person()
    phone("訂閱 散熱")
    assert "已退訂：散熱" in phone(said)


def test_what_never_came_is_said_not_to(chat: Phone) -> None:
    assert "這裡沒有訂閱或追蹤「鴻海」" in chat("鴻海不要")
    assert "沒有訂閱或追蹤" not in chat("取消關稅")


def test_several_requests_of_one_message_are_all_done(cast: Cast) -> None:
    phone = cast.person()
    heard = phone("訂閱散熱\n追蹤2330")
    assert "已訂閱：散熱" in heard
    assert "已追蹤：台積電" in heard
    heard = phone("最新文章，然後訂閱矽光子")
    assert "第 1 篇" in heard
    assert "已訂閱：矽光子" in heard
    assert requests("散熱為什麼缺貨") == ["散熱為什麼缺貨"]


@pytest.mark.parametrize(
    ("said", "offered"),
    [("改成晚上九點", "每日 21:00"), ("早上七點半好了", "每日 07:30"), ("可以改到8點嗎", "每日 08:00")],
)
def test_a_time_in_talk_is_offered_as_it_would_be_typed(chat: Phone, said: str, offered: str) -> None:
    assert offered in chat(said).postbacks


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ("每天早上八點傳給我", "每日 08:00"),
        ("每週五下午三點送", "每週五 15:00"),
        ("平日早上九點送就好", "交易日 09:00"),
    ],
)
def test_a_time_with_what_is_done_then(cast: Cast, said: str, done: str) -> None:
    assert f"改好了：{done}" in cast.person()(said)


def test_a_subscription_with_its_time_in_plain_words(cast: Cast) -> None:
    heard = cast.person()("我想訂閱電力，平日早上九點送")
    assert "已訂閱：電力" in heard
    assert "交易日 09:00" in heard


@pytest.mark.parametrize("said", ["訂閱林以晨", "追蹤林以晨", "訂閱 作者 林以晨"])
def test_an_author_is_subscribed_to_by_name(cast: Cast, said: str) -> None:
    assert "已訂閱：作者 林以晨" in cast.person()(said)


def test_lists_are_pointed_into_as_people_do(cast: Cast) -> None:
    phone = cast.person()
    phone("訂閱 散熱、矽光子")
    assert "已退訂：矽光子" in phone("退訂第二個")
    phone("最新")
    assert "第 1 篇" not in phone("第 2")
    assert phone("收藏1跟3").text.count("〈") == 2
    assert "備註：封裝要追" in phone("收藏第二篇 備註：封裝要追")


def test_what_there_is_is_shown_and_not_offered(cast: Cast) -> None:
    phone = cast.person()
    phone("訂閱 散熱")
    phone("追蹤 2330")
    assert "1. 散熱" in phone("我訂了什麼")
    assert "台積電" in phone("我追蹤了哪些")
    assert "還沒打開過文章" in phone("我看過哪些文章")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("what does the author say about gross margin of TSMC", "毛利"),
        ("is silicon photonics ready", "矽光子"),
        ("robot joints cost", "關節"),
        ("low earth orbit satellites", "衛星"),
        ("shipping rates", "運價"),
    ],
)
def test_an_english_question_finds_the_chinese_words(chat: Phone, said: str, found: str) -> None:
    heard = chat(said)
    assert "No essay" not in heard
    assert found in heard


def test_privacy_is_told_in_english(chat: Phone) -> None:
    assert "third parties" in chat("privacy")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("玻璃基板有新的就叫我", "玻璃基板"),
        ("固態電池有新文章跟我說", "固態電池"),
        ("鈉電池有消息再通知我", "鈉電池"),
        ("有新的玻璃基板文章叫我一下", "玻璃基板"),
        ("量子電腦之後有寫再跟我講", "量子電腦"),
        ("如果有寫到核融合 喊我一聲", "核融合"),
        ("玻璃基板有更新call我", "玻璃基板"),
        ("固態電池 有的話叫我", "固態電池"),
        ("矽光子有新的再通知", "矽光子"),
        ("let me know when there is something about solid state batteries", "solid state batteries"),
    ],
)
def test_who_waits_for_news_is_told_of_them(said: str, meant: str) -> None:
    assert command_first(said) == f"有文章再通知我 {meant}"


def test_who_waits_for_anything_new_subscribes_to_all() -> None:
    assert command_first("有新的就叫我") == command_first("有新文章再通知我") == "訂閱 精選"


@pytest.mark.parametrize(
    "said",
    [
        "台積電漲到1000叫我",
        "客服有跟我說",
        "沒有收到通知",
        "有人叫我",
        "我沒看到有人通知我",
        "2330 破底通知我",
        "有新文章通知",
    ],
)
def test_what_only_speaks_of_telling_is_no_alert(said: str) -> None:
    assert command_first(said) == ""


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ("還有 2317 也要追", "已追蹤：鴻海 2317"),
        ("對了 2454 也加一下", "已追蹤：聯發科 2454"),
        ("喔對 輝達也要追", "已追蹤：輝達 NVDA"),
        ("另外 NVDA 也幫我盯一下", "已追蹤：輝達 NVDA"),
        ("然後台達電也要追蹤", "已追蹤：台達電 2308"),
        ("啊還有散熱也要訂", "已訂閱：散熱"),
        ("追 台達電 跟 鴻海", "已追蹤：台達電 2308、鴻海 2317"),
    ],
)
def test_one_wish_more_is_done(cast: Cast, said: str, done: str) -> None:
    assert done in cast.person()(said)


@pytest.mark.parametrize("said", ["台積電還要追嗎", "2317 也要追嗎"])
def test_a_wish_that_is_asked_about_is_a_question(cast: Cast, said: str) -> None:
    assert "不看即時股價" in cast.person()(said)


@pytest.mark.parametrize(
    ("before", "said", "done"),
    [
        ("追蹤 2330", "2308 也要", "已追蹤：台達電 2308"),
        ("訂閱 散熱", "還有記憶體也要", "已訂閱：記憶體"),
        ("有文章再通知我 鈉電池", "固態電池也要", "有「固態電池」的文章就通知你一次"),
    ],
)
def test_the_same_is_done_for_another_name_right_after(cast: Cast, before: str, said: str, done: str) -> None:
    phone = cast.person()
    phone(before)
    assert done in phone(said)
