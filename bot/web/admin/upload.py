"""New essays: pasted, uploaded or fetched, and put into a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import PurePath

from flask import Blueprint, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from bot.messages.limits import clean
from bot.services import essays_in_attachment
from bot.web.admin.request import AdminRequest, flash_message, redirect_to, requires_role
from corpus.intake.errors import IntakeError
from corpus.intake.extracted import Extracted, LeftOut, joined
from handlers.club.drafts import new_draft
from handlers.context import FetchedEssays
from handlers.editing.draft_import import addresses_in
from handlers.identity import Role

pages = Blueprint("upload", __name__)

NOTHING = "還沒有東西：貼上文章、選一個檔案，或填一個網址。"
MOST_PASTED = 300_000
UNREADABLE = "讀不出一篇文章：要有標題和至少一段內文。"


@pages.get("/upload")
@requires_role(Role.EDITOR)
def form(visit: AdminRequest) -> str:
    unsaved = visit.unsaved_form()
    fields = unsaved.fields if unsaved else {}
    text, url = fields.get("text", ""), fields.get("url", "")
    unsaved = unsaved if text or url else None
    return render_template("admin/upload.html", visit=visit, problem="", text=text, url=url, unsaved=unsaved)


@pages.post("/upload")
@requires_role(Role.EDITOR)
def take(visit: AdminRequest) -> Response | tuple[str, int]:
    """Make a draft of what was pasted, uploaded or fetched."""
    text, url = request.form.get("text", ""), request.form.get("url", "").strip()
    addresses = addresses_in(url) or ([url] if url else [])
    files = [file for file in request.files.getlist("files") if file.filename]
    waiting = {draft.origin: draft for draft in visit.club.drafts.alive(visit.user)}
    if len(addresses) == 1 and addresses[0] in waiting and not (text.strip() or files):
        same = waiting[addresses[0]]
        visit.forget_unsaved()
        flash_message(f"這個網址已經在草稿 {same.id}。")
        return redirect_to("drafts.one", number=same.id)
    arrivals, problems = _arrived(_arrivals(visit, text, addresses, files))
    essays = tuple(essay for arrival in arrivals for essay in arrival.essays)
    if not essays:
        return _again(visit, "".join(problems[:1]) or (UNREADABLE if arrivals else NOTHING), text, url)
    known = {
        "walled": any(arrival.walled for arrival in arrivals),
        "left_out": _left_out(arrivals),
        "visibility_chosen": all(arrival.readers_said for arrival in arrivals),
    }
    draft = visit.club.drafts.begin(new_draft(visit.user, visit.at, essays=essays, origin=" ".join(addresses), **known))
    visit.forget_unsaved()
    visit.note("upload", f"draft:{draft.id}", f"{len(essays)} 篇")
    for problem in problems:
        flash_message(f"這一份沒收：{problem}", trouble=True)
    if len(essays) == 1:
        return redirect_to("editing.drafted", number=draft.id, place=1)
    return redirect_to("drafts.one", number=draft.id)


def _again(visit: AdminRequest, problem: str, text: str, url: str) -> tuple[str, int]:
    return render_template("admin/upload.html", visit=visit, problem=problem, text=text, url=url), 422


def _arrivals(
    visit: AdminRequest, text: str, addresses: list[str], files: list[FileStorage]
) -> Iterator[Callable[[], FetchedEssays]]:
    if text.strip():
        yield partial(_pasted, clean(text), visit.at.date())
    for address in addresses:
        yield partial(visit.context.services.essays_at, address)
    for file in files:
        yield partial(essays_in_attachment, file.read(), PurePath(file.filename or "").name[:100])


def _arrived(fetches: Iterable[Callable[[], FetchedEssays]]) -> tuple[list[FetchedEssays], list[str]]:
    """Fetch each; return what could be read, and a sentence about each that could not: a bad file takes no good one with it."""
    arrivals: list[FetchedEssays] = []
    problems: list[str] = []
    for fetch in fetches:
        try:
            arrivals.append(fetch())
        except IntakeError as error:
            problems.append(str(error))
    return arrivals, problems


def _left_out(arrivals: Iterable[FetchedEssays]) -> tuple[LeftOut, ...]:
    return joined(Extracted(arrival.essays, arrival.left_out) for arrival in arrivals).left_out


def _pasted(text: str, today: date) -> FetchedEssays:
    from corpus.intake import extract, looks_like_login_wall
    from corpus.intake.readers import form_of

    if len(text) > MOST_PASTED:
        raise IntakeError(f"超過 {MOST_PASTED:,} 字", "貼上的文章", "請存成檔案再上傳")
    found = extract(text, "", form_of(text), today)
    return FetchedEssays(found.essays, looks_like_login_wall(text), found.left_out)
