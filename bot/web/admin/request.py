"""A person's request at the admin pages: the person and role are read anew each time, the role again before a commit."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from itertools import combinations
from typing import Any, cast

from flask import abort, current_app, flash, g, make_response, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException
from werkzeug.wrappers import Response

from bot.inbound.conversation import Conversation
from corpus.archive_admin import ArchiveAdmin
from corpus.database import UnitOfWork, aware
from corpus.essay import Visibility
from corpus.library import Library
from handlers.answer import Answer, Outcome
from handlers.ask import Ask
from handlers.club.admin_sessions import AdminSessions
from handlers.club.club import Club
from handlers.club.drafts import Draft
from handlers.club.unsaved_forms import UnsavedForm, UnsavedForms
from handlers.command import Handler
from handlers.context import Context
from handlers.identity import Chat, Place, Role
from handlers.text.visibility import visibility_label

MOST_DRAFTS = 100  # of a list
MOST_COMBINED = 3  # plans of which every combination is offered
VISIT = "visit"  # in the session: the visit's key
BACK = "back"  # in the session: the page that was asked for when a visit was over
POLLED = "admin.drafts.hands"  # asked again and again by an open page: that prolongs no visit
IN_BACKGROUND = (
    POLLED,
    "admin.unsaved.keep",
    "admin.unsaved.token",
    "admin.editing.show",
)  # asked for by a page, not by a person
EXTENSION = "luopan_admin"

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class AdminServices:
    """The services of the admin site: the same context as the conversation's."""

    conversation: Conversation
    clock: Callable[[], float]

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), self.conversation.settings.zone)

    def authenticate(self, work: UnitOfWork, key: str) -> AdminRequest | None:
        """Return the request of this visit's person; None once the visit is over or the person has no role here any more."""
        at = self.now()
        user = AdminSessions(work).visitor(key, at)
        role = Club(work, self.conversation.settings.owners).people.role(user, at)
        if user is None or role < Role.EDITOR:
            return None
        ask = Ask("", Chat(user, Place.PERSON), user, at, role)
        return AdminRequest(ask, self.conversation.handler_context(ask, work))


@dataclass(frozen=True, slots=True)
class AdminRequest:
    """A person at the admin site, and the context as this person may see it."""

    ask: Ask
    context: Context

    @property
    def user(self) -> str:
        return self.ask.chat.id

    @property
    def role(self) -> Role:
        return self.ask.role

    @property
    def at(self) -> datetime:
        return self.ask.at

    @property
    def club(self) -> Club:
        return self.context.club

    @property
    def library(self) -> Library:
        return self.context.library

    @property
    def archive_admin(self) -> ArchiveAdmin:
        return self.context.archive_admin

    @property
    def work(self) -> UnitOfWork:
        return self.context.library.work

    @property
    def is_moderator(self) -> bool:
        return self.role >= Role.MODERATOR

    @property
    def is_owner(self) -> bool:
        return self.role >= Role.OWNER

    @property
    def browser_key(self) -> str:
        """The key under which a browser keeps what this person types; it tells nothing of who that is."""
        secret = str(current_app.secret_key)
        return hmac.new(secret.encode(), self.user.encode(), hashlib.sha256).hexdigest()[:16]

    @property
    def unsaved(self) -> UnsavedForms:
        return self.club.unsaved

    def unsaved_form(self) -> UnsavedForm | None:
        """Return what this person has typed in the form of this page and not saved."""
        return self.unsaved.of(self.user, request.path)

    def forget_unsaved(self) -> None:
        """Forget what was typed in the form of this page, here and in the browser: it was saved."""
        self.unsaved.drop(self.user, request.path)
        g.saved = request.path

    @property
    def visibilities(self) -> dict[str, str]:
        """The circles that an essay can be for, as the forms send them and as people read them."""
        plans = self.club.memberships.plans()
        most = len(plans) if len(plans) <= MOST_COMBINED else 1
        sets = [Visibility.of_plans(some) for n in range(1, most + 1) for some in combinations(plans, n)]
        return {str(one): visibility_label(one) for one in (Visibility.PUBLIC, Visibility.MEMBERS, *sets)}

    def drafts(self, most: int = MOST_DRAFTS) -> list[Draft]:
        """List one's own drafts that are not published yet, for a moderator everybody's."""
        return self.club.drafts.alive(None if self.is_moderator else self.user, most)

    def name(self, user: str) -> str:
        return self.context.services.name_of(user) if user else ""

    def local(self, moment: datetime) -> datetime:
        """Put a moment as the database gives it on the community's clock."""
        return (aware(moment) or moment).astimezone(self.at.tzinfo)

    def note(self, action: str, subject: str, detail: str = "") -> None:
        self.club.audit.note(self.user, action, subject, self.at, detail)

    def do(self, handler: Handler, text: str) -> bool:
        """Do what the same words would do in LINE, and show the answer on the next page.

        Return False where it was refused, or where the words only stand for another command.
        """
        answer = handler(self.ask.with_text(text), self.context)
        if not isinstance(answer, Answer):
            return False
        refused = answer.outcome is Outcome.REFUSED
        flash_message(answer.text, trouble=refused)
        return not refused


