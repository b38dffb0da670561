"""Essays: the whole archive to leaf through, and one essay with all that was ever done to it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import NamedTuple, TypeVar

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from bot.messages.dates import day
from bot.messages.limits import clean
from bot.web.admin.manuscript import as_manuscript
from bot.web.admin.request import AdminRequest, flash_message, is_htmx, redirect_to, requires_role
from bot.web.reader import number_in
from corpus.essay import Essay, Visibility
from corpus.storage import source_store
from corpus.storage.browse import Doubt, EssayFilter
from corpus.storage.schema import State
from handlers.club.plans import PlanKind
from handlers.editing import corrections
from handlers.editing.priced_sending import SURE, confirmation
from handlers.editing.push import push
from handlers.editing.together import MOST_TOGETHER, RevisionSpan, SharedChange, change_together, undo_together
from handlers.identity import Role
from handlers.text.visibility import visibility_label

PER_PAGE = 20
ALIKE = 0.5  # least share of the words beside that of the first essay found: what holds less is not listed
FARTHEST = 10_000  # pages
MOST_TYPED = 100  # characters of what many essays are changed to
OUTWARD = {
    "corrections.notify": corrections.notify,
    "push": push,
}  # acts that cost messages: the price first, then once more with `sure`
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
    """List the essays that the filter wants, those that a search finds among them."""
    page = page_number()
    wanted = _wanted()
    leaf = visit.archive_admin.browse(wanted, PER_PAGE, (page - 1) * PER_PAGE, _found_for(visit, wanted.words))
    template = "admin/essays_found.html" if is_htmx() else "admin/essays.html"
    return render_template(
        template,
        visit=visit,
        leaf=leaf,
        wanted=wanted,
        query=_query(wanted),
        page=page,
        more=page * PER_PAGE < leaf.total,
        most=MOST_TOGETHER,
        unsaved=len(visit.unsaved.all_of(visit.user)),
        sources={one.id: one.title for one in source_store.every(visit.work.reader)},
        span=_span(request.args),
    )


@pages.post("/")
@requires_role(Role.MODERATOR)
def change_many(visit: AdminRequest) -> Response:
    """Make the same change to the essays that were ticked, or to all that were found."""
    wanted = _wanted()
    which = _chosen(SharedChange, request.form.get("change", "")) or abort(400)
    numbers = {number for text in request.form.getlist("essay") if (number := number_in(text)) is not None}
    if request.form.get("all"):
        leaf = visit.archive_admin.browse(wanted, MOST_TOGETHER + 1, 0, _found_for(visit, wanted.words))
        numbers = {essay.id for essay, _ in leaf.essays}
    value = request.form.get("readers" if which is SharedChange.VISIBILITY else "value", "")
    done = change_together(which, clean(value)[:MOST_TYPED], numbers, visit.ask, visit.context)
    flash_message(done.text, trouble=done.span is None)
    span = {"before": done.span.before, "last": done.span.last} if done.span else {}
    return redirect_to("essays.listing", **_query(wanted), **span)


@pages.post("/undo")
@requires_role(Role.MODERATOR)
def undo_many(visit: AdminRequest) -> Response:
    """Take back what `change_many` did."""
    span = _span(request.form) or abort(400)
    flash_message(undo_together(span, visit.ask, visit.context).text)
    return redirect_to("essays.listing", **_query(_wanted()))


@pages.get("/<int:number>")
@requires_role(Role.EDITOR)
def one(visit: AdminRequest, number: int) -> str:
    """Show an essay with its versions, who did what to it, and how many chats were sent it."""
    essay, state = find_essay(visit, number)
    asked = request.args.get("sure", "")
    return render_template(
        "admin/essay.html",
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
    """Show one version, and how it differs from the one before."""
    essay, _ = find_essay(visit, number)
    versions = visit.archive_admin.history(number)[::-1]
    if not 1 <= version <= len(versions):
        abort(404)
    before = _lines(versions[version - 2].essay) if version > 1 else []
    lines = _compared(before, _lines(versions[version - 1].essay))
    return render_template(
        "admin/version.html",
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
    """Return an essay and its state, whatever that is; abort with 404 where there is none."""
    found = visit.archive_admin.get_any(number) if number < 2**31 else None
    return found or abort(404)


def page_number() -> int:
    text = request.args.get("page", "1")
    return min(max(int(text), 1), FARTHEST) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _wanted() -> EssayFilter:
    """Read the filter in the page's address."""
    typed = request.args
    return EssayFilter(
        typed.get("words", "")[:100],
        _chosen(State, typed.get("state", "")),
        Visibility.typed(typed.get("visibility", "")),
        _chosen(Doubt, typed.get("doubt", "")),
        number_in(typed.get("source", "")),
    )


def _chosen(kind: type[Choice], text: str) -> Choice | None:
    return kind(text) if text in tuple(kind) else None


def _query(wanted: EssayFilter) -> dict[str, str]:
    """Write the filter as it stands in an address."""
    values = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    return {name: str(value) for name, value in values.items() if value}


def _found_for(visit: AdminRequest, words: str) -> set[int]:
    """Return the numbers of the essays that a search finds for these words."""
    hits = visit.library.search(words, visit.at, limit=50).hits if words.strip() else ()
    return {hit.essay_id for hit in hits if hit.share >= ALIKE * hits[0].share}


def _span(typed: Mapping[str, str]) -> RevisionSpan | None:
    """Read the revisions of an act that can be undone; None where there is none."""
    before, last = number_in(typed.get("before", "")), number_in(typed.get("last", ""))
    return RevisionSpan(before, last) if before is not None and last is not None else None


def _lines(essay: Essay) -> list[str]:
    """Write everything a reader can see of an essay as lines to compare."""
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
