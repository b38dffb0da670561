"""`/my-data`: all that is kept of a person as a file, by a one-time link from LINE. Link previews press nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, make_response, render_template, request

from bot.inbound.conversation import Conversation
from bot.web.reader import HEADERS
from corpus.database import UnitOfWork
from handlers.club.people import People, Purpose
from handlers.club.personal_data import KINDS

LONGEST_CODE = 40
OWN_FORM = HEADERS["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'")


def create_my_data(conversation: Conversation, clock: Callable[[], float]) -> Blueprint:
    """A page with a button; the button spends the code and hands over the file."""
    pages = Blueprint("my_data", __name__, template_folder="templates")

    @pages.get("/my-data")
    def ask() -> Response:
        return _page(render_template("reader/my_data.html", code=request.args.get("code", "")[:LONGEST_CODE]), 200)

    @pages.post("/my-data")
    def hand_over() -> Response:
        now = datetime.fromtimestamp(clock(), conversation.settings.zone)
        with UnitOfWork(conversation.archive.engine) as work:
            code = request.form.get("code", "")[:LONGEST_CODE]
            spent = People(work).use_code(code, Purpose.EXPORT, "", now)
            if spent is None or spent.user is None:
                return _page(render_template("reader/my_data.html", code=""), 403)
            rows = conversation.personal_data(spent.user, work)
            work.commit()
        held = {KINDS[table].says: found for table, found in rows.items()}
        held |= {"對話記憶": [conversation.session_of(spent.user)]}
        response = _page(json.dumps(held, ensure_ascii=False, indent=1), 200)
        name = f"luopan-my-data-{now:%Y%m%d}.json"
        response.headers.update({"Content-Type": "application/json; charset=utf-8"})
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return pages


def _page(words: str, status: int) -> Response:
    response = make_response(words, status)
    response.headers.update(HEADERS | {"Cache-Control": "private, no-store", "Content-Security-Policy": OWN_FORM})
    return response
