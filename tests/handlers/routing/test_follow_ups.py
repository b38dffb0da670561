"""What people say after an answer: more of it, one of it, the same about another name."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.identity import Role
from tests.support.phones import Cast, Heard, Phone

FORGOTTEN = "剛才聊到哪我忘了"
ALREADY = "剛剛答過了"


def titles(heard: Heard) -> list[str]:
    """The titles of the essay cards: they stand above their date."""
    return re.findall(r"^(.+)\n(?:\d{4}/\d\d/\d\d|日期未標示)[^\n]* · #\d+$", heard.text, re.MULTILINE)


def numbers(heard: Heard) -> list[str]:
    """The essays' own numbers."""
    return re.findall(r" · (#\d+)$", heard.text, re.MULTILINE)


# more


def test_in_a_group_more_and_more_again_turn_the_pages(cast: Cast) -> None:
    phone = cast.in_group()
    pages = [phone("羅盤 散熱"), phone("更多"), phone("更多")]
    assert len({titles(page)[0] for page in pages}) == 3


def test_in_a_group_more_goes_on_from_ones_own_question(cast: Cast) -> None:
    where = cast.group()
    first, second = cast.in_group(where, 0), cast.in_group(where, 1)
    first("羅盤 散熱")
    about_cooling = titles(first("更多"))
    about_light = titles(second("羅盤 矽光子"))
    heard = second("羅盤 更多")
    assert ALREADY not in heard
    assert not {*titles(heard)} & {*about_cooling, *about_light}


def test_who_is_pointed_to_an_answer_can_go_on_from_it(cast: Cast) -> None:
    where = cast.group()
    first, second = cast.in_group(where, 0), cast.in_group(where, 1)
    answered = first("羅盤 散熱")
    assert ALREADY in second("羅盤 散熱")
    heard = second("羅盤 更多")
    assert titles(heard) != titles(answered)
    assert FORGOTTEN not in heard


def test_a_repeat_is_pointed_to_the_very_paragraph(cast: Cast) -> None:
    where = cast.group()
    cast.in_group(where, 0)("羅盤 變壓器 交期 345 千伏")
    heard = cast.in_group(where, 1)("羅盤 散熱模組最怕改版")
    again = cast.in_group(where, 2)("羅盤 散熱模組最怕改版")
    assert re.search(r"/read/\d+\?p=[1-9]", again.text), heard.text


def test_a_quoted_bubble_is_gone_on_from_where_it_was(cast: Cast) -> None:
    phone = cast.in_group()
    phone("羅盤 散熱")
    second = phone("更多")
    bubble = [said for said in cast.stage.platform.history(phone.chat_id) if said.sender is None][-1]
    third = phone("更多", quote=bubble.id)
    assert titles(third) and titles(third) != titles(second)


def test_beyond_the_last_page_there_is_no_more(chat: Phone) -> None:
    heard = chat("台積電 先進封裝")
    for _ in range(9):
        heard = chat("更多")
    assert "沒有更多了" in heard


def test_more_after_a_miss_does_not_repeat_the_miss(chat: Phone) -> None:
    assert "還沒寫到" in chat("台灣房價")
    assert "沒有更多了" in chat("更多")


def test_what_was_taken_back_is_gone_on_from_no_more(cast: Cast, chat: Phone) -> None:
    chat("散熱")
    platform = cast.stage.platform
    asked = [said for said in platform.history(chat.chat_id) if said.sender == chat.owner.id][-1]
    chat.hear(platform.unsend(asked.id))
    assert FORGOTTEN in chat("更多")


# one of it


def test_a_number_means_the_list_just_shown_and_a_sharp_the_essays_own(chat: Phone) -> None:
    listed = chat("最新")
    first, second = titles(listed)[:2]
    assert f"已收藏〈{first}〉" in chat("收藏 1")
    assert f"已收藏〈{second}〉" in chat("收藏 第 2 篇")
    assert f"已經收藏過了〈{second}〉" in chat("收藏第2篇")
    assert titles(chat("讀 2")) == [second]
    own = numbers(listed)[0]
    chat("散熱")
    for typed in (f"讀 {own}", own):
        assert titles(chat(typed)) == [first]


