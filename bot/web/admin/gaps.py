"""Gaps: what was asked in vain or answered beside the point, the most frequent first."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from bot.web.admin.essays import page_number
from bot.web.admin.request import AdminRequest, redirect_to, requires_role
from handlers.editing.lexicon_commands import gaps
from handlers.identity import Role

pages = Blueprint("gaps", __name__)

PER_PAGE = 30


@pages.get("/gaps")
@requires_role(Role.EDITOR)
def listing(visit: AdminRequest) -> str:
    page = page_number()
    listed = visit.club.gaps.grouped(PER_PAGE + 1, (page - 1) * PER_PAGE)
    return render_template(
        "admin/gaps.html", visit=visit, gaps=listed[:PER_PAGE], page=page, more=len(listed) > PER_PAGE
    )


@pages.post("/gaps")
@requires_role(Role.EDITOR)
def settle(visit: AdminRequest) -> Response:
    """Clear away a question that is answered by now."""
    visit.do(gaps, f"清掉 {request.form.get('question', '')[:200]}")
    return redirect_to("gaps.listing")
