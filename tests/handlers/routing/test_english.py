"""Who asks in English is answered in English, around what the essays say in Chinese."""

from __future__ import annotations

import pytest

from tests.support.phones import Phone


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