def test_a_button_means_its_own_essay_whatever_was_listed_since(chat: Phone) -> None:
    listed = chat("最新")
    chat("散熱")
    assert f"已收藏〈{titles(listed)[0]}〉" in chat.press(listed, "收藏")


def test_an_old_button_with_a_plain_number_still_means_its_own_essay(chat: Phone) -> None:
    listed = chat("最新")
    own = numbers(listed)[1].removeprefix("#")
    action = {"type": "postback", "label": "收藏", "data": f"收藏 {own}"}
    post = chat.stage.platform.press(chat.chat_id, chat.owner.id, action)
    assert f"已收藏〈{titles(listed)[1]}〉" in chat.hear(post)


def test_the_desk_counts_in_the_list_just_shown_too(cast: Cast) -> None:
    phone = cast.person()
    with UnitOfWork(cast.stage.bot.engine) as work:
        Club(work).people.set_role(phone.owner.id, Role.MODERATOR, datetime.now(UTC))
        work.commit()
    listed = phone("最新")
    assert f"〈{titles(listed)[1]}〉" in phone("撤回 2")
    phone("散熱")
    assert f"〈{titles(listed)[1]}〉" in phone(f"撤回 {numbers(listed)[1]}")


def test_opening_one_essay_keeps_the_list(chat: Phone) -> None:
    listed = titles(chat("台積電 先進封裝"))
    assert titles(chat("第 2 篇")) == [listed[1]]
    assert titles(chat("第 3 篇")) == [listed[2]]
    assert f"已收藏〈{listed[2]}〉" in chat("收藏")


@pytest.mark.parametrize("typed", ["第 0 篇", "第 9 篇", "0", "第十篇"])
def test_a_place_that_was_not_listed_is_none(chat: Phone, typed: str) -> None:
    chat("台積電 先進封裝")
    assert "剛才只有 3 篇" in chat(typed)


def test_further_reading_is_numbered_too(chat: Phone) -> None:
    chat("台積電 先進封裝")
    listed = chat("延伸 1")
    picked = chat("第 2 篇")
    assert titles(picked) == [titles(listed)[1]]
    assert "關鍵字：" not in picked


@pytest.mark.parametrize("typed", ["為什麼", "2", "第 2 篇", "更多", "還有嗎"])
def test_without_a_past_a_follow_up_says_so(chat: Phone, typed: str) -> None:
    assert FORGOTTEN in chat(typed)


def test_a_number_without_a_list_is_no_search_in_a_group_either(crowd: Phone) -> None:
    assert FORGOTTEN in crowd("羅盤 1")


@pytest.mark.parametrize("typed", ["讀 9", "讀 第 20 篇", "收藏 9", "取消收藏 第九篇", "延伸 9", "第 20 篇"])
def test_a_number_beyond_the_list_is_said_to_be_so(chat: Phone, typed: str) -> None:
    chat("台積電 先進封裝")
    assert "剛才只有 3 篇" in chat(typed)


@pytest.mark.parametrize("failed", ["台灣房價", "訂閱", "9527", "每天兩次", "$ZZZZZ"])
def test_a_line_that_failed_keeps_the_list(chat: Phone, failed: str) -> None:
    listed = titles(chat("最新"))
    chat(failed)
    assert titles(chat("第 2 篇")) == [listed[1]]


@pytest.mark.parametrize(
    ("typed", "place"),
    [("上一篇", 0), ("這篇", 1), ("下一篇", 2), ("第兩篇", 1), ("最後一篇", 4), ("閱讀全文", 1), ("全文", 1)],
)
def test_the_essays_beside_the_one_just_opened(chat: Phone, typed: str, place: int) -> None:
    listed = titles(chat("最新"))
    chat("2")
    assert titles(chat(typed)) == [listed[place]]


# buttons, typed


def test_every_button_of_the_last_answer_can_be_typed(cast: Cast) -> None:
    phone = cast.person()
    phone("2330")
    assert len(titles(phone("相關文章"))) > 1
    phone("訂閱 散熱")
    assert "已退訂：散熱" in phone("取消這次")
    assert "已訂閱：散熱" in phone("訂回來")


