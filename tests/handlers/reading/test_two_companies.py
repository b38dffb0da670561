"""Who asks about two companies that no essay has together is shown one for each, and told so."""

from __future__ import annotations

from tests.support.phones import Phone


def test_each_company_has_its_essay_and_that_is_said(chat: Phone) -> None:
    heard = chat("奇鋐跟星巴克的成本")
    assert "沒有一篇同時寫到奇鋐和星巴克，各找一篇：" in heard
    assert "液冷是未來" in heard
    assert "一杯超商拿鐵的帳本" in heard


def test_two_companies_of_one_essay_are_not_told_apart(chat: Phone) -> None:
    assert "沒有一篇同時寫到" not in chat("台積電跟群創買廠花多少錢")
