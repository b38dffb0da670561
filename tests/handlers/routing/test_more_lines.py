"""Lines of users that were searched for in vain once: times of day, names with a slip, talk about the service."""

from __future__ import annotations

import pytest

from tests.support.phones import Cast, Phone


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ("每天中午傳", "每日 12:00"),
        ("每個禮拜天早上幫我傳一次", "每週日 08:30"),
        ("週一到週五 8點", "交易日 08:00"),
        ("禮拜一 8點", "每週一 08:00"),
        ("everyday 9pm", "每日 21:00"),
    ],
)
def test_days_and_times_as_they_are_said(cast: Cast, said: str, done: str) -> None:
    assert f"改好了：{done}" in cast.person()(said)


@pytest.mark.parametrize("said", ["收盤後再送", "開盤前送", "盤後再推", "早上七點傳給我", "盤前通知我"])
def test_a_time_of_the_market_is_offered(chat: Phone, said: str) -> None:
    assert any(says.startswith("每日 ") for says in chat(said).postbacks)


@pytest.mark.parametrize("said", ["靜音到下禮拜一", "先停三天", "安靜到明天", "mute for a week", "到12/31先不要傳"])
def test_a_pause_is_made_in_other_words(cast: Cast, said: str) -> None:
    assert "已暫停到" in cast.person()(said)


@pytest.mark.parametrize("said", ["停電三天", "停工到明天", "2330傳給我", "靜音技術", "停損 3天", "休息站的商機"])
def test_what_only_sounds_like_a_time_changes_nothing(cast: Cast, said: str) -> None:
    heard = cast.person()(said)
    assert "已暫停" not in heard
    assert not any(says.startswith("每日 ") for says in heard.postbacks)


def test_a_pause_is_counted_in_weeks(cast: Cast) -> None:
    assert "已暫停到" in cast.person()("暫停 一個禮拜")


def test_a_letter_for_a_character_is_a_slip(chat: Phone) -> None:
    assert "台積電 2330" in chat("台G電")


@pytest.mark.parametrize(
    "said",
    ["台積電還可以追嗎", "0050可以存嗎", "台積電今天漲多少", "空單要不要補", "哪一檔最有潛力", "will tsmc go up"],
)
def test_more_ways_to_ask_for_advice(chat: Phone, said: str) -> None:
    assert "不看即時股價" in chat(said) or "no live prices" in chat(said)


@pytest.mark.parametrize("said", ["鈉電池可以存電嗎", "長約追單的原因", "追蹤誤差是什麼"])
def test_what_only_sounds_like_it_is_searched(chat: Phone, said: str) -> None:
    assert "不看即時股價" not in chat(said)


@pytest.mark.parametrize(
    "said",
    [
        "我要退費",
        "忘記密碼",
        "怎麼登入",
        "怎麼關靜音",
        "繼續傳",
        "不要再寄了拜託",
        "講中文啦",
        "謝謝小幫手",
        "早安☀️ 平安喜樂",
    ],
)
def test_talk_about_the_service_is_no_question(chat: Phone, said: str) -> None:
    heard = chat(said)
    assert not heard.silent
    assert "還沒寫到" not in heard


@pytest.mark.parametrize("said", ["羅盤 主題", "羅盤 隱私", "羅盤 說明", "羅盤 全部指令", "羅盤 我的訂閱"])
def test_a_group_gets_two_buttons_and_a_short_table(crowd: Phone, said: str) -> None:
    crowd("羅盤 訂閱 散熱")
    heard = crowd(said)
    bubble = heard.messages[0]["contents"]
    rows = [part for part in bubble["body"]["contents"] if part["type"] == "box" and part["layout"] == "horizontal"]
    assert len(rows) <= 6
    assert str(bubble.get("footer", "")).count("'action'") <= 2


@pytest.mark.parametrize("said", ["幫我訂散熱跟矽光子", "訂 散熱、矽光子", "訂閱散熱和矽光子"])
def test_two_topics_joined_by_a_word_are_two(cast: Cast, said: str) -> None:
    phone = cast.person()
    assert "已訂閱：散熱、矽光子" in phone(said)


@pytest.mark.parametrize("said", ["訂單能見度", "訂房平台"])
def test_what_only_begins_so_is_searched(cast: Cast, said: str) -> None:
    assert "已訂閱" not in cast.person()(said)


def test_a_group_sees_both_of_two_that_are_compared(crowd: Phone) -> None:
    heard = crowd("羅盤 長榮 vs 台積電")
    assert "兩家各 1 句" in heard
    assert heard.text.count("《") == 2


@pytest.mark.parametrize(
    "said", ["止损点设多少", "台积电明年能到2000吗", "哪只ETF好", "要不要换股", "存股好還是波段好", "停損點在哪"]
)
def test_advice_in_either_script(chat: Phone, said: str) -> None:
    assert "不看即時股價" in chat(said)


@pytest.mark.parametrize("said", ["星期六日不要", "假日不要傳", "晚點再說", "不用客气", "字看不清楚", "賣光光好了"])
def test_more_talk_is_no_question(chat: Phone, said: str) -> None:
    heard = chat(said)
    assert not heard.silent
    assert "還沒寫到" not in heard
