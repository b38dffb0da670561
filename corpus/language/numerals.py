"""Chinese numerals as integers."""

from __future__ import annotations

_DIGITS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": "0", "○": "0", "兩": "2", "两": "2"}


def read_number(text: str) -> int:
    """Read 「8」, 「兩」, 「三十五」 and, digit by digit, 「二〇二五」 as an integer. Raises ValueError where a text is no number."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(_DIGITS.get(sign, sign) for sign in text))
    return 10 * (read_number(tens) if tens else 1) + (read_number(ones) if ones else 0)
