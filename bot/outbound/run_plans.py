"""Plans of moderators that are due: drafts to publish, news after three minutes of second thoughts, pushes, trials, corrections to tell."""

from __future__ import annotations

from datetime import datetime

from bot.errors import safe_fields
from bot.ledger import CORRECTION, ESSAY, TRIAL, Delivery, notice, plan_deliveries
from bot.logs import log
from corpus.database import UnitOfWork
from corpus.essay import Audience
from corpus.library import ArchiveResources
from handlers.club.club import Club
from handlers.club.drafts import Draft, DraftStage
from handlers.club.plans import Plan, PlanKind
from handlers.editing.publishing_service import announce, overtaken_by, prepare, publish
from handlers.identity import Role

OVERTAKEN = (
    "排好的更正沒有發布：#{essay} 在那之後被改過，發布會蓋掉那些修改。草稿 {draft} 還在，要發布打「發布 {draft}」。"
)
RUNS = {PlanKind.PUSH: ESSAY, PlanKind.CORRECT: CORRECTION}


def run_due_plans(archive: ArchiveResources, now: datetime, owners: tuple[str, ...] = ()) -> int:
    """Carry out every plan that is due at `now`, each in a transaction of its own; return how many were carried out.

    Any number of workers may call it: a plan ends once.
    """
    with UnitOfWork(archive.engine) as work:
        due = Club(work).plans.due(now)
    return sum(_attempt(plan, archive, now, owners) for plan in due)


def _attempt(plan: Plan, archive: ArchiveResources, now: datetime, owners: tuple[str, ...]) -> bool:
    try:
        with UnitOfWork(archive.engine) as work:
            done = _carry_out(plan, archive, work, now, owners)
            work.commit()
            return done
    except Exception as error:  # one plan that fails must not hold up the others; it is tried again
        log.error("plan_failed", plan=plan.id, kind=plan.kind, **safe_fields(error))
        return False


def _carry_out(plan: Plan, archive: ArchiveResources, work: UnitOfWork, now: datetime, owners: tuple[str, ...]) -> bool:
    """Carry out a plan, if its moderator may still do so now; return whether it was carried out."""
    club, library = Club(work, owners), archive.library(work, Audience.EDITOR)
    if (draft := _draft(plan, club)) is not None:
        prepare(draft, library)
    if not club.plans.end(plan, "done"):
        return False
    if not club.people.still_has_role(plan.user, Role.MODERATOR, now):
        club.audit.note(plan.user, "refused", plan.subject, now, "安排的人已經沒有權限")
        return False
    if plan.kind is PlanKind.ANNOUNCE:
        announce(plan, library)
    elif plan.kind in RUNS:
        _send(plan, work, now)
    elif plan.kind is PlanKind.TRIAL:
        _try_out(plan, work, now)
    elif (draft := _draft(plan, club)) is not None and overtaken_by(draft, library) is not None:
        club.audit.note(plan.user, "refused", f"essay:{draft.replaces}", now, "排好的更正：這篇中間被改過")
        _say(plan, OVERTAKEN.format(draft=draft.id, essay=draft.replaces), work, now)
        return False
    elif draft is not None:  # the draft as it is by now
        published = publish(draft, library, club, now, by=plan.user, news=plan.news)
        club.plans.end(published, "done")  # there was time for second thoughts
        announce(published, library)
    else:
        club.audit.note(plan.user, "refused", plan.subject, now, "草稿還沒完成，或已經刪除")
        return False
    return True


def _say(plan: Plan, text: str, work: UnitOfWork, now: datetime) -> None:
    """Plan a notice to whoever made the plan, with the next reply."""
    plan_deliveries(work.writer, [notice(plan.user, f"notice plan {plan.id}", text)], now.timestamp())


def _try_out(plan: Plan, work: UnitOfWork, now: datetime) -> None:
    [chat], [(place, _)] = plan.chats, plan.essays
    subject = f"{plan.draft} {place}"
    wanted = Delivery(TRIAL, chat, f"trial {plan.id}", push_at=now.timestamp(), subject=subject)
    plan_deliveries(work.writer, [wanted], now.timestamp())


def _draft(plan: Plan, club: Club) -> Draft | None:
    """Return the draft that a plan publishes, a new essay or a correction; None when it is not ready, or the plan is for something else."""
    draft = club.drafts.get(plan.draft) if plan.draft and plan.kind is PlanKind.PUBLISH else None
    return draft if draft is not None and draft.stage is DraftStage.READY else None


def _send(plan: Plan, work: UnitOfWork, now: datetime) -> None:
    """Plan a delivery of each essay to each chat of a plan: people are pushed at once, groups hear with their next reply."""
    at = now.timestamp()
    settings = Club(work).chats.all_of(plan.chats)
    wanted = [
        Delivery(
            RUNS[plan.kind],
            chat,
            f"{plan.kind} {plan.id}",
            push_at=None if chat.is_group else at,
            subject=str(essay_id),
        )
        for chat in plan.chats
        if settings[chat.id].active  # one that was left is not greeted with it when it comes back
        for essay_id, _ in plan.essays
    ]
    plan_deliveries(work.writer, wanted, at)
