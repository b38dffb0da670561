"""A correction shows what it changes: before it is published, in the notice to those who were sent the essay, on its page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.identity import Role
from tests.support.newsroom import Newsroom, draft, essay, newsroom, published
from tests.support.phones import Phone

YEARS = """兩年的帳

2026年3月5日

從 2020 年到現在，接頭的占比一直是 20%，客戶說明年會到 20.5%，目前只有 20 家供應商在排隊等認證。

良率不到 20%，毛利就回不來，這是供應商最怕的一件事，也是為什麼報價遲遲談不下來的原因。"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("corrections")) as room:
        yield room


def test_each_place_is_shown_as_it_is_and_as_it_will_be_before_it_is_replaced(desk: Phone, reader: Phone) -> None:
    number = published(desk, YEARS)
    shown = desk(f"更正 {number} 20=30")
    assert "「20」→「30」，3 處" in shown
    assert "占比一直是 20%" in shown
    assert "占比一直是 30%" in shown
    assert "良率不到 30%" in shown
    assert "3030" not in shown
    assert "30.5" not in shown
    assert "占比一直是 20%" in reader(f"讀 {number} 占比")
    desk.press(shown, "發布")
    read = reader(f"讀 {number} 占比")
    assert "從 2020 年" in read
    assert "占比一直是 30%" in read
    assert "只出現在「2020」裡面" in desk(f"更正 {number} 202=303")


def test_words_inside_longer_ones_of_the_lead_are_named_with_these(desk: Phone) -> None:
    number = draft(desk, YEARS)
    desk(f"會員專屬 {number}")
    desk(f"改 {number} 前言 今年成長 130% 的一家公司")
    assert "只出現在「130」裡面" in desk(f"改 {number} 換字 30=40")


def test_correcting_what_is_withdrawn_says_that_it_stays_so(desk: Phone, reader: Phone) -> None:
    number = published(desk, essay("水鹿狗"))
    desk(f"撤回 {number} 確定")
    shown = desk(f"更正 {number} 三萬美元=五萬美元")
    assert "已經撤回" in shown
    assert "還是撤回的，誰都查不到" in desk.press(shown, "發布")
    assert "沒有這篇文章" in reader(f"讀 {number}")


def test_the_notice_of_a_correction_says_what_changed_but_not_what_is_for_members(room: Newsroom, desk: Phone) -> None:
    number = published(desk, essay("綠頭鴨"))
    seen = room.someone()
    seen("綠頭鴨")
    told = desk.press(desk(f"更正 {number} 三萬美元=五萬美元"), "發布")
    desk.press(desk.press(told, "通知更正"), "確定通知")
    room.later(minutes=4)
    assert "三萬美元" in room.heard(seen)[-1]
    assert "五萬美元" in room.heard(seen)[-1]
    locked = published(desk, essay("白頭翁"), "會員專屬")
    seen("白頭翁")
    told = desk.press(desk(f"更正 {locked} 三萬美元=五萬美元"), "發布")
    desk.press(desk.press(told, "通知更正"), "確定通知")
    room.later(minutes=4)
    assert "白頭翁的故事〉改過了" in room.heard(seen)[-1]
    assert "萬美元" not in room.heard(seen)[-1]


def test_who_publishes_what_is_known_is_not_told_of_news(desk: Phone) -> None:
    published(desk, essay("黑面琵鷺"), how="上架並通知")
    again = desk(f"發布 {draft(desk, essay('黑面琵鷺') + '補上一句。')} 上架並通知")
    assert "不通知任何人" in again
    assert "開始通知" not in again


def test_a_long_list_of_drafts_has_pages(room: Newsroom) -> None:
    editor = room.someone(Role.EDITOR)
    numbers = [draft(editor, essay(f"第{n}號")) for n in range(11)]
    first = editor("草稿")
    assert numbers[-1] in first
    assert f"{numbers[0]} 第0號" not in first
    assert f"{numbers[0]} 第0號" in editor.press(first, "下一頁")
    editor("草稿")
    assert f"{numbers[0]} 第0號" in editor("更多")


def test_the_page_says_when_an_essay_was_corrected_and_not_of_one_that_was_taken_back(
    room: Newsroom, desk: Phone
) -> None:
    number = published(desk, essay("黃魚鴞"))
    client = room.stage.bot.app.test_client()
    assert "更正於" not in client.get(f"/read/{number}").text
    told = desk.press(desk(f"更正 {number} 三萬美元=五萬美元"), "發布")
    assert "更正於" in client.get(f"/read/{number}").text
    assert "取消了〈黃魚鴞的故事〉的更正" in desk.press(told, "取消")
    assert "更正於" not in client.get(f"/read/{number}").text
