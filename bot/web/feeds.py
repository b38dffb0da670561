"""Offer the archive to other programs: an Atom feed of what everybody may read, one for each member, a sitemap of the reader's pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time

from flask import Blueprint, Response, abort, make_response, render_template, request

from bot.config import FeedText, Settings
from bot.messages.limits import clean
from bot.messages.links import Links
from bot.web.layout import sections
from corpus.cache import BoundedCache
from corpus.database import UnitOfWork
from corpus.essay import Audience, Essay
from corpus.library import ArchiveResources
from handlers.club.club import Club

NEWEST = 30  # essays of a feed
MOST_PAGES = 50_000  # of a sitemap, as its protocol has it
MINUTES = 5  # for which a feed reader may keep its copy
KEPT = 8  # pages that are made once for everybody, for each revision of the archive


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An essay of a feed: its whole text where `whole`, else its lead or first paragraph. A locked one is its open part alone."""

    essay: Essay
    whole: bool
    locked: bool = False

    @property
    def moment(self) -> str:
        """The day of publication as Atom writes a moment; of an undated essay, the beginning of time."""
        day = self.essay.published
        return datetime.combine(day, time(), UTC).isoformat() if day else "1970-01-01T00:00:00+00:00"

    @property
    def html(self) -> str:
        return render_template("reader/feed_text.html", sections=sections(self.essay))

    @property
    def summary(self) -> str:
        first = self.essay.paragraphs[0].text if self.essay.paragraphs else ""
        return self.essay.lead or first


def create_feeds(archive: ArchiveResources, links: Links, settings: Settings, clock: Callable[[], float]) -> Blueprint:
    """Serve the feeds and the sitemap; 404 where the community has no address on the web, or wants no feeds."""
    feeds = Blueprint("feeds", __name__, template_folder="templates")
    made: BoundedCache[tuple[Audience, str, int], str] = BoundedCache(KEPT)
    home = settings.public_url.rstrip("/")
    is_whole = settings.luopan_feed is FeedText.WHOLE

    def page(name: str, audience: Audience, make: Callable[[UnitOfWork], str], *, private: bool = False) -> Response:
        if not home or settings.luopan_feed is FeedText.OFF:
            abort(404)
        with UnitOfWork(archive.engine) as work:
            revision = archive.library(work, audience).revision()
            text = made.remember((audience, name, revision), lambda: clean(make(work)))
        return _answer(text, private=private)

    def feed(work: UnitOfWork, audience: Audience, *, whole: bool) -> str:
        library = archive.library(work, audience)
        seen = [FeedEntry(essay, whole, library.is_locked(essay)) for essay in library.latest(NEWEST)]
        entries = [entry for entry in seen if entry.essay.is_partly_open or not entry.locked]
        updated = max((entry.moment for entry in entries), default="1970-01-01T00:00:00+00:00")
        return render_template("reader/feed.xml", home=home, entries=entries, updated=updated)

    @feeds.get("/feed.atom")
    def public_feed() -> Response:
        return page("public", Audience.GUEST, lambda work: feed(work, Audience.GUEST, whole=is_whole))

    @feeds.get("/feed/<key>.atom")
    def private_feed(key: str) -> Response:
        """Answer a member's own address with what this member may read; it ends with the membership."""
        with UnitOfWork(archive.engine) as work:
            readers = Club(work, settings.owners).people.readers(datetime.fromtimestamp(clock(), settings.zone))
        reader = links.feed_reader(key, readers)
        if reader is None:
            abort(404)
        audience = readers[reader].audience
        return page("private", audience, lambda work: feed(work, audience, whole=True), private=True)

    @feeds.get("/sitemap.xml")
    def sitemap() -> Response:
        return page("sitemap", Audience.GUEST, lambda work: _sitemap(archive, work, home))

    return feeds


def _sitemap(archive: ArchiveResources, work: UnitOfWork, home: str) -> str:
    pages = archive.library(work, Audience.GUEST).public_pages(MOST_PAGES)
    return render_template("reader/sitemap.xml", home=home, pages=pages)


def _answer(text: str, *, private: bool) -> Response:
    """Answer with a text and its ETag: whoever has it already is told so in a few bytes."""
    response = make_response(text)
    response.mimetype = "application/atom+xml" if "<feed" in text[:200] else "application/xml"
    response.headers["Cache-Control"] = f"{'private' if private else 'public'}, max-age={MINUTES * 60}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response.make_conditional(request)
    return response
