"""Pages: 「散熱 第2頁」 names a page of a command that is complete in itself."""

from __future__ import annotations

import re

_PAGE = re.compile(r"\s*第\s*(\d{1,3})\s*頁$")


def split_page(text: str) -> tuple[str, int]:
    """「散熱 第2頁」 -> (「散熱」, 2); the first page when none is named."""
    match = _PAGE.search(text)
    if match is None:
        return text.strip(), 1
    return text[: match.start()].strip(), max(1, int(match.group(1)))
