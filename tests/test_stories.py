"""What people do with the bot, told through the front door."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from handlers.commands import COMMANDS
from tests.support.phones import Cast, Phone


def test_a_question_is_answered_with_a_dated_quotation_and_its_source(chat: Phone) -> None:
    heard = chat("液冷")
    assert "文章原文摘錄，非投資建議" in heard
    assert "閱讀全文" in heard.actions
    assert "前" in heard or "日期未標示" in heard


def test_more_goes_on_and_a_number_opens_an_essay(chat: Phone) -> None:
    first = chat("台積電 先進封裝")
    second = chat("更多")
    assert second.text != first.text
    assert not second.silent
    assert chat("第 1 篇").text


def test_a_follow_up_without_a_past_says_so(chat: Phone) -> None:
    assert "忘了" in chat("更多")


def test_a_bare_code_one_to_one_gives_the_card(chat: Phone) -> None:
    heard = chat("2330")
    assert "台積電" in heard
    assert {"相關文章", "追蹤", "轉給朋友"} <= set(heard.actions)


@pytest.mark.parametrize("typed", ["台積電", "$TSM", "tsmc", "台积电", "護國神山", "2330"])
def test_a_security_is_known_by_its_other_names(chat: Phone, typed: str) -> None:
    assert "台積電" in chat(typed)


def test_an_unknown_code_says_so(chat: Phone) -> None:
    assert "沒有「$ZZZZQ」" in chat("$ZZZZQ")


def test_prices_and_advice_are_refused_and_then_quoted(chat: Phone) -> None:
    heard = chat("台積電現在多少？")
    assert "我不看即時股價，也不給買賣建議" in heard
    for asked in ("鴻海可以買嗎", "多少錢買台積電", "台積電什麼價位進場"):
        assert "我不看即時股價，也不給買賣建議" in chat(asked)
    assert "不給買賣建議" not in chat("台積電花多少錢買設備"), "what companies buy may be asked"


def test_what_is_not_written_is_one_honest_line_with_a_wish(chat: Phone) -> None:
    heard = chat("鈉離子電池的回收補貼怎麼申請")
    assert "還沒" in heard
    assert len(heard.messages) == 1
    assert "記下了" in chat.press(heard, "有文章再通知我")


def test_themes_are_listed_and_digested(chat: Phone) -> None:
    assert "篇" in chat("主題")
    assert "文章原文摘錄，非投資建議" in chat("#散熱")
    assert chat("主題 散熱").text == chat("＃散熱").text


def test_thanks_get_a_word_one_to_one_and_silence_in_a_group(chat: Phone, crowd: Phone) -> None:
    assert chat("謝謝")
    assert crowd("謝謝").silent
    assert crowd("羅盤 謝謝").silent


@pytest.mark.parametrize(
    "said", ["2330", "GG", "大量", "今天天氣真好", "散熱", "更多", "謝謝羅盤", "這檔可以買嗎", "！哈哈"]
)
def test_a_group_is_left_in_peace(crowd: Phone, said: str) -> None:
    assert crowd(said).silent


@pytest.mark.parametrize("said", ["羅盤 散熱", "羅盤散熱", "羅盤，散熱", "羅盤2330", "！找 散熱", "！2330"])
def test_a_group_is_answered_in_one_bubble_when_it_calls(cast: Cast, said: str) -> None:
    heard = cast.in_group()(said)
    assert len(heard.messages) == 1


def test_a_mention_calls_too(crowd: Phone) -> None:
    assert len(crowd("散熱", mention=True).messages) == 1


def test_a_repeat_in_a_group_is_one_line_that_points_to_the_essay(cast: Cast) -> None:
    where = cast.group()
    first, second = cast.in_group(where, 0), cast.in_group(where, 1)
    assert not first("羅盤 液冷").silent
    heard = second("羅盤 液冷")
    assert "剛剛答過了" in heard
    assert heard.messages[0]["type"] == "text"


def test_command_words_forgive_small_slips(chat: Phone) -> None:
    assert chat("hlep").text == chat("說明").text
    assert chat("最心").text == chat("最新").text


def test_the_guide_names_every_command_a_guest_may_use_a_page_at_a_time(chat: Phone) -> None:
    pages = [chat("全部指令")]
    while "更多" in pages[-1].actions:
        pages.append(chat("更多"))
    guide = "\n".join(page.text for page in pages)
    for command in COMMANDS:
        if not command.hidden and not command.role:
            assert command.help in guide


def test_help_begins_with_five_examples_that_work_by_press_and_by_number(cast: Cast) -> None:
    phone = cast.person()
    heard = phone("說明")
    assert [f"\n{number}\n" in heard.text for number in range(1, 7)] == [True] * 5 + [False]
    assert "台積電 2330" in phone.press(heard, "台積電")
    phone("help")
    assert "已訂閱" in phone("4")
    assert "全部指令：" in phone.press(heard, "全部指令")


def test_a_group_gets_a_short_guide(crowd: Phone) -> None:
    assert crowd("羅盤 說明").text.count("\n") < 20


def test_being_followed_and_invited_is_greeted_once(cast: Cast) -> None:
    someone = cast.person()
    assert "不給買賣建議" in someone.hear(cast.stage.platform.follow(someone.owner.id))
    where = cast.group()
    member = cast.in_group(where)
    assert "不賣東西" in member.hear(cast.stage.platform.join(where.id))


def test_a_group_can_send_the_bot_away(cast: Cast) -> None:
    crowd = cast.in_group()
    assert "再見" in crowd.press(crowd("羅盤 掰掰羅盤"), "離開群組")
    assert crowd.where is not None
    ends = time.monotonic() + 60
    while cast.stage.platform.chats.group(crowd.where.id).joined and time.monotonic() < ends:
        time.sleep(0.01)
    assert not cast.stage.platform.chats.group(crowd.where.id).joined


def test_members_essays_show_their_lead_only_to_guests(chat: Phone) -> None:
    heard = chat("記憶體 缺貨")
    assert "會員專屬" in heard or "記憶體" in heard


def test_saving_and_finding_again(chat: Phone) -> None:
    heard = chat("找 液冷")
    assert "已收藏" in chat.press(heard, "收藏")
    assert "閱讀全文" in chat("我的收藏").actions


def test_everything_kept_of_a_person_can_be_seen_and_deleted(chat: Phone) -> None:
    chat.press(chat("找 液冷"), "收藏")
    assert "1 篇" in chat("我的資料")
    assert "都刪掉了" in chat.press(chat("刪除我的資料"), "確定刪除")
    assert "還沒有收藏" in chat("我的收藏")


@pytest.mark.parametrize("said", ["?", "!!!", "😀😀", "a" * 5000, '"AND (OR', "\u0000\ufffd", "。"])
def test_odd_input_gets_a_polite_answer(chat: Phone, said: str) -> None:
    heard = chat(said)
    assert "抱歉" not in heard
    assert not heard.silent


def test_a_terminal_is_a_phone_in_a_group_too(tmp_path: Path) -> None:
    typed = "今天天氣真好\n羅盤 說明\n\n"
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/luopan.db"}
    told = CliRunner().invoke(app, ["chat", "--group"], input=typed, env=settings)
    assert told.exit_code == 0
    assert "群組裡打「羅盤」開頭" in told.output
    assert "HTTP/1.1" not in told.output


def test_in_a_group_a_locked_essay_opens_the_private_chat(crowd: Phone) -> None:
    heard = crowd("羅盤 從選配到標配 液冷供應鏈的新秩序")
    assert "會員專屬" in heard
    link = heard.actions["會員私訊看全文"]["uri"]
    assert link.startswith("https://line.me/R/oaMessage/%40luopan/?")
