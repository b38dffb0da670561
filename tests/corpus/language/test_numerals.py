"""A number reads the same in figures and in Chinese numerals."""

from __future__ import annotations

import pytest

from corpus.language.numerals import read_number

ONES = "零一二三四五六七八九"


def spelled(value: int) -> str:
    """Below one hundred, as a person writes it."""
    tens, ones = divmod(value, 10)
    return ("" if tens < 2 else ONES[tens]) + ("十" if tens else "") + (ONES[ones] if ones or not tens else "")


def test_every_number_below_one_hundred() -> None:
    for value in range(100):
        assert read_number(spelled(value)) == read_number(str(value)) == value


@pytest.mark.parametrize(
    ("text", "value"), [("兩", 2), ("两", 2), ("一十二", 12), ("二〇二五", 2025), ("一一四", 114), ("２４", 24)]
)
def test_other_forms(text: str, value: int) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "篇", "十篇", "一-"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_number(text)
