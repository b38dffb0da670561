"""The form of one essay, of the archive or of a draft, with a live preview beside it."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.web.admin.drafts import find_draft
from bot.web.admin.essays import find_essay
from bot.web.admin.form import EssayForm
from bot.web.admin.preview import EYES, preview
from bot.web.admin.request import AdminRequest, flash_message, redirect_to, requires_role
from corpus.essay import Block, BlockKind, Essay
from handlers.club.drafts import Draft, new_correction
from handlers.editing.draft_access import at_work, is_unseen, may_publish, settled
from handlers.editing.publish import release
from handlers.identity import Role
from handlers.text.changes import changes

pages = Blueprint("editing", __name__)

OVERTAKEN = "你編輯的時候，別人也改了這一篇。再按一次就用你這份蓋過去；要看對方改了什麼，請另開一頁。"


@pages.get("/essays/<int:number>/edit")
@requires_role(Role.EDITOR)
def essay(visit: AdminRequest, number: int) -> str:
    """Show the form of an essay that is out already: a change becomes a correction."""
    known, _ = find_essay(visit, number)
    return _page(visit, EssayForm.of(known), str(known.revision), url_for("admin.essays.one", number=number), known)


@pages.post("/essays/<int:number>/edit")
@requires_role(Role.EDITOR)
def correct(visit: AdminRequest, number: int) -> Response | str:
    """Keep the correction as a draft, or publish it at once."""
    known, _ = find_essay(visit, number)
    form, stamp = EssayForm.read(request.form), str(known.revision)
    back = url_for("admin.essays.one", number=number)
    if problems := _problems(form, stamp, visit):
        return _page(visit, form, stamp, back, known, problems)
    draft = visit.club.drafts.begin(new_correction(visit.user, visit.at, known, form.essay(known)))
    visit.note("draft", f"essay:{number}", "更正")
    return _kept(visit, draft, essay=number)


@pages.get("/drafts/<int:number>/<int:place>")
@requires_role(Role.EDITOR)
def drafted(visit: AdminRequest, number: int, place: int) -> str:
    """Show the form of one essay of a draft."""
    draft, known = _piece(visit, number, place)
    form = EssayForm.of(known, chosen=draft.visibility_chosen)
    return _page(
        visit, form, draft.changed_at.isoformat(), url_for("admin.drafts.one", number=number), known, draft=draft
    )


@pages.post("/drafts/<int:number>/<int:place>")
@requires_role(Role.EDITOR)
def keep(visit: AdminRequest, number: int, place: int) -> Response | str:
    """Keep the essay, as several where the manuscript says so; a correction stays one."""
    draft, known = _piece(visit, number, place)
    form, stamp = EssayForm.read(request.form), draft.changed_at.isoformat()
    forms = [form] if draft.replaces else form.parts()
    problems = {name: words for part in forms for name, words in _problems(part, stamp, visit).items()}
    if words := settled(draft, visit.ask, visit.context):
        problems["stamp"] = words
    if problems:
        back = url_for("admin.drafts.one", number=number)
        return _page(visit, form, stamp, back, known, problems, draft=draft)
    changed = draft.with_essay(place - 1, *(part.essay(known) for part in forms))
    kept = visit.club.drafts.keep(_all_chosen(changed, draft), visit.at)
    visit.note("edit", f"draft:{number}", form.title[:100])
    return _kept(visit, kept)


@pages.post("/preview")
@requires_role(Role.EDITOR)
def show(visit: AdminRequest) -> str:
    """Preview the essay as its form stands now. Nothing is kept."""
    form = EssayForm.read(request.form)
    blank = Essay(form.title or "（還沒有標題）", (Block(BlockKind.TEXT, ""),))
    eyes, number = request.form.get("eyes", "guest"), request.args.get("corrects", type=int)
    known = find_essay(visit, number)[0] if number else None
    seen = preview(form.essay(known or blank), eyes, visit)
    changed = changes(known, form.essay(known)) if known else None
    return render_template("admin/preview.html", visit=visit, seen=seen, marked=None, changed=changed)


def _page(
    visit: AdminRequest,
    form: EssayForm,
    stamp: str,
    back: str,
    essay: Essay,
    problems: dict[str, str] | None = None,
    draft: Draft | None = None,
) -> str:
    """Draw the form, with what was typed in it and not saved."""
    unsaved = visit.unsaved_form() if problems is None else None
    if unsaved is not None and (written := EssayForm.read(unsaved.fields)) != form:
        form, stamp = written, unsaved.fields.get("stamp", stamp)
    else:
        unsaved = None
    number = draft.replaces if draft else essay.id
    return render_template(
        "admin/edit.html",
        visit=visit,
        form=form,
        stamp=stamp,
        back=back,
        essay=essay,
        draft=draft,
        problems=problems or {},
        unsaved=unsaved,
        eyes=EYES,
        seen=preview(form.essay(essay), "guest", visit),
        corrects=number,
        changed=changes(find_essay(visit, number)[0], form.essay(essay)) if number else None,
        marked=None,
        may_publish=_may_publish(draft, visit) and (draft is None or draft.replaces is not None),
        at_work=at_work(draft, visit.ask, visit.context) if draft else "",
    )


def _problems(form: EssayForm, stamp: str, visit: AdminRequest) -> dict[str, str]:
    problems = form.problems(visit.at.date(), visit.club.memberships.plans())
    if request.form.get("stamp") != stamp:
        problems["stamp"] = OVERTAKEN
    return problems


def _piece(visit: AdminRequest, number: int, place: int) -> tuple[Draft, Essay]:
    draft = find_draft(visit, number)
    if not 1 <= place <= len(draft.essays):
        abort(404)
    return draft, draft.essays[place - 1]


def _may_publish(draft: Draft | None, visit: AdminRequest) -> bool:
    """Tell whether this person may publish from here; whoever is alone with a draft publishes it on its own page."""
    return may_publish(draft, visit.ask, visit.context) and not is_unseen(draft, visit.ask, visit.context)


def _all_chosen(changed: Draft, before: Draft) -> Draft:
    """Take a lone essay's visibility for the draft's; of several each still has to be chosen on the draft's page."""
    return replace(changed, visibility_chosen=before.visibility_chosen or len(before.essays) == 1)


def _kept(visit: AdminRequest, draft: Draft, essay: int | None = None) -> Response:
    publishes = request.form.get("do") == "publish"
    if publishes and not _may_publish(draft, visit):
        abort(403)
    visit.forget_unsaved()
    if not publishes:
        flash_message("草稿存好了。")
        return redirect_to("drafts.one", number=draft.id)
    visit.do(release, str(draft.id))
    return redirect_to("essays.one", number=essay or draft.replaces) if draft.replaces else redirect_to("plans.listing")
