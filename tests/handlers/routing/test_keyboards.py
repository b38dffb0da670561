"""What has to be typed is begun already: buttons that open the keyboard, and clocks and calendars to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.messages.actions import action
from handlers.answer import keyboard
from handlers.identity import Chat, Place, Role
from tests.support.newsroom import Newsroom, draft, newsroom, published
from tests.support.phones import Cast, Phone


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("room")) as made:
        yield made


def begun(action: dict[str, Any]) -> str:
    assert action["inputOption"] == "openKeyboard"
    return str(action["fillInText"])


@pytest.mark.parametrize(
    ("said", "label", "fills"),
    [
        ("找", "找…", "找 "),
        ("說明", "打字問", "找 "),
        ("追蹤", "追蹤…", "追蹤 "),
        ("訂閱", "訂閱…", "訂閱 "),
        ("開通", "輸入開通碼", "開通 "),
        ("會員", "輸入開通碼", "開通 "),
        ("沒答到", "沒答到…", "沒答到 "),
        ("有文章再通知我", "等一個主題", "有文章再通知我 "),
        ("通知清單", "等一個主題", "有文章再通知我 "),
        ("比較", "比較…", "比較 "),
        ("作者", "作者…", "作者 "),
        ("作者 林以晨", "在他的文章裡找", "作者 林以晨 "),
        ("客服電話", "問編輯", "問編輯 "),
        ("要怎麼訂閱", "訂閱", "訂閱 "),
    ],
)
def test_a_command_without_what_it_needs_opens_the_keyboard(chat: Phone, said: str, label: str, fills: str) -> None:
    assert begun(chat(said).actions[label]) == fills


def test_a_note_to_a_kept_passage_is_begun(chat: Phone) -> None:
    kept = chat.press(chat("氣冷的機房設計以每櫃多少千瓦為上限"), "收藏這段")
    assert begun(kept.actions["加備註"]).startswith("收藏這段 ")


def test_the_label_can_be_typed_where_no_keyboard_opens(chat: Phone) -> None:
    heard = chat("追蹤")
    assert "要追蹤哪一檔" in chat.press(heard, "追蹤…")  # LINE on a computer
    assert "要追蹤哪一檔" in chat("追蹤…")


def test_a_group_sees_nobodys_keyboard(crowd: Phone) -> None:
    assert all("inputOption" not in one for one in crowd("羅盤 追蹤").actions.values())


def test_what_is_filled_in_is_cut_to_what_line_takes() -> None:
    pressed = action(keyboard("問編輯", typed="字" * 400), Chat("U1", Place.PERSON))
    assert pressed is not None
    assert len(pressed["fillInText"]) <= 300


def test_the_time_of_the_digest_is_picked_at_a_clock(chat: Phone) -> None:
    chat("訂閱 散熱")
    clock = chat("改時間").actions["挑別的時間"]
    assert (clock["type"], clock["mode"], clock["data"]) == ("datetimepicker", "time", "每日")
    post = chat.stage.platform.press(chat.chat_id, chat.owner.id, clock, {"time": "21:40"})
    assert "每日 21:40" in chat.hear(post)


def test_an_editor_picks_days_and_times_and_goes_on_from_the_old_title(room: Newsroom) -> None:
    editor = room.someone(Role.MODERATOR)
    number = draft(editor)
    press = editor.stage.platform.press
    calendar = editor(f"改 {number} 日期").actions["挑日期"]
    assert (calendar["type"], calendar["mode"]) == ("datetimepicker", "date")
    assert "2026/03/05" in editor.hear(press(editor.chat_id, editor.owner.id, calendar, {"date": "2026-03-05"}))
    title = editor(f"改 {number} 標題")
    assert begun(title.actions["照原來的改"]).startswith(f"改 {number} 標題 ")
    assert len(begun(title.actions["照原來的改"])) > len(f"改 {number} 標題 ")
    both = editor(f"排程 {number}").actions["挑時間"]
    assert (both["type"], both["mode"]) == ("datetimepicker", "datetime")
    post = press(editor.chat_id, editor.owner.id, both, {"datetime": "2099-12-01T08:30"})
    assert "08:30" in editor.hear(post)


def test_the_words_of_a_correction_are_begun(room: Newsroom) -> None:
    editor = room.someone(Role.MODERATOR)
    number = published(editor)
    assert begun(editor(f"更正 {number} 不在裡面的字=別的").actions[f"更正 {number}…"]).startswith(f"更正 {number} ")


def test_a_passage_can_be_copied_with_its_source(cast: Cast) -> None:
    copied = cast.person()("氣冷的機房設計以每櫃多少千瓦為上限").actions["複製引用"]
    assert copied["type"] == "clipboard"
    assert len(copied["clipboardText"]) <= 1000
