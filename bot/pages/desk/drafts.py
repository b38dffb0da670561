"""Drafts: what was understood of each, its dates and visibility, and the ways into the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from bot.pages.desk.form import LONGEST_TITLE, read_day
from bot.pages.desk.visit import Visit, for_role, tell, turn_to
from corpus.essay import Essay, Visibility
from handlers.ask import Role
from handlers.club.drafts import Draft, Stage
from handlers.draft import done
from handlers.drafts import drop
from handlers.publish import release, schedule
from handlers.understanding import study

pages = Blueprint("drafts", __name__, url_prefix="/drafts")

WAYS = {"quiet": "只上架", "loud": "上架並通知"}
MOST_LISTED = 100


@pages.get("/")
@for_role(Role.EDITOR)
def listing(visit: Visit) -> str:
    """One's own; a moderator sees everybody's."""
    listed = visit.club.drafts.alive(None if visit.is_moderator else visit.user, MOST_LISTED)
    due = {draft.id: plan.due_at for draft in listed if (plan := visit.club.plans.of_draft(draft.id))}
    return render_template("desk/drafts.html", visit=visit, drafts=listed, due=due)


@pages.get("/<int:number>")
@for_role(Role.EDITOR)
def one(visit: Visit, number: int) -> str:
    draft = find_draft(visit, number)
    return render_template("desk/draft.html", visit=visit, draft=draft, plan=visit.club.plans.of_draft(number))


@pages.post("/<int:number>")
@for_role(Role.EDITOR)
def change(visit: Visit, number: int) -> Response:
    """Keep what the list says of each essay; those that were unticked are dropped."""
    draft = find_draft(visit, number)
    if request.form.get("stamp") != draft.changed_at.isoformat():
        tell("別人剛改過這份草稿,這是最新的樣子,請再改一次。", trouble=True)
        return turn_to("drafts.one", number=number)
    kept = [place for place in range(1, len(draft.essays) + 1) if request.form.get(f"keep-{place}")]
    if not kept:
        tell("至少要留一篇。整份不要,請按「刪除草稿」。", trouble=True)
        return turn_to("drafts.one", number=number)
    visibilities = [_visibility(place) for place in kept]
    essays = tuple(_as_listed(draft.essays[place - 1], place) for place in kept)
    changed = replace(draft, essays=essays, visibility_chosen=all(visibilities))
    visit.club.drafts.keep(replace(changed, undated_is_fine=True), visit.at)
    visit.note("edit", f"draft:{number}", f"{len(essays)} 篇")
    if visit.is_moderator and request.form.get("do"):
        return _publish(visit, number, all(visibilities))
    tell("草稿存好了。" + ("" if all(visibilities) else "還要選給誰看。"))
    return turn_to("drafts.one", number=number)


@pages.post("/<int:number>/finish")
@for_role(Role.EDITOR)
def finish(visit: Visit, number: int) -> Response:
    """What was pasted in LINE is complete."""
    find_draft(visit, number)
    visit.do(done, str(number))
    return turn_to("drafts.one", number=number)


@pages.post("/<int:number>/drop")
@for_role(Role.EDITOR)
def throw_away(visit: Visit, number: int) -> Response:
    find_draft(visit, number)
    visit.do(drop, str(number))
    return turn_to("drafts.listing")


@pages.get("/<int:number>/<int:place>/study")
@for_role(Role.EDITOR)
def understood(visit: Visit, number: int, place: int) -> str:
    """What reading one essay tells; on its own, since it takes a moment."""
    draft = find_draft(visit, number)
    if not 1 <= place <= len(draft.essays):
        abort(404)
    return render_template("desk/study.html", visit=visit, about=study(draft.essays[place - 1], visit.house))


def find_draft(visit: Visit, number: int) -> Draft:
    """A draft that can still be changed by this person: one's own, or anybody's for a moderator."""
    draft = visit.club.drafts.get(number) if number < 2**31 else None
    if draft is None or draft.stage in (Stage.PUBLISHED, Stage.DROPPED):
        abort(404)
    if draft.user != visit.user and not visit.is_moderator:
        abort(403)
    return draft


def _publish(visit: Visit, number: int, is_chosen: bool) -> Response:
    way = request.form.get("way", "")
    if not is_chosen:
        tell("先選給誰看,再發布。", trouble=True)
        return turn_to("drafts.one", number=number)
    if way not in WAYS and find_draft(visit, number).replaces is None:
        tell("選「只上架」還是「上架並通知」。", trouble=True)
        return turn_to("drafts.one", number=number)
    if request.form["do"] == "schedule":
        moment = _moment(request.form.get("moment", ""))
        found = visit.do(schedule, f"{number} {moment} {WAYS.get(way, '')}".strip())
    else:
        found = visit.do(release, f"{number} {WAYS.get(way, '')}".strip())
    return turn_to("plans.listing") if found else turn_to("drafts.one", number=number)


def _moment(text: str) -> str:
    """A moment as a date field sends it, as one would type it."""
    try:
        return f"{datetime.fromisoformat(text):%Y/%m/%d %H:%M}"  # of the community's time zone
    except ValueError:
        return ""


def _visibility(place: int) -> Visibility | None:
    text = request.form.get(f"visibility-{place}") or request.form.get("visibility", "")
    return Visibility(text) if text in tuple(Visibility) else None


def _as_listed(essay: Essay, place: int) -> Essay:
    """The essay with what the list says of it, where it says something."""
    title = " ".join(request.form.get(f"title-{place}", "").split())[:LONGEST_TITLE]
    day = request.form.get(f"published-{place}") or request.form.get("published", "")
    visibility = _visibility(place) or essay.visibility
    no_lead = "" if visibility is Visibility.MEMBERS else None
    return replace(
        essay,
        title=title or essay.title,
        published=read_day(day),
        visibility=visibility,
        lead=essay.lead or no_lead,
    )
