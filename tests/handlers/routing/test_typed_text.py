"""Words as people type them: commands behind a polite opener, terms that begin like a command, talk, prices, addresses."""

from __future__ import annotations

import pytest

from handlers.reading.advice import REFUSAL
from tests.support.phones import Cast, Phone


@pytest.mark.parametrize(
    "typed",
    ["股票股利", "股票分割", "追蹤誤差", "延伸需求", "開通費", "主題樂園", "查核準則", "讀書會", "收藏品", "存貨",
     "退訂率", "平日消費", "暫停生產", "勿擾模式"],
)  # fmt: skip
def test_a_term_that_begins_like_a_command_is_searched_for_whole(chat: Phone, typed: str) -> None:
    heard = chat(typed)
    assert "代號或名稱" not in heard
    assert "例如" not in heard
    if "還沒寫到" in heard:
        assert f"還沒寫到「{typed}」" in heard


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("找散熱", "關鍵字：散熱"),
        ("查台積電", "台積電 2330"),
        ("主題散熱", "散熱液冷"),
        ("個股2330", "台積電 2330"),
        ("訂閱散熱", "已訂閱：散熱"),
        ("追蹤2330", "已追蹤：台積電 2330"),
        ("暫停7天", "已暫停到"),
        ("代號", "要看哪一檔"),
        ("我要訂閱散熱", "已訂閱：散熱"),
        ("幫我訂閱散熱", "已訂閱：散熱"),
        ("可以幫我追蹤台積電", "已追蹤：台積電 2330"),
        ("我想追蹤台積電", "已追蹤：台積電 2330"),
        ("我要退訂", "這裡還沒有訂閱"),
        ("請問散熱", "散熱液冷"),
        ("怎麼用", "直接打公司"),
        ("功能", "直接打公司"),
        ("選單", "直接打公司"),
        ("有什麼新文章", "第 1 篇"),
        ("全部取消追蹤", "還沒有追蹤"),
        ("forget me", "無法復原"),
        ("my data", "我的資料"),
        ("weekly mon 08:00", "改好了：每週一 08:00"),
    ],
)
def test_a_command_is_understood_as_it_is_said(chat: Phone, typed: str, says: str) -> None:
    assert says in chat(typed)


# talk


@pytest.mark.parametrize("typed", ["你覺得呢", "真假？", "我呢？", "晚上吃什麼？", "早安 大家好"])
def test_talk_is_neither_searched_nor_wished_for(chat: Phone, typed: str) -> None:
    assert "還沒寫到" not in chat(typed)
    assert "想等哪個主題" in chat(f"有文章再通知我 {typed}")


def test_opting_out_never_becomes_a_wish(chat: Phone) -> None:
    chat("有文章再通知我 鈉離子電池")
    assert "全部取消通知了" in chat("不要再通知我")
    assert "想等哪個主題" in chat("有文章再通知我")
    assert "目前沒有設定通知" in chat("等通知")


def test_wishes_are_listed_and_let_go_one_by_one(chat: Phone) -> None:
    for subject in ("鈉離子電池", "固態電池", "核融合"):
        chat(f"有文章再通知我 {subject}")
    listed = chat("等通知")
    assert "2. 固態電池" in listed
    chat.press(listed, "不等「鈉離子電池」")
    assert "「核融合」不通知了" in chat("不用通知我 2")
    assert "1. 固態電池" in chat.press(chat("我的資料"), "通知清單")
    assert "沒有設定" in chat("不用通知我 量子電腦")


def test_an_address_is_nothing_to_look_up(chat: Phone) -> None:
    heard = chat("https://example.com/essay?id=1")
    assert "網址我打不開" in heard
    assert "有文章再通知我" not in heard.actions
    assert chat("https://example.com/essay 散熱").text.startswith("散熱液冷")


# prices and advice


@pytest.mark.parametrize(
    "typed",
    [
        "台積電多少錢",
        "NVDA 多少",
        "2330報價",
        "台積電的價格",
        "你看好台積電嗎",
        "all in 台積電",
        "該買台積電還是聯發科",
        "買台積電好嗎",
        "0056 還能買嗎",
        "台積電明天會漲嗎",
        "大盤會跌嗎",
    ],
)
def test_who_asks_for_a_price_or_advice_is_told_no(chat: Phone, typed: str) -> None:
    heard = chat(typed)
    assert REFUSAL in heard
    assert "還「" not in heard


@pytest.mark.parametrize(
    "typed", ["存股推薦", "推薦股票", "有沒有明牌", "下一支飆股是誰", "看多還是看空", "今天該買什麼股票"]
)
def test_a_tip_is_refused_without_a_quotation(chat: Phone, typed: str) -> None:
    assert chat(typed).text == REFUSAL


@pytest.mark.parametrize(
    "typed",
    ["面板報價", "太陽能模組報價", "台灣房價會跌嗎", "記憶體會漲價嗎", "液冷滲透率現在多少", "台積電股價為什麼跌", "蘋果能賣多少支手機", "存股"],
)  # fmt: skip
def test_what_essays_tell_of_prices_is_no_advice(chat: Phone, typed: str) -> None:
    assert REFUSAL not in chat(typed)


# securities


@pytest.mark.parametrize("typed", ["$TSM", "stock tsm", "$台積電", "＄台積電"])
def test_the_home_listing_answers_for_its_receipts(chat: Phone, typed: str) -> None:
    assert "台積電 2330" in chat(typed).text.splitlines()[0]


@pytest.mark.parametrize("typed", ["追蹤 Air", "個股 Air"])
def test_markets_have_names(cast: Cast, typed: str) -> None:
    heard = cast.person()(typed)
    assert "法股" in heard
    assert "EPA" not in heard
