"""Who asks in English is answered in English, around what the essays say in Chinese."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from handlers.routing import english
from tests.support.phones import Phone

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("asked", "framed"),
    [
        ("what is liquid cooling?", "From the essays"),
        ("can I buy TSMC now?", "no advice to buy or sell"),
        ("should I sell NVDA", "no advice to buy or sell"),
        ("what did you write about bitcoin mining rigs", "No essay covers"),
        ("how do I unsubscribe", "You can unsubscribe"),
    ],
)
def test_an_english_question_gets_english_words(chat: Phone, asked: str, framed: str) -> None:
    heard = chat(asked)
    assert framed in heard
    assert "還沒寫到" not in heard
    assert "不給買賣建議" not in heard


def test_the_quotation_stays_as_it_was_written(chat: Phone) -> None:
    heard = chat("what is liquid cooling?")
    assert "液冷" in heard
    assert "Save" in heard.actions


@pytest.mark.parametrize("asked", ["液冷是什麼", "HBM", "CoWoS 產能"])
def test_a_chinese_question_gets_none(chat: Phone, asked: str) -> None:
    assert "From the essays" not in chat(asked)


OURS = re.compile(
    r"閱讀全文|關鍵字|非投資建議|· [^\n]*前 ·|第 \d 篇|收藏這段|更多|文章裡還沒|有文章再通知我|打公司|篇文章 ·"
)


@pytest.mark.parametrize(
    "asked",
    [
        "what is liquid cooling?", "tell me about NVDA chips", "can I buy TSMC now?", "what did you write about bitcoin mining rigs",
        "help", "latest", "follow 2330", "subscribe cooling", "thank you", "who are you", "authors", "change time", "what is the price of TSMC",
        "where is my data", "are you a human?",
    ],
)  # fmt: skip
def test_every_word_of_ours_is_english(chat: Phone, asked: str) -> None:
    heard = chat(asked)
    assert heard.text
    assert OURS.findall("\n".join([heard.text, *heard.actions])) == []


def test_what_follows_an_english_question_stays_english(chat: Phone) -> None:
    heard = chat("what is liquid cooling?")
    assert "Essay 1" in heard
    assert "Keywords" in heard
    assert "Read it all" in heard.actions
    for follow in ("second one", "previous page", "more"):
        assert OURS.findall(chat(follow).text) == []


def test_commands_that_english_speakers_type_are_understood(chat: Phone) -> None:
    assert "Following" in chat("follow 2330")
    assert "每日 07:30" in chat("change time").actions or "每日 07:30" in chat("change time")
    assert "no live prices" in chat("what is the price of TSMC")
    chat("what is liquid cooling?")
    assert "許庭瑜" in chat("read 1")
    assert "許庭瑜" in chat("who wrote this?")
    assert "4 authors" in chat("authors")
    assert "I am Luopan" in chat("are you a bot")


@pytest.mark.parametrize("asked", ["NVDA", "HBM", "CoWoS", "2330", "3D"])
def test_a_name_alone_is_no_english(chat: Phone, asked: str) -> None:
    assert "Read it all" not in chat(asked).actions


def test_every_label_with_an_english_one_is_still_said() -> None:
    """Else a button whose label has changed would be Chinese again, unseen."""
    speaking = [path for room in ("handlers", "bot") for path in (ROOT / room).rglob("*.py")]
    said = {
        node.value
        for path in speaking
        if path != Path(english.__file__)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    assert [label for label in english.LABELS if label not in said] == []
