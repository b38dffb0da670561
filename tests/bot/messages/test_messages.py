"""Answers as LINE messages: what a person sees, one to one and in a group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest

from bot.dev.simulator.limits import problems
from bot.messages import age, messages
from bot.messages.flex import ACCENT, CARD, HIGHLIGHT, INK, MUTED, TINT
from bot.messages.lists import ROOM, rows_section
from corpus.essay import Block, BlockKind, Essay, Visibility
from corpus.search.snippets import Snippet
from handlers.answer import (
    SILENCE,
    Answer,
    Button,
    Choice,
    Digest,
    EssayCard,
    Link,
    Outcome,
    Quote,
    TickerCard,
    error_answer,
    text_answer,
)
from handlers.identity import Chat, Place

TODAY = date(2026, 11, 21)
PERSON = Chat("U" + "1" * 32, Place.PERSON)
GROUP = Chat("C" + "2" * 32, Place.GROUP)
SENTENCE = "奇鋐（3017）的水冷板一年出貨三十萬片，占營收四成。"
SECRET = "會員才能讀的句子。"

COOLING = Essay(
    "水往低處流：液冷供應鏈",
    (Block(BlockKind.HEADING, "水冷板"), Block(BlockKind.TEXT, SENTENCE)),
    author="林怡君",
    source="產業週記",
    published=date(2025, 5, 14),
    tags=("散熱", "液冷"),
    id=7,
)
UNDATED = replace(COOLING, title="沒有日期的筆記", published=None, id=8)
MEMBERS = replace(
    COOLING,
    title="會員專題",
    blocks=(Block(BlockKind.TEXT, SECRET),),
    lead="人人可讀的前言。",
    visibility=Visibility.MEMBERS,
    id=9,
)
CARD_OF_COOLING = EssayCard(
    COOLING, (Snippet(SENTENCE, ((0, 2), (9, 12)), "水冷板", 3),), why=("奇鋐", "水冷板"), number=1
)
QUOTE = Quote(SENTENCE, COOLING, 3, ((0, 2),))


def shown(answer: Answer, chat: Chat = PERSON, **given: Any) -> list[dict[str, Any]]:
    settings: dict[str, Any] = {
        "today": TODAY,
        "public_url": "https://luopan.example",
        "reader_link": lambda essay, paragraph: f"/read/{essay.id}?p={paragraph}#p{paragraph}",
        "basic_id": "@luopan",
    }
    sent = messages(answer, chat=chat, **settings | given)
    assert not sent or problems(sent) == []
    return sent


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within the messages, in reading order."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(inner)


def words(value: Any) -> str:
    """All that can be read in the messages, a component a line."""
    texts = [part for part in parts(value) if part.get("type") == "text"]
    return "\n".join(part.get("text") or "".join(span["text"] for span in part["contents"]) for part in texts)


def actions(value: Any) -> list[dict[str, Any]]:
    return [part for part in parts(value) if part.get("type") in ("postback", "uri")]


def answer(*cards: EssayCard, **more: Any) -> Answer:
    return Answer(Outcome.ANSWER, cards=cards, **more)


@pytest.mark.parametrize(
    ("published", "told"),
    [
        (date(2026, 11, 21), "今天"),
        (date(2026, 11, 20), "昨天"),
        (date(2026, 11, 18), "3 天前"),
        (date(2026, 10, 22), "30 天前"),
        (date(2026, 10, 20), "1 個月前"),
        (date(2025, 5, 14), "1 年多前"),
        (date(2024, 11, 22), "將近 2 年前"),
        (date(2024, 11, 21), "2 年前"),
        (date(2020, 1, 1), "將近 7 年前"),
        (date(2026, 11, 23), "2 天後"),
        (None, "日期未標示"),
    ],
)
def test_the_age_of_an_essay_is_told_in_the_largest_honest_unit(published: date | None, told: str) -> None:
    assert age(published, TODAY) == told


def test_silence_is_no_message() -> None:
    assert shown(SILENCE) == shown(SILENCE, GROUP) == []


def test_a_card_says_where_the_passage_comes_from_how_old_it_is_and_why_it_is_here() -> None:
    read = words(shown(answer(CARD_OF_COOLING)))
    for expected in (
        COOLING.title,
        "2025/05/14 · 1 年多前 · #7\n產業週記 · 林怡君 · #散熱 #液冷",
        "水冷板",
        SENTENCE,
        "關鍵字：奇鋐、水冷板",
        "閱讀全文",
        "文章原文摘錄，非投資建議",
    ):
        assert expected in read


def test_an_undated_essay_claims_no_age() -> None:
    read = words(shown(answer(replace(CARD_OF_COOLING, essay=UNDATED))))
    assert "日期未標示" in read
    assert "前" not in read


def test_what_matched_is_bold_and_the_spans_are_the_verbatim_text() -> None:
    (spans,) = (
        part["contents"]
        for part in parts(shown(answer(CARD_OF_COOLING)))
        if "contents" in part and part["type"] == "text"
    )
    assert "".join(span["text"] for span in spans) == SENTENCE
    assert [span["text"] for span in spans if span.get("weight") == "bold"] == ["奇鋐", "水冷板"]


def test_marks_that_overlap_lie_outside_or_are_empty_do_no_harm() -> None:
    marks = ((3, 1), (5, 5), (-4, 2), (1, 4), (900, 999), (len(SENTENCE) - 1, len(SENTENCE) + 9))
    sent = shown(answer(EssayCard(COOLING, (Snippet(SENTENCE, marks),))))
    spans = [part for part in parts(sent) if part.get("type") == "span"]
    assert "".join(span["text"] for span in spans) == SENTENCE
    assert [span["text"] for span in spans if "weight" in span] == ["奇鋐（3", "。"]


def test_a_full_text_link_opens_the_reader_at_the_quoted_paragraph() -> None:
    uris = {pressed["uri"] for pressed in actions(shown(answer(CARD_OF_COOLING))) if pressed["type"] == "uri"}
    assert uris == {"https://luopan.example/read/7?p=3#p3"}


def test_without_a_reader_page_the_essays_own_address_serves_if_it_has_one() -> None:
    assert actions(shown(answer(CARD_OF_COOLING), reader_link=lambda *_: "")) == []
    known = replace(CARD_OF_COOLING, essay=replace(COOLING, url="https://example.com/散熱"))
    for nowhere in ({"reader_link": lambda *_: ""}, {"public_url": ""}):
        uris = {pressed["uri"] for pressed in actions(shown(answer(known), **nowhere))}
        assert [unquote(uri) for uri in uris] == ["https://example.com/散熱"]


def test_the_bot_may_live_below_a_path_of_its_host() -> None:
    uris = {pressed["uri"] for pressed in actions(shown(answer(CARD_OF_COOLING), public_url="https://x.tw/luopan/"))}
    assert uris == {"https://x.tw/luopan/read/7?p=3#p3"}


def test_several_essays_are_a_carousel_of_at_most_five_one_to_one() -> None:
    (message,) = shown(answer(*[replace(CARD_OF_COOLING, number=n) for n in range(1, 9)]))
    assert message["contents"]["type"] == "carousel"
    assert len(message["contents"]["contents"]) == 5
    assert "第 5 篇" in words(message)


def test_several_essays_are_one_bubble_in_a_group_each_with_its_link() -> None:
    (message,) = shown(answer(*[replace(CARD_OF_COOLING, number=n) for n in range(1, 9)]), GROUP)
    assert message["contents"]["type"] == "bubble"
    assert words(message).count("閱讀全文 ›") == 3
    assert words(message).count("文章原文摘錄，非投資建議") == 1


def test_a_bubble_in_a_group_names_the_question_and_a_text_quotes_it() -> None:
    asked = {"question": "液冷的水冷板到底一年可以出貨多少片呢請告訴我", "quote_token": "token"}
    (bubble,) = shown(answer(CARD_OF_COOLING), GROUP, **asked)
    assert words(bubble).startswith("回覆：液冷的水冷板到底一年可以出貨多少片呢請…\n")
    assert shown(text_answer("不客氣"), GROUP, **asked) == [{"type": "text", "text": "不客氣", "quoteToken": "token"}]
    assert shown(text_answer("不客氣"), PERSON, **asked) == [{"type": "text", "text": "不客氣"}]


def test_a_short_text_leads_the_bubble_and_a_long_one_stands_alone() -> None:
    (bubble,) = shown(answer(CARD_OF_COOLING, text="我不看即時股價"))
    assert words(bubble).startswith("我不看即時股價")
    assert [message["type"] for message in shown(answer(CARD_OF_COOLING, text="長" * 400), GROUP)] == ["text", "flex"]


def test_a_locked_essay_shows_its_lead_and_nothing_else() -> None:
    locked = EssayCard(MEMBERS, (Snippet(SECRET),), locked=True, number=1)
    for chat in (PERSON, GROUP):
        sent = shown(answer(locked, CARD_OF_COOLING), chat) + shown(answer(locked), chat)
        assert "會員專屬" in words(sent)
        assert "人人可讀的前言。" in words(sent)
        assert SECRET not in str(sent)


def test_a_locked_essay_in_a_group_points_its_members_to_the_one_to_one_chat() -> None:
    sent = shown(answer(EssayCard(MEMBERS, (), locked=True)), GROUP)
    (private,) = [pressed for pressed in actions(sent) if pressed["label"] == "會員私訊看全文"]
    assert unquote(private["uri"]) == "https://line.me/R/oaMessage/@luopan/?找 會員專題"


def test_no_notification_says_a_word_of_a_members_only_text() -> None:
    unlocked = EssayCard(MEMBERS, (Snippet(SECRET),))
    digest = Answer(Outcome.THEME, digest=Digest("散熱", (Quote(SECRET, MEMBERS, 0),)))
    for told in (answer(unlocked), answer(unlocked, unlocked), digest):
        (message,) = shown(told)
        assert SECRET in words(message)
        assert SECRET not in message["altText"]
        assert "會員文章《會員專題》" in message["altText"]


def test_a_locked_essay_without_a_lead_quotes_nothing() -> None:
    locked = EssayCard(Essay("會員專題", (), visibility=Visibility.MEMBERS, id=8), (), locked=True)
    read = words(shown(answer(locked)))
    assert "這篇只給會員看" in read
    assert "文章原文摘錄" not in read


def test_a_digest_says_each_heading_once() -> None:
    other = Essay("另一篇", (), id=99)
    quotes = (Quote("甲句。", COOLING, 0), Quote("乙句。", other, 0), Quote("丙句。", COOLING, 1))
    assert words(shown(Answer(Outcome.THEME, digest=Digest("散熱", quotes)))).count(COOLING.title) == 1


def test_a_notification_says_title_and_first_words() -> None:
    (message,) = shown(answer(CARD_OF_COOLING))
    assert message["altText"] == f"《{COOLING.title}》{SENTENCE}"


def test_buttons_are_typed_commands_shown_one_to_one_and_quiet_in_a_group() -> None:
    more = Button("更多", "找 散熱 第2頁")
    one_to_one = shown(answer(CARD_OF_COOLING, buttons=(more,)))[-1]["quickReply"]["items"][0]["action"]
    assert one_to_one == {"type": "postback", "label": "更多", "data": "找 散熱 第2頁", "displayText": "更多"}
    (bubble,) = shown(answer(CARD_OF_COOLING, buttons=(more,)), GROUP)
    assert "quickReply" not in bubble
    assert {"type": "postback", "label": "更多", "data": "找 散熱 第2頁"} in actions(bubble)


def test_a_command_that_does_not_fit_a_button_is_left_out_rather_than_cut() -> None:
    fits, too_long = Button("短", "找 " + "長" * 298), Button("長", "找 " + "長" * 299)
    (message,) = shown(error_answer("還沒有", fits, too_long))
    assert [item["action"]["label"] for item in message["quickReply"]["items"]] == ["短"]
    assert shown(error_answer("還沒有", too_long), GROUP) == [{"type": "text", "text": "還沒有"}]


def test_buttons_without_any_bubble_get_one_in_a_group() -> None:
    (message,) = shown(error_answer("還沒寫到", Button("有文章再通知我", "有文章再通知我 量子")), GROUP)
    assert message["type"] == "flex"
    assert words(message) == "還沒寫到\n有文章再通知我"


def test_a_link_outlasts_the_quick_replies() -> None:
    (message,) = shown(text_answer("後台", Link("打開後台", "https://luopan.example/desk/"), Button("說明", "說明")))
    assert [part["uri"] for part in parts(message["contents"]) if part.get("type") == "uri"] == [
        "https://luopan.example/desk/"
    ]
    assert [item["action"]["label"] for item in message["quickReply"]["items"]] == ["說明"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://", "", "https://x/" + "a" * 1000]
)
def test_a_link_nobody_should_follow_is_no_button(url: str) -> None:
    assert shown(text_answer("看這裡", Link("打開", url))) == [{"type": "text", "text": "看這裡"}]


def test_choices_stand_in_the_bubble_with_number_and_reason_everywhere() -> None:
    choices = (Choice("力成 6239", "個股 6239", "名字相近"), Choice("都不是", "都不是 力成"))
    for chat in (PERSON, GROUP):
        (message,) = shown(Answer(Outcome.CHOICES, "是哪一個？", choices=choices), chat)
        assert words(message) == "是哪一個？\n1\n力成 6239\n名字相近\n2\n都不是"
        assert [pressed["data"] for pressed in actions(message)] == ["個股 6239", "都不是 力成"]
        assert message["altText"] == "是哪一個？ 1. 力成 6239 2. 都不是"


def test_rows_are_a_table_under_its_text() -> None:
    (message,) = shown(Answer(Outcome.SAID, "自選", rows=(("台積電 2330", "12 篇，2026/11"), ("世芯-KY", ""))))
    assert words(message) == "自選\n台積電 2330\n12 篇，2026/11\n世芯-KY"


def ticker(**changes: Any) -> Answer:
    card = TickerCard(
        "3017", "TWSE", "奇鋐", 12, date(2024, 8, 1), date(2026, 11, 3), (("25Q4", 0), ("26Q1", 2), ("26Q2", 8)),
        (QUOTE, Quote("沒有日期的看法。", UNDATED, 0)), Quote("散熱只是附屬品。", COOLING, 1), ("散熱",), ("雙鴻", "台達電"),
        (Button("追蹤", "追蹤 3017"),),
    )  # fmt: skip
    return Answer(Outcome.TICKER, ticker=replace(card, **changes))


def test_a_ticker_card_dates_every_sentence_and_links_it() -> None:
    (message,) = shown(ticker())
    read = words(message)
    for expected in (
        "奇鋐 3017",
        "上市 · 12 篇文章 · 2024/08/01 至 2026/11/03",
        f"2025/05/14 · 1 年多前《{COOLING.title}》",
        "日期未標示《沒有日期的筆記》",
        "最早的說法\n散熱只是附屬品。",
        "主題：散熱",
        "常一起提到：雙鴻、台達電",
        "追蹤",
    ):
        assert expected in read
    assert "https://luopan.example/read/7?p=3#p3" in [pressed.get("uri") for pressed in actions(message)]


def test_the_bars_are_as_tall_as_the_mentions() -> None:
    bars = [part for part in parts(shown(ticker())) if part.get("backgroundColor") and "height" in part]
    assert [bar["height"] for bar in bars] == ["2px", "10px", "40px"]
    assert "25Q4" in words(shown(ticker()))
    assert "25Q4" not in words(shown(ticker(bars=(("25Q4", 3),))))  # one bar is no chart


def test_a_digest_groups_its_sentences_under_their_essays() -> None:
    quotes = (QUOTE, Quote("第二句。", COOLING, 4), Quote("別篇的一句。", UNDATED, 0))
    digest = Digest(
        "散熱", quotes, "3 篇新文章，自 11/14 以來", ("奇鋐 3017",), (MEMBERS,), (Button("訂閱 散熱", "訂閱 散熱"),)
    )
    read = words(shown(Answer(Outcome.THEME, digest=digest)))
    assert read.count(COOLING.title) == 1
    for expected in (
        "3 篇新文章，自 11/14 以來",
        "提到：奇鋐 3017",
        "第二句。",
        "日期未標示",
        "延伸閱讀",
        "訂閱 散熱",
        "非投資建議",
    ):
        assert expected in read


def test_words_are_readable_on_the_ground_they_stand_on() -> None:
    for ink in (INK, MUTED, ACCENT, HIGHLIGHT):
        assert _contrast(ink, CARD) >= 4.5
        assert _contrast(ink, TINT) >= 4.5


def _contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two #RRGGBB colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_an_answer_in_a_group_is_one_passage_and_two_buttons() -> None:
    asked = answer(
        *[replace(CARD_OF_COOLING, number=n) for n in range(1, 5)],
        buttons=(Button("更多", "找 散熱 第2頁"), Button("#散熱", "主題 散熱"), Button("台積電", "個股 2330")),
        command="找 散熱",
    )
    (message,) = shown(asked, GROUP)
    assert words(message).count(SENTENCE) == 1
    labels = [pressed["label"] for pressed in actions(message)]
    assert labels[-1] == "看更多"
    assert "台積電" not in labels
    assert "更多" not in labels


@pytest.mark.parametrize(
    ("rows", "least", "most"),
    [
        ([("收藏", "把文章留下來慢慢看，之後在清單裡找")], 3, 6),
        ([("一則回覆答的是哪一題", "24 小時")], 11, 15),
        ([("找 關鍵字", "在文章裡找答案，附出處")], 5, 9),
    ],
)
def test_a_tables_columns_are_as_wide_as_their_texts_ask_for(
    rows: list[tuple[str, str]], least: int, most: int
) -> None:
    (drawn,) = rows_section(rows).sections
    what, about = (column["flex"] for column in drawn["contents"])
    assert least <= what <= most
    assert what + about == ROOM
