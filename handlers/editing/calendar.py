"""行事曆: the days on which articles, pushes and digests are due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

from handlers.answer import Answer, Button, text_answer
from handlers.ask import Ask
from handlers.club.plans import Plan, PlanKind
from handlers.club.timetable import WEEKDAYS
from handlers.club.week_figures import FEWEST
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.audit_labels import PLANS
from handlers.verb import Verb

AHEAD = 14  # days that are told in a chat


@dataclass(frozen=True, slots=True)
class Scheduled:
    """An act that is to happen: its clock, 「08:30」, its name, 「定時發布」, and the title of its `draft` or `essay`."""

    clock: str
    what: str
    title: str
    draft: int | None = None
    essay: int | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day with the acts that are to happen on it; `digests`: each clock at which some are due, and the number of chats."""

    day: date
    scheduled: tuple[Scheduled, ...] = ()
    digests: tuple[tuple[str, int], ...] = ()

    @property
    def digests_told(self) -> str:
        """The digests in words, 「摘要 08:30（12 個聊天室）、20:00」; empty where there are none."""
        told = (f"{clock}（{count} 個聊天室）" if count >= FEWEST else clock for clock, count in self.digests)
        return f"摘要 {'、'.join(told)}" if self.digests else ""


def calendar(first: date, last: date, context: Context) -> list[CalendarDay]:
    """List every day from the first to the last with the plans that wait for it and, from today on, its digests."""
    today, zone = context.now.date(), context.now.tzinfo
    plans = [
        (plan.due_at.astimezone(zone), plan) for plan in context.club.plans.waiting() if plan.kind is not PlanKind.TRIAL
    ]
    timetables = context.club.subscriptions.timetables()
    days = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        scheduled = tuple(_scheduled(f"{at:%H:%M}", plan, context) for at, plan in plans if at.date() == day)
        chats = Counter[str]()
        for timetable, count in timetables if day >= today else ():
            if timetable.falls_on(day):
                chats[timetable.clock] += count
        days.append(CalendarDay(day, scheduled, tuple(sorted(chats.items()))))
    return days


def _scheduled(clock: str, plan: Plan, context: Context) -> Scheduled:
    draft = context.club.drafts.get(plan.draft) if plan.draft and plan.kind is PlanKind.PUBLISH else None
    known = context.archive_admin.get_any(plan.essays[0][0]) if plan.essays and draft is None else None
    title = draft.title if draft else known[0].title if known else ""
    return Scheduled(clock, PLANS[plan.kind], title, draft.id if draft else None, known[0].id if known else None)


def tell_calendar(ask: Ask, context: Context) -> Answer:
    """List the days of the next fortnight on which something happens: 行事曆."""
    today = ask.at.date()
    rows = []
    for one in calendar(today, today + timedelta(days=AHEAD - 1), context):
        told = [f"{each.clock} {each.what}〈{each.title}〉" for each in one.scheduled]
        told += [one.digests_told] if one.digests else []
        rows += [(f"{one.day:%m/%d}（{WEEKDAYS[one.day.weekday()]}）", "、".join(told))] if told else []
    if not rows:
        return text_answer(f"這 {AHEAD} 天沒有排什麼。", Button("草稿清單", Verb.DRAFTS))
    return replace(text_answer(f"這 {AHEAD} 天：", Button("草稿清單", Verb.DRAFTS)), rows=tuple(rows))


COMMAND = editing_command((Verb.CALENDAR, "calendar"), "行事曆", "排好的文章、推播和摘要日", tell_calendar)
