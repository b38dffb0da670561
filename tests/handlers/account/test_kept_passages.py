"""Passages that somebody keeps: from a card or the page, with a note, read only by who may, handed over and let go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest

from bot.ledger.erasure import ALL_RULES
from bot.web.reader_view import keep_link
from corpus.database import reading
from corpus.essay import Audience, Block, BlockKind, Essay
from handlers.account.kept_list import KeptItem, as_markdown
from handlers.club.club import Club
from handlers.club.kept_passages import KeptPassage, fingerprint
from handlers.club.personal_data import personal_data
from handlers.identity import Role
from tests.support.newsroom import COOLING, Newsroom, essay, newsroom, published
from tests.support.phones import Cast, Heard, Phone

CHIPS = "晶片的故事\n" + COOLING.split("\n", 1)[1]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("kept")) as room:
        moderator = room.someone(Role.MODERATOR)
        published(moderator, COOLING)
        published(moderator, essay("鯨", CHIPS), "會員專屬")
        yield room


def kept(room: Newsroom, phone: Phone) -> list[KeptPassage]:
    with room.work() as work:
        return Club(work).passages.of(phone.owner.id)


def first(room: Newsroom, member_only: bool = False) -> Essay:
    with room.work() as work:
        library = room.stage.bot.archive.library(work, Audience.EDITOR)
        return next(one for one in library.latest(10) if one.visibility.is_public != member_only)


def test_a_card_keeps_its_passage_and_a_note_is_added(room: Newsroom) -> None:
    phone = room.someone()
    heard = phone("水冷板")
    assert "已收藏這段：「" in phone.press(heard, "收藏這段")
    assert "收藏過了" in phone.press(heard, "收藏這段")
    assert "備註改好了" in phone("收藏這段 備註：明年再看，毛利率！")
    [one] = kept(room, phone)
    assert one.note == "明年再看，毛利率！"
    told = phone("我的收藏")
    assert "收藏：1 段。" in told
    assert "備註：明年再看，毛利率！" in told
    assert "水冷板" in told


def test_nothing_shown_is_nothing_kept(room: Newsroom) -> None:
    phone = room.someone()
    assert "要收藏哪一段" in phone("收藏這段")
    assert kept(room, phone) == []


def test_of_several_passages_one_is_picked_by_its_number(room: Newsroom) -> None:
    phone = room.someone()
    phone("主題 散熱")
    asked = phone("收藏這段 之後再看")
    assert "要收藏哪一段？" in asked
    phone("1")
    phone("主題 散熱")
    phone("收藏這段 第二段")
    first, second = sorted(kept(room, phone), key=lambda one: one.note, reverse=True)
    assert (first.note, second.note) == ("之後再看", "")
    assert (first.essay_id, first.paragraph) != (second.essay_id, second.paragraph)


def test_other_words_that_begin_alike_are_a_question(room: Newsroom) -> None:
    phone = room.someone()
    phone("水冷板")
    phone("收藏這段是什麼")
    assert kept(room, phone) == []


def test_it_is_let_go_by_a_button_by_a_word_and_with_its_essay(room: Newsroom) -> None:
    phone = room.someone()
    heard = phone("水冷板")
    assert "已取消收藏這段" in phone.press(phone.press(heard, "收藏這段"), "取消收藏")
    phone.press(heard, "收藏這段")
    phone("取消")
    assert kept(room, phone) == []
    phone.press(heard, "收藏這段")
    phone("我的收藏")
    assert "裡的段落" in phone("取消收藏 1")
    assert kept(room, phone) == []


def test_what_is_kept_is_listed_by_theme(room: Newsroom) -> None:
    phone = room.someone()
    phone.press(phone("水冷板"), "收藏這段")
    assert "收藏的散熱液冷：1 段。" in phone("我的收藏 散熱")
    assert "收藏裡沒有" in phone("我的收藏 咖啡")


def test_a_members_passage_is_read_only_while_its_reader_is_one(room: Newsroom) -> None:
    member, guest = room.someone(Role.MEMBER), room.someone()
    held = first(room, member_only=True)
    secret = held.paragraphs[-1]
    place = f"收藏這段 #{held.id}-{secret.index} 我的話"
    refused = guest(place)
    assert "只給會員看" in refused
    assert "已收藏〈" in guest.press(refused, "收藏這篇")
    assert kept(room, guest) == []
    assert "已收藏這段" in member(place)
    assert secret.text[:12] in member("我的收藏")
    asked = member("匯出收藏")
    with room.work() as work:
        an_hour_ago = datetime.now(room.stage.bot.settings.zone) - timedelta(hours=1)
        Club(work).memberships.end(member.owner.id, an_hour_ago)
        work.commit()
    told = member("我的收藏")
    assert secret.text[:12] not in told
    assert "我的話" in told
    status, text = hand_over(room, asked)
    assert status == 200
    assert secret.text[:12] not in text
    assert "現在讀不到" in text


def hand_over(room: Newsroom, asked: Heard) -> tuple[int, str]:
    link = str(asked.actions["打開"]["uri"])
    code = link.partition("code=")[2].partition("&")[0]
    client = room.stage.bot.app.test_client()
    assert "只能用一次" in client.get(f"/my-data/kept?code={code}").text
    page = client.post("/my-data/kept", data={"code": code})
    return page.status_code, page.text


def test_the_file_is_handed_over_once(room: Newsroom) -> None:
    phone = room.someone()
    phone.press(phone("水冷板"), "收藏這段")
    phone("收藏這段 *重點*")
    asked = phone("匯出收藏")
    assert phone.owner.id not in str(asked.actions["打開"]["uri"])
    status, text = hand_over(room, asked)
    assert status == 200
    assert "## 散熱液冷" in text
    assert "備註：\\*重點\\*" in text
    assert hand_over(room, asked)[0] == 403


def test_its_link_opens_nothing_else_and_dies_with_an_erasure(room: Newsroom) -> None:
    phone = room.someone()
    phone.press(phone("水冷板"), "收藏這段")
    asked = phone("匯出收藏")
    code = str(asked.actions["打開"]["uri"]).partition("code=")[2].partition("&")[0]
    assert room.stage.bot.app.test_client().post("/my-data", data={"code": code}).status_code == 403
    with reading(room.stage.bot.engine) as connection:
        assert "kept_passages" in personal_data(connection, phone.owner.id, ALL_RULES)
    assert "收藏的段落和備註" in phone("我的資料")
    phone("刪除我的資料 確定")
    assert kept(room, phone) == []
    assert hand_over(room, asked)[0] == 403


def test_a_passage_that_was_changed_says_so() -> None:
    now = datetime(2026, 11, 20).astimezone()
    was, other = "毛利率是三成。", "交期拉長。"
    one = KeptPassage(1, 0, fingerprint(was), "", now)
    moved = Essay("題目", (Block(BlockKind.TEXT, other), Block(BlockKind.TEXT, was)), id=1)
    changed = Essay("題目 [甲]", (Block(BlockKind.TEXT, other),), id=1)
    found = one.within(moved)
    assert found is not None
    assert found.text == was
    assert one.within(changed) is None
    file = as_markdown([KeptItem(changed, (), one, None)], lambda _essay, _paragraph: "")
    assert "題目 \\[甲\\]" in file
    assert was not in file


def test_the_page_leads_back_to_line_with_the_command_typed(room: Newsroom) -> None:
    phone, held = room.someone(), first(room)
    page = room.stage.bot.app.test_client().get(f"/read/{held.id}?p=1")
    assert page.text.count('class="keep"') >= len(held.paragraphs) - 1
    typed = unquote(keep_link(lambda: "@luopan", held.id, held.paragraphs[0].index).rpartition("/?")[2])
    assert "已收藏這段" in phone(typed)
    assert keep_link(lambda: None, held.id, 0) == ""


def test_in_a_group_no_card_offers_it(room: Newsroom) -> None:
    heard = Cast(room.stage).in_group()("羅盤 水冷板")
    assert "收藏這段" not in heard.actions
