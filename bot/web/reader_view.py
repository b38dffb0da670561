"""Decide who sees how much of an essay's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.config import Settings
from bot.messages.links import Links
from bot.web.reader import ReaderView
from corpus.database import UnitOfWork
from corpus.essay import Audience
from corpus.library import ArchiveResources
from handlers.club.club import Club
from handlers.identity import Role


def reader_view_for(
    archive: ArchiveResources, links: Links, settings: Settings, clock: Callable[[], float]
) -> Callable[[int, str | None], ReaderView | None]:
    """Who sees what of an essay's page: a member with a fresh link of their own all of it, everybody else as a guest."""

    def read(essay_id: int, token: str | None) -> ReaderView | None:
        now = datetime.fromtimestamp(clock(), settings.zone)
        with UnitOfWork(archive.engine) as work:
            club = Club(work, settings.owners)
            user = links.reader(essay_id, token)
            role = club.people.role(user, now)
            audience = Audience.MEMBER if role >= Role.MEMBER else Audience.GUEST
            library = archive.library(work, audience)
            essay = library.essay(essay_id)
            if essay is None:
                return None
            related = tuple(found for found, _ in library.related(essay))
            full = not library.is_locked(essay)
            if user is not None:
                club.bookmarks.open(user, essay_id, now)
                work.commit()
        return ReaderView(essay, full, now.date(), related)

    return read
