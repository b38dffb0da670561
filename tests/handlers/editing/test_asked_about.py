"""What an editor asks about the work itself gets the command that does it; to others the same words are ordinary ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.identity import Role
from tests.support.newsroom import Newsroom, newsroom
from tests.support.phones import Phone


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("asked")) as room:
        yield room


@pytest.mark.parametrize(
    ("said", "offered"),
    [("怎麼發文", "發文"), ("怎麼更正文章", "更正"), ("排程怎麼用", "排程"), ("下架怎麼做", "撤回"),
     ("權限怎麼給", "核准"), ("開始發文", "發文"), ("取消推播", "取消"),
     ("幫散熱加一個別名", "別名"), ("第 3 份草稿刪掉", "刪除草稿"), ("把剛剛那篇發出去", "發布"), ("想回到上一個版本", "還原")],
)  # fmt: skip
def test_the_command_is_offered(desk: Phone, reader: Phone, said: str, offered: str) -> None:
    assert offered in desk(said).postbacks
    assert offered not in reader(said).postbacks


@pytest.mark.parametrize(
    ("said", "command"),
    [("我的草稿呢", "草稿"), ("額度還剩多少", "額度"), ("大家這週問了什麼", "這週"),
     ("明天要發的是哪篇", "行事曆"), ("大家都查不到什麼", "沒答到的"), ("最近哪題最多人問", "沒答到的"), ("誰在看我們的文章", "這週")],
)  # fmt: skip
def test_what_only_shows_is_shown(desk: Phone, said: str, command: str) -> None:
    assert desk(said).text == desk(command).text


def test_a_command_said_not_to_be_done_is_not_offered(desk: Phone) -> None:
    assert "撤回" not in desk("不要下架了").postbacks


@pytest.mark.parametrize("said", ["散熱的瓶頸在哪裡", "公開市場操作怎麼運作", "排程軟體產業", "編輯基因"])
def test_an_editors_question_on_essays_stays_one(desk: Phone, reader: Phone, said: str) -> None:
    assert "想做的是不是" not in desk(said)
    assert desk(said).text == reader(said).text


@pytest.mark.parametrize("said", ["草稿 99", "草稿99", "草稿第99份"])
def test_a_draft_is_named_with_or_without_a_space(desk: Phone, said: str) -> None:
    assert desk(said).text == desk("草稿 99").text
    assert "還沒寫到" not in desk(said)


def test_a_number_may_stand_right_behind_the_word(desk: Phone) -> None:
    assert "還沒寫到" not in desk("撤回第99篇")


@pytest.mark.parametrize(
    ("said", "shown"),
    [("這個月還能推幾則", "還剩"), ("大家都查不到什麼", "沒答到"), ("明天要發的是哪篇", "這 14 天"), ("文章打錯字怎麼改", "更正 12"),
     ("誰是版主", "解任"), ("這禮拜成效如何", "這七天"), ("新增同義詞怎麼做", "同義詞 液冷=水冷"), ("怎麼新增編輯", "核准 ")],
)  # fmt: skip
def test_an_editor_who_speaks_of_the_work_gets_it(room: Newsroom, said: str, shown: str) -> None:
    assert shown in room.someone(Role.OWNER)(said)
