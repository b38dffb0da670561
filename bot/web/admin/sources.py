"""Sources: the sites whose posts come in by themselves, what each has given, and what of it was refused."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from bot.web.admin.request import AdminRequest, redirect_to, requires_role
from corpus.storage import post_readings, source_store
from handlers.editing.sources import RULES, describe, source, take_in
from handlers.identity import Role

pages = Blueprint("sources", __name__, url_prefix="/sources")

ACTS = {*RULES, "移除"}
MOST_POSTS = 200


@pages.get("/")
@requires_role(Role.MODERATOR)
def listing(visit: AdminRequest) -> str:
    rows = [(one, describe(one, visit.context)) for one in source_store.every(visit.work.reader)]
    return render_template("admin/sources.html", visit=visit, rows=rows)


@pages.post("/")
@requires_role(Role.MODERATOR)
def find(visit: AdminRequest) -> Response:
    """Look at a site and show on its page what was found, before anything is taken in."""
    address = request.form.get("address", "").strip()[:2_000]
    if visit.do(source, address if "://" in address else f"https://{address}"):
        found = source_store.at_address(visit.work.reader, address if "://" in address else f"https://{address}")
        if found is not None:
            return redirect_to("sources.one", number=found.id)
    return redirect_to("sources.listing")


@pages.get("/<int:number>")
@requires_role(Role.MODERATOR)
def one(visit: AdminRequest, number: int) -> str:
    """Show a source: what was found, how far it has come, and the posts that an editor should look at."""
    found = source_store.get(visit.work.reader, number)
    if found is None:
        abort(404)
    state = request.args.get("state", "refused")
    posts = [post for post in source_store.posts(visit.work.reader, number) if post.state == state]
    shown = posts[:MOST_POSTS]
    counts = source_store.count_posts(visit.work.reader, number)
    return render_template(
        "admin/source.html",
        visit=visit,
        source=found,
        lines=describe(found, visit.context),
        posts=shown,
        left_out=post_readings.left_out(visit.work.reader, [post.id for post in shown]),
        state=state,
        counts=counts,
        rules=RULES,
    )


@pages.post("/<int:number>/take-in")
@requires_role(Role.MODERATOR)
def start(visit: AdminRequest, number: int) -> Response:
    visit.do(take_in, f"{number} 我的網站" if request.form.get("ours") else str(number))
    return redirect_to("sources.one", number=number)


@pages.post("/<int:number>")
@requires_role(Role.MODERATOR)
def change(visit: AdminRequest, number: int) -> Response:
    """Set another rule for a source's new posts, or end the source."""
    act = request.form.get("act", "")
    if act not in ACTS:
        abort(400)
    visit.do(source, f"{number} {act}")
    return redirect_to("sources.listing") if act == "移除" else redirect_to("sources.one", number=number)