def test_a_choice_stands_in_the_bubble_under_the_number_that_picks_it(cast: Cast) -> None:
    phone = cast.person()
    heard = phone("改時間")
    assert "2\n每日 12:30" in heard.text
    assert "改好了：每日 12:30" in phone("2")
    phone("每天兩次")
    assert "改好了：每日 20:00" in phone("每日 20:00")


# comparing


def test_the_two_that_were_asked_about_are_compared(cast: Cast) -> None:
    phone = cast.person()
    assert "要比哪兩家" in phone("兩家比一比")
    phone("2330")
    phone("那日月光呢")
    assert "台積電 vs 日月光投控" in phone("兩家比一比")


# another name


def test_another_name_takes_the_place_of_the_first(chat: Phone) -> None:
    chat("台積電的 CoWoS 產能")
    heard = chat("那日月光呢")
    assert "日月光" in heard
    assert "關鍵字：台積電" not in heard


def test_another_name_after_a_card_gives_its_card(chat: Phone) -> None:
    chat("2330")
    assert "聯發科 2454" in chat("那聯發科呢").text.splitlines()[0]
    chat("主題 散熱")
    assert chat("那矽光子呢").text.startswith("矽光子 CPO")


def test_another_name_needs_no_past(chat: Phone) -> None:
    assert "聯發科 2454" in chat("那聯發科呢").text.splitlines()[0]


def test_a_question_of_its_own_is_no_other_name(chat: Phone) -> None:
    asked = "為什麼變壓器的交期一直縮不回來呢"
    alone = titles(chat(asked))
    chat("散熱")
    assert titles(chat(asked)) == alone


def test_another_aspect_takes_the_place_of_the_first(cast: Cast) -> None:
    phone = cast.person()
    assert "台積電 營益率" in (phone("台積電 毛利率"), phone("那營益率呢"))[1]
    assert "聯電 營益率" in phone("那聯電呢")


@pytest.mark.parametrize(
    ("asked", "then", "title"),
    [
        ("氣冷 2025年10月", "那2024年12月呢", "液冷是未來，但氣冷還沒下課"),
        ("降息 2025年12月", "10月呢", "降息不是開香檳"),
    ],
)
def test_another_time_takes_the_place_of_the_one_asked_about(chat: Phone, asked: str, then: str, title: str) -> None:
    assert "這段時間沒有寫到" in chat(asked)
    heard = chat(then)
    assert "這段時間沒有寫到" not in heard
    assert title in heard


def test_another_quarter_takes_the_place_of_the_one_asked_about(chat: Phone) -> None:
    chat("星巴克 換股 第二季")
    assert "星巴克 換股 Q3" in chat("那Q3呢")


def test_a_name_glued_to_a_latin_word_stays_a_name(chat: Phone) -> None:
    chat("遠傳ARPU")
    assert "台灣大 ARPU" in chat("台灣大呢")


def test_why_does_not_pile_up(chat: Phone) -> None:
    chat("變壓器 交期")
    once = chat("為什麼")
    assert chat("為什麼").text == once.text


# what to ask next


def test_the_next_questions_are_about_what_was_asked_and_quoted(chat: Phone) -> None:
    heard = chat("找 散熱")
    offered = [label for label, action in heard.actions.items() if action.get("data", "").startswith("個股")]
    assert all(name in heard.text for name in offered)
    assert "主題 散熱液冷" in [action.get("data") for action in heard.actions.values()]


@pytest.mark.parametrize(
    ("typed", "card"), [("台機電", "台積電 2330"), ("nvdia", "輝達 NVDA"), ("boradcom", "博通 AVGO")]
)
def test_a_misspelt_company_alone_gives_its_card(chat: Phone, typed: str, card: str) -> None:
    assert card in chat(typed).text.splitlines()[0]


def test_a_word_that_sounds_like_a_company_is_still_a_word(chat: Phone) -> None:
    assert "微星" not in chat("衛星").text.splitlines()[0]
