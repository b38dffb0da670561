"""Publishing from a phone: pasted, understood, previewed, published, taken back, scheduled and pushed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import Engine, event, update

from bot.outbound.quota_tables import months
from corpus.database import UnitOfWork, writing
from corpus.storage import essay_store
from handlers.club.drafts import Drafts, new_draft, unsend
from handlers.identity import Role
from tests.support.newsroom import CARS, COOLING, Newsroom, draft, essay, newsroom, planned, published, room_chats
from tests.support.phones import Phone


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("newsroom")) as room:
        yield room


# pasting


def test_an_article_in_several_messages_is_joined_and_understood(desk: Phone) -> None:
    assert "把文章貼上來" in desk("發文")
    head, tail = COOLING.split("\n\n## ", 1)
    assert "收到 1 則" in desk(head)
    assert "收到 2 則" in desk("## " + tail)
    understood = desk("完成")
    for expected in (
        "水冷板的毛利",
        "2026/03/05",
        "林怡君",
        "3 段、1 個小標",
        "雙鴻 3324",
        "奇鋐 3017",
        "散熱",
        "分鐘",
    ):
        assert expected in understood
    assert "要給誰看" in understood
    assert {"公開", "會員專屬"} <= set(understood.actions)


def test_an_article_may_follow_the_word_in_the_same_message(desk: Phone) -> None:
    assert "收到 1 則" in desk("發文\n" + COOLING)
    assert "水冷板的毛利" in desk("完成")


def test_lines_and_full_width_signs_reach_the_essay_untouched(desk: Phone, room: Newsroom, reader: Phone) -> None:
    sentence = "散熱鰭片的報價\uff0c一年漲了\uff15成\uff01業者說\uff1a「還會再漲」。"
    number = published(desk, f"鰭片\n\n{sentence}{sentence}{sentence}{sentence}")
    with room.work() as work:
        found = essay_store.find_any(work.reader, int(number))
    assert found is not None
    assert sentence in found[0].body


def test_a_piece_that_looks_like_a_question_is_still_a_piece(desk: Phone) -> None:
    desk("發文")
    assert "收到 1 則" in desk("最新的散熱方案")
    assert "收到 2 則" in desk("查證之後發現問題不在水冷板。")


def test_a_piece_pasted_by_mistake_is_taken_out(desk: Phone) -> None:
    desk("發文")
    desk(COOLING)
    heard = desk("晚餐吃什麼")
    assert "收到 1 則" in desk.press(heard, "不要這則")


def test_a_piece_that_was_unsent_is_forgotten(desk: Phone, room: Newsroom) -> None:
    desk("發文")
    desk(COOLING)
    desk("這一則我要收回")
    history = room.stage.platform.history(desk.chat_id)
    room.stage.platform.unsend(next(one.id for one in reversed(history) if one.sender == desk.owner.id))
    assert "收到 1 則" in desk("草稿 " + desk("繼續").actions["完成"]["data"].split()[1])


def test_unsending_a_piece_writes_no_other_draft(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        for message in ("m1", "m2"):
            Drafts(work).begin(new_draft("U1", datetime(2026, 11, 20, tzinfo=UTC)).with_piece("一段話", message))
        written: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *said: written.append(said[2]))
        unsend(work.writer, ["m1"])
        assert [draft.messages for draft in Drafts(work).alive("U1")] == [("m2",), ()]
        assert sum(statement.startswith("UPDATE drafts") for statement in written) == 1


def test_a_button_is_a_command_in_the_middle_of_a_draft_too(desk: Phone, reader: Phone) -> None:
    theme = desk("說明")
    desk("發文")
    assert "收到" not in desk.press(theme, "最新文章")


def test_a_draft_waits_for_its_editor(desk: Phone) -> None:
    desk("發文")
    desk(essay("鯨魚"))
    assert "先放著" in desk("取消")
    assert "還沒寫到" in desk("鯨魚的歌聲")  # an ordinary question again
    assert "收到 1 則" in desk("繼續")
    assert "收到 2 則" in desk("最後一段話。")


def test_a_long_text_out_of_the_blue_becomes_a_draft_not_a_question(desk: Phone) -> None:
    heard = desk(essay("海豚") + COOLING)
    assert "這看起來是文章" in heard
    assert "完成" in heard.actions


def test_what_holds_no_article_is_not_finished(desk: Phone) -> None:
    desk("發文")
    desk("標題而已")
    assert "讀不出一篇文章" in desk("完成")
    assert "收到 2 則" in desk(COOLING)


def test_a_code_that_is_not_the_companys_and_an_unknown_word_are_pointed_out(desk: Phone) -> None:
    desk("發文")
    desk(
        "光子的帳單\n\n台積電（2303）把「浸沒冷板」列進今年的重點，供應商說「浸沒冷板」的報價還在談，明年才會量產，良率仍是關鍵。"
    )
    understood = desk("完成")
    assert "台積電（2303）應該是 2330" in understood
    assert "浸沒冷板" in understood


def test_a_teaser_before_a_login_wall_is_told(desk: Phone) -> None:
    desk("發文")
    desk(
        "獨家專訪\n\n這篇文章只有會員才能閱讀全文，前言先讓大家看一看，內容談到明年的資本支出與產能規劃。\n\n登入會員以閱讀全文"
    )
    assert "要登入才看得到全文" in desk("完成")


# what is missing


def test_a_members_essay_asks_for_a_lead_that_everybody_may_see(desk: Phone) -> None:
    desk("發文")
    desk(COOLING)
    heard = desk.press(desk("完成"), "會員專屬")
    assert "人人看得到的前言" in heard
    desk.press(heard, "自己寫")
    assert "會員專屬" in desk("這一段人人可讀\uff01")
    assert "這一段人人可讀\uff01" in desk("預覽 公開")


def test_a_date_is_asked_for_and_read_as_people_write_it(desk: Phone) -> None:
    number = ""
    for typed, shown in (("114年3月5日", "2025/03/05"), ("2025/12", "2025/12/01"), ("2026-3-5", "2026/03/05")):
        desk("發文")
        desk(CARS)
        heard = desk.press(desk("完成"), "公開")
        assert "什麼時候寫的" in heard
        desk.press(heard, "填日期")
        assert "看不懂" in desk("大概是春天吧")
        understood = desk(typed)
        assert shown in understood
        number = understood.actions["預覽"]["data"].split()[1]
    assert "這一天還沒到" in desk(f"改 {number} 日期 2099/1/1")


PAGE = "\n".join(
    f"<article><h2>第{n}號產業觀察</h2><p>{text}</p><p>{text[::-1]}</p></article>"
    for n, text in enumerate(
        (
            "航運的運價在夏天之後開始回落，貨主不再搶艙位，船公司把新船的交期往後延，碼頭的擁擠也慢慢緩解下來。" * 3,
            "面板廠關掉一座老舊的工廠，設備運往印度，留下的人改做車用顯示器，毛利因此比過去三年的任何一季都好看。" * 3,
        ),
        1,
    )
)


def two_essays(desk: Phone) -> str:
    desk("發文")
    desk(f"<html><body>{PAGE}</body></html>")
    heard = desk("完成")
    assert "2 篇" in heard
    asked = desk.press(heard, "公開")
    assert "2 篇沒看到日期" in asked
    assert {"逐篇填", "都填同一個月", "先不填"} <= set(asked.actions)
    return str(asked.actions["逐篇填"]["data"]).split()[1]


def test_a_page_of_several_without_dates_is_dated_one_by_one(desk: Phone) -> None:
    number = two_essays(desk)
    asked = desk(f"改 {number} 日期 逐篇填")
    assert "第1號產業觀察" in asked
    asked = desk("2026/1/2")
    assert "第2號產業觀察" in asked
    done = desk("2026/2/3")
    assert "2026/01/02" in done
    assert "2026/02/03" in done


def test_a_page_of_several_without_dates_is_dated_by_month_or_left(desk: Phone) -> None:
    number = two_essays(desk)
    desk(f"改 {number} 日期 同一個月")
    assert desk("2025/3").text.count("2025/03/01") == 2
    number = two_essays(desk)
    left = desk(f"改 {number} 日期 先不填")
    assert left.text.count("日期未標示") == 2
    assert "發布" in left.actions


def test_one_essay_of_a_page_can_be_thrown_out_or_renamed(desk: Phone) -> None:
    number = two_essays(desk)
    assert "新的名字" in desk(f"改 {number}-1 標題 新的名字")
    left = desk(f"改 {number}-2 丟掉")
    assert "新的名字" in left
    assert "第2號產業觀察" not in left


def test_an_address_sent_alone_is_offered_and_refused_with_a_sentence_that_helps(desk: Phone, reader: Phone) -> None:
    offered = desk("http://127.0.0.1/secret")
    assert "要發這篇嗎" in offered
    refused = desk.press(offered, "要，發這篇")
    assert not refused.silent
    assert "草稿" not in refused.text.split("\n")[0]
    assert "要發這篇嗎" not in reader("http://127.0.0.1/secret")


def test_a_file_becomes_a_draft(desk: Phone) -> None:
    heard = desk.send("水冷板.md", f"# {COOLING}".encode())
    assert "水冷板的毛利" in heard
    assert "要給誰看" in heard


def test_a_word_document_becomes_a_draft(desk: Phone) -> None:
    from docx import Document

    document, written = Document(), BytesIO()
    title, *lines = [line for line in COOLING.splitlines() if line]
    document.add_heading(title, 0)
    for line in lines:
        document.add_paragraph(line)
    document.save(written)
    assert "水冷板的毛利" in desk.send("水冷板.docx", written.getvalue())


@pytest.mark.parametrize(
    ("name", "data"), [("照片.zip", b"PK\x03\x04" + b"\0" * 99), ("空的.txt", b""), ("壞的.pdf", b"%PDF-1.7 oops")]
)
def test_a_file_that_holds_no_article_is_refused_in_plain_words(desk: Phone, name: str, data: bytes) -> None:
    heard = desk.send(name, data)
    assert name in heard
    assert "公開" not in heard.actions


def test_a_file_from_anybody_else_is_no_draft(reader: Phone, room: Newsroom) -> None:
    assert "草稿" not in reader.send("水冷板.md", f"# {COOLING}".encode())


# seeing


def test_a_preview_shows_what_each_kind_of_reader_would_see(desk: Phone) -> None:
    number = draft(desk, essay("穿山甲"), "會員專屬")
    body = "資料中心的機櫃功率"
    guest, member, group = (desk(f"預覽 {number} {view}") for view in ("公開", "會員", "群組"))
    assert "人人看得到的前言" in guest
    assert body not in guest
    assert body in member
    assert body not in group
    assert len(group.messages) == 1
    assert "quickReply" not in group.messages[0]


# publishing


def test_published_is_found_by_the_next_question(desk: Phone, reader: Phone) -> None:
    number = draft(desk, essay("長頸鹿"))
    assert "還沒寫到" in reader("長頸鹿")
    asked = desk(f"發布 {number}")
    assert {"上架並通知", "只上架", "排程"} <= set(asked.actions)
    desk.press(asked, "只上架")
    assert "長頸鹿的故事" in reader("長頸鹿")


def test_nothing_is_published_before_its_visibility_is_chosen(desk: Phone, reader: Phone) -> None:
    desk("發文")
    desk(essay("犀牛"))
    desk("完成")
    assert "要給誰看" in desk("發布")
    assert "還沒寫到" in reader("犀牛")


def test_an_essay_is_news_after_three_minutes_and_backfill_never(desk: Phone, room: Newsroom) -> None:
    published(desk, essay("河馬"), how="上架並通知")
    published(desk, essay("斑馬"), how="只上架")
    assert "河馬的故事" not in room.news()
    room.later(minutes=2)
    assert "河馬的故事" not in room.news()
    room.later(minutes=4)
    assert "河馬的故事" in room.news()
    assert "斑馬的故事" not in room.news()


def test_one_to_one_a_digest_comes_at_its_minute_as_the_bot_is_set_up(desk: Phone, room: Newsroom) -> None:
    assert room.stage.bot.settings.luopan_digest_patience == 0
    follower = room.someone()
    follower("訂閱 繫泊鏈")
    minute = datetime.now(room.stage.bot.settings.zone).replace(second=0, microsecond=0) + timedelta(minutes=10)
    follower(f"每日 {minute:%H:%M}")
    title = "繫泊鏈的交期"
    published(
        desk,
        f"{title}\n\n浮式風機的繫泊鏈去年全球只有兩家能做，繫泊鏈的交期拉到二十個月，價格比前年多了四成。",
        how="上架並通知",
    )
    room.later(minutes=4)
    assert title not in "".join(room.heard(follower))
    room.stage.bot.worker.tick(minute)
    assert title in "".join(room.heard(follower))


def test_for_three_minutes_all_of_it_can_be_taken_back(desk: Phone, room: Newsroom, reader: Phone) -> None:
    number = draft(desk, essay("駱駝"))
    desk(f"發布 {number} 上架並通知")
    assert "取消了〈駱駝的故事〉的發布，什麼都沒送出去" in desk("取消")
    room.later(minutes=10)
    assert "駱駝的故事" not in room.news()
    assert "還沒寫到" in reader("駱駝")
    assert "上架了" in desk(f"發布 {number} 上架並通知")  # mended, and out again
    room.later(minutes=10)
    assert "駱駝的故事" in room.news()
    assert "駱駝的故事" in reader("駱駝")


def test_after_three_minutes_nothing_is_left_to_cancel(desk: Phone, room: Newsroom, reader: Phone) -> None:
    published(desk, essay("羊駝"), how="上架並通知")
    room.later(minutes=4)
    assert "沒有可以取消的事" in desk("取消")
    assert "羊駝的故事" in reader("羊駝")


def test_pressing_twice_publishes_once(desk: Phone, reader: Phone) -> None:
    number = draft(desk, essay("水獺"))
    desk(f"發布 {number} 只上架")
    assert "已經發布或刪除了" in desk(f"發布 {number} 只上架")


def test_what_is_published_again_under_its_title_replaces_the_essay(desk: Phone, reader: Phone) -> None:
    first = published(desk, essay("企鵝"))
    number = draft(desk, essay("企鵝") + "\n\n多了一段關於企鵝的話。")
    assert f"#{first}〈企鵝的故事〉" in desk(f"草稿 {number}")  # it says that they are alike
    again = desk(f"發布 {number} 只上架")
    assert f"#{first}" in again
    assert "已用新內容更新" in again


def test_a_schedule_publishes_at_its_time_and_not_before(desk: Phone, room: Newsroom, reader: Phone) -> None:
    number = draft(desk, essay("狐狸"))
    assert "08:30" in desk(f"排程 {number} 明天 08:30")
    room.later(minutes=5)
    assert "還沒寫到" in reader("狐狸")
    room.later(days=2)
    assert "狐狸的故事" in reader("狐狸")
    assert "狐狸的故事" in room.news()


def test_a_schedule_in_the_past_or_none_at_all_is_asked_again(desk: Phone) -> None:
    number = draft(desk, essay("浣熊"))
    for typed in ("", "昨天", "2020/1/1 08:00", "25:99", "週一"):
        assert "要是以後的時間" in desk(f"排程 {number} {typed}")


def test_a_schedule_is_called_off(desk: Phone, room: Newsroom, reader: Phone) -> None:
    number = draft(desk, essay("刺蝟"))
    heard = desk(f"排程 {number} 明天 08:30")
    assert "什麼都沒送出去" in desk.press(heard, "取消排程")
    room.later(days=2)
    assert "還沒寫到" in reader("刺蝟")


def test_a_schedule_of_somebody_who_was_dismissed_is_not_kept(room: Newsroom, reader: Phone) -> None:
    owner, leaving = room.someone(Role.OWNER), room.someone(Role.MODERATOR)
    leaving(f"排程 {draft(leaving, essay('孔雀'))} 明天 08:30")
    owner(f"解任 {leaving.owner.id} 確定")
    room.later(days=2)
    assert "還沒寫到" in reader("孔雀")


def test_a_correction_is_scheduled_like_anything_else(desk: Phone, room: Newsroom, reader: Phone) -> None:
    number = published(desk, essay("白鷺"))
    heard = desk(f"更正 {number} 三萬美元=五萬美元")
    assert "排在什麼時候" in desk.press(heard, "排程")
    assert "排在什麼時候" in desk("下次吧")
    assert f"08:30 更正 #{number}" in desk("明天 08:30")
    room.later(minutes=5)
    question = f"讀 {number} 單櫃價值"
    assert "三萬美元" in reader(question)
    room.later(days=2)
    assert "五萬美元" in reader(question)
    assert "白鷺的故事" not in room.news()
    assert "第 2 版" in desk(f"修改紀錄 {number}")


def test_a_correction_of_what_was_withdrawn_meanwhile_does_not_bring_it_back(
    desk: Phone, room: Newsroom, reader: Phone
) -> None:
    number = published(desk, essay("黑面琵鷺"))
    desk.press(desk.press(desk(f"更正 {number} 三萬美元=五萬美元"), "排程"), "明天 08:30")
    desk(f"撤回 {number} 確定")
    room.later(days=2)
    assert "沒有這篇文章" in reader(f"讀 {number}")
    desk(f"重新上架 {number}")
    assert "五萬美元" in reader(f"讀 {number} 單櫃價值")


def test_a_correction_does_not_silently_undo_another(desk: Phone, room: Newsroom, reader: Phone) -> None:
    number = published(desk, essay("水鹿"))
    price, title = desk(f"更正 {number} 三萬美元=五萬美元"), desk(f"更正 {number} 水鹿的故事=水鹿的傳說")
    desk.press(price, "發布")
    told = desk.press(title, "發布")
    assert "發布會蓋掉那些修改" in told
    assert "五萬美元" in reader(f"讀 {number} 單櫃價值")
    assert "三分鐘內可以取消" in desk.press(told, "照樣發布")
    assert "三萬美元" in reader(f"讀 {number} 單櫃價值")


def test_a_scheduled_correction_that_was_overtaken_is_not_published_and_its_moderator_hears_of_it(
    desk: Phone, room: Newsroom, reader: Phone
) -> None:
    number = published(desk, essay("山羌"))
    desk.press(desk.press(desk(f"更正 {number} 山羌的故事=山羌的傳說"), "排程"), "明天 08:30")
    desk.press(desk(f"更正 {number} 三萬美元=五萬美元"), "發布")
    room.later(days=2)
    assert "五萬美元" in reader(f"讀 {number} 單櫃價值")
    assert "排好的更正沒有發布" in desk("額度")
    assert "中間被改過" in desk(f"修改紀錄 {number}")


def test_what_a_moderator_scheduled_its_editor_changes_no_more(room: Newsroom, desk: Phone, reader: Phone) -> None:
    editor = room.someone(Role.EDITOR)
    number = draft(editor, essay("帝雉"))
    heard = desk(f"排程 {number} 明天 08:30")
    for typed in (f"改 {number} 標題 沒人看過的標題", f"會員專屬 {number}", f"重貼 {number}", f"刪除草稿 {number}"):
        assert "要改請版主先取消排程" in editor(typed)
    desk.press(heard, "取消排程")
    assert "帝雉的新故事" in editor(f"改 {number} 標題 帝雉的新故事")


# after publishing


def test_a_correction_holds_at_once_and_its_history_shows_it(desk: Phone, reader: Phone) -> None:
    number = published(desk, essay("松鼠"))
    heard = desk(f"更正 {number} 三萬美元=五萬美元")
    assert "發布了才算數" in heard
    question = f"讀 {number} 單櫃價值"
    assert "三萬美元" in reader(question)
    desk.press(heard, "發布")
    found = reader(question)
    assert "五萬美元" in found
    assert "三萬美元" not in found
    history = desk(f"修改紀錄 {number}")
    assert "第 2 版" in history
    assert "更正" in history
    assert "還原成第 1 版" in desk.press(history, "還原第 1 版")
    assert "三萬美元" in reader(question)


def test_words_that_the_essay_does_not_hold_are_not_corrected(desk: Phone) -> None:
    number = published(desk, essay("樹懶"))
    assert "裡沒有「十萬" in desk(f"更正 {number} 十萬美元=五萬美元")


def test_an_essay_can_be_pasted_anew_and_keeps_what_only_the_desk_knows(desk: Phone, room: Newsroom) -> None:
    number = published(desk, essay("海獅"), "會員專屬")
    heard = desk(f"更正 {number}")
    desk.press(heard, "重貼全文")
    desk("海獅的故事\n\n" + CARS)
    understood = desk("完成")
    assert "更正 #" in understood
    assert "會員專屬" in understood
    assert "2026/03/05" in understood
    assert "更正了" in desk.press(understood, "發布")


def test_a_withdrawal_asks_once_holds_at_once_and_can_be_undone(desk: Phone, reader: Phone) -> None:
    number = published(desk, essay("山羌"))
    assert "山羌的故事" in reader("山羌")
    asked = desk(f"撤回 {number}")
    assert "山羌的故事" in reader("山羌")
    gone = desk.press(asked, "確定撤回")
    assert "還沒寫到" in reader("山羌")
    assert "沒有這篇文章" in reader(f"讀 #{number}")
    desk.press(gone, "重新上架")
    assert "山羌的故事" in reader("山羌")


def test_word_of_a_correction_goes_to_exactly_the_chats_that_were_sent_the_essay(room: Newsroom, desk: Phone) -> None:
    number = published(desk, essay("獼猴"))
    seen, unseen, crowd = room.someone(), room.someone(), room.cast.in_group()
    assert "獼猴的故事" in seen("獼猴")
    assert "獼猴的故事" in crowd("獼猴", mention=True)
    assert "獼猴的故事" not in unseen("蜂鳥")
    heard = desk(f"撤回 {number} 確定")
    assert "2 個聊天室收過" in heard
    price = desk.press(heard, "通知更正")
    assert "1 人 1 則" in price
    assert "1 個群組等有人說話時一起送" in price
    assert "三分鐘後送出" in desk.press(price, "確定通知")
    room.later(minutes=4)
    assert planned(room, number, "correction") == sorted([seen.chat_id, crowd.chat_id])
    assert "獼猴的故事〉已經撤回" in room.heard(seen)[-1]
    assert "已經撤回" not in room.heard(unseen)[-1]
    assert "已經撤回" not in room.heard(crowd)[-1]  # a group is not pushed: it rides
    assert "獼猴的故事〉已經撤回" in crowd("蜂鳥", mention=True)


def test_a_push_names_its_price_and_waits_for_a_second_word(desk: Phone, room: Newsroom) -> None:
    number = published(desk, essay("雲豹"))
    price = desk(f"推播 {number}")
    people = len([chat for chat in room_chats(room) if chat.startswith("U")])
    assert f"{people} 人 {people} 則，佔本月 200 則的" in price
    assert planned(room, number) == []
    planned_push = desk.press(price, "確定推播")
    which = desk("取消")
    assert "〈雲豹的故事〉的推播" in which
    assert "〈雲豹的故事〉的發布" in which
    assert "取消了〈雲豹的故事〉的推播，什麼都沒送出去" in desk.press(which, "取消〈雲豹的故事〉的推播")
    assert "來不及" in desk.press(planned_push, "取消")
    room.later(minutes=5)
    assert planned(room, number) == []
    desk(f"推播 {number} 確定")
    listener = room.someone()  # came too late to be meant
    room.later(minutes=5)
    assert len(planned(room, number)) == len(room_chats(room)) - 1
    assert "雲豹的故事" in room.heard(desk)[-1]
    assert not any("雲豹的故事" in told for told in room.heard(listener))


def test_pressing_twice_pushes_once(desk: Phone, room: Newsroom) -> None:
    number = published(desk, essay("水鹿"))
    price = desk(f"推播 {number}")
    desk.press(price, "確定推播")
    assert "推播已經排好了" in desk.press(price, "確定推播")
    assert "推播已經排好了" in room.someone(Role.OWNER)(f"推播 {number} 確定")
    room.later(minutes=5)
    assert len(planned(room, number)) == len(set(planned(room, number)))


def test_a_members_essay_is_pushed_to_members_only(desk: Phone, room: Newsroom) -> None:
    number = published(desk, essay("藍鵲"), "會員專屬")
    room.someone(Role.MEMBER)
    heard = desk(f"推播 {number}")
    assert "只送會員" in heard
    guests = len(room_chats(room))
    assert int(re.findall(r"(\d+) 人", heard.text)[0]) < guests


def test_a_push_that_the_month_cannot_pay_for_is_refused(desk: Phone, room: Newsroom) -> None:
    number = published(desk, essay("石虎"))
    with writing(room.stage.bot.engine) as connection:
        connection.execute(update(months).values(most=3))
    refused, told = desk(f"推播 {number}"), desk("額度")
    with writing(room.stage.bot.engine) as connection:
        connection.execute(update(months).values(most=200))
    assert "不夠送" in refused
    assert "本月 3 則" in told
    assert planned(room, number) == []


# the same essay, or another


WEEKLY = """本週的{what}觀察

