"""Unsaved forms: kept while somebody writes, listed, and thrown away on request."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as Redirect

from bot.web.admin.request import AdminRequest, has_form, redirect_to, requires_role, typed
from handlers.identity import Role

pages = Blueprint("unsaved", __name__, url_prefix="/unsaved")

TOO_LONG = "太長了，自動存不下。請先存成草稿。"


@pages.get("/")
@requires_role(Role.EDITOR)
def listing(visit: AdminRequest) -> str:
    return render_template("admin/unsaved.html", visit=visit, forms=visit.unsaved.all_of(visit.user))


@pages.post("/")
@requires_role(Role.EDITOR)
def keep(visit: AdminRequest) -> Response | tuple[str, int]:
    """Keep what stands in the form of a page at this moment."""
    page = _page()
    if not visit.unsaved.keep(visit.user, page, typed(), visit.at):
        return TOO_LONG, 413
    return jsonify(at=f"{visit.at:%H:%M}")


@pages.get("/token")
@requires_role(Role.EDITOR)
def token(visit: AdminRequest) -> Response:
    """Give a page that was opened in an earlier visit the token that its forms need now."""
    return jsonify(token=generate_csrf())


@pages.post("/drop")
@requires_role(Role.EDITOR)
def drop(visit: AdminRequest) -> Redirect:
    """Throw away what was typed; show the page as it was saved, or the list again where that asked."""
    page = _page()
    visit.unsaved.drop(visit.user, page)
    return redirect(page, 303) if "list" not in request.args else redirect_to("unsaved.listing")


def _page() -> str:
    page = request.args.get("page", "")
    return page if len(page) <= 200 and has_form(page) else abort(400)
