"""The admin pages as one blueprint: its pages, its session, and the headers that keep strangers' scripts and frames out."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, g, render_template, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from bot.inbound.conversation import Conversation
from bot.messages.dates import age, day
from bot.web.admin import (
    audit,
    calendar,
    deliveries,
    drafts,
    editing,
    essays,
    gaps,
    lexicon,
    login,
    members,
    operations,
    people,
    plans,
    sources,
    unsaved,
    upload,
    week,
)
from bot.web.admin.labels import WORDING
from bot.web.admin.request import (
    EXTENSION,
    VISIT,
    AdminServices,
    flash_message,
    keep_typed,
    redirect_to,
)
from handlers.club.admin_sessions import LONGEST
from handlers.club.drafts import DraftEndedError
from handlers.editing.draft_access import DRAFT_ENDED
from handlers.text.visibility import visibility_label

STRANGERS_BYTES = 64 * 2**10  # of a form; a stranger has only the login page's to send
MOST_BYTES = 16 * 2**20
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",  # the check against forged requests reads it
    "Cross-Origin-Opener-Policy": "same-origin",
}
TROUBLE = {
    400: "這一頁放太久或不完整，請回上一頁重新整理再試。",
    403: "你的權限不能做這件事。",
    404: "沒有這一頁，可能已經刪除。",
    413: f"太大了，最多 {MOST_BYTES // 2**20} MB，請拆小一點。",
}
KEPT = "你打的字留著，在「文章」頁上面的「還沒存的字」。"
PAGES = (
    login,
    essays,
    editing,
    unsaved,
    upload,
    drafts,
    plans,
    calendar,
    deliveries,
    gaps,
    lexicon,
    sources,
    members,
    people,
    audit,
    operations,
    week,
)


def create_admin(conversation: Conversation, secret: str, *, clock: Callable[[], float] = time.time) -> Blueprint:
    """Wire the pages below `/desk/`, for an app whose sessions nobody else uses; `secret` signs these."""
    site = Blueprint("admin", __name__, url_prefix="/desk", static_folder="static", template_folder="templates")
    csrf = CSRFProtect()
    is_https = conversation.settings.public_url.startswith("https://")
    site.record_once(
        lambda state: _configure(cast(Flask, state.app), csrf, AdminServices(conversation, clock), secret, is_https)
    )
    site.before_request(lambda: _check_csrf(csrf, conversation.settings.public_url))
    site.after_request(_add_security_headers)
    site.register_error_handler(HTTPException, _error_page)
    site.register_error_handler(DraftEndedError, _draft_ended)
    site.add_url_rule("/", "home", essays.home)
    for page in PAGES:
        site.register_blueprint(page.pages)
    return site


def _draft_ended(_error: DraftEndedError) -> WerkzeugResponse:
    """Say that somebody else ended the draft while this request was under way, or the same person pressed twice."""
    flash_message(f"{DRAFT_ENDED}{KEPT}" if keep_typed() else DRAFT_ENDED, trouble=True)
    return redirect_to("drafts.listing")


def _configure(app: Flask, csrf: CSRFProtect, services: AdminServices, secret: str, is_https: bool) -> None:
    app.secret_key = hashlib.sha256(f"desk {secret}".encode()).hexdigest()
    app.config.update(
        SESSION_COOKIE_NAME="luopan_desk",
        SESSION_COOKIE_PATH="/desk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        PERMANENT_SESSION_LIFETIME=LONGEST,
        SESSION_REFRESH_EACH_REQUEST=False,  # a late answer to an earlier visit must not end the one that began since
        WTF_CSRF_CHECK_DEFAULT=False,  # LINE's webhook proves itself by its signature
        WTF_CSRF_SSL_STRICT=False,  # it believes the Host that a proxy passes on; `_is_own_origin` does without
        WTF_CSRF_TIME_LIMIT=None,  # a long afternoon over an essay must not cost it
    )
    csrf.init_app(app)
    app.extensions[EXTENSION] = services
    app.jinja_env.globals.update(day=day, age=age, **WORDING)
    app.jinja_env.filters["who_reads"] = visibility_label


def _check_csrf(csrf: CSRFProtect, public_url: str) -> None:
    most = MOST_BYTES if VISIT in session else STRANGERS_BYTES
    request.max_content_length = request.max_form_memory_size = most
    if "\0" in "".join((*request.args.values(), *request.form.values())):  # which PostgreSQL cannot keep
        abort(400)
    if request.method == "POST" and not _is_own_origin(public_url):
        abort(400)
    csrf.protect()


def _is_own_origin(public_url: str) -> bool:
    """Tell whether a form comes from this host or the public address, whatever Host a proxy passes on, or names no origin."""
    said = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return not said or urlsplit(said).netloc in (request.host, urlsplit(public_url).netloc)


def _add_security_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.endpoint != "admin.static":
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _error_page(error: HTTPException) -> tuple[str, int]:
    """Say what is wrong, and that what was typed is kept, where it is."""
    code = error.code or 500
    is_kept = isinstance(error, CSRFError | Forbidden | NotFound) and keep_typed()
    words = TROUBLE.get(code, "出了點問題，請再試一次。")
    return render_template("admin/error.html", words=words, visit=g.get("visit"), is_kept=is_kept), code
