"""Pages and lists: 「散熱 第2頁」, 「2330 文章」 name a part of an answer in a command that is complete in itself."""

from __future__ import annotations

import re

_ESSAYS = re.compile(r"\s*的?(?:相關)?文章$")
_PAGE = re.compile(r"\s*第\s*(\d{1,3})\s*頁$")


def split_page(text: str) -> tuple[str, int]:
    """Split the page from a text: 「散熱 第2頁」 -> (「散熱」, 2); the first page when none is named."""
    match = _PAGE.search(text)
    if match is None:
        return text.strip(), 1
    return text[: match.start()].strip(), max(1, int(match.group(1)))


def is_page(text: str) -> bool:
    """Tell whether a text names a page and nothing else."""
    return _PAGE.fullmatch(text) is not None


def split_essays(text: str) -> tuple[str, bool]:
    """Tell whether the essays themselves are asked for, beside their subject: 「2330 文章」 -> (「2330」, True)."""
    name = _ESSAYS.sub("", text)
    return (name, True) if name and name != text else (text, False)
