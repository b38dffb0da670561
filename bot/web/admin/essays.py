"""Essays: the whole archive to leaf through, and one essay with all that was ever done to it."""

from __future__ import annotations

import difflib
from enum import StrEnum
from typing import NamedTuple, TypeVar

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from bot.messages.dates import day
from bot.web.admin.manuscript import as_manuscript
from bot.web.admin.request import AdminRequest, is_htmx, redirect_to, requires_role
from corpus.essay import Essay, Visibility
from corpus.storage.browse import EssayFilter
from corpus.storage.essay_store import State
from handlers.club.plans import PlanKind
from handlers.editing import corrections
from handlers.editing.push import push
from handlers.editing.push_cost import SURE, confirmation
from handlers.identity import Role
from handlers.text.visibility import visibility_label

PER_PAGE = 20
ALIKE = 0.5  # of what the first essay holds of the words: what is worth listing beside it
FARTHEST = 10_000  # pages
OUTWARD = {
    "corrections.notify": corrections.notify,
    "push": push,
}  # what costs messages: the price first, then once more with `sure`
KINDS = {"corrections.notify": PlanKind.CORRECT, "push": PlanKind.PUSH}

pages = Blueprint("essays", __name__, url_prefix="/essays")
Choice = TypeVar("Choice", bound=StrEnum)


class DiffLine(NamedTuple):
    """A line of one version beside the version before: `sign` is +, - or a space."""

    sign: str
    text: str


def home() -> Response:
    return redirect_to("essays.listing")


@pages.get("/")
@requires_role(Role.EDITOR)
def listing(visit: AdminRequest) -> str:
    words = request.args.get("words", "")[:100]
    page = page_number()
    wanted = EssayFilter(words, _chosen_state(), Visibility.typed(request.args.get("visibility", "")))
    hits = visit.library.search(words, visit.at, limit=50).hits if words.strip() else ()
    also = {hit.essay_id for hit in hits if hit.share >= ALIKE * hits[0].share}
    leaf = visit.archive_admin.browse(wanted, PER_PAGE, (page - 1) * PER_PAGE, also)
    template = "desk/essays_found.html" if is_htmx() else "desk/essays.html"
    return render_template(
        template,
        visit=visit,
        leaf=leaf,
        wanted=wanted,
        page=page,
        more=page * PER_PAGE < leaf.total,
        unsaved=len(visit.unsaved.all_of(visit.user)),
    )


@pages.get("/<int:number>")
@requires_role(Role.EDITOR)
def one(visit: AdminRequest, number: int) -> str:
    essay, state = find_essay(visit, number)
    asked = request.args.get("sure", "")
    return render_template(
        "desk/essay.html",
        visit=visit,
        essay=essay,
        state=state,
        versions=list(enumerate(visit.archive_admin.history(number)[::-1], 1))[::-1],
        acts=visit.club.audit.of(f"essay:{number}", 50),
        shown_to=len(visit.context.services.shown_to(number)) if visit.is_moderator else 0,
        asked=asked,
        sure=confirmation(KINDS[asked], number, visit.context) if asked in KINDS else "",
        corrections=[draft for draft in visit.drafts() if draft.replaces == number],
    )


@pages.get("/<int:number>/versions/<int:version>")
@requires_role(Role.EDITOR)
def version(visit: AdminRequest, number: int, version: int) -> str:
    """What one version said, and how that differs from the one before."""
    essay, _ = find_essay(visit, number)
    versions = visit.archive_admin.history(number)[::-1]
    if not 1 <= version <= len(versions):
        abort(404)
    before = _lines(versions[version - 2].essay) if version > 1 else []
    lines = _compared(before, _lines(versions[version - 1].essay))
    return render_template(
        "desk/version.html",
        visit=visit,
        essay=essay,
        number=version,
        version=versions[version - 1],
        lines=lines,
        is_newest=version == len(versions),
    )


@pages.post("/<int:number>/withdraw")
@requires_role(Role.MODERATOR)
def withdraw(visit: AdminRequest, number: int) -> Response:
    visit.do(corrections.withdraw, f"{number} {SURE}")
    return redirect_to("essays.one", number=number)


@pages.post("/<int:number>/restore")
@requires_role(Role.MODERATOR)
def restore(visit: AdminRequest, number: int) -> Response:
    visit.do(corrections.restore, str(number))
    return redirect_to("essays.one", number=number)


@pages.post("/<int:number>/versions/<int:version>")
@requires_role(Role.MODERATOR)
def revert(visit: AdminRequest, number: int, version: int) -> Response:
    visit.do(corrections.revert, f"{number} 第{version}版")
    return redirect_to("essays.one", number=number)


@pages.post("/<int:number>/<any(notify, push):act>")
@requires_role(Role.MODERATOR)
def send(visit: AdminRequest, number: int, act: str) -> Response:
    """Tell the price; with the word that confirms it, plan it, to be called off within three minutes."""
    word = request.form.get("sure", "")
    done = visit.do(OUTWARD[act], f"{number} {word}".strip())
    if done and word.startswith(SURE):
        return redirect_to("plans.listing")
    return redirect_to("essays.one", number=number, sure=act if done else None)


def find_essay(visit: AdminRequest, number: int) -> tuple[Essay, State]:
    """The essay in whatever state it is, or the page that says there is none."""
    found = visit.archive_admin.get_any(number) if number < 2**31 else None
    return found or abort(404)


def page_number() -> int:
    text = request.args.get("page", "1")
    return min(max(int(text), 1), FARTHEST) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _chosen_state() -> State | None:
    text = request.args.get("state", "")
    return State(text) if text in tuple(State) else None


def _lines(essay: Essay) -> list[str]:
    """Everything a reader can see of it, as lines to compare."""
    facts = [day(essay.published), essay.author, essay.source, visibility_label(essay.visibility), *essay.tags]
    lines = [
        essay.title,
        " · ".join(filter(None, facts)),
        essay.url,
        essay.lead,
        *as_manuscript(essay.blocks, essay.open_blocks).splitlines(),
    ]
    return [line for line in lines if line]


def _compared(before: list[str], after: list[str]) -> list[DiffLine]:
    return [DiffLine(line[0], line[2:]) for line in difflib.ndiff(before, after) if line[0] != "?"]
