"""Who asks what somebody thinks of a subject is told what was written of it later."""

from __future__ import annotations

from tests.support.phones import Phone


def test_an_older_view_says_which_essay_came_later(chat: Phone) -> None:
    heard = chat("良率 怎麼看")
    assert "之後有新看法：2026/03/05〈矽光子從簡報走進產線!" in heard


def test_a_question_that_asks_for_no_view_is_not_told(chat: Phone) -> None:
    assert "之後有新看法" not in chat("良率")
