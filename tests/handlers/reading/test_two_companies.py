"""Who asks about two companies that no essay has together is shown one for each, and told so."""

from __future__ import annotations

import pytest

from tests.support.phones import Phone


def test_each_company_has_its_essay_and_that_is_said(chat: Phone) -> None:
    heard = chat("奇鋐跟星巴克的成本")
    assert "沒有一篇同時寫到奇鋐和星巴克，各找一篇：" in heard
    assert "液冷是未來" in heard
    assert "一杯超商拿鐵的帳本" in heard


def test_two_companies_of_one_essay_are_not_told_apart(chat: Phone) -> None:
    assert "沒有一篇同時寫到" not in chat("台積電跟群創買廠花多少錢")


@pytest.mark.parametrize(
    "asked",
    ["台積電跟聯電", "台積電 vs 聯電", "2330 2303", "聯電 vs 台積電", "台積電和聯電差在哪", "台積電、聯電", "台積電跟聯電比毛利"],
)  # fmt: skip
def test_where_one_is_not_written_about_the_other_is_shown(chat: Phone, asked: str) -> None:
    heard = chat(asked)
    assert "文章裡還沒寫到聯電，先看台積電" in heard
    assert "台積電 2330" in heard


def test_a_group_is_shown_the_one_that_is_written_about(crowd: Phone) -> None:
    heard = crowd("羅盤 台積電 vs 聯電")
    assert "文章裡還沒寫到聯電，先看台積電" in heard
    assert "台積電 2330" in heard


def test_where_neither_is_written_about_both_are_named(chat: Phone) -> None:
    heard = chat("聯電跟世界先進")
    assert "文章裡還沒寫到聯電和世界。" in heard
    assert {"有文章再通知我 聯電 2303", "有文章再通知我 世界 5347"} <= set(heard.postbacks)


@pytest.mark.parametrize(
    "asked", ["vs TSMC NVDA", "VS TSMC NVDA", "versus 2330 NVDA", "TSMC NVDA vs", "NVDA or TSMC", "Compare TSMC NVDA"]
)
def test_an_english_word_beside_two_tickers_is_no_company(chat: Phone, asked: str) -> None:
    heard = chat(asked)
    assert "台積電" in heard
    assert "輝達" in heard
    assert " vs " in heard
    assert "Versus" not in heard


@pytest.mark.parametrize("asked", ["NVDA now", "show me NVDA", "vs NVDA"])
def test_nor_beside_one(chat: Phone, asked: str) -> None:
    assert "輝達 NVDA" in chat(asked)


@pytest.mark.parametrize("asked", ["do you have an app", "how do i stop the daily msgs"])
def test_a_word_in_small_letters_within_a_sentence_is_none_either(chat: Phone, asked: str) -> None:
    assert "NASDAQ" not in chat(asked)


def test_two_names_joined_by_a_word_are_compared(chat: Phone) -> None:
    assert "台積電 vs 鴻海" in chat("台積電跟鴻海")
