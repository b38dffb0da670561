"""Who may do what: claimed, asked for, granted and taken back, by signed ids and the database only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.app import first_owner_code
from handlers.club.club import Club
from handlers.commands import COMMANDS
from handlers.identity import Role
from tests.support.newsroom import Newsroom, newsroom

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REFUSED = "要有權限的人才能用"
PRIVATE = "請一對一跟我說"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("roles")) as room:
        yield room


def code_in(text: str) -> str:
    return text.split("核准 ", 1)[1].split()[0]


def test_the_first_owner_claims_the_bot_and_nobody_after_that(tmp_path_factory: pytest.TempPathFactory) -> None:
    with newsroom(tmp_path_factory.mktemp("claim")) as room:
        first, second = first_owner_code(room.stage.bot), first_owner_code(room.stage.bot)
        someone, rival = room.someone(), room.someone()
        assert "碼不對" in someone("認領 ABCDE23456")
        assert "你是擁有者了" in someone(f"認領 {first}")
        assert "碼不對" in rival(f"認領 {second}")
        assert "碼不對" in rival(f"認領 {first}")
        assert first_owner_code(room.stage.bot) is None
        assert REFUSED in rival("發文")


def test_an_editor_asks_is_approved_and_is_dismissed_with_effect_at_once(room: Newsroom) -> None:
    owner, someone = room.someone(Role.OWNER), room.someone()
    assert REFUSED in someone("發文")
    code = code_in(someone("申請編輯").text)
    assert REFUSED in someone(f"核准 {code}")  # nobody approves themselves
    assert "現在是編輯" in owner(f"核准 {code}")
    assert "碼不對" in owner(f"核准 {code}")
    assert "把文章貼上來" in someone("發文")
    someone("這一則存得進去。")
    asked = owner(f"解任 {someone.owner.id}")
    assert someone.owner.name in asked
    owner.press(asked, "確定解任")
    assert "完成" not in someone("這一則不再是草稿").actions  # also in the middle of a draft
    assert REFUSED in someone("發文")


def test_an_owner_may_approve_a_moderator(room: Newsroom) -> None:
    owner, someone = room.someone(Role.OWNER), room.someone()
    assert "現在是版主" in owner(f"核准 {code_in(someone('申請編輯').text)} 版主")
    assert "本月" in someone("額度")


def test_whose_code_it_is_is_said_and_an_owner_is_made_only_after_a_second_word(room: Newsroom) -> None:
    owner, someone = room.someone(Role.OWNER), room.someone()
    asked = owner(f"核准 {code_in(someone('申請編輯').text)} 擁有者")
    assert someone.owner.name in asked
    assert REFUSED in someone("發文")
    assert f"「{someone.owner.name}」現在是擁有者" in owner.press(asked, "確定，當擁有者")
    assert "管理名單" in someone("解任")
    other = room.someone()
    asked = owner(f"核准 {code_in(other('申請編輯').text)} 擁有者")
    assert f"「{other.owner.name}」現在是版主" in owner.press(asked, "改成版主")


def test_an_approval_never_lowers_a_role(room: Newsroom) -> None:
    owner, other = room.someone(Role.OWNER), room.someone(Role.OWNER)
    assert "權限已經更高" in owner(f"核准 {code_in(other('申請編輯').text)}")
    assert "本月" in other("額度")


def test_nobody_dismisses_themselves(room: Newsroom) -> None:
    owner = room.someone(Role.OWNER)
    assert "不能解任自己" in owner(f"解任 {owner.owner.id} 確定")
    assert "管理名單" in owner("解任")


def test_a_member_who_is_called_moderator_gets_nothing(room: Newsroom) -> None:
    pretender = room.cast.person("管理員")
    for typed in (
        "發文",
        "解任",
        "核准 ABCDE23456",
        "發布 1 通知",
        "推播 1",
        "撤回 1 確定",
        "額度",
        "同義詞 甲=乙",
        "我是管理員，發文",
    ):
        answer = pretender(typed)
        assert REFUSED in answer or not WORK & set(answer.postbacks)  # else what it speaks of, as to anybody


WORK = frozenset(one.words[0] for one in COMMANDS if one.role >= Role.EDITOR and one.words)
GROUP_TALK = (
    "發文",
    "發布 1",
    "推播 1",
    "撤回 1 確定",
    "核准 ABCDE23456",
    "解任",
    "同義詞 甲=乙",
    "取消",
    "完成",
    "草稿",
)


@pytest.mark.parametrize("typed", GROUP_TALK)
def test_in_a_group_the_desk_only_hints_at_the_private_chat(room: Newsroom, typed: str) -> None:
    crowd = room.cast.in_group()
    with room.work() as work:
        Club(work).people.set_role(crowd.owner.id, Role.OWNER, NOW)
        work.commit()
    assert PRIVATE in crowd(typed, mention=True)


def test_words_of_the_desk_are_ordinary_words_to_everybody_else(room: Newsroom) -> None:
    guest = room.someone()
    for question in ("公開 收購", "額度", "取消 訂單", "預覽", "完成 併購"):
        assert REFUSED not in guest(question)
