"""A broker's target price is a fact of an essay and no advice of ours."""

from __future__ import annotations

from tests.support.phones import Phone


def test_a_target_price_is_looked_for_like_anything_else(chat: Phone) -> None:
    assert "不給買賣建議" not in chat("面板級封裝的目標價和評等差在哪")


def test_what_to_do_at_a_price_is_still_advice(chat: Phone) -> None:
    assert "不給買賣建議" in chat("台積電多少錢可以買")


def test_only_the_asking_decides(chat: Phone) -> None:
    assert "不給買賣建議" in chat("有什麼明牌")
