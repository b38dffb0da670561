"""Several hands at one draft: a review where the right to publish is another's, and a trial before anybody reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from handlers.club.club import Club
from handlers.identity import Role
from tests.support.newsroom import Newsroom, draft, essay, newsroom
from tests.support.phones import Phone


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("reviewed"), reviews=True) as room:
        yield room


@pytest.fixture
def writer(room: Newsroom) -> Phone:
    return room.someone(Role.EDITOR)


def acts(room: Newsroom, number: str) -> list[tuple[str, str]]:
    """Who did what to a draft, in that order."""
    with room.work() as work:
        return [(entry.user, entry.action) for entry in Club(work).audit.of(f"draft:{number}", 50)][::-1]


def spent(room: Newsroom) -> int:
    """The messages of this month, as LINE counts them."""
    return room.stage.platform.quota.used(datetime.now(room.stage.bot.settings.zone))


def test_an_editor_submits_and_a_moderator_lets_it_out(writer: Phone, desk: Phone, room: Newsroom) -> None:
    number = draft(writer, essay("白鷺"))
    assert "權限" in writer(f"發布 {number} 只上架") or "版主" in writer(f"發布 {number} 只上架")
    assert "送審了" in writer.press(writer(f"草稿 {number}"), "送審")
    room.later(seconds=5)
    desk("最新")
    assert any(f"草稿 {number}〈白鷺的故事〉送審了" in told for told in room.heard(desk))
    seen = desk(f"草稿 {number}")
    assert "等你核准" in seen
    assert "要怎麼發布" in desk.press(seen, "核准發布")
    assert "上架了" in desk(f"核准發布 {number} 只上架")
    assert [(writer.owner.id, "submit"), (desk.owner.id, "accept")] == acts(room, number)
    room.later(seconds=5)
    writer("最新")
    assert any("〈白鷺的故事〉發布了" in told for told in room.heard(writer))


def test_what_is_told_of_a_submission_is_told_once(writer: Phone, desk: Phone, room: Newsroom) -> None:
    number = draft(writer, essay("藍腹鷴"))
    writer(f"送審 {number}")
    for _ in range(3):
        room.later(seconds=5)
        desk("最新")
    assert sum("〈藍腹鷴的故事〉送審了" in told for told in room.heard(desk)) == 1


def test_a_submission_that_is_over_is_told_to_nobody(writer: Phone, desk: Phone, room: Newsroom) -> None:
    number = draft(writer, essay("黑熊"))
    writer(f"送審 {number}")
    room.later(seconds=5)
    writer(f"送審 {number} 取消")
    desk("最新")
    assert not any("〈黑熊的故事〉送審了" in told for told in room.heard(desk))


def test_nobody_lets_out_what_they_wrote_themselves(desk: Phone, room: Newsroom) -> None:
    another = room.someone(Role.MODERATOR)
    number = draft(desk, essay("山羌"))
    for typed in (f"發布 {number} 只上架", f"核准發布 {number} 只上架", f"排程 {number} 明天 08:30"):
        assert "要由別人發布" in desk(typed), typed
    desk(f"送審 {number}")
    assert "要由別人發布" in desk(f"核准發布 {number} 只上架")
    assert "上架了" in another(f"核准發布 {number} 只上架")


def test_a_draft_comes_back_with_a_reason_and_may_be_submitted_again(
    writer: Phone, desk: Phone, room: Newsroom
) -> None:
    number = draft(writer, essay("石虎"))
    writer(f"送審 {number}")
    assert "為什麼退回" in desk(f"退回 {number}")
    assert "退回了" in desk("第二段的數字要附出處")
    room.later(seconds=5)
    writer("最新")
    assert any("退回了：第二段的數字要附出處" in told for told in room.heard(writer))
    assert "第二段的數字要附出處" in writer(f"草稿 {number}")
    assert "石虎續集" in writer(f"改 {number} 標題 石虎續集")
    assert "送審了" in writer(f"送審 {number}")
    assert acts(room, number) == [(writer.owner.id, "submit"), (desk.owner.id, "return"), (writer.owner.id, "submit")]


def test_what_is_being_reviewed_its_writer_changes_only_after_taking_it_back(writer: Phone) -> None:
    number = draft(writer, essay("水獺"))
    writer(f"送審 {number}")
    refused = writer(f"改 {number} 標題 偷改的標題")
    assert f"送審 {number} 取消" in refused
    assert "可以再改" in writer(f"送審 {number} 取消")
    assert "水獺續集" in writer(f"改 {number} 標題 水獺續集")
    assert "沒有人送審" in writer(f"送審 {number} 取消")


def test_what_another_may_publish_needs_no_submission_and_nothing_else_comes_back(desk: Phone, writer: Phone) -> None:
    number = draft(writer, essay("帝雉"))
    assert "直接發布" in desk(f"送審 {number}")
    assert "沒有人送審" in desk(f"退回 {number} 不好")


def test_an_unfinished_draft_is_not_submitted(writer: Phone) -> None:
    writer("發文")
    writer("還沒貼完的一段，後面還有。")
    assert "還沒完成" in writer("送審")


def test_a_trial_is_pushed_to_oneself_alone_and_marked_and_counted(desk: Phone, writer: Phone, room: Newsroom) -> None:
    number = draft(writer, essay("穿山甲"))
    used = spent(room)
    assert "1 人 1 則" in desk(f"試送 {number}")
    assert "已經在路上" in desk(f"試送 {number}")
    room.later(seconds=5)
    assert spent(room) == used + 1
    told = room.heard(desk)[-1]
    assert "試送，只有你收到" in told
    assert "推薦一篇" in told
    assert "穿山甲的故事" in told
    assert not any("試送，只有你收到" in told for told in room.heard(writer))


def test_the_only_moderator_publishes_by_a_second_press_and_it_is_written_down(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with newsroom(tmp_path_factory.mktemp("alone"), reviews=True) as room:
        owner = room.someone(Role.OWNER)
        first, second = draft(owner, essay("朱鸝")), draft(owner, essay("八色鳥"))
        asked = owner(f"發布 {first} 只上架")
        assert "沒有別的版主" in asked
        assert "上架了" in owner.press(asked, "自己核准")
        assert "排好了" in owner.press(owner(f"排程 {second} 明天 08:30 只上架"), "自己核准")
        assert "alone" in {act for _, act in acts(room, first)} & {act for _, act in acts(room, second)}
        third = draft(owner, essay("熊鷹"))
        room.someone(Role.MODERATOR)
        assert "要由別人發布" in owner(f"發布 {third} 只上架 自己核准")
