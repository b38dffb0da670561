"""A line in Simplified characters becomes one in Traditional characters, by the words in it."""

from __future__ import annotations

import pytest
from opencc import OpenCC

from corpus.language.traditional import to_traditional
from handlers.commands import COMMANDS

CONVERTER = OpenCC("s2tw")
SIMPLE = OpenCC("t2s")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("什么股票可以买", "什麼股票可以買"),
        ("准时送", "準時送"),
        ("订阅 发电 后台", "訂閱 發電 後台"),
        ("制造业的干净能源", "製造業的乾淨能源"),
        ("人形机器人 关节成本", "人形機器人 關節成本"),
        ("台积电", "台積電"),
        ("散熱的瓶頸在哪裡", "散熱的瓶頸在哪裡"),
    ],
)
def test_a_simplified_line_is_read_in_traditional_characters(typed: str, read: str) -> None:
    assert to_traditional(typed) == read


def test_the_table_says_of_every_command_and_its_examples_what_opencc_says() -> None:
    lines = [line for command in COMMANDS for line in command.words]
    typed = [SIMPLE.convert(line) for line in lines]
    differing = {
        text: to_traditional(text)
        for text in typed
        if to_traditional(text) not in (text, CONVERTER.convert(text).replace("臺", "台"))
    }
    assert differing == {}