2026年6月{day}日

電價審議會這一週沒有新的決議，台電的虧損還在擴大，工業用戶的合約要到明年才會重談，離岸風電的併網時程也延後了。
儲能案場的開發商說，現在最缺的是變壓器，交期已經拉到兩年以上，報價一季漲一次，今年的訂單排到後年{season}。"""


def test_an_essay_that_is_like_another_may_be_said_to_be_its_own(desk: Phone) -> None:
    old = published(desk, WEEKLY.format(what="電價", day=5, season="第三季"))
    number = draft(desk, WEEKLY.format(what="電價", day=5, season="第四季"))
    heard = desk(f"草稿 {number}")
    assert f"#{old}〈本週的電價觀察〉，發布會更新那一篇" in heard
    assert "當作另一篇" in desk.press(heard, "這是另一篇")
    heard = desk(f"發布 {number} 只上架")
    assert f"#{old}" not in heard
    assert "已用新內容更新" not in heard


def test_an_essay_may_be_said_to_be_the_new_version_of_another(desk: Phone) -> None:
    old = published(desk, WEEKLY.format(what="儲能", day=12, season="第三季"))
    number = draft(desk, WEEKLY.format(what="變壓器", day=13, season="第四季"))
    assert f"這是 #{old}〈本週的儲能觀察〉的新版" in desk(f"這是舊文的新版 {number} #{old}")
    assert f"#{old} 更正了" in desk(f"發布 {number}")
    assert "本週的變壓器觀察" in desk(f"讀 #{old}")


def test_a_new_version_must_say_of_which_essay(desk: Phone) -> None:
    number = draft(desk, essay("無雙", CARS))
    assert "是哪一篇的新版" in desk(f"這是舊文的新版 {number} #999999")
