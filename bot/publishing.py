"""What moderators planned for now: schedules, news after three minutes of second thoughts, pushes, corrections."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.ledger import runs
from bot.ledger.runs import CORRECTION, ESSAY, Run
from bot.trouble import describe
from corpus.database import Work
from corpus.essay import Audience
from corpus.library import Archive
from handlers.ask import Role
from handlers.club.club import Club
from handlers.club.drafts import Stage
from handlers.club.plans import Plan, PlanKind
from handlers.publication import announce, prepare, publish

log = structlog.get_logger()

RUNS = {PlanKind.PUSH: ESSAY, PlanKind.CORRECT: CORRECTION}


def publish_due(archive: Archive, now: datetime, owners: tuple[str, ...] = ()) -> int:
    """Carry out every plan that is due at `now`, each in a transaction of its own; how many were carried out.

    Any number of workers may call it: a plan ends once.
    """
    with Work(archive.engine) as work:
        due = Club(work).plans.due(now)
    return sum(_attempt(plan, archive, now, owners) for plan in due)


def _attempt(plan: Plan, archive: Archive, now: datetime, owners: tuple[str, ...]) -> bool:
    try:
        with Work(archive.engine) as work:
            done = _carry_out(plan, archive, work, now, owners)
            work.commit()
            return done
    except Exception as error:  # one plan that fails must not hold up the others; it is tried again
        log.error("plan_failed", plan=plan.id, kind=plan.kind, **describe(error))
        return False


def _carry_out(plan: Plan, archive: Archive, work: Work, now: datetime, owners: tuple[str, ...]) -> bool:
    club, library = Club(work, owners), archive.library(work, Audience.MEMBER)
    draft = club.drafts.get(plan.draft) if plan.draft and plan.kind is PlanKind.PUBLISH else None
    if draft is not None:
        prepare(draft, library)
    if not club.plans.end(plan, "done"):
        return False
    if plan.kind is PlanKind.ANNOUNCE:
        announce(plan, library)
    elif plan.kind in RUNS:
        _send(plan, work, now)
    elif draft is not None and draft.stage is Stage.READY:
        if not club.people.confirm(plan.user, Role.MODERATOR, now):
            club.audit.note(plan.user, "refused", f"draft:{draft.id}", now, "排程的人已經沒有權限")
            return False
        published = publish(draft, library, club, now, by=plan.user, news=plan.news)
        club.plans.end(published, "done")  # there was time for second thoughts
        announce(published, library)
    return True


def _send(plan: Plan, work: Work, now: datetime) -> None:
    """People are pushed at once, groups hear with their next reply."""
    at = now.timestamp()
    wanted = [
        Run(
            RUNS[plan.kind],
            chat,
            f"{plan.kind} {plan.id}",
            push_at=None if chat.is_group else at,
            subject=str(essay_id),
        )
        for chat in plan.chats
        for essay_id, _ in plan.essays
    ]
    runs.plan(work.writer, wanted, at)
