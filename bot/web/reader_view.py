"""Decide who sees how much of an essay's page, and which browser a link lets in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.config import Settings
from bot.messages.actions import private_chat_link
from bot.messages.links import Links
from bot.web.reader import LinkEntry, ReaderView
from corpus.database import UnitOfWork, aware
from corpus.essay import Essay
from corpus.library import ArchiveResources
from handlers.club.club import Club
from handlers.club.reader_browsers import LINK_LIFE, ReaderBrowsers
from handlers.verb import Verb

NEWEST = 3  # other essays that a page lists
ANEW = "要讀全文，請在 LINE 一對一跟羅盤說「讀 {essay}」。"
ANOTHERS = f"這個連結是別人的，或已經在另一個瀏覽器開過。{ANEW}"
TOO_OLD = f"這個連結超過十分鐘了。{ANEW}"
NOT_MEMBER = "這個瀏覽器的主人目前不是會員，只看得到前言。"


def keep_link(basic_id: Callable[[], str | None], essay_id: int, paragraph: int) -> str:
    """Link back to LINE with the command for 「收藏這段」 typed: its reader says it, not a page. "" while the bot's id is unknown."""
    link = private_chat_link(basic_id(), "收藏這段", f"{Verb.KEEP} #{essay_id}-{paragraph} ")
    return link.url if link else ""


def page_address(public_url: str, links: Links, essay: Essay, paragraph: int = 0) -> str:
    """Return an essay's address as everybody may pass it on; "" without a public address."""
    return f"{public_url.rstrip('/')}{links.path(essay, paragraph)}" if public_url else ""


def reader_view_for(
    archive: ArchiveResources, settings: Settings, clock: Callable[[], float]
) -> Callable[[int, str | None], ReaderView | None]:
    """Return a function that shows an essay to the browser of a cookie: as its person may read it, else as a guest may."""

    def read(essay_id: int, cookie: str | None) -> ReaderView | None:
        now = datetime.fromtimestamp(clock(), settings.zone)
        with UnitOfWork(archive.engine) as work:
            club = Club(work, settings.owners)
            user = ReaderBrowsers(work).user(cookie, now)
            library = archive.library(work, club.people.standing(user, now).audience)
            essay = library.essay(essay_id)
            if essay is None:
                return None
            related = tuple(found for found, _ in library.subjects.related(essay))
            told = {essay_id, *(one.id for one in related)}
            newest = [one for one in library.latest(NEWEST + len(told)) if one.id not in told][:NEWEST]
            full = not library.is_locked(essay)
            before, after = library.beside_in_series(essay)
            correction = library.last_correction(essay_id)
            corrected = (aware(correction[1]) or now).astimezone(now.tzinfo).date() if correction else None
            if user is not None:
                club.bookmarks.open(user, essay_id, now)
                work.commit()
        notice = "" if full or user is None else NOT_MEMBER
        return ReaderView(essay, full, now.date(), related, corrected, tuple(newest), notice, before, after)

    return read


def link_entry_for(
    archive: ArchiveResources, links: Links, settings: Settings, clock: Callable[[], float]
) -> Callable[[int, str, str | None], LinkEntry]:
    """Return a function that opens a reader's own link: it lets one browser in, within ten minutes, once."""

    def enter(essay_id: int, token: str, cookie: str | None) -> LinkEntry:
        now = datetime.fromtimestamp(clock(), settings.zone)
        owner = links.owner(essay_id, token)
        if owner is None:
            return LinkEntry(notice=ANOTHERS.format(essay=essay_id))
        with UnitOfWork(archive.engine) as work:
            browsers = ReaderBrowsers(work)
            if (known := browsers.user(cookie, now)) is not None:
                return LinkEntry(notice="" if known == owner.user else ANOTHERS.format(essay=essay_id))
            made_at = datetime.fromtimestamp(owner.made_at, settings.zone)
            admitted = browsers.admit(token, owner.user, made_at, now)
            work.commit()
        if admitted is not None:
            return LinkEntry(cookie=admitted)
        is_old = now - made_at >= LINK_LIFE
        return LinkEntry(notice=(TOO_OLD if is_old else ANOTHERS).format(essay=essay_id))

    return enter
