"""What people ask about a security, told through the front door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from bot.config import Settings
from bot.dev.local import LocalBot
from corpus.essay import Block, BlockKind, Essay, Visibility
from handlers.club.club import Club
from handlers.identity import Role
from tests.support.newsroom import Newsroom, newsroom
from tests.support.phones import Cast, Heard, Phone

_DATED = re.compile(r"^(\d{4}/\d\d/\d\d|日期未標示)[^\n]*《", re.MULTILINE)


def essay(title: str, published: date | None, *lines: str, members: bool = False) -> Essay:
    blocks = tuple(Block(BlockKind.TEXT, line) for line in lines)
    visibility = Visibility.MEMBERS if members else Visibility.PUBLIC
    return Essay(title, blocks, published=published, visibility=visibility, lead="前言人人可讀。" if members else None)


NOW = datetime(2026, 11, 20, tzinfo=ZoneInfo("Asia/Taipei"))
MEMBERS_ONLY = "奇鋐（3017）的內部估算是每櫃毛利八萬七千元，比同業高出三成，訂單已經排到後年。"
ARCHIVE = [
    essay("三年前的看法", date(2023, 2, 10), "市場仍把奇鋐（3017）看成風扇廠，液冷散熱只是型錄的最後一頁。"),
    essay(
        "風扇的最後一年",
        date(2024, 12, 1),
        "奇鋐（3017）在今年宣布關閉兩條風扇產線，風扇占營收的比重第一次低於五成。",
    ),
    essay(
        "越南廠的第一年",
        date(2025, 3, 3),
        "奇鋐（3017）把水冷板產能移到越南，第一年的良率只有六成五，折舊吃掉兩成毛利。",
        "奇鋐與雙鴻（3324）的報價差距縮小到百分之五，客戶開始要求兩家同時供貨。",
    ),
    essay(
        "接頭的生意",
        date(2025, 8, 20),
        "奇鋐（3017）的快接頭一年出貨兩百萬個，單價從四十美元跌到二十八美元。",
        "奇鋐買下一家德國接頭廠，取得十一項專利，交易金額三億美元。",
    ),
    essay(
        "機櫃的水路",
        date(2026, 6, 1),
        "奇鋐（3017）在第二季拿下四成的分歧管訂單，資本支出提高到一百二十億元。",
        "雲端業者把驗證期從九個月縮短到五個月，奇鋐因此提早半年量產。",
    ),
    essay(
        "例外的一家",
        date(2022, 1, 5),
        "例如嘉澤（3533）。連接器的交期已經拉長到三十週，價格上漲一成五，客戶仍在排隊。",
    ),
    essay("沒有日期的筆記", None, "奇鋐（3017）的冷卻液分配裝置一台賣三萬美元，毛利率超過四成。"),
    essay(
        "會員的內部估算",
        date(2026, 9, 9),
        MEMBERS_ONLY,
        "健策（3653）的均熱片也漲價一成五，蓋板的驗證還要兩季才會完成。",
        members=True,
    ),
]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("ticker")) as house:
        house.stage.bot.archive.add(ARCHIVE, NOW, news=False)
        yield house


def dates(heard: Heard) -> list[str]:
    """The dates under the sentences, as they stand on the card."""
    return _DATED.findall(heard.text)


def bars(part: Any) -> list[str]:
    """Heights of the boxes that the chart is drawn with."""
    if isinstance(part, list):
        return [height for each in part for height in bars(each)]
    if not isinstance(part, dict):
        return []
    own = [part["height"]] if "height" in part and "backgroundColor" in part else []
    return own + [height for value in part.values() for height in bars(value)]


def test_the_card_counts_and_dates_what_was_said(room: Newsroom) -> None:
    heard = room.someone()("3017")
    assert "奇鋐 3017" in heard
    assert "上市 · 6 篇文章 · 2023/02/10 至 2026/06/01" in heard
    assert "主題：散熱液冷" in heard
    assert "常一起提到：雙鴻" in heard


def test_the_newest_view_comes_first_and_what_bears_no_date_last(room: Newsroom) -> None:
    told = dates(room.someone()("3017"))
    quoted = told[:-1]  # the oldest view stands below
    assert quoted[0] == "2026/06/01"
    assert quoted[-1] == "日期未標示"
    assert quoted[:-1] == sorted(quoted[:-1], reverse=True)


def test_every_sentence_names_the_company(room: Newsroom) -> None:
    told = room.someone()("3324").text
    assert "奇鋐與雙鴻（3324）的報價差距" in told
    assert "第一年的良率" not in told


def test_a_card_without_a_sentence_that_names_the_company_quotes_nothing(room: Newsroom) -> None:
    heard = room.someone()("3533")
    assert "1 篇文章" in heard
    assert dates(heard) == []
    assert "相關文章" in heard.actions


def test_every_sentence_has_its_age_and_an_undated_one_claims_none(room: Newsroom) -> None:
    heard = room.someone()("3017")
    assert re.search(r"2023/02/10 · (\d 年多?前|將近 \d 年前)《三年前的看法》", heard.text)
    assert "日期未標示《沒有日期的筆記》" in heard


def test_the_oldest_view_is_shown_where_it_says_something_else(room: Newsroom) -> None:
    heard = room.someone()("3017")
    assert heard.text.index("最早的說法") < heard.text.index("只是型錄的最後一頁")


def test_mentions_over_time_are_drawn_as_boxes(room: Newsroom) -> None:
    heard = room.someone()("3017")
    assert len(bars(list(heard.messages))) == 8
    assert "26Q2" in heard
    assert "每季被提到幾次" in heard


def test_a_security_of_one_date_has_no_chart(room: Newsroom) -> None:
    assert "每季被提到幾次" not in room.someone()("3324")


def test_more_tells_what_the_card_did_not(room: Newsroom) -> None:
    phone = room.someone()
    first = phone("3017")
    second = phone.press(first, "更多")
    assert dates(first) and not second.silent
    assert not set(re.findall(r"^奇鋐[^\n]{20,}$", first.text, re.M)) & set(
        re.findall(r"^奇鋐[^\n]{20,}$", second.text, re.M)
    )
    assert "奇鋐" in second


def test_at_the_end_more_says_so(room: Newsroom) -> None:
    assert "就這些了" in room.someone()("個股 3017 第9頁")


def test_related_essays_are_listed_and_turned_over(room: Newsroom) -> None:
    phone = room.someone()
    first = phone.press(phone("3017"), "相關文章")
    assert "機櫃的水路" in first
    assert "三年前的看法" in phone("更多")


def test_an_unknown_question_about_a_security_is_searched_for(chat: Phone) -> None:
    chat("2330")
    assert "沒有「" not in chat("為什麼")


def test_a_security_is_watched_from_its_card(room: Newsroom) -> None:
    phone = room.someone()
    assert "已追蹤：奇鋐 3017" in phone.press(phone("3017"), "追蹤")


def test_a_friend_is_passed_a_public_quotation_with_date_and_source(room: Newsroom) -> None:
    for role in (Role.GUEST, Role.MEMBER):
        link = room.someone(role)("3017").actions["轉給朋友"]["uri"]
        (shared,) = parse_qs(urlsplit(link).query)["text"]
        assert link.startswith("https://line.me/R/share?text=")
        assert re.match(r"「.*奇鋐.+」\n——〈機櫃的水路〉2026-06-01\nhttp\S+/read/\d+", shared)
        assert "&t=" not in shared
        assert "八萬七千" not in shared


def test_a_friend_is_passed_whole_sentences_with_their_source(chat: Phone) -> None:
    link = chat("2330").actions["轉給朋友"]["uri"]
    (shared,) = parse_qs(urlsplit(link).query)["text"]
    quoted, source, *_ = shared.splitlines()
    assert quoted.startswith("「") and quoted.endswith(("。」", "？」", "!」", "？」"))
    assert re.match(r"——.*〈.+〉(\d{4}-\d\d-\d\d|日期未標示)$", source)


def test_a_members_essay_leaks_through_no_card_count_bar_or_name(room: Newsroom) -> None:
    guest, member = room.someone()("3017"), room.someone(Role.MEMBER)("3017")
    assert "6 篇文章" in guest
    assert "7 篇文章 · 2023/02/10 至 2026/09/09" in member
    assert "八萬七千" in member
    for secret in ("八萬七千", "內部估算", "2026/09", "26Q3", "健策"):
        assert secret not in guest


def test_what_only_members_read_of_is_unwritten_to_guests(room: Newsroom) -> None:
    assert "健策（3653）還沒有文章" in room.someone()("3653")
    assert "1 篇文章" in room.someone(Role.MEMBER)("3653")


def test_a_group_is_a_guest_even_when_a_member_asks(room: Newsroom) -> None:
    phone = room.cast.in_group()
    with room.work() as work:
        Club(work).memberships.grant(phone.owner.id, None, NOW)
        work.commit()
    assert "6 篇文章" in phone("羅盤3017")


@pytest.mark.parametrize("said", ["羅盤2330", "羅盤 台積電", "!2330"])
def test_a_group_gets_the_card_when_it_calls(cast: Cast, said: str) -> None:
    heard = cast.in_group()(said)
    assert "台積電 2330" in heard
    assert len(heard.messages) == 1


def test_a_mention_in_a_group_calls_too(crowd: Phone) -> None:
    assert "台積電 2330" in crowd("2330", mention=True)


@pytest.mark.parametrize("said", ["2330", "$2330", "台積電", "GG", "大量", "#CPO"])
def test_a_group_that_does_not_call_is_left_in_peace(crowd: Phone, said: str) -> None:
    assert crowd(said).silent


def test_a_group_that_wants_help_is_answered_to_a_sign_and_to_nothing_less(cast: Cast) -> None:
    crowd = cast.in_group()
    crowd("羅盤 主動幫忙")
    assert "台積電 2330" in crowd("$2330")
    assert crowd("2330").silent


@pytest.mark.parametrize(
    "typed", ["2330", "台積電", "台积电", "臺積電", "$TSM", "tsmc", "護國神山", "2330.TW", "台積電 2330", "２３３０"]
)
def test_a_security_is_known_by_all_its_names(chat: Phone, typed: str) -> None:
    assert "台積電" in chat(typed).text.splitlines()[0]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("辉达", "輝達 NVDA"), ("英伟达", "輝達 NVDA"), ("nvidia", "輝達 NVDA"), ("特斯拉", "特斯拉 TSLA")],
)
def test_foreign_companies_have_cards_too(chat: Phone, typed: str, name: str) -> None:
    assert name in chat(typed)


def test_an_ambiguous_name_is_a_choice_with_markets(chat: Phone) -> None:
    heard = chat("佳能")
    assert "是哪一檔" in heard
    assert {"佳能（7751）", "佳能（2374）"} <= set(heard.actions)
    assert "日股" in heard
    assert "佳能（2374）還沒有文章" in chat.press(heard, "佳能（2374）")


@pytest.mark.parametrize(
    ("typed", "near"), [("2334", "個股 2330.TWSE"), ("$NVDIA", "個股 NVDA.NASDAQ"), ("個股 台機電", "個股 2330.TWSE")]
)
def test_an_unknown_code_or_name_says_so_and_offers_the_closest(chat: Phone, typed: str, near: str) -> None:
    heard = chat(typed)
    assert "這個代號或名稱" in heard
    assert near in [action.get("data") for action in heard.actions.values()]


def test_a_known_company_without_an_essay_says_so_and_offers_to_tell(chat: Phone) -> None:
    heard = chat("2331")
    assert "精英（2331）還沒有文章" in heard
    assert "記下了" in chat.press(heard, "有文章再通知我")


@pytest.mark.parametrize(
    ("typed", "card"),
    [
        ("2330-TW", "上市 ·"),
        ("2330 TT", "上市 ·"),
        ("TPE:2330", "上市 ·"),
        ("2330.TW", "上市 ·"),
        ("NVDA US", "輝達"),
        ("nvda-us", "輝達"),
        ("2881A", "富邦特"),
        ("富邦金乙特", "2881B"),
        ("6555", "榮炭"),
        ("9988", "阿里巴巴"),
        ("BRK/B", "波克夏"),
        ("GOOG", "GOOGL"),
    ],
)
def test_a_code_is_understood_as_readers_write_it(chat: Phone, typed: str, card: str) -> None:
    assert card in chat(typed)


def test_a_card_links_to_the_page_that_the_operator_set(stage: LocalBot, chat: Phone) -> None:
    conversation = stage.bot.conversation
    plain = conversation.settings
    assert "看股價" not in chat("2330").actions
    try:
        conversation.settings = replace(plain, stock_page="https://stocks.example/{code}.html")
        assert chat("2330").actions["看股價"]["uri"] == "https://stocks.example/2330.html"
    finally:
        conversation.settings = plain


@pytest.mark.parametrize(
    "page", ["http://stocks.example/{code}", "https://stocks.example/", "https://{code}", "看股價"]
)
def test_a_stock_page_that_cannot_be_one_is_refused(page: str) -> None:
    told = Settings(luopan_stock_page=page).archive_problems()
    assert [line for line in told if "LUOPAN_STOCK_PAGE" in line]
    right = Settings(luopan_stock_page="https://stocks.example/q?s={code}")
    assert right.archive_problems() == []


def test_an_aspect_that_is_not_spoken_of_is_not_replaced_in_silence(chat: Phone) -> None:
    heard = chat("奇鋐和雙鴻的股利比一比")
    assert "沒有都談到股利的，先列營收" in heard
    assert "沒有都談到" not in chat("奇鋐 vs 雙鴻")


def test_a_sentence_on_both_is_shown_once(chat: Phone) -> None:
    heard = chat("奇鋐 vs 雙鴻")
    assert heard.text.count("目前營收的大宗仍是這一塊") == 1
    assert "兩家各 2 句" not in heard


@pytest.mark.parametrize("asked", ["奇鋐跟雙鴻比營收", "3017 和 3324 哪個營收高", "奇鋐和雙鴻誰的營收大"])
def test_two_are_compared_on_what_is_asked(chat: Phone, asked: str) -> None:
    heard = chat(asked)
    assert "奇鋐 vs 雙鴻" in heard
    assert "談營收" in heard
