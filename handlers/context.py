"""Context: the Library and the Club, bound to one event's unit of work, and the few doors to the world outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, NoReturn

from corpus.archive_admin import ArchiveAdmin
from corpus.essay import Essay
from corpus.intake.extracted import LeftOut
from corpus.intake.sources.source import Source
from corpus.library import Library
from handlers.club.club import Club
from handlers.club.personal_data import Rows
from handlers.club.retention import Retention
from handlers.identity import Chat


class QuotaStatus(NamedTuple):
    """The messages of this month, as LINE counts them: one for each person that a push reaches."""

    used: int
    limit: int | None  # None: no limit

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.used)


class SentCounts(NamedTuple):
    """The number of deliveries that went out with a reply, for nothing, and of those that were pushed."""

    ridden: int = 0
    pushed: int = 0


class FetchedEssays(NamedTuple):
    """Essays found at an address or in a file, whether a login wall left only a teaser, and the lines left out.

    `readers_said`: the source says of each essay who may read it, as a platform's export does.
    """

    essays: tuple[Essay, ...]
    walled: bool = False
    left_out: tuple[LeftOut, ...] = ()
    readers_said: bool = False


def _closed(address: str, *_more: str) -> NoReturn:
    from corpus.intake import IntakeError  # its parsers take half a second to import

    raise IntakeError("這裡拿不到外面的東西", address, "請把文章內容直接貼過來")


def _no_source(url: str, _user: str, _at: datetime) -> Source:
    return _closed(url)


@dataclass(frozen=True, slots=True)
class Services:
    """The questions that a handler may ask of the world beyond the database. Each may take seconds: ask before the first write."""

    essays_at: Callable[[str], FetchedEssays] = _closed  # behind an address; raises IntakeError
    essays_in: Callable[[str, str], FetchedEssays] = (
        _closed  # in a file, by LINE's message id and its name; raises IntakeError
    )
    source_at: Callable[[str, str, datetime], Source] = _no_source  # a site and who asks when; raises IntakeError
    feed_key: Callable[[str], str] = lambda _user: ""  # the key in the address of a member's own feed
    name_of: Callable[[str], str] = lambda user: f"…{user[-4:]}"  # of a person
    forget_name: Callable[[str], None] = lambda _user: None  # of a person who is erased
    month: Callable[[], QuotaStatus | None] = lambda: None  # None: LINE does not tell
    has_inbox: Callable[[], bool] = lambda: False  # do editors read and answer in LINE's own inbox?
    size_of: Callable[[Chat], int | None] = lambda _chat: None  # people in a group; None: LINE does not tell
    sent_since: Callable[[datetime], SentCounts] = lambda _since: SentCounts()
    reach_since: Callable[[datetime], Mapping[int, tuple[int, int]]] = (
        lambda _since: {}
    )  # by essay, the people who were shown it and those who were answered with it
    met: Callable[[], Sequence[Chat]] = lambda: ()  # the chats in which something was said to us, or by us
    shown_to: Callable[[int], Sequence[Chat]] = lambda _essay: ()  # the chats that were sent something of this essay


@dataclass(frozen=True, slots=True)
class Context:
    library: Library
    club: Club
    now: datetime  # aware, in the community's time zone
    reader_link: Callable[[Essay, int], str]  # (essay, paragraph) -> address, empty where there is none
    services: Services = field(default_factory=Services)
    address: str = ""  # of the bot on the web; empty where it has none
    retention: Retention = field(default_factory=Retention)
    erase_conversations: Callable[[str], bool] = lambda _user: True  # from Ledger and sessions; False: not all
    personal_data: Callable[[str], dict[str, Rows]] = lambda _user: {}  # by table, all rows that name a person
    join: str = ""  # how to become a member, in the community's words
    reviews: bool = False  # whether another than the writer has to publish a draft
    stock_page: str = ""  # the address of a security's page, with {code} in it

    @property
    def archive_admin(self) -> ArchiveAdmin:
        """The changes to the archive that only editors make; the caller has checked the rights."""
        return ArchiveAdmin(self.library)

    def link(self, essay: Essay, paragraph: int = 0) -> str:
        """Return the address of the essay's page, as this asker may open it; empty where the bot has no public address."""
        return self.reader_link(essay, paragraph)

    def erase(self, user: str) -> bool:
        """Erase a person everywhere; False when the sessions could not be reached: they end by themselves within a day."""
        self.club.forget(user, self.now)
        self.services.forget_name(user)
        return self.erase_conversations(user)

    def undo(self) -> None:
        """Forget whatever this event has written."""
        self.library.work.close()
