"""Drafts: each one's essays with their dates and visibility, and the ways into the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from bot.web.admin.draft_form import as_kept, as_typed, day_of, differs, is_list_of, places, visibility_of
from bot.web.admin.essays import page_number
from bot.web.admin.form import wrong_day
from bot.web.admin.request import AdminRequest, flash_message, is_htmx, redirect_to, requires_role
from corpus.essay import Essay
from corpus.language.text import to_halfwidth
from handlers.club.drafts import Draft, DraftStage
from handlers.club.unsaved_forms import UnsavedForm
from handlers.command import Handler
from handlers.editing.draft_access import ALONE, at_work, is_unseen, may_publish, settled, what_changes
from handlers.editing.draft_identity import another, new_version
from handlers.editing.draft_input import done
from handlers.editing.draft_left_out import put_back
from handlers.editing.draft_list import drop
from handlers.editing.draft_review import analyse, lines_to_show
from handlers.editing.draft_submission import TAKE_BACK, send_back, submit
from handlers.editing.draft_trial import trial
from handlers.editing.publish import manner, release, schedule
from handlers.identity import Role

pages = Blueprint("drafts", __name__, url_prefix="/drafts")

OVERTAKEN = "你編輯的時候，別人也改了這份草稿。再按一次就用你這份蓋過去；要看對方改了什麼，請另開一頁。"
MOST_SEARCHED = 2_000
PER_PAGE = 30
MOST_OPEN = 8  # essays of a draft that are shown unfolded
CUT = 60  # characters shown on either side of a cut
NO_REASON = "沒有寫理由"
WAYS = {"quiet": "只上架", "loud": "上架並通知"}


@pages.get("/")
@requires_role(Role.EDITOR)
def listing(visit: AdminRequest) -> str:
    """List one's own drafts, a moderator everybody's; where words are given, those that hold them."""
    words = request.args.get("words", "").strip()[:100]
    page = page_number()
    found = [draft for draft in visit.drafts(MOST_SEARCHED) if _holds(draft, words)]
    listed = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    due = {draft.id: plan.due_at for draft in listed if (plan := visit.club.plans.of_draft(draft.id))}
    template = "admin/drafts_found.html" if is_htmx() else "admin/drafts.html"
    return render_template(
        template,
        visit=visit,
        drafts=listed,
        due=due,
        words=words,
        total=len(found),
        page=page,
        more=page * PER_PAGE < len(found),
    )


@pages.get("/<int:number>")
@requires_role(Role.EDITOR)
def one(visit: AdminRequest, number: int) -> str:
    """Show the draft's list of essays, with what was typed in it and not saved."""
    draft = find_draft(visit, number)
    unsaved = visit.unsaved_form()
    if unsaved is None or not differs(draft, unsaved.fields):
        return _draft_page(visit, draft, request.args)
    return _draft_page(visit, draft, unsaved.fields, unsaved=unsaved)


@pages.post("/<int:number>")
@requires_role(Role.EDITOR)
def change(visit: AdminRequest, number: int) -> Response | tuple[str, int]:
    """Keep what the list says of each essay, dropping some and joining some to the one before; then submit or publish."""
    draft = find_draft(visit, number)
    kept = [place for place in places(draft) if request.form.get(f"keep-{place}")]
    if problem := _problem(visit, draft, kept):
        return _draft_page(visit, draft, request.form, problem), 422
    apart = [place for place in kept if place == kept[0] or not request.form.get(f"join-{place}")]
    visibilities = [visibility_of(request.form, place) for place in apart]
    changed = replace(as_kept(draft, request.form, kept), visibility_chosen=all(visibilities), undated_is_fine=True)
    visit.club.drafts.keep(changed, visit.at)
    visit.forget_unsaved()
    visit.note("edit", f"draft:{number}", f"{len(changed.essays)} 篇")
    does = request.form.get("do", "")
    if not all(visibilities):
        flash_message("先選給誰看，再發布。" if does else "草稿存好了。還要選給誰看。", trouble=bool(does))
        return _back(number, {f"visibility-{n}": str(chosen) for n, chosen in enumerate(visibilities, 1) if chosen})
    if does == "submit":
        visit.do(submit, str(number))
    elif does:
        return _publish(visit, changed, does)
    else:
        flash_message("草稿存好了。")
    return redirect_to("drafts.one", number=number)


