"""Names that a page's markup gives as its author's, and dates on which it says that the article appeared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import XPath
from lxml.html import HtmlElement

from corpus.intake.lines import width
from corpus.intake.web.text_runs import squeezed

LONGEST_NAME = 20  # in Han widths

_NAMED = XPath(
    "//*[@rel='author' or @itemprop='author' or contains(@class, 'uthor') or contains(@class, 'fn') or contains(@class, 'byline')"
    " or contains(@class, 'reporter') or contains(@class, 'user-name') or contains(@class, 'username')"
    " or contains(@class, 'authi')]"  # few elements are left for what takes long
    "[@rel='author' or @itemprop='author' or contains(concat(' ', normalize-space(@class), ' '), ' author ')"
    " or contains(concat(' ', normalize-space(@class), ' '), ' fn ') or contains(@class, 'byline') or contains(@class, 'reporter')"
    " or contains(@class, 'post-author') or contains(@class, 'author-name') or contains(@class, 'authorName') or contains(@class, 'user-name')"
    " or contains(@class, 'username') or contains(concat(' ', normalize-space(@class), ' '), ' authi ')"  # Discuz
    " or (contains(@class, 'author') and contains(@class, 'name'))]"
    "[not(ancestor-or-self::*[contains(@class, 'omment') or contains(@id, 'omment') or self::aside or self::nav])]"
)
_DATED = XPath(
    "//time[@datetime][not(ancestor::aside or ancestor::footer or ancestor::nav)]/@datetime"
    " | //*[self::abbr or self::span or self::time]/@title | //*[@itemprop='datePublished']/@content | //*[@itemprop='datePublished']/@datetime"
)
_DAY = re.compile(r"\s*\d{4}-\d\d?-\d\d?")
_LEAD = re.compile(
    r"^(?:(?:撰文|作者|記者|文字|張貼者|發佈者|發表者|文|by|posted by|written by)\s*[:：/／|]?\s+|(?:撰文|作者|記者|張貼者|文)\s*[:：/／|]\s*)",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\s+(?:發[表佈布]|張貼|刊登|於|on|at|in)[在於]?\s.*$", re.IGNORECASE)  # and when
_NO_NAME = re.compile(r"\d|[。，！？!?]|@|https?:", re.IGNORECASE)


def names_in(page: HtmlElement) -> Iterator[str]:
    """Yield the names that stand in elements marked as the author's."""
    for element in _NAMED(page):
        said = _LEAD.sub("", squeezed("".join(element.itertext())))
        name = _WHERE.sub("", said).strip(" :：/／|·•")
        if could_be_name(name):
            yield name


def could_be_name(said: str) -> bool:
    return 2 <= width(said) <= LONGEST_NAME and not _NO_NAME.search(said)


def dates_in(page: HtmlElement) -> list[str]:
    """Return the dates that stand in attributes made for them, in the page's order."""
    return [str(date) for date in _DATED(page) if _DAY.match(date)]
