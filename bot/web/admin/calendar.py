"""The calendar: a month of what is scheduled, a list on a phone."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask import Blueprint, render_template, request

from bot.web.admin.request import AdminRequest, requires_role
from handlers.club.timetable import WEEKDAYS
from handlers.editing.calendar import calendar
from handlers.identity import Role

pages = Blueprint("calendar", __name__)

FURTHEST = 24  # months ahead or back


@pages.get("/calendar")
@requires_role(Role.EDITOR)
def month(visit: AdminRequest) -> str:
    """Show the month that the address names, else this one."""
    first = _first_day(request.args.get("month", ""), visit.at.date())
    after = (first + timedelta(days=31)).replace(day=1)
    return render_template(
        "admin/calendar.html",
        visit=visit,
        first=first,
        days=calendar(first, after - timedelta(days=1), visit.context),
        today=visit.at.date(),
        before=(first - timedelta(days=1)).replace(day=1),
        after=after,
        WEEKDAYS=WEEKDAYS,
    )


def _first_day(text: str, today: date) -> date:
    """Read 「2026-12」 as its first day; return this month's where the text is no month, or too far away."""
    this = today.replace(day=1)
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text) is None:
        return this
    first = date.fromisoformat(f"{text}-01")
    return first if abs((first.year - this.year) * 12 + first.month - this.month) <= FURTHEST else this