@pages.get("/<int:number>/hands")
@requires_role(Role.EDITOR)
def hands(visit: AdminRequest, number: int) -> str:
    """Say who else types in the draft at this moment."""
    return at_work(find_draft(visit, number), visit.ask, visit.context)


@pages.post("/<int:number>/trial")
@requires_role(Role.MODERATOR)
def try_out(visit: AdminRequest, number: int) -> Response:
    """Send the draft to oneself, as it was saved."""
    return _press(visit, number, trial)


@pages.post("/<int:number>/take-back")
@requires_role(Role.EDITOR)
def unsubmit(visit: AdminRequest, number: int) -> Response:
    return _press(visit, number, submit, TAKE_BACK)


@pages.post("/<int:number>/send-back")
@requires_role(Role.MODERATOR)
def return_draft(visit: AdminRequest, number: int) -> Response:
    return _press(visit, number, send_back, request.form.get("reason", "").strip() or NO_REASON)


@pages.post("/<int:number>/finish")
@requires_role(Role.EDITOR)
def finish(visit: AdminRequest, number: int) -> Response:
    """Complete a draft that is pasted in LINE."""
    return _press(visit, number, done)


@pages.post("/<int:number>/drop")
@requires_role(Role.EDITOR)
def delete(visit: AdminRequest, number: int) -> Response:
    find_draft(visit, number)
    visit.do(drop, str(number))
    return redirect_to("drafts.listing")


@pages.post("/<int:number>/another")
@requires_role(Role.EDITOR)
def another_essay(visit: AdminRequest, number: int) -> Response:
    """Take the draft for another essay than those in the archive, however alike."""
    return _press(visit, number, another)


@pages.post("/<int:number>/version")
@requires_role(Role.EDITOR)
def newer_version(visit: AdminRequest, number: int) -> Response:
    """Let the draft take the place of an essay in the archive."""
    return _press(visit, number, new_version, request.form.get("old", "").strip())


@pages.get("/<int:number>/<int:place>/study")
@requires_role(Role.EDITOR)
def review(visit: AdminRequest, number: int, place: int) -> str:
    """Show what reading one essay tells; on its own, since it takes a moment."""
    draft = find_draft(visit, number)
    if not 1 <= place <= len(draft.essays):
        abort(404)
    return render_template("admin/review.html", visit=visit, about=analyse(draft.essays[place - 1], visit.context))


@pages.post("/<int:number>/put-back/<int:line>")
@requires_role(Role.EDITOR)
def restore(visit: AdminRequest, number: int, line: int) -> Response:
    """Put a line that was left out back into its essay, by one press."""
    back = _press(visit, number, put_back, str(line))
    visit.note("edit", f"draft:{number}", f"放回去 {line}")
    return back


def _press(visit: AdminRequest, number: int, handler: Handler, said: str = "") -> Response:
    """Do what the command of this handler does in LINE, and go back to the draft."""
    find_draft(visit, number)
    visit.do(handler, f"{number} {said}".strip())
    return redirect_to("drafts.one", number=number)


def find_draft(visit: AdminRequest, number: int) -> Draft:
    """Return a draft that this person can still change, one's own or for a moderator anybody's; abort with 404 or 403."""
    draft = visit.club.drafts.get(number) if number < 2**31 else None
    if draft is None or draft.stage in (DraftStage.PUBLISHED, DraftStage.DROPPED):
        abort(404)
    if draft.user != visit.user and not visit.is_moderator:
        abort(403)
    return draft


