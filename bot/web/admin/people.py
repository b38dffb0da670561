"""People and their roles: an owner's page. Nobody lowers themselves, so that there always is an owner."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from bot.web.admin.request import Visit, for_role, tell, turn_to
from handlers.editing.roles import ROLES, SURE, approve, dismiss
from handlers.identity import Role

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.get("/")
@for_role(Role.OWNER)
def listing(visit: Visit) -> str:
    return _page(visit)


def _page(visit: Visit, **typed: str) -> str:
    staff = [(user, role, user in visit.club.people.owners) for user, role in visit.club.people.staff()]
    return render_template("desk/people.html", visit=visit, staff=staff, grants=ROLES, typed=typed)


@pages.post("/approve")
@for_role(Role.OWNER)
def admit(visit: Visit) -> Response | tuple[str, int]:
    """The code that somebody got with 申請編輯."""
    code = "".join(request.form.get("code", "").split())[:40]
    role = request.form.get("role", "")
    if not visit.do(approve, f"{code} {role}"):
        return _page(visit, code=code, role=role), 422
    return turn_to("people.listing")


@pages.post("/<user>/role")
@for_role(Role.OWNER)
def change(visit: Visit, user: str) -> Response:
    role = ROLES.get(request.form.get("role", ""))
    people = visit.club.people
    before = people.role(user, visit.at)
    if role is None or before < Role.EDITOR:
        tell("這個人沒有管理權限,請先用申請碼核准。", trouble=True)
    elif user == visit.user:
        tell("不能改自己的身分,請另一位擁有者來。", trouble=True)
    elif user in people.owners:
        tell("這位擁有者寫在設定 LUOPAN_MODERATORS 裡,要從設定移除。", trouble=True)
    elif role is not before:
        people.set_role(user, role, visit.at)
        visit.note("role", f"user:{user}", request.form["role"])
        tell(f"{visit.name(user)} 現在是{request.form['role']}。")
    return turn_to("people.listing")


@pages.post("/<user>/dismiss")
@for_role(Role.OWNER)
def remove(visit: Visit, user: str) -> Response:
    visit.do(dismiss, f"{user} {SURE}")
    return turn_to("people.listing")
