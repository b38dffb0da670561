"""People and their roles: an owner's page. Nobody lowers themselves, so that there always is an owner."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from bot.web.admin.request import AdminRequest, flash_message, redirect_to, requires_role
from handlers.editing.roles import OWNERS_MAY, ROLES, SURE, approve, dismiss
from handlers.identity import Role

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.get("/")
@requires_role(Role.OWNER)
def listing(visit: AdminRequest) -> str:
    return _page(visit)


def _page(visit: AdminRequest, **typed: str) -> str:
    staff = [(user, role, user in visit.club.people.owners) for user, role in visit.club.people.staff()]
    return render_template(
        "admin/people.html", visit=visit, staff=staff, grants=ROLES, typed=typed, OWNERS_MAY=OWNERS_MAY
    )


@pages.post("/approve")
@requires_role(Role.OWNER)
def admit(visit: AdminRequest) -> Response | str | tuple[str, int]:
    """Give a role for the code that somebody got with 申請編輯; an owner is made only after a second press."""
    code = "".join(request.form.get("code", "").split())[:40]
    role = request.form.get("role", "")
    if role == Role.OWNER.label and request.form.get("sure") != SURE:
        applicant = visit.club.people.applicant(code, visit.at)
        if applicant is not None:
            return _page(visit, code=code, role=role, owner=visit.name(applicant))
    if not visit.do(approve, f"{code} {role} {request.form.get('sure', '')}".strip()):
        return _page(visit, code=code, role=role), 422
    return redirect_to("people.listing")


@pages.post("/role")
@requires_role(Role.OWNER)
def change(visit: AdminRequest) -> Response | str:
    """Give somebody another role."""
    user = _user()
    role = ROLES.get(request.form.get("role", ""))
    people = visit.club.people
    before = people.role(user, visit.at)
    if role is None or before < Role.EDITOR:
        flash_message("這個人沒有管理權限，請先用申請碼核准。", trouble=True)
    elif user == visit.user:
        flash_message("不能改自己的身分，請另一位擁有者來。", trouble=True)
    elif user in people.owners:
        flash_message("這位擁有者寫在設定 LUOPAN_MODERATORS 裡，要從設定移除。", trouble=True)
    elif role is Role.OWNER is not before and request.form.get("sure") != SURE:
        return _page(visit, user=user, owner=visit.name(user))
    elif role is not before:
        people.set_role(user, role, visit.at)
        visit.note("role", f"user:{user}", request.form["role"])
        flash_message(f"{visit.name(user)} 現在是{request.form['role']}。")
    return redirect_to("people.listing")


@pages.post("/dismiss")
@requires_role(Role.OWNER)
def remove(visit: AdminRequest) -> Response:
    visit.do(dismiss, f"{_user()} {SURE}")
    return redirect_to("people.listing")


def _user() -> str:
    """Return the person that a form is about; never in the address, which proxies write down."""
    return request.form.get("user", "")
