"""The services that handlers may call outside the database: addresses, files, names, the month's messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from bot.ledger import chats_with_history, reach_of_essays, sent_by_way, shown_to
from bot.line.client import LineClient, LineError
from bot.outbound.quota import MessageQuota
from corpus.cache import BoundedCache
from corpus.database import reading
from corpus.intake.allowed import NO_HOSTS, AllowedHosts
from corpus.intake.errors import IntakeError
from corpus.intake.sources.manners import Manners
from corpus.intake.sources.source import Source, SourceRule
from handlers.context import FetchedEssays, QuotaStatus, SentCounts, Services
from handlers.identity import Chat

MOST_BYTES = 10 * 2**20  # of a file that was sent
NAMES_KEPT = 500
NAME_SECONDS = 1.0  # for which LINE is waited for
NAME_LIFE = 86_400.0  # seconds for which a name is kept
REST_SECONDS = 120.0  # without asking LINE again, after it told nothing
LOOK_SECONDS = 20.0  # of waiting within one look at a site: its answer needs a reply token, which lives a minute
LOOK_GAP = 1.0  # seconds between two requests of it, where the site asks for no more
SLOW_SITE = "晚一點再試，或在主機上用 luopan source add 慢慢看"
TEASER = 200  # characters: a shorter text alone on a page is most likely what a login wall lets through


class DisplayNames:
    """The names that people give themselves in LINE. A page of many people waits for LINE once at most.

    Names are kept; where LINE is slow or tells none, the end of the id stands for the name, and LINE is not asked for a while.
    """

    def __init__(
        self,
        line: LineClient,
        clock: Callable[[], float] = time.monotonic,
        erasures: Callable[[], object] = lambda: None,  # a mark that each erasure changes
    ) -> None:
        self.line = line
        self.clock = clock
        self._erasures = erasures
        self._erased: object = None
        self._known: BoundedCache[str, tuple[float, str]] = BoundedCache(
            NAMES_KEPT
        )  # (until when, name); "" where LINE tells none
        self._rests_until = 0.0
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="names")

    def get(self, user: str) -> str:
        until, name = self._known.get(user) or (0.0, "")
        if until <= self.clock():
            name = self._ask(user)
        return name or f"…{user[-4:]}"

    def forget(self, user: str) -> None:
        """Forget the name of a person who is erased."""
        self._known.drop(user)

    def forget_erased(self) -> None:
        """Forget all names once after an erasure, whichever process made it."""
        erased = self._erasures()
        if erased != self._erased:
            self._known.clear()
            self._erased = erased

    def _ask(self, user: str) -> str:
        if self.clock() < self._rests_until:
            return ""
        try:
            return self._threads.submit(self._learn, user).result(NAME_SECONDS)
        except FutureTimeout:
            self._rests_until = self.clock() + REST_SECONDS
            return ""

    def _learn(self, user: str) -> str:
        name = ""
        try:
            name = str(self.line.profile(user)["displayName"])
        except KeyError:
            pass
        except LineError as error:
            if error.status != 404:  # not this person's fault: the next one would not be told either
                self._rests_until = self.clock() + REST_SECONDS
                return ""
        self._known.put(user, (self.clock() + (NAME_LIFE if name else REST_SECONDS), name))
        return name


def build_services(
    engine: Engine,
    line: LineClient,
    budget: Callable[[], MessageQuota],
    names: DisplayNames,
    manners: Manners | None = None,
    feed_key: Callable[[str], str] = lambda _user: "",
) -> Services:
    """Build the handlers' `Services` from LINE, the Ledger and the web."""
    visiting = manners or Manners()

    def shown(essay: int) -> list[Chat]:
        with reading(engine) as connection:
            return shown_to(connection, essay)

    def sent_since(since: datetime) -> SentCounts:
        with reading(engine) as connection:
            return SentCounts(*sent_by_way(connection, since.timestamp()))

    def reach_since(since: datetime) -> dict[int, tuple[int, int]]:
        with reading(engine) as connection:
            return reach_of_essays(connection, since.timestamp())

    def met() -> list[Chat]:
        with reading(engine) as connection:
            return chats_with_history(connection)

    def size_of(chat: Chat) -> int | None:
        try:
            return line.member_count(chat.id)
        except LineError:
            return None

    def month() -> QuotaStatus:
        now = budget()
        return QuotaStatus(now.used if now.limit is None or not now.exhausted else now.limit, now.limit)

    return Services(
        essays_at=lambda url: fetch_essays(url, visiting.allowed),
        source_at=lambda url, user, at: find_source(url, user, at, visiting),
        essays_in=lambda message, file: read_attachment(line, message, file),
        feed_key=feed_key,
        name_of=names.get,
        forget_name=names.forget,
        month=month,
        has_inbox=lambda: line.has_inbox,
        size_of=size_of,
        met=met,
        shown_to=shown,
        sent_since=sent_since,
        reach_since=reach_since,
    )


