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
