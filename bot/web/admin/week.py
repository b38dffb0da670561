"""The editor's week: what was read, asked and sent within seven days, with charts."""

from __future__ import annotations

from flask import Blueprint, render_template

from bot.web.admin.request import AdminRequest, requires_role
from handlers.club.week_figures import FEWEST
from handlers.editing.week import editors_week
from handlers.identity import Role

pages = Blueprint("week", __name__)


@pages.get("/week")
@requires_role(Role.EDITOR)
def listing(visit: AdminRequest) -> str:
    return render_template("admin/week.html", visit=visit, week=editors_week(visit.context, visit.at), fewest=FEWEST)
