"""What 退訂 lets go: what was named, and nothing where nothing was; and how it is brought back."""

from __future__ import annotations

import pytest

from tests.support.phones import Phone

AUTHOR = "作者 林以晨"


@pytest.mark.parametrize("lines", [["訂閱 散熱", "追蹤 2330"], ["訂閱 散熱", "追蹤 2330", f"訂閱 {AUTHOR}"]])
def test_a_bare_word_asks_which_and_lets_nothing_go(chat: Phone, lines: list[str]) -> None:
    for line in lines:
        chat(line)
    heard = chat("退訂")
    assert "要退訂哪一個？" in heard.text
    assert f"訂閱了 {len(lines)} 個。" in chat("我的訂閱").text


@pytest.mark.parametrize("named", ["散熱", AUTHOR, "林以晨"])
def test_a_name_lets_go_of_that_one_alone(chat: Phone, named: str) -> None:
    for line in ("訂閱 散熱", "追蹤 2330", f"訂閱 {AUTHOR}"):
        chat(line)
    left = [name for name in ("散熱", "台積電 2330", AUTHOR) if not name.endswith(named)]
    assert "剩 2 個。" in chat(f"退訂 {named}").text
    listed = chat("我的訂閱").text
    assert [name for name in ("散熱", "台積電 2330", AUTHOR) if name in listed] == left


KINDS = ["訂閱 散熱 不要手機", "訂閱 「記意體」", "追蹤 2330、NVDA", f"訂閱 {AUTHOR}", "訂閱 精選"]


@pytest.mark.parametrize("lines", [KINDS, ["追蹤 2330、NVDA"], [f"訂閱 {AUTHOR}"], ["訂閱 精選"]])
@pytest.mark.parametrize(("gone", "back"), [("退訂 全部", "訂回來"), ("全部退訂", "取消")])
def test_all_that_was_let_go_is_brought_back(chat: Phone, lines: list[str], gone: str, back: str) -> None:
    for line in lines:
        chat(line)
    had = sorted(_listed(chat))
    assert len(had) >= len(lines)
    assert "都退訂了。" in chat(gone).text
    chat(back)
    assert sorted(_listed(chat)) == had


def _listed(chat: Phone) -> list[str]:
    """The subscriptions with their kinds, without their places in the list."""
    return [line.split(". ", 1)[1] for line in chat("我的訂閱").text.splitlines() if line[:1].isdigit()]
