"""The reader's page `/read/<essay>`: one essay, opened at the paragraph that was quoted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from flask import Blueprint, Response, make_response, render_template, request, url_for

from bot.messages.dates import age, day
from bot.messages.limits import clean
from bot.web.layout import PageSection, sections
from bot.web.pictures import PictureProxy
from corpus.essay import Block, Essay
from handlers.club.reader_browsers import COOKIE_LIFE
from handlers.text.addresses import address_in
from handlers.text.visibility import visibility_label

_FURTHER = re.compile(r"^(?:延伸|推薦|相關)閱讀\s*[:\uff1a]\s*")

OUTLINE_FROM = 4  # headings; fewer are seen by scrolling
CHARACTERS_A_MINUTE = 450
COOKIE = "luopan_reader"
LONGEST_TOKEN = 400
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # a signed link must not travel to the essay's sources
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
OWN_FORM = HEADERS["Content-Security-Policy"].replace(
    "form-action 'none'", "form-action 'self'"
)  # of a page with a button


@dataclass(frozen=True, slots=True)
class ReaderView:
    """An essay for one reader: `full` says whether more than the lead may be shown; `today` gives its age."""

    essay: Essay
    full: bool
    today: date
    related: tuple[Essay, ...] = ()
    corrected: date | None = None  # the day of its last correction
    newest: tuple[Essay, ...] = ()  # other essays, the latest
    notice: str = ""  # why not all of it is shown, where that can be told
    before: Essay | None = None  # in its series, of what this reader may read
    after: Essay | None = None

    @property
    def sections(self) -> list[PageSection]:
        return sections(self.essay) if self.full or self.essay.open_blocks else []

    @property
    def outline(self) -> list[PageSection]:
        headed = [section for section in self.sections if section.heading]
        return headed if len(headed) >= OUTLINE_FROM else []

    @property
    def lead(self) -> str | None:
        """The lead, unless the essay itself says it again."""
        return None if self.full and (self.essay.lead or "") in self.essay.body else self.essay.lead

    @property
    def further_reading(self) -> list[str]:
        """The titles that the essay itself names, without 「延伸閱讀：」 and the like, which a heading on the page says."""
        return [_FURTHER.sub("", title) for title in self.essay.further_reading]

    @property
    def minutes(self) -> int:
        return max(1, round(len(self.essay.body) / CHARACTERS_A_MINUTE))


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """The effect of a reader's own link on a browser: it is let in with a new `cookie`, or told why not."""

    cookie: str = ""
    notice: str = ""


def _stays_out(_essay: int, _token: str, _cookie: str | None) -> LinkEntry:
    return LinkEntry()


def _nowhere(_essay: int, _paragraph: int) -> str:
    return ""


def create_reader(
    read: Callable[[int, str | None], ReaderView | None],
    pictures: PictureProxy | None = None,
    enter: Callable[[int, str, str | None], LinkEntry] = _stays_out,
    keep_link: Callable[[int, int], str] = _nowhere,
    *,
    is_https: bool = False,
    join: str = "",
) -> Blueprint:
    """Serve the page over `read(essay_id, cookie)`, which decides who may see what; its None is answered 404.

    `?t=` is the sealed token of a reader's own link: `enter` lets its browser in, and the address goes on without it.
    `?p=12` marks a paragraph, `#p12` scrolls to it. Pictures come through the proxy; without one the page shows their
    captions alone.
    """
    reader = Blueprint(
        "reader", __name__, static_folder="static", static_url_path="/read/static", template_folder="templates"
    )

    reader.add_app_template_filter(visibility_label, "who_reads")

    @reader.get("/read/<essay>")
    def page(essay: str) -> Response:
        number = number_in(essay)
        token, cookie = request.args.get("t", ""), request.cookies.get(COOKIE)
        entry = enter(number, token[:LONGEST_TOKEN], cookie) if number and token else LinkEntry()
        if entry.cookie:
            return _let_in(entry.cookie, url_for("reader.page", essay=number, p=request.args.get("p")))
        view = read(number, cookie) if number else None
        if view is None:
            return _answer(render_template("reader/missing.html"), 404, "no-store")
        marked = number_in(request.args.get("p", ""))
        numbers = {block: place for place, block in enumerate(view.essay.blocks) if block.picture}

        def picture_url(block: Block) -> str | None:
            shown = pictures and block in numbers
            return url_for("reader.picture", essay=number, place=numbers[block]) if shown else None

        words = render_template(
            "reader/essay.html",
            view=view,
            essay=view.essay,
            marked=marked,
            age=age,
            day=day,
            picture_url=picture_url,
            keep_link=partial(keep_link, view.essay.id),
            join=join,
            join_address=address_in(join),
            notice="" if view.full else entry.notice or view.notice,
        )
        return _answer(words, 200, "no-cache" if view.essay.visibility.is_public else "private, no-store")

    @reader.get("/read/<essay>/picture/<place>")
    def picture(essay: str, place: str) -> Response:
        number = number_in(essay)
        view = read(number, request.cookies.get(COOKIE)) if number and pictures else None
        blocks = view.essay.blocks if view is not None and (view.full or view.essay.open_blocks) else ()
        at = number_in(place)
        block = blocks[at] if at is not None and at < len(blocks) else None
        found = pictures.picture(block.picture.url) if pictures and block and block.picture else None
        if found is None:
            return _answer("", 404, "no-store")
        response = make_response(found.data)
        response.headers.update(
            HEADERS | {"Content-Type": found.media_type, "Cache-Control": "private, max-age=604800"}
        )
        return response

    def _let_in(secret: str, address: str) -> Response:
        """Give the browser its cookie, and send it to an address that can be passed on: that one opens nothing."""
        response = make_response("", 303)
        response.headers.update(HEADERS | {"Location": address, "Cache-Control": "no-store"})
        response.set_cookie(COOKIE, secret, COOKIE_LIFE, path="/read", secure=is_https, httponly=True, samesite="Lax")
        return response

    return reader


def _answer(words: str, status: int, cache: str) -> Response:
    response = make_response(clean(words), status)
    response.headers.update(HEADERS | {"Cache-Control": cache})
    return response


def number_in(text: str) -> int | None:
    """Read a number of at most nine digits, as an id or index may be; return None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
