"""Log in: a one-time link from LINE opens the admin pages, a press on its button spends it. Link previews press nothing."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.wrappers import Response

from bot.web.admin.request import BACK, VISIT, admin_services, flash_message, redirect_to
from corpus.database import UnitOfWork
from handlers.club.admin_sessions import AdminSessions
from handlers.club.club import Club
from handlers.identity import Role

pages = Blueprint("login", __name__)


@pages.get("/enter")
def login_page() -> str:
    """Show the button, or how to get a link."""
    return render_template(
        "admin/login.html", code=request.args.get("code", "")[:40], is_back=BACK in session, visit=None
    )


@pages.post("/enter")
def log_in() -> Response | tuple[str, int]:
    """Spend the link's code and begin a visit, on the page where the last one was broken off, if it was."""
    services = admin_services()
    at = services.now()
    with UnitOfWork(services.conversation.archive.engine) as work:
        begun = AdminSessions(work).begin(request.form.get("code", "")[:40], at)
        club = Club(work, services.conversation.settings.owners)
        if begun is None or club.people.role(begun[1], at) < Role.EDITOR:
            return render_template("admin/login.html", code="", is_stale=True, visit=None), 403
        key, user = begun
        club.audit.note(user, "enter", "desk", at)
        work.commit()
    back = session.get(BACK)
    session.clear()  # nothing of what a stranger may have put there
    session[VISIT] = key
    session.permanent = True
    return redirect(back, 303) if back else redirect_to("essays.listing")


@pages.post("/leave")
def log_out() -> Response:
    """End the visit."""
    with UnitOfWork(admin_services().conversation.archive.engine) as work:
        AdminSessions(work).end(session.get(VISIT, ""))
        work.commit()
    session.clear()
    flash_message("登出了。")
    return redirect_to("login.login_page")
