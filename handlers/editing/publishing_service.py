"""From draft to archive and back: the acts of 發布, 排程 and the clock, and their undoing by 取消."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from corpus.archive_admin import ArchiveAdmin
from corpus.essay import Essay
from corpus.library import Library
from corpus.storage.essay_json import content_hash
from corpus.storage.essay_store import Status
from corpus.storage.schema import State
from handlers.club.club import Club
from handlers.club.drafts import Draft, DraftStage
from handlers.club.plans import SECOND_THOUGHTS, Plan, PlanKind


def publish(draft: Draft, library: Library, club: Club, at: datetime, *, by: str, news: bool) -> Plan:
    """Put the essays of a draft on the shelf, quietly; return the plan that makes them news, if they are to be.

    A correction changes the essay it was made for. Essays that are called off within `SECOND_THOUGHTS` were never news.
    Raises DraftEndedError when somebody else was faster.
    """
    prepare(draft, library)
    club.drafts.keep(replace(draft, stage=DraftStage.PUBLISHED), at)
    essays = tuple(_put(essay, draft, library, at, by) for essay in draft.essays)
    if draft.is_submitted:
        club.audit.note(by, "accept", f"draft:{draft.id}", at)
    for essay_id, _ in essays:
        club.audit.note(by, "correct" if draft.replaces else "publish", f"essay:{essay_id}", at)
    revision = max(_revision(essay_id, library) for essay_id, _ in essays)
    is_news = news and draft.replaces is None
    plan = Plan(0, PlanKind.ANNOUNCE, at + SECOND_THOUGHTS, by, draft.id, essays, news=is_news, revision=revision)
    return club.plans.make(plan, at)


def overtaken_by(draft: Draft, library: Library) -> Essay | None:
    """Return the essay that a draft corrects, where its text was changed since the correction was begun; else None."""
    known = ArchiveAdmin(library).get_any(draft.replaces) if draft.replaces and draft.corrects else None
    return known[0] if known is not None and content_hash(known[0]) != draft.corrects else None


def prepare(draft: Draft, library: Library) -> None:
    """Read a draft's essays before the first write: the dictionaries that reading needs take a second to load."""
    for essay in draft.essays:
        ArchiveAdmin(library).new_words(essay)


def may_unpublish(plan: Plan, library: Library) -> bool:
    """Tell whether nobody has changed the essays of a plan to announce since they were put on the shelf."""
    return all(_revision(essay_id, library) <= plan.revision for essay_id, _ in plan.essays)


def unpublish(plan: Plan, library: Library, club: Club, at: datetime, *, by: str) -> Draft | None:
    """Take back the essays that a plan to announce has put on the shelf; return their draft, open to changes again."""
    for essay_id, status in plan.essays:
        _take_back(essay_id, status, library, at, by)
        club.audit.note(by, "undo", f"essay:{essay_id}", at)
    draft = club.drafts.get(plan.draft) if plan.draft else None
    return club.drafts.reopen(draft) if draft else None


def announce(plan: Plan, library: Library) -> int:
    """Make the essays of a plan news, where they are to be, once the three minutes are over; return their number."""
    if not plan.news:
        return 0
    return sum(
        ArchiveAdmin(library).mark_as_news(essay_id) for essay_id, status in plan.essays if status != Status.CHANGED
    )


def _revision(essay_id: int, library: Library) -> int:
    """Return the revision at which an essay last changed, whatever its state."""
    found = ArchiveAdmin(library).get_any(essay_id)
    return found[0].revision if found is not None else 0


def _put(essay: Essay, draft: Draft, library: Library, at: datetime, by: str) -> tuple[int, str]:
    if draft.replaces is not None:
        return library.change(replace(essay, id=draft.replaces), at, by=by).id, Status.CHANGED
    added = library.add(essay, at, news=False, by=by, is_another=draft.is_another)
    found = ArchiveAdmin(library).get_any(added.essay.id)
    if found is not None and found[1] is State.WITHDRAWN:  # it was here once and comes back
        library.restore(added.essay.id, at, by=by)
        return added.essay.id, Status.ADDED
    return added.essay.id, added.status


def _take_back(essay_id: int, status: str, library: Library, at: datetime, by: str) -> None:
    if status == Status.ADDED:
        library.withdraw(essay_id, at, by=by)
    elif status == Status.CHANGED:
        before = ArchiveAdmin(library).history(essay_id)[1:2]
        if before:
            library.change(before[0].essay, at, by=by)