def _holds(draft: Draft, words: str) -> bool:
    """Tell whether a draft has this number, or says all these words somewhere."""
    said = [draft.text, *(f"{one.title}\n{one.author}\n{one.source}\n{one.body}" for one in draft.essays)]
    text = to_halfwidth("\n".join(said)).lower()
    return words == str(draft.id) or all(word in text for word in to_halfwidth(words).lower().split())


def _draft_page(
    visit: AdminRequest,
    draft: Draft,
    typed: Mapping[str, str],
    problem: str = "",
    unsaved: UnsavedForm | None = None,
) -> str:
    """Draw the draft's page. `typed` holds what stands in the form and not in the draft: all of it, or what is kept nowhere yet."""
    plan = visit.club.plans.of_draft(draft.id)
    is_whole = is_list_of(draft, typed)
    return render_template(
        "admin/draft.html",
        visit=visit,
        draft=as_typed(draft, typed) if is_whole else draft,
        stamp=typed["stamp"] if unsaved and is_whole else draft.changed_at.isoformat(),
        is_typed=is_whole,
        unsaved=unsaved,
        problem=problem,
        plan=plan,
        manner=manner(plan, draft) if plan else "",
        settled=settled(draft, visit.ask, visit.context),
        may_publish=may_publish(draft, visit.ask, visit.context),
        is_alone=is_unseen(draft, visit.ask, visit.context),
        at_work=at_work(draft, visit.ask, visit.context),
        typed=typed,
        left_out=lines_to_show(draft),
        changed=what_changes(draft, visit.context),
        cuts=_cuts(draft.essays),
        is_long=len(draft.essays) > MOST_OPEN,
    )


def _cuts(essays: Sequence[Essay]) -> list[tuple[str, str]]:
    """Return how each essay begins and ends, to judge where one was cut from the next."""
    bodies = [essay.body for essay in essays]
    return [(body[:CUT] + "…" * (len(body) > CUT), "…" * (len(body) > CUT) + body[-CUT:]) for body in bodies]


def _problem(visit: AdminRequest, draft: Draft, kept: list[int]) -> str:
    if words := settled(draft, visit.ask, visit.context):
        return words
    if request.form.get("stamp") != draft.changed_at.isoformat():
        return OVERTAKEN
    if not kept:
        return "至少要留一篇。整份不要，請按「刪除草稿」。"
    days = filter(None, (day_of(request.form, place) for place in kept))
    return next(filter(None, (wrong_day(day, visit.at.date()) for day in days)), "")


def _publish(visit: AdminRequest, draft: Draft, does: str) -> Response:
    """Publish now or at a time; a new essay and a correction alike, but for the choice that only news has."""
    way = request.form.get("way", "")
    if way not in WAYS and draft.replaces is None:
        flash_message("選「只上架」還是「上架並通知」。", trouble=True)
        return _back(draft.id)
    typed = _moment(request.form.get("moment", "")) if does == "schedule" else ""
    alone = ALONE if request.form.get("alone") else ""
    words = " ".join(filter(None, [str(draft.id), typed, WAYS.get(way, ""), alone]))
    done = visit.do(schedule if does == "schedule" else release, words)
    return redirect_to("plans.listing") if done else _back(draft.id)


def _back(number: int, chosen: Mapping[str, str] | None = None) -> Response:
    """Go back to the draft's page, where a choice that is kept nowhere yet is still chosen."""
    also = {name: request.form.get(name) or None for name in ("way", "moment")}
    return redirect_to("drafts.one", number=number, **also, **(chosen or {}))


def _moment(text: str) -> str:
    """Write a date field's moment as one would type it; return "" where it is none."""
    try:
        return f"{datetime.fromisoformat(text):%Y/%m/%d %H:%M}"  # of the community's time zone
    except ValueError:
        return ""
