"""Slips at the desk cost nothing: what is no article, labels that keep their word, old buttons, somebody else's draft."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from corpus import library
from corpus.analysis.analysis import Analysis
from corpus.essay import Audience, Block, BlockKind, Essay
from corpus.intake.extracted import LeftOut, Reason
from handlers.club.club import Club
from handlers.club.drafts import DraftEndedError, new_draft
from handlers.editing.publishing_service import publish
from handlers.identity import Role
from tests.support.newsroom import CARS, COOLING, Newsroom, draft, essay, newsroom, planned, published
from tests.support.phones import Phone

SEVERAL = "".join(
    f"<article><h2>第{n}號產業觀察</h2><p>{text * 3}</p><p>{text[::-1]}</p></article>"
    for n, text in enumerate(
        (
            "航運的運價在夏天之後開始回落，貨主不再搶艙位，船公司把新船的交期往後延，碼頭的擁擠也慢慢緩解下來。",
            "面板廠關掉一座老舊的工廠，設備運往印度，留下的人改做車用顯示器，毛利因此比過去三年都好看。",
            "咖啡豆的報價受乾旱影響，烘焙商改簽一年的長約，連鎖店把中杯漲了五元，客人卻沒有變少。",
        ),
        1,
    )
)


def zipped(text: str) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("文章.txt", text)
    return written.getvalue()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("slips")) as room:
        yield room


@pytest.fixture
def editor(room: Newsroom) -> Phone:
    return room.someone(Role.EDITOR)


# what is no article


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("工具.exe", b"MZ" + b"\0" * 100, "是程式"),
        ("備份.txt", zipped(COOLING), "壓縮檔請先解開"),
        ("紀錄.txt", gzip.compress(COOLING.encode()), "請先解開"),
        ("照片.md", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "是圖片"),
        ("錄音.txt", b"ID3\x04\0\0" + bytes(range(256)), "是影音檔"),
        ("亂碼.txt", b"\xff\xfe" + bytes(range(1, 256)) * 8, "不是文字檔"),
    ],
)
def test_what_is_no_text_is_refused_and_what_to_send_instead_is_said(
    desk: Phone, name: str, data: bytes, what: str
) -> None:
    before = desk("草稿").text
    heard = desk.send(name, data)
    assert what in heard
    assert "請" in heard
    assert "登入" not in heard
    assert desk("草稿").text == before


def test_nothing_sent_in_the_middle_of_a_draft_is_swallowed(desk: Phone) -> None:
    number = desk("發文").text.split("：")[0].removeprefix("草稿 ")
    desk(essay("鶺鴒"))
    for name, data in (
        ("照片.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("IMG_1.jpg", b"\xff\xd8\xff\xe0" + bytes(300)),
    ):
        assert f"這則沒有收進草稿 {number}" in desk.send(name, data)
    sticker = desk.stage.platform.send_sticker(desk.chat_id, desk.owner.id)
    assert f"這則沒有收進草稿 {number}" in desk.hear(sticker)
    assert "是程式" in desk.send("工具.exe", b"MZ" + bytes(100))
    assert "電動車的下一張牌" in desk.send("另一篇.txt", CARS.encode()), "read as a draft of its own"
    assert "要發這篇嗎" in desk("https://example.com/a")
    assert "收到 1 則" in desk(f"草稿 {number}"), "and the draft holds what it held"
    desk(f"改 {number} 日期")
    assert "照片" not in desk.send("照片.png", b"\x89PNG").text


def test_headings_of_markdown_are_headings_of_the_essay(desk: Phone, room: Newsroom) -> None:
    number = published(desk, essay("鸕鶿") + "\n\n##誰會先漲價\n\n接頭的報價已經談到明年，分歧管還在等第三家。")
    read = room.someone()(f"讀 {number} 分歧管")
    assert "##" not in read
    understood = desk(f"更正 {number}")
    assert "2 個小標" in understood


def test_a_pasted_text_that_speaks_of_logging_in_is_no_teaser(desk: Phone) -> None:
    desk("發文")
    desk(essay("海豹") + "\n\n很多媒體在文末寫「登入後閱讀全文」，讀者因此離開，廣告收入反而少了一成。")
    assert "登入才看得到" not in desk("完成")
    desk("發文")
    desk("海象的故事\n\n登入後閱讀全文\n\n" + essay("海象").split("\n", 1)[1])
    assert "登入才看得到" not in desk("完成")


def test_a_pasted_teaser_is_told_what_to_paste_instead(desk: Phone) -> None:
    desk("發文")
    desk(essay("海牛") + "\n\n登入後閱讀全文")
    heard = desk("完成")
    assert "把全文貼上" in heard
    assert "請改用貼上" not in heard
    number = heard.text.split("重貼 ", 1)[1].split("」", 1)[0]
    assert "把文章貼上來" in desk(f"重貼 {number}")


# what the bot shows


def test_the_card_of_a_members_draft_shows_what_everybody_may_see(desk: Phone) -> None:
    number = draft(desk, essay("貓熊"), "會員專屬")
    assert "前言 這是人人看得到的前言。" in " ".join(desk(f"草稿 {number}").text.split())
    assert "前言 不放" in " ".join(desk(f"改 {number} 前言 不放").text.split())
    assert "前言" not in desk(f"公開 {number}")


def test_several_are_counted_and_listed_before_and_after_they_are_published(desk: Phone) -> None:
    desk("發文")
    desk(f"<html><body>{SEVERAL}</body></html>")
    number = desk.press(desk("完成"), "公開").actions["先不填"]["data"].split()[1]
    desk(f"改 {number} 日期 先不填")
    asked = desk(f"發布 {number}")
    assert "等 3 篇" in asked
    for n in range(1, 4):
        assert f"{number}-{n}" in asked
        assert f"第{n}號產業觀察" in asked
    assert "3 篇" in desk(f"排程 {number} 明天 08:30")
    done = desk(f"發布 {number} 只上架")
    assert "上架了：3 篇" in done
    assert "第3號產業觀察" in done


def test_the_audit_speaks_in_words(desk: Phone) -> None:
    number = published(desk, essay("白鯨"))
    desk.press(desk(f"推播 {number}"), "確定推播")
    desk.press(desk("取消"), "取消〈白鯨的故事〉的推播")
    desk.press(desk(f"更正 {number}"), "改標題")
    told = desk(f"修改紀錄 {number}")
    for word in ("上架", "推播", "取消"):
        assert word in told
    for code in ("push", "publish", "cancel", "draft"):
        assert code not in told


def test_the_example_of_a_new_theme_works(desk: Phone) -> None:
    from handlers.editing.lexicon_commands import THEMES

    assert "記住了" in desk(THEMES.usage)
    desk("新增主題 刪除 1")


# buttons that keep their word


def test_no_to_an_address_is_one_short_line(desk: Phone) -> None:
    heard = desk.press(desk("https://example.com/a"), "不用")
    assert heard.text == "好，那就先不要。"


def test_no_to_a_push_and_to_word_of_a_correction_is_one_short_line(desk: Phone, room: Newsroom) -> None:
    number = published(desk, essay("灰狼"))
    assert desk.press(desk(f"推播 {number}"), "先不要").text == "好，那就先不要。"
    assert "灰狼的故事" in room.someone()("灰狼")
    corrected = desk.press(desk(f"更正 {number} 三萬美元=五萬美元"), "發布")
    assert desk.press(corrected, "不用").text == "好，那就先不要。"
    assert planned(room, number) == []


def test_no_drops_the_question_that_waited_for_its_answer(desk: Phone) -> None:
    number = draft(desk, essay("赤狐"))
    assert "新標題是" in desk(f"改 {number} 標題")
    assert desk("先不要").text == "好，那就先不要。"
    assert "標題" not in desk("赤狐的新標題").text.partition("\n")[0]
    assert "赤狐的故事" in desk(f"草稿 {number}")


def test_an_editor_is_offered_no_button_that_would_refuse_them(editor: Phone, desk: Phone) -> None:
    assert "發布" not in editor(f"預覽 {draft(editor, essay('水鴨'))} 公開").actions
    assert "發布" in desk(f"預覽 {draft(desk, essay('綠頭鴨'))} 公開").actions


def test_a_piece_is_taken_out_of_the_draft_in_hand_and_of_nobody_elses(desk: Phone, editor: Phone) -> None:
    editor("發文")
    editor(COOLING)
    theirs = editor("第二則。").actions["完成"]["data"].split()[1]
    desk("發文")
    desk(COOLING)
    desk("貼錯的一則。")
    assert "收到 1 則" in desk("拿掉 2")
    assert "沒有這一則" in desk("拿掉 2")
    assert "別人的草稿" in desk(f"拿掉 {theirs} 1")
    assert "收到 2 則" in editor(f"草稿 {theirs}")


# one confirmation, one sending


def test_an_old_confirmation_pushes_nothing_a_second_time(desk: Phone, room: Newsroom) -> None:
    number = published(desk, essay("黑熊"))
    price = desk(f"推播 {number}")
    desk.press(price, "確定推播")
    room.later(minutes=4)
    sent = len(planned(room, number))
    heard = desk.press(price, "確定推播")
    assert "已經送出去了" in heard
    room.later(minutes=8)
    assert len(planned(room, number)) == sent
    again = desk.press(heard, "重新報價")
    assert "三分鐘後送出" in desk.press(again, "確定推播")
    room.later(minutes=12)
    assert len(planned(room, number)) == 2 * sent
    assert "已經送出去了" in desk.press(again, "確定推播")


def test_an_old_confirmation_tells_nobody_of_a_correction_a_second_time(desk: Phone, room: Newsroom) -> None:
    number = published(desk, essay("台灣獼猴"))
    assert "台灣獼猴的故事" in room.someone()("台灣獼猴")
    price = desk(f"通知更正 {number}")
    desk.press(price, "確定通知")
    room.later(minutes=4)
    assert "已經送出去了" in desk.press(price, "確定通知")


# everybody who may be told


def test_a_push_counts_and_reaches_whoever_talked_to_the_bot_or_follows_it(desk: Phone, room: Newsroom) -> None:
    number = published(desk, essay("黃鼠狼"))
    before = desk(f"推播 {number}")
    talker, subscriber, crowd, gone = (room.cast.person(), room.cast.person(), room.cast.in_group(), room.someone())
    talker("散熱")  # a friend from before the bot was there: it never saw them follow
    subscriber("訂閱 散熱")
    crowd("散熱", mention=True)
    gone.hear(room.stage.platform.unfollow(gone.owner.id))
    after = desk(f"推播 {number}")
    assert people(after.text) == people(before.text) + 2
    assert "1 個群組" in after
    desk.press(after, "確定推播")
    room.later(minutes=4)
    reached = planned(room, number)
    assert {talker.chat_id, subscriber.chat_id, crowd.chat_id} <= set(reached)
    assert gone.chat_id not in reached
    assert "黃鼠狼的故事" in room.heard(talker)[-1]


def people(price: str) -> int:
    return int(price.split(" 人 ", 1)[0].split("：")[-1])


# two at once, and buttons that are pressed late


def test_a_draft_that_two_publish_at_once_is_published_once(desk: Phone, room: Newsroom) -> None:
    number, now = int(draft(desk, essay("臺灣黑熊"))), datetime.now(UTC)
    with room.work() as work, room.work() as other:
        mine, theirs = Club(work).drafts.get(number), Club(other).drafts.get(number)
        assert mine is not None and theirs is not None
        library = room.stage.bot.archive.library(work, Audience.MEMBER)
        publish(mine, library, Club(work), now, by=desk.owner.id, news=True)
        work.commit()
        with pytest.raises(DraftEndedError):
            publish(
                theirs, room.stage.bot.archive.library(other, Audience.MEMBER), Club(other), now, by="U2", news=True
            )
        with pytest.raises(DraftEndedError):
            Club(other).drafts.keep(theirs, now)


def test_calling_off_does_not_take_back_what_another_changed_since(desk: Phone, room: Newsroom) -> None:
    other, reader = room.someone(Role.MODERATOR), room.someone()
    number = published(desk, essay("穿山甲"))
    corrected = desk.press(desk(f"更正 {number} 三萬美元=五萬美元"), "發布")
    other.press(other(f"更正 {number} 四成=六成"), "發布")
    assert "之後又有人改過" in desk.press(corrected, "取消")
    assert {"五萬美元", "六成"} <= set(re.findall("五萬美元|六成|三萬美元|四成", reader(f"讀 {number} 單櫃價值").text))


def test_only_a_moderator_calls_off_a_schedule(desk: Phone, room: Newsroom) -> None:
    number = draft(desk, essay("食蟹獴"))
    desk(f"排程 {number} 明天 08:30")
    assert "請版主先取消" in room.someone(Role.EDITOR)(f"取消 排程 {number}")
    assert "什麼都沒送出去" in desk(f"取消 排程 {number}")


def test_what_is_for_members_does_not_become_public_by_the_way(desk: Phone, room: Newsroom) -> None:
    reader, number = room.someone(), published(desk, essay("石虎"))
    old = desk(f"更正 {number} 三萬美元=五萬美元")
    desk(f"更正 {number}")
    desk("會員專屬")
    assert "更正了" in desk("發布")
    assert "三萬美元" not in reader(f"讀 {number}")
    desk.press(desk.press(old, "發布"), "照樣發布")
    assert "五萬美元" not in reader(f"讀 {number}")
    desk(f"還原 {number} 第1版")
    assert "三萬美元" not in reader(f"讀 {number}")


def test_an_old_button_strikes_no_other_line(desk: Phone) -> None:
    first = desk("同義詞 甲蟲燈=乙蟲燈")
    desk("同義詞 丙蟲燈=丁蟲燈")
    assert "刪掉了：甲蟲燈" in desk.press(first, "不要這條")
    assert "沒有這一條" in desk.press(first, "不要這條")
    assert "丙蟲燈" in desk("同義詞")
    assert "刪掉了：丙蟲燈" in desk("同義詞 刪除 1")


def test_an_old_button_takes_out_no_other_piece(desk: Phone) -> None:
    desk("發文")
    desk("第一段講白鼻心的故事。")
    second = desk("第二段貼錯了，要拿掉。")
    desk.press(second, "不要這則")
    desk("第三段才是對的，請留著。")
    assert "已經拿掉了" in desk.press(second, "不要這則")


def test_what_was_left_out_keeps_its_place_when_essays_are_dropped_or_joined() -> None:
    essays = tuple(Essay(name, (Block(BlockKind.TEXT, f"{name}的內文。"),)) for name in ("甲", "乙", "丙"))
    lines = tuple(LeftOut(f"{number} 旁邊", Reason.MENU, essay=number, before=1) for number in range(3))
    draft = new_draft("U1", datetime(2026, 1, 1, tzinfo=UTC), essays=essays, left_out=lines)
    dropped = draft.without_essay(1)
    assert [(line.text, line.essay, line.before) for line in dropped.left_out] == [
        ("0 旁邊", 0, 1), ("1 旁邊", 0, 1), ("2 旁邊", 1, 1),
    ]  # fmt: skip
    joined = draft.with_joined(1)
    assert [(line.essay, line.before) for line in joined.left_out] == [(0, 1), (0, 3), (1, 1)]
    assert [block.text for block in joined.with_line_back(1).essays[0].blocks] == [
        "甲的內文。", "乙", "乙的內文。", "1 旁邊",
    ]  # fmt: skip


def test_what_an_article_is_about_is_read_once_until_it_is_published(
    desk: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    really = library.analyse

    def analyse(one: Essay, *language: Any) -> Analysis:
        read.append(one.title)
        return really(one, *language)

    monkeypatch.setattr(library, "analyse", analyse)
    assert int(published(desk, essay("唯讀一次")))
    assert read == ["唯讀一次的故事"]
