"""What an editor asks about the work itself gets the command that does it; to others the same words are ordinary ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.newsroom import Newsroom, newsroom
from tests.support.phones import Phone


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom(tmp_path_factory.mktemp("asked")) as room:
        yield room


@pytest.mark.parametrize(
    ("said", "offered"),
    [("我的草稿呢", "草稿"),
     ("額度還剩多少", "額度"), ("後台連結給我", "後台"), ("怎麼發文", "發文"), ("怎麼更正文章", "更正"), ("排程怎麼用", "排程"),
     ("大家這週問了什麼", "這週")],
)  # fmt: skip
def test_the_command_is_offered(desk: Phone, reader: Phone, said: str, offered: str) -> None:
    assert offered in desk(said).postbacks
    assert offered not in reader(said).postbacks


def test_a_number_may_stand_right_behind_the_word(desk: Phone) -> None:
    assert "還沒寫到" not in desk("撤回第99篇")
