"""What a line of a page is for, and what an editor is told when it is left out for that."""

from __future__ import annotations

from enum import StrEnum, auto

from corpus.intake.extracted import Reason


class Role(StrEnum):
    """What a line of a page is for."""

    CONTENT = auto()
    TITLE = auto()  # declared as such: 「標題: ...」
    BYLINE = auto()  # date, author, source
    TAGS = auto()
    READING = auto()  # one piece of further reading
    READING_HEAD = auto()  # the head of a list of them
    RELATED_HEAD = auto()  # the head of a list of the site's other pages
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
    COMMENT = auto()  # what readers say below it
    QUOTED = auto()  # what somebody answers to, in a forum or a mail
    FRAME = auto()  # the head and foot of a forum, a chat or a mail
    QUOTES = auto()  # prices in a row
    REPEATED = auto()  # stands there a second time


SITES_OWN = frozenset(
    {Role.CHROME, Role.RELATED, Role.NOTICE, Role.LOGIN, Role.PAYWALL, Role.COMMENT, Role.FRAME, Role.QUOTES}
)

REASONS = {
    Role.TITLE: Reason.TITLE,
    Role.BYLINE: Reason.BYLINE,
    Role.TAGS: Reason.TAGS,
    Role.READING: Reason.READING,
    Role.READING_HEAD: Reason.READING,
    Role.RELATED_HEAD: Reason.RELATED,
    Role.CREDIT: Reason.CREDIT,
    Role.CREW: Reason.CREDIT,
    Role.PLUG: Reason.ADVERT,
    Role.TEASER: Reason.RELATED,
    Role.BREAK: Reason.RULE,
    Role.CHROME: Reason.MENU,
    Role.RELATED: Reason.RELATED,
    Role.NOTICE: Reason.NOTICE,
    Role.LOGIN: Reason.LOGIN,
    Role.PAYWALL: Reason.PAYWALL,
    Role.COMMENT: Reason.COMMENTS,
    Role.QUOTED: Reason.QUOTED,
    Role.FRAME: Reason.FRAME,
    Role.QUOTES: Reason.QUOTES,
    Role.REPEATED: Reason.REPEATED,
}
