"""Browsers in which people read: let in once by a link, known by a cookie after that."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from corpus.database import UnitOfWork, dialect
from handlers.club.erasure import erased_after
from handlers.club.people import utc
from handlers.club.tables import opened_links, reader_browsers

LINK_LIFE = timedelta(minutes=10)
COOKIE_LIFE = timedelta(days=30)


class ReaderBrowsers:
    """The browsers that links have let in."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def user(self, cookie: str | None, at: datetime) -> str | None:
        """Return the user whose browser this is; None for a stranger's."""
        if not cookie:
            return None
        mine = (reader_browsers.c.hash == _hash(cookie)) & (reader_browsers.c.until > utc(at))
        return self.work.reader.execute(select(reader_browsers.c.user_id).where(mine)).scalar()

    def admit(self, link: str, user: str, made_at: datetime, at: datetime) -> str | None:
        """Let a browser in by a link that nobody has used; return its cookie, None where the link lets nobody in any more."""
        if not made_at <= at < made_at + LINK_LIFE or erased_after(self.work.reader, user, made_at):
            return None
        writer = self.work.writer
        used = dialect(writer).insert(opened_links).on_conflict_do_nothing().returning(opened_links.c.hash)
        if writer.execute(used.values(hash=_hash(link), until=utc(made_at + LINK_LIFE))).first() is None:
            return None
        cookie = secrets.token_urlsafe(32)
        until = utc(at + COOKIE_LIFE)
        writer.execute(insert(reader_browsers).values(hash=_hash(cookie), user_id=user, until=until))
        return cookie


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
