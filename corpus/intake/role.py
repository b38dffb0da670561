"""Roles of a page's lines, and the reason that an editor is told when a line is left out for its role."""

from __future__ import annotations

from enum import StrEnum, auto

from corpus.intake.extracted import Reason


class LineRole(StrEnum):
    """The role of a line on a page."""

    CONTENT = auto()
    TITLE = auto()  # declared as such: 「標題: ...」
    BYLINE = auto()  # date, author, source
    TAGS = auto()
    READING = auto()  # one piece of further reading
    READING_HEAD = auto()  # the head of a list of them
    RELATED_HEAD = auto()  # the head of a list of the site's other pages
    TICKER_HEAD = auto()  # the same above the title; elsewhere the label of a section
    CREDIT = auto()  # whose picture or figures these are
    CREW = auto()  # editor, photographer: stands at an essay's end
    PLUG = auto()  # an offer; what follows it at an essay's end is more of it
    TEASER = auto()  # the next article begins
    BREAK = auto()  # a rule
    CHROME = auto()  # the site's own: menus, addresses, counters
    RELATED = auto()  # one of the site's other pages
    NOTICE = auto()  # cookies, copyright, terms
    LOGIN = auto()  # log in, pay, read on
    PAYWALL = auto()  # what follows, or all of it, is for members
    MARK = auto()  # ours: what follows is for members
    COMMENT = auto()  # what readers say below it
    QUOTED = auto()  # what somebody answers to, in a forum or a mail
    FRAME = auto()  # the head and foot of a forum, a chat or a mail
    QUOTES = auto()  # prices in a row
    HIDDEN = auto()  # no reader of the page sees it
    REPEATED = auto()  # stands there a second time


SITES_OWN = frozenset(
    {
        LineRole.CHROME,
        LineRole.RELATED,
        LineRole.RELATED_HEAD,
        LineRole.TICKER_HEAD,
        LineRole.READING_HEAD,
        LineRole.NOTICE,
        LineRole.LOGIN,
        LineRole.PAYWALL,
        LineRole.COMMENT,
        LineRole.FRAME,
        LineRole.QUOTES,
    }
)

REASONS = {
    LineRole.TITLE: Reason.TITLE,
    LineRole.BYLINE: Reason.BYLINE,
    LineRole.TAGS: Reason.TAGS,
    LineRole.READING: Reason.READING,
    LineRole.READING_HEAD: Reason.READING,
    LineRole.RELATED_HEAD: Reason.RELATED,
    LineRole.TICKER_HEAD: Reason.MENU,
    LineRole.CREDIT: Reason.CREDIT,
    LineRole.CREW: Reason.CREDIT,
    LineRole.PLUG: Reason.ADVERT,
    LineRole.TEASER: Reason.RELATED,
    LineRole.BREAK: Reason.RULE,
    LineRole.CHROME: Reason.MENU,
    LineRole.RELATED: Reason.RELATED,
    LineRole.NOTICE: Reason.NOTICE,
    LineRole.LOGIN: Reason.LOGIN,
    LineRole.PAYWALL: Reason.PAYWALL,
    LineRole.MARK: Reason.PAYWALL,
    LineRole.COMMENT: Reason.COMMENTS,
    LineRole.QUOTED: Reason.QUOTED,
    LineRole.FRAME: Reason.FRAME,
    LineRole.QUOTES: Reason.QUOTES,
    LineRole.HIDDEN: Reason.HIDDEN,
    LineRole.REPEATED: Reason.REPEATED,
}
