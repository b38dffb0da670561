"""The result of reading a file or a page: its essays, and everything that went into none of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus.essay import Essay


class Reason(StrEnum):
    """The reason why a text was left out; the value is what an editor reads."""

    MENU = "選單"
    RELATED = "其他文章"
    FOOTER = "頁尾"
    ADVERT = "廣告"
    COMMENTS = "留言"
    NOTICE = "網站聲明"  # cookies, copyright, terms
    SHARE = "分享與互動"  # share buttons, counters, reactions
    LOGIN = "登入或訂閱提示"
    BYLINE = "作者與日期"  # read into author, source and date
    TAGS = "標籤"  # read into tags
    READING = "延伸閱讀"  # read into further_reading
    TITLE = "標題重複"
    CREDIT = "圖片或製作資訊"
    QUOTES = "行情列"  # a strip of prices
    FRAME = "版面外框"  # header of a forum, chat export or mail
    HIDDEN = "隱藏的文字"
    REPEATED = "重複的文字"
    RULE = "分隔線"
    QUOTED = "引用的前文"  # what a forum post or a mail answers to
    PAYWALL = "會員標記"  # it, or what follows it, is for members only
    UNPUBLISHED = "沒有公開的草稿或頁面"
    BACK = "放回去了"
    OTHER = "不在文章裡"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A text that is in no essay. It stood above block `before` of essay number `essay`: where it would be put back."""

    text: str
    reason: Reason
    essay: int = 0
    before: int = 0

    def with_text(self, text: str) -> LeftOut:
        return self if text == self.text else replace(self, text=text)


@dataclass(frozen=True, slots=True)
class Extracted:
    """Every character of a file is in one of these essays or in what was left out."""

    essays: tuple[Essay, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    pieces: int = 1  # of a post, which is one essay: as how many the reader saw it

    def of(self, essay: int) -> tuple[LeftOut, ...]:
        """Return the texts that were left out beside one of the essays."""
        return tuple(part for part in self.left_out if part.essay == essay)


def joined(parts: Iterable[Extracted]) -> Extracted:
    """Join several files or pieces into one: the essays in order, each with what was left out beside it."""
    essays: list[Essay] = []
    left_out: list[LeftOut] = []
    for part in parts:
        above = len(essays)
        left_out += [replace(left, essay=left.essay + above) for left in part.left_out] if above else part.left_out
        essays += part.essays
    return Extracted(tuple(essays), tuple(_below_last(left, essays) for left in left_out))


def _below_last(left: LeftOut, essays: Sequence[Essay]) -> LeftOut:
    """Return a text that stood below all essays as one at the end of the last one."""
    if left.essay < len(essays) or not essays:
        return left
    return replace(left, essay=len(essays) - 1, before=len(essays[-1].blocks))