def admin_services() -> AdminServices:
    return cast(AdminServices, current_app.extensions[EXTENSION])


def flash_message(words: str, *, trouble: bool = False) -> None:
    """Say something on the next page that is shown."""
    flash(words, "trouble" if trouble else "done")


def redirect_to(endpoint: str, **values: Any) -> Response:
    """Go on at an admin page, after an act."""
    return redirect(url_for(f"admin.{endpoint}", **values), 303)


def is_htmx() -> bool:
    """Tell whether a part of a page is asked for, to be put into the one that is shown."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def requires_role(role: Role) -> Callable[[View], View]:
    """Restrict a view to people with at least this role; it is handed their `AdminRequest`.

    Its changes are committed if they still hold the role then.
    """

    def dress(view: View) -> View:
        @wraps(view)
        def answer(**values: Any) -> Any:
            services = admin_services()
            with UnitOfWork(services.conversation.archive.engine) as work:
                key = session.get(VISIT, "")
                visit = services.authenticate(work, key)
                if visit is None:
                    return _to_login_page()
                g.visit = visit
                if visit.role < role:
                    abort(403)
                found = view(visit, **values)
                if request.endpoint != POLLED:
                    AdminSessions(work).prolong(key, visit.at)
                if work.has_written:
                    if not visit.club.people.still_has_role(visit.user, role, visit.at):
                        abort(403)
                    work.commit()
                if "saved" in g:
                    flash(g.saved, "saved")  # the browser forgets it, too
                return found

        return answer

    return dress


def typed() -> Mapping[str, str]:
    """Return the fields of the form that was sent, without its token, lines ended by a line feed."""
    return {name: text.replace("\r\n", "\n") for name, text in request.form.items() if name != "csrf_token"}


def keep_typed() -> bool:
    """Keep what was typed in a form that could not be taken, for the browser's last visitor; tell whether it was kept."""
    if request.method != "POST" or not has_form(request.path):
        return False
    services = admin_services()
    with UnitOfWork(services.conversation.archive.engine) as work:
        user = AdminSessions(work).last_visitor(session.get(VISIT, ""))
        is_kept = user is not None and UnsavedForms(work).keep(user, request.path, typed(), services.now())
        work.commit()
    return is_kept


def has_form(path: str) -> bool:
    """Tell whether this is the address of a page on which somebody writes at length."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="POST")
    except (HTTPException, RoutingException):
        return False
    return endpoint in ("admin.upload.take", "admin.drafts.change", "admin.editing.correct", "admin.editing.keep")


def _to_login_page() -> Response:
    """Send a person to the login page, and from there back to this page with all that was typed in it.

    Where a part of a page is asked for, the whole page goes there; a request in the background is only refused.
    """
    if request.endpoint in IN_BACKGROUND:
        return make_response("", 401)
    if keep_typed() or (request.method == "GET" and not is_htmx()):
        session[BACK] = request.path
    login = url_for("admin.login.login_page")
    if not is_htmx():
        return redirect(login, 303)
    response = make_response("", 401)
    response.headers["HX-Redirect"] = login
    return response
