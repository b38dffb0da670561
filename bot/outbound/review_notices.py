"""Notices of drafts that are reviewed, with the next reply: to the moderators who may publish them, and to their writers."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.ledger import REVIEW, Delivery, plan_deliveries
from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.club.drafts import Draft, DraftStage
from handlers.identity import Chat, Place, Role

LATELY = timedelta(days=1)  # for which a published draft is still told of


class ReviewNotices:
    """A chore of the worker: one notice for each step of a draft; whether it still holds is looked at when it goes out."""

    def __init__(self, owners: tuple[str, ...] = ()) -> None:
        self.owners = owners
        self._told: set[str] = set()  # lost without harm: a planned notice is known by its name

    def plan(self, work: UnitOfWork, now: datetime) -> None:
        """Plan a notice of each step that nobody has heard of."""
        club = Club(work, self.owners)
        steps = {review_step(draft): draft for draft in club.drafts.submitted(now - LATELY)}
        fresh = [
            Delivery(REVIEW, Chat(user, Place.PERSON), f"review {step}", subject=step)
            for step, draft in steps.items()
            if step not in self._told
            for user in _concerned(draft, club)
        ]
        self._told = set(steps)
        if fresh and plan_deliveries(work.writer, fresh, now.timestamp()):
            work.commit()


def review_step(draft: Draft) -> str:
    """Name the step at which a submitted draft is: 「3 submitted 2026-11-29T08:30:00.000000」."""
    stage = "submitted" if draft.is_submitted else "returned"
    stage = stage if draft.stage is DraftStage.READY else str(draft.stage)
    return f"{draft.id} {stage} {draft.submitted_at:%Y-%m-%dT%H:%M:%S.%f}"


def review_word(draft: Draft) -> str:
    """Return the words of a notice about a draft."""
    name = f"草稿 {draft.id}〈{draft.title}〉"
    if draft.stage is DraftStage.PUBLISHED:
        return f"{name}發布了。"
    return f"{name}送審了，等你看。" if draft.is_submitted else f"{name}退回了：{draft.returned_for}"


def _concerned(draft: Draft, club: Club) -> list[str]:
    """Return the people to tell of a draft: the moderators who may publish it, afterwards its writer."""
    if draft.stage is not DraftStage.READY or not draft.is_submitted:
        return [draft.user] if draft.user else []
    return [user for user, _ in club.people.staff(Role.MODERATOR) if user != draft.user]
