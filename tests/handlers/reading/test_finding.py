"""Every kind of question, asked in a chat over the sample archive."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Connection

from corpus.storage import authors, topics
from tests.support.phones import Cast, Heard, Phone

TRANSFORMERS = "強韌電網三年後"
COWOS = "CoWoS 會不會蓋太多"
PANEL_LEVEL = "先進封裝不再只有一條路"
SIC = "碳化矽寒冬之後"
CPO = "矽光子的三道牆"
ROBOTS = "機器人學會走路之後"
LATTE = "一杯超商拿鐵的帳本"
AIR = "氣冷還沒下課"
CDMO = "把藥廠當晶圓廠看"
SATELLITES = "天上的基地台"
RATES = "降息不是開香檳"
DRAM = "DRAM 的冬天"
SECURITY = "勒索軟體半夜敲門"


def first(heard: Heard) -> str:
    """The first card of an answer, down to its own button."""
    return heard.text.split("閱讀全文")[0]


@pytest.mark.parametrize(
    ("kind", "typed", "title"),
    [
        ("a topical phrase", "變壓器 交期", TRANSFORMERS),
        ("a sentence", "為什麼變壓器的交期一直縮不回來", TRANSFORMERS),
        ("filler and emoji", "不好意思各位大大，請問變壓器為什麼要等這麼久啊🙏🙏", TRANSFORMERS),
        ("full width", "ＣｏＷｏＳ　產能倒數", COWOS),
        ("mixed languages", "interposer 碳化矽 AI", SIC),
        ("Simplified", "低轨卫星 星链 用户数", SATELLITES),
        ("a homophone", "碳化系 破產", SIC),
        ("a name misheard", "台機電 CoWoS 產能", COWOS),
        ("a misspelt name", "boradcom cpo", CPO),
        ("another misspelt name", "nvdia 機器人", ROBOTS),
        ("a nickname", "護國神山 先進封裝", COWOS),
        ("English for Chinese", "ransomware 中小製造業", SECURITY),
        ("English for Chinese", "transformer lead time", TRANSFORMERS),
        ("Chinese for English", "委託開發暨製造 併購", CDMO),
        ("a code beside words", "2330 面板級封裝 分工", PANEL_LEVEL),
        ("a code with its exchange", "6472.TW 買廠", CDMO),
        ("several names", "台積電 輝達 群創 CoWoS", COWOS),
        ("how much", "超商一杯拿鐵的豆子成本多少錢", LATTE),
        ("who", "誰買了群創的南科四廠", COWOS),
        ("why", "台灣央行為什麼沒有跟著降息", RATES),
        ("what is", "什麼是 CDMO", CDMO),
        ("a year", "2025 年 聯準會 降息", RATES),
        ("a quarter", "2025 Q1 長鑫 DRAM", DRAM),
        ("an author", "周若彤寫的 記憶體", DRAM),
        ("a source", "來源 產業晨報", DRAM),
    ],
)
def test_every_kind_of_question_is_answered_by_the_right_essay(chat: Phone, kind: str, typed: str, title: str) -> None:
    assert title in first(chat(typed)), kind


def test_a_number_asked_for_is_in_what_is_shown(chat: Phone) -> None:
    assert "豆子大約6元" in first(chat("超商拿鐵的豆子多少錢"))


def test_the_card_says_why_it_matched_and_under_which_heading(chat: Phone) -> None:
    shown = first(chat("碳化系 中介層"))
    assert "關鍵字：" in shown
    assert "碳化矽" in shown.split("關鍵字：")[1].split("\n")[0]
    assert "AI晶片為什麼會找上它" in shown


def test_what_is_not_wanted_stays_out_of_all_cards(chat: Phone) -> None:
    assert AIR in chat("散熱 水冷板")
    assert AIR not in chat("散熱 水冷板 不要氣冷")


def test_a_period_without_an_essay_is_told_before_those_of_other_times(chat: Phone) -> None:
    heard = chat("2024 Q3 碳化矽 破產")
    assert "這段時間沒有寫到" in heard
    assert SIC in heard
    assert "這段時間沒有寫到" not in chat("2025 Q1 長鑫 DRAM")


def test_another_name_asks_the_same_of_it(chat: Phone) -> None:
    chat("台積電 先進封裝")
    heard = chat("那日月光呢")
    assert "日月光" in first(heard)
    assert heard.text == chat("找 先進封裝 日月光").text


def test_why_and_is_there_more_go_on_from_the_last_answer(chat: Phone) -> None:
    chat("CoWoS 產能")
    more = chat("還有嗎")
    assert "閱讀全文" in more.actions
    chat("變壓器 交期")
    assert TRANSFORMERS in first(chat("為什麼"))


def test_the_second_essay_opens_by_its_number(chat: Phone) -> None:
    listed = chat("台積電 先進封裝").text
    opened = chat("第 2 篇").text
    title = listed.split("第 2 篇\n")[1].split("\n")[0]
    assert title in opened


def test_an_answer_offers_where_to_go_on(chat: Phone) -> None:
    labels = set(chat("台積電 先進封裝").actions)
    assert {"更多", "#先進封裝", "台積電", "沒答到"} <= labels


def test_an_unsure_answer_is_a_choice_with_reasons_and_a_way_out(chat: Phone) -> None:
    heard = chat("液冷 保險")
    assert "你想找的是哪一篇" in heard
    assert "關鍵字：" in heard
    opened = chat("1")
    assert AIR in opened
    chat("液冷 保險")
    out = chat.press(heard, "都不是")
    assert "還沒有" in out
    assert "記下了" in chat.press(out, "有文章再通知我")


def test_what_is_missing_is_one_line_with_the_closest_theme_and_a_wish(chat: Phone) -> None:
    heard = chat("衛星 保險 理賠 糾紛")
    assert "還沒寫到" in heard
    assert "最接近的主題" in heard
    assert "篇" in heard
    assert len(heard.messages) == 1
    assert "記下了" in chat.press(heard, "有文章再通知我")


def test_a_miss_counts_the_archive_no_more_often_than_the_archive_changes(
    chat: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat("鈉離子電池量產了嗎")
    again: list[Connection] = []
    for place, count in ((topics, "theme_tallies"), (authors, "tallies")):
        monkeypatch.setattr(place, count, lambda connection, *_: again.append(connection))
    assert "還沒寫到" in chat("機器人的鈉離子電池")
    assert again == []


def test_a_wrong_answer_can_be_reported_without_a_name(chat: Phone) -> None:
    assert "不會看到你是誰" in chat.press(chat("變壓器 交期"), "沒答到")


def test_a_group_is_answered_only_when_it_is_quite_sure(cast: Cast) -> None:
    unsure = "碳化矽 庫存"
    one_to_one, crowd = cast.person()(unsure), cast.in_group()(f"羅盤 {unsure}")
    assert "閱讀全文" in one_to_one.actions
    assert "不太確定" not in one_to_one
    assert "不太確定，最接近的是：" in crowd
    assert len(crowd.messages) == 1
    assert "閱讀全文" in cast.in_group()("羅盤 變壓器 交期").actions


def test_what_is_a_choice_for_one_person_is_not_offered_to_a_group(cast: Cast) -> None:
    assert "你想找的是哪一篇" in cast.person()("變壓器 保險")
    assert "群組裡先不猜，私訊我看相關的文章。" in cast.in_group()("羅盤 變壓器 保險")


def test_the_only_essay_that_may_be_meant_is_shown_and_said_to_be_uncertain(chat: Phone) -> None:
    heard = chat("面板級封裝 良率 問題")
    assert "有一篇寫「面板級封裝」，但沒直接談到「良率」。不太確定，最接近的是：" in heard
    assert "閱讀全文" in heard.actions


@pytest.mark.parametrize("typed", ["量子電腦", "數位孿生", "機器狗", "寶雅 展店", "口罩 外銷"])
def test_a_part_or_a_side_of_what_is_asked_is_not_it(chat: Phone, typed: str) -> None:
    assert "還沒寫到" in chat(typed)


@pytest.mark.parametrize("typed", ["量子電腦", "口罩 外銷", "NOT", "加權指數 點位"])
def test_no_theme_is_called_the_closest_that_the_question_does_not_speak_of(chat: Phone, typed: str) -> None:
    assert "最接近的主題" not in chat(typed)


def test_the_closest_theme_has_as_many_essays_as_its_digest(chat: Phone) -> None:
    heard = chat("衛星 保險 理賠 糾紛")
    [(name, count)] = re.findall(r"最接近的主題：(.+?)（(\d+) 篇）", heard.text)
    assert f"{count} 篇文章" in chat(f"主題 {name}")


@pytest.mark.parametrize("typed", ["AI", "#AI", "找 AI", "HBM"])
def test_a_term_of_the_trade_is_not_taken_for_a_code(chat: Phone, typed: str) -> None:
    heard = chat(typed)
    assert "是哪一檔" not in heard
    assert "閱讀全文" in heard.actions
    assert "是哪一檔" in chat("$AI")


@pytest.mark.parametrize(
    "typed", ["先進封裝 不要台積電", "先進封裝 不含TSMC", "先進封裝 排除台積電", "除了台積電以外的先進封裝"]
)
def test_no_card_says_what_is_not_wanted_under_any_name(chat: Phone, typed: str) -> None:
    heard = chat(typed)
    assert "閱讀全文" in heard.actions
    assert "台積電" not in first(heard)


def test_a_period_in_which_nothing_was_written_shows_what_was_written_last(chat: Phone) -> None:
    heard = chat("2019年")
    assert "這段時間沒有寫到" in heard
    assert "有文章再通知我" not in heard.actions


@pytest.mark.parametrize("typed", ["2023 記憶體", "112年 記憶體", "23Q1 記憶體"])
def test_a_year_without_an_essay_is_told_however_it_is_typed(chat: Phone, typed: str) -> None:
    heard = chat(typed)
    assert "這段時間沒有寫到" in heard
    assert "記憶體" in heard


def test_who_asks_for_the_newest_gets_what_tells_of_it_newest_first(chat: Phone) -> None:
    assert COWOS in first(chat("台積電 產能"))
    newest = first(chat("最近 台積電 產能"))
    assert PANEL_LEVEL in newest
    assert CDMO not in newest


def test_further_reading_stands_on_the_card(chat: Phone) -> None:
    related = chat.press(chat("CoWoS 產能倒數"), "延伸閱讀")
    assert PANEL_LEVEL in related
    assert "關鍵字：" in related


@pytest.mark.parametrize(
    "typed",
    [
        "?!。、",
        "🙏📈",
        "散熱" * 2500,
        "z" * 5000,
        "碳化矽的長晶速度每小時不到一公釐，所以基板一直供不應求。" * 180,
        'title:"x" AND (NOT body:[a TO z]^9~2',
        "碳化矽\x00\u202e\ufeff基板",
        "找 \u200b",
    ],
)
def test_odd_input_is_answered_politely(chat: Phone, typed: str) -> None:
    heard = chat(typed)
    assert not heard.silent
    assert "抱歉" not in heard


def test_a_public_passage_is_copied_with_its_source_and_a_members_one_is_not(chat: Phone) -> None:
    heard = chat("碳化矽 為什麼 AI 晶片會找上它")
    copied = heard.actions["複製引用"]
    assert copied["type"] == "clipboard"
    assert SIC in copied["clipboardText"]
    assert copied["clipboardText"].partition("」")[0].removeprefix("「")[:20] in heard.text
    assert "t=" not in copied["clipboardText"]
    assert "複製引用" not in chat("DDR4 退場引發的搶貨潮").actions


def test_where_an_aspect_is_not_covered_the_company_that_is_can_be_seen(chat: Phone) -> None:
    heard = chat("奇鋐 換股比例")
    assert "還沒寫到" in heard
    assert heard.actions["奇鋐"]["data"] == "個股 奇鋐"


def test_a_word_alone_that_an_essay_says_is_a_question(chat: Phone) -> None:
    assert TRANSFORMERS in chat("大型")
