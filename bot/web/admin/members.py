"""Members, and the codes that make them: shown once, as a text to download."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as Redirect

from bot.messages.limits import clean
from bot.web.admin.essays import page_number
from bot.web.admin.request import AdminRequest, flash_message, redirect_to, requires_role
from corpus.visibility import LONGEST_PLAN, plan_name
from handlers.club.member_codes import LONGEST_NAME, make_batch
from handlers.club.member_lists import as_csv
from handlers.club.members import Members
from handlers.club.memberships import FOR_GOOD
from handlers.identity import Role
from handlers.text.visibility import plan_label

pages = Blueprint("members", __name__, url_prefix="/members")

PER_PAGE = 20
MOST_CODES = 500
LONGEST_DAYS = 3_650
TERMS = {"30": "30 天", "90": "90 天", "365": "一年", "0": "永久"}


@pages.get("/")
@requires_role(Role.MODERATOR)
def listing(visit: AdminRequest) -> str:
    return _page(visit)


def _page(visit: AdminRequest) -> str:
    page, words = page_number(), request.args.get("words", "").strip()[:64]
    members = Members(visit.work)
    listed = members.running(visit.at, PER_PAGE + 1, (page - 1) * PER_PAGE, words)
    return render_template(
        "admin/members.html",
        visit=visit,
        members=listed[:PER_PAGE],
        words=words,
        count=members.count(visit.at),
        batches=members.batches(visit.at),
        page=page,
        more=len(listed) > PER_PAGE,
        FOR_GOOD=FOR_GOOD,
        most=MOST_CODES,
        TERMS=TERMS,
        plans=visit.club.memberships.plans(),
        plan_label=plan_label,
        typed=request.form,
    )


@pages.post("/plans")
@requires_role(Role.MODERATOR)
def add_plan(visit: AdminRequest) -> Redirect:
    """Add a plan that members may have."""
    name = plan_name(request.form.get("plan", ""))
    if not name:
        flash_message(f"方案名稱最多 {LONGEST_PLAN} 個字，不能有逗號。", trouble=True)
    elif visit.club.memberships.add_plan(name, visit.at):
        visit.note("plan", f"plan:{name}")
        flash_message(f"新增了方案「{name}」。")
    else:
        flash_message(f"「{name}」已經有了。")
    return redirect_to("members.listing")


@pages.post("/codes")
@requires_role(Role.MODERATOR)
def make(visit: AdminRequest) -> Response | tuple[str, int]:
    """Make a batch of codes; only their hashes are kept, so that this download is the one look at them."""
    count = _number("count", MOST_CODES)
    days = None if request.form.get("days") == "0" else _number("days", LONGEST_DAYS)
    valid = _number("valid", LONGEST_DAYS)
    plan = next((one for one in visit.club.memberships.plans() if one == request.form.get("plan")), None)
    name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME]
    if count is None or valid is None or (days is None and request.form.get("days") != "0"):
        flash_message(f"組數要在 1 到 {MOST_CODES} 之間，天數要是正整數。", trouble=True)
        return _page(visit), 422
    made = make_batch(visit.club, visit.at, count=count, days=days, valid=valid, plan=plan, name=name, by=visit.user)
    text = "".join(f"開通 {code}\n" for code, _ in made)
    name = f"luopan-codes-{visit.at:%Y%m%d-%H%M%S}.txt"
    return Response(text, mimetype="text/plain", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@pages.post("/codes/void")
@requires_role(Role.MODERATOR)
def void(visit: AdminRequest) -> Redirect:
    batch = request.form.get("batch", "")[:64]
    ended = Members(visit.work).void(batch, visit.at)
    visit.note("void", f"batch:{batch}"[:64], f"{ended} 組")
    flash_message(f"作廢了 {ended} 組。")
    return redirect_to("members.listing")


@pages.post("/note")
@requires_role(Role.MODERATOR)
def note(visit: AdminRequest) -> Redirect:
    visit.club.people.set_note(_user(), clean(request.form.get("note", "")).strip(), visit.at)
    flash_message("備註存好了。")
    return redirect_to("members.listing", words=_user())


@pages.post("/extend")
@requires_role(Role.MODERATOR)
def extend(visit: AdminRequest) -> Redirect:
    """Extend a membership by so many days, from its end or from now."""
    days = _number("days", LONGEST_DAYS)
    if days is None:
        flash_message("天數要是正整數。", trouble=True)
    else:
        until = visit.club.memberships.grant(_user(), days, visit.at, request.form.get("plan", "")[:LONGEST_PLAN])
        visit.note("extend", f"user:{_user()}", f"{days} 天")
        flash_message(f"延長到 {visit.local(until):%Y/%m/%d}。")
    return redirect_to("members.listing", words=_user())


@pages.post("/end")
@requires_role(Role.MODERATOR)
def end(visit: AdminRequest) -> Redirect:
    """End a membership: from now on this person reads as a guest, or with what other plans are left."""
    plan = request.form.get("plan", "")[:LONGEST_PLAN]
    if visit.club.memberships.end(_user(), visit.at, plan):
        visit.note("end", f"user:{_user()}", plan_label(plan))
        flash_message(f"{visit.name(_user())} 的{plan_label(plan)}資格結束了。")
    return redirect_to("members.listing", words=_user())


@pages.get("/members.csv")
@requires_role(Role.MODERATOR)
def export(visit: AdminRequest) -> Response:
    name = f"luopan-members-{visit.at:%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response("\ufeff" + as_csv(visit.club), mimetype="text/csv", headers=headers)


def _user() -> str:
    return request.form.get("user", "")[:64]


def _number(name: str, most: int) -> int | None:
    text = request.form.get(name, "").strip()
    is_one = text.isascii() and text.isdigit() and len(text) < 7
    return int(text) if is_one and 1 <= int(text) <= most else None