def find_source(url: str, user: str, at: datetime, manners: Manners) -> Source:
    """Look at what a site offers, and return it as a source that is not kept yet. Raises IntakeError."""
    from corpus.intake.sources.client import SourceClient
    from corpus.intake.sources.discovery import discover, new_source

    patience = LimitedWait(LOOK_SECONDS, manners.sleep)
    client = SourceClient(replace(manners, longest_gap=LOOK_GAP, sleep=patience.sleep))
    try:
        found = discover(url, client)
    except OutOfPatienceError as error:
        raise IntakeError("網站要人等很久，一時看不完", url, SLOW_SITE) from error
    return new_source(url, found, SourceRule.DRAFT, at, is_ours=False, by=user)


class OutOfPatienceError(Exception):
    """A site asks to be left alone for longer than somebody can be kept waiting. No IntakeError: a walk would go on to the next door."""


class LimitedWait:
    """Sleeps as long as a site asks; gives up where that would exceed the seconds that all its sleeps may take."""

    def __init__(self, seconds: float, sleep: Callable[[float], None]) -> None:
        self._left = seconds
        self._sleep = sleep

    def sleep(self, seconds: float) -> None:
        """Sleep all of these seconds. Raises OutOfPatienceError, without sleeping, when too few are left."""
        if seconds > self._left:
            raise OutOfPatienceError
        self._left -= seconds
        self._sleep(seconds)


def fetch_essays(url: str, allowed: AllowedHosts = NO_HOSTS) -> FetchedEssays:
    """Fetch the essays behind an address. Raises IntakeError."""
    from corpus.intake.fetch import fetch
    from corpus.intake.sandbox import extract_bytes

    fetched = fetch(url, allowed=allowed)
    found = extract_bytes(fetched.data, fetched.url, content_type=fetched.content_type)
    characters = sum(len(essay.body) for essay in found.essays)
    essays = tuple(replace(essay, url=essay.url or fetched.url) for essay in found.essays)
    return FetchedEssays(essays, len(essays) == 1 and characters < TEASER, found.left_out)


def read_attachment(line: LineClient, message: str, file: str) -> FetchedEssays:
    """Read the essays in a file that was sent to the bot. Raises IntakeError."""
    try:
        data = line.content(message, MOST_BYTES)
    except LineError as error:
        if error.status == 413:
            raise IntakeError(f"檔案超過 {MOST_BYTES // 2**20} MB", file, "請拆小一點再傳") from error
        raise IntakeError("LINE 沒有把檔案給我", file, "請再傳一次") from error
    return essays_in_attachment(data, file)


def essays_in_attachment(data: bytes, file: str) -> FetchedEssays:
    """Read the essays in a file that an editor has handed in. Raises IntakeError."""
    from corpus.intake.sandbox import extract_bytes
    from corpus.intake.sources.exports.form import is_export

    found = extract_bytes(data, file)
    return FetchedEssays(found.essays, left_out=found.left_out, readers_said=is_export(data, file))
