"""Plans: acts that are to happen at a time, and can be called off until then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from corpus.database import UnitOfWork, aware
from handlers.club.admin_tables import plans
from handlers.club.people import utc
from handlers.identity import Chat, Place

SECOND_THOUGHTS = timedelta(minutes=3)  # before anything is sent


class PlanKind(StrEnum):
    """The act that is to happen."""

    PUBLISH = "publish"  # a draft, new or a correction, at the time that 排程 named
    ANNOUNCE = "announce"  # essays that are published already become news, or do not
    PUSH = "push"  # an essay to everybody
    CORRECT = "correct"  # word of a correction to the chats that were sent the essay
    TRIAL = "trial"  # a draft to the editor who tries how it would arrive


NUMBERED = "計畫"  # before a plan's number


@dataclass(frozen=True, slots=True)
class Plan:
    """One act that is to happen at a time, unless it is called off.

    `essays`: (essay id, event) pairs: the effect of adding it, see `essay_store.Status`, or "pushed" or "changed" of a
    sending; of a trial (place in the draft, "trial").
    """

    id: int
    kind: PlanKind
    due_at: datetime
    user: str
    draft: int | None = None
    essays: tuple[tuple[int, str], ...] = ()
    chats: tuple[Chat, ...] = ()
    news: bool = False
    revision: int = 0  # the archive's, once the essays to be announced were published

    @property
    def typed(self) -> str:
        """The name by which a person calls it off: 「計畫 12」."""
        return f"{NUMBERED} {self.id}"

    @property
    def subject(self) -> str:
        """The draft or essay that it is about, as the audit names it."""
        return f"draft:{self.draft}" if self.draft else f"essay:{self.essays[0][0]}" if self.essays else ""


class Plans:
    """The plans of all editors."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def lock(self) -> None:
        """Let nobody else plan before this unit of work ends: the plans it reads from now on still hold when it acts."""
        self.work.lock_table(plans)

    def make(self, plan: Plan, at: datetime) -> Plan:
        """Keep a new plan; return it with its id."""
        values = {
            "kind": plan.kind,
            "state": "waiting",
            "due_at": utc(plan.due_at),
            "user_id": plan.user,
            "draft_id": plan.draft,
            "essays": [list(pair) for pair in plan.essays],
            "chats": [[chat.id, chat.place] for chat in plan.chats],
            "news": plan.news,
            "revision": plan.revision,
            "made_at": utc(at),
        }
        number = self.work.writer.execute(insert(plans).values(values).returning(plans.c.id)).scalar_one()
        return replace(plan, id=number)

    def waiting(self, *kinds: PlanKind) -> list[Plan]:
        """List the plans that are still to happen, the next first; of all kinds when none is named."""
        return self._list(plans.c.kind.in_(kinds or tuple(PlanKind)))

    def due(self, now: datetime) -> list[Plan]:
        return self._list(plans.c.due_at <= utc(now))

    def undoable(self, user: str, now: datetime) -> list[Plan]:
        """List the plans that this person made within SECOND_THOUGHTS and can still call off, the latest first."""
        fresh = (plans.c.due_at > utc(now)) & (plans.c.made_at > utc(now - SECOND_THOUGHTS))
        mine = self._list((plans.c.user_id == user) & fresh)
        return sorted(mine, key=lambda plan: plan.id, reverse=True)

    def of_draft(self, draft: int) -> Plan | None:
        """Return the plan by which a draft is to be published."""
        found = self._list((plans.c.draft_id == draft) & (plans.c.kind == PlanKind.PUBLISH))
        return found[0] if found else None

    def waiting_trial(self, draft: int, user: str) -> bool:
        """Tell whether this person waits for a trial of this draft."""
        return any(plan.draft == draft and plan.user == user for plan in self.waiting(PlanKind.TRIAL))

    def sending(self, kind: PlanKind, essay: int) -> Plan | None:
        """Return the plan of this kind that is still to send something about an essay."""
        about = (plan for plan in self.waiting(kind) if essay in dict(plan.essays))
        return next(about, None)

    def times(self, kind: PlanKind, essay: int) -> int:
        """Count how often something of this kind was sent about an essay."""
        done = select(plans.c.essays).where(plans.c.kind == kind, plans.c.state == "done")
        return sum(essay in dict(pairs) for pairs in self.work.reader.execute(done).scalars())

    def end(self, plan: Plan, state: str) -> bool:
        """Mark a plan as done or cancelled; False when somebody else did so meanwhile: then it is theirs."""
        waiting = (plans.c.id == plan.id) & (plans.c.state == "waiting")
        return bool(self.work.writer.execute(update(plans).where(waiting).values(state=state)).rowcount)

    def _list(self, which: ColumnElement[bool]) -> list[Plan]:
        query = select(plans).where(which, plans.c.state == "waiting").order_by(plans.c.due_at, plans.c.id)
        return [_plan(row) for row in self.work.reader.execute(query)]


def _plan(row: Any) -> Plan:
    return Plan(
        id=row.id,
        kind=PlanKind(row.kind),
        due_at=aware(row.due_at) or row.due_at,
        user=row.user_id,
        draft=row.draft_id,
        essays=tuple((essay, status) for essay, status in row.essays),
        chats=tuple(Chat(chat, Place(place)) for chat, place in row.chats),
        news=row.news,
        revision=row.revision or 0,
    )
