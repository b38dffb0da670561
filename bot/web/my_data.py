"""`/my-data`: all that is kept of a person as a file, and what a person keeps, by one-time links from LINE. Link previews press nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, make_response, render_template, request

from bot.inbound.conversation import Conversation
from bot.web.reader import HEADERS, OWN_FORM
from corpus.database import UnitOfWork
from corpus.essay import Essay
from handlers.account.kept_list import as_markdown, kept_items
from handlers.club.club import Club
from handlers.club.people import People, Purpose
from handlers.club.personal_data import KINDS

LONGEST_CODE = 40


class Download(NamedTuple):
    """A page that hands over a file, and the command that makes another link to it."""

    path: str
    title: str
    says: str
    command: str


ALL_DATA = Download("/my-data", "下載我的資料", "羅盤留著的、有你名字的資料，整份是一個 JSON 檔。", "下載我的資料")
KEPT = Download("/my-data/kept", "匯出收藏", "你收藏的文章和段落，依主題整理成一個 Markdown 檔。", "匯出收藏")


def create_my_data(
    conversation: Conversation, address: Callable[[Essay, int], str], clock: Callable[[], float]
) -> Blueprint:
    """Serve pages whose button spends the code and hands over the file. `address` gives an essay's public page."""
    pages = Blueprint("my_data", __name__, template_folder="templates")

    @pages.get("/my-data")
    def ask() -> Response:
        return _asked(ALL_DATA, request.args.get("code", ""), 200)

    @pages.get("/my-data/kept")
    def ask_kept() -> Response:
        return _asked(KEPT, request.args.get("code", ""), 200)

    @pages.post("/my-data")
    def hand_over() -> Response:
        now = datetime.fromtimestamp(clock(), conversation.settings.zone)
        with UnitOfWork(conversation.archive.engine) as work:
            user = _spend(work, Purpose.EXPORT, now)
            if user is None:
                return _asked(ALL_DATA, "", 403)
            rows = conversation.personal_data(user, work)
            work.commit()
        held = {KINDS[table].says: found for table, found in rows.items()}
        held |= {"對話記憶": [conversation.session_of(user)]}
        words = json.dumps(held, ensure_ascii=False, indent=1)
        return _file(words, "application/json", f"luopan-my-data-{now:%Y%m%d}.json")

    @pages.post("/my-data/kept")
    def hand_over_kept() -> Response:
        now = datetime.fromtimestamp(clock(), conversation.settings.zone)
        with UnitOfWork(conversation.archive.engine) as work:
            user = _spend(work, Purpose.KEPT, now)
            if user is None:
                return _asked(KEPT, "", 403)
            club = Club(work, conversation.settings.owners)
            library = conversation.archive.library(work, club.people.standing(user, now).audience)
            words = as_markdown(kept_items(user, club, library), address)
            work.commit()
        return _file(words, "text/markdown", f"luopan-kept-{now:%Y%m%d}.md")

    return pages


def _spend(work: UnitOfWork, purpose: Purpose, now: datetime) -> str | None:
    """Spend the form's code and return its person; None where it was used, is too old or made for something else."""
    code = request.form.get("code", "")[:LONGEST_CODE]
    spent = People(work).use_code(code, purpose, "", now)
    return spent.user if spent else None


def _asked(download: Download, code: str, status: int) -> Response:
    return _page(render_template("reader/my_data.html", download=download, code=code[:LONGEST_CODE]), status)


def _file(words: str, media_type: str, name: str) -> Response:
    response = _page(words, 200)
    response.headers["Content-Type"] = f"{media_type}; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(words: str, status: int) -> Response:
    response = make_response(words, status)
    response.headers.update(HEADERS | {"Cache-Control": "private, no-store", "Content-Security-Policy": OWN_FORM})
    return response
