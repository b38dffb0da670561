"""The schedule: what is still to happen, and can be called off until then."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from bot.web.admin.request import AdminRequest, flash_message, redirect_to, requires_role
from handlers.club.plans import Plan, PlanKind
from handlers.editing.cancel import CHANGED_SINCE, TOO_LATE, plan_title, unpublished
from handlers.editing.publish import manner
from handlers.editing.publishing_service import may_unpublish, unpublish
from handlers.identity import Role

pages = Blueprint("plans", __name__, url_prefix="/plans")


class PlanRow(NamedTuple):
    """A plan with the title of what it is about; `manner` says how a draft will be published."""

    plan: Plan
    title: str
    manner: str


@pages.get("/")
@requires_role(Role.EDITOR)
def listing(visit: AdminRequest) -> str:
    waiting = [_row(plan, visit) for plan in visit.club.plans.waiting() if plan.due_at > visit.at]
    return render_template("admin/plans.html", visit=visit, rows=waiting)


@pages.post("/<int:number>/cancel")
@requires_role(Role.MODERATOR)
def cancel(visit: AdminRequest, number: int) -> Response:
    """Call a plan off, if its time has not come."""
    plan = next((plan for plan in visit.club.plans.waiting() if plan.id == number), None)
    if plan is not None and plan.kind is PlanKind.ANNOUNCE and not may_unpublish(plan, visit.library):
        flash_message(CHANGED_SINCE, trouble=True)
        return redirect_to("plans.listing")
    name = plan_title(plan, visit.context) if plan is not None else ""
    if plan is None or plan.due_at <= visit.at or not visit.club.plans.end(plan, "cancelled"):
        flash_message(TOO_LATE, trouble=True)
        return redirect_to("plans.listing")
    if plan.kind is not PlanKind.ANNOUNCE:
        visit.note("cancel", plan.subject, plan.kind)
        flash_message(f"取消了{name}，什麼都沒送出去。")
        return redirect_to("plans.listing")
    draft = unpublish(plan, visit.library, visit.club, visit.at, by=visit.user)
    flash_message(unpublished(name))
    return redirect_to("drafts.one", number=draft.id) if draft else redirect_to("plans.listing")


def _row(plan: Plan, visit: AdminRequest) -> PlanRow:
    if plan.kind is not PlanKind.PUBLISH:
        return PlanRow(plan, _title(plan, visit), "")
    draft = visit.club.drafts.get(plan.draft or 0)
    return PlanRow(plan, draft.title if draft else "", manner(plan, draft))


def _title(plan: Plan, visit: AdminRequest) -> str:
    found = visit.archive_admin.get_any(plan.essays[0][0]) if plan.essays else None
    more = f"等 {len(plan.essays)} 篇" if len(plan.essays) > 1 else ""
    return f"{found[0].title}{more}" if found else ""
