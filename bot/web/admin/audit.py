"""The audit: who did what; appended to, never changed."""

from __future__ import annotations

from flask import Blueprint, render_template

from bot.web.admin.essays import page_number
from bot.web.admin.request import AdminRequest, requires_role
from handlers.identity import Role

pages = Blueprint("audit", __name__)

PER_PAGE = 50


@pages.get("/audit")
@requires_role(Role.MODERATOR)
def listing(visit: AdminRequest) -> str:
    page = page_number()
    entries = visit.club.audit.latest(PER_PAGE + 1, (page - 1) * PER_PAGE)
    return render_template(
        "admin/audit.html", visit=visit, entries=entries[:PER_PAGE], page=page, more=len(entries) > PER_PAGE
    )
