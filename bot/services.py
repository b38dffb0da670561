"""The doors that handlers have to the world outside: addresses, files, names, the month's messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Engine

from bot.ledger import chats_with_history, shown_to
from bot.line.client import LineClient, LineError
from bot.outbound.quota import MessageQuota
from corpus.database import reading
from corpus.intake.errors import IntakeError
from handlers.context import FetchedEssays, QuotaStatus, Services
from handlers.identity import Chat

MOST_BYTES = 10 * 2**20  # of a file that was sent
NAMES_KEPT = 500
TEASER = 200  # characters: a shorter text alone on a page is most likely what a login wall lets through


def build_services(engine: Engine, line: LineClient, budget: Callable[[], MessageQuota]) -> Services:
    """What `Outside` promises, from LINE, the Ledger and the web."""

    @lru_cache(maxsize=NAMES_KEPT)
    def name(user: str) -> str:
        return str(line.profile(user)["displayName"])

    def name_of(user: str) -> str:
        try:
            return name(user)
        except (LineError, KeyError):
            return f"…{user[-4:]}"

    def shown(essay: int) -> list[Chat]:
        with reading(engine) as connection:
            return shown_to(connection, essay)

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
        essays_at=fetch_essays,
        essays_in=lambda message, file: read_attachment(line, message, file),
        name_of=name_of,
        month=month,
        size_of=size_of,
        met=met,
        shown_to=shown,
    )


def fetch_essays(url: str) -> FetchedEssays:
    """The essays behind an address. Raises IntakeError."""
    from corpus.intake.fetch import fetch
    from corpus.intake.sandbox import essays_in_bytes

    fetched = fetch(url)
    found = essays_in_bytes(fetched.data, fetched.url, content_type=fetched.content_type)
    letters = sum(len(essay.body) for essay in found)
    essays = tuple(replace(essay, url=essay.url or fetched.url) for essay in found)
    return FetchedEssays(essays, walled=len(found) == 1 and letters < TEASER)


def read_attachment(line: LineClient, message: str, file: str) -> FetchedEssays:
    """The essays in a file that was sent to the bot. Raises IntakeError."""
    from corpus.intake.sandbox import essays_in_bytes

    try:
        data = line.content(message, MOST_BYTES)
    except LineError as error:
        if error.status == 413:
            raise IntakeError(f"檔案超過 {MOST_BYTES // 2**20} MB", file, "請拆小一點再傳") from error
        raise IntakeError("LINE 沒有把檔案給我", file, "請再傳一次") from error
    return FetchedEssays(tuple(essays_in_bytes(data, file)))
