"""取消: call off an act of the last three minutes, or a plan; published essays go back into their draft."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.answer import Answer, Button, error_answer, text_answer
from handlers.ask import Ask, Session
from handlers.club.plans import NUMBERED, Plan, PlanKind
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.audit_labels import PLANS
from handlers.editing.draft_access import SETTLED
from handlers.editing.publishing_service import may_unpublish, unpublish
from handlers.identity import Role
from handlers.verb import Verb

TOO_LATE = "來不及取消了，已經在處理。"
CHANGED_SINCE = "取消不了：發布之後又有人改過或撤回。看修改紀錄，要退回哪一版打「還原」。"
SHORT_TITLE = 8  # characters, on a button
_DEEDS = {
    PlanKind.PUBLISH: "排程",
    PlanKind.ANNOUNCE: "發布",
    PlanKind.PUSH: "推播",
    PlanKind.CORRECT: "更正通知",
    PlanKind.TRIAL: "試送",
}


def cancel(ask: Ask, context: Context) -> Answer:
    """Call off the last act, a plan by its number, or a schedule by its draft's; a draft in hand is only put aside."""
    if (match := re.fullmatch(r"排程\s*(\d{1,9})", ask.text)) is not None:
        if ask.role < Role.MODERATOR:
            return error_answer(SETTLED)
        return _call_off(context.club.plans.of_draft(int(match.group(1))), ask, context)
    if (match := re.fullmatch(rf"{NUMBERED}\s*(\d{{1,9}})", ask.text)) is not None:
        return _call_off(_own_plan(int(match.group(1)), ask, context), ask, context)
    undoable = context.club.plans.undoable(ask.user or "", ask.at)
    if undoable and not ask.session.pending:
        return _which(undoable, context) if len(undoable) > 1 else _call_off(undoable[0], ask, context)
    if ask.session.pending:
        return text_answer(
            "好，先放著。草稿都在，打「繼續」接著做。",
            Button("繼續", Verb.CONTINUE),
            Button("草稿清單", Verb.DRAFTS),
            session=Session(),
        )
    return error_answer("三分鐘內沒有可以取消的事。", Button("草稿清單", Verb.DRAFTS))


def _own_plan(number: int, ask: Ask, context: Context) -> Plan | None:
    """Return the waiting plan of this number, where this person made it or is a moderator; else None."""
    plan = next((plan for plan in context.club.plans.waiting() if plan.id == number), None)
    return plan if plan is not None and (plan.user == ask.user or ask.role >= Role.MODERATOR) else None


def _which(undoable: Sequence[Plan], context: Context) -> Answer:
    """Ask which of several plans is meant, each by its name."""
    names = {plan.id: plan_title(plan, context) for plan in undoable}
    short = {plan.id: plan_title(plan, context, SHORT_TITLE) for plan in undoable}
    buttons = (Button(f"取消{name}"[:20], Verb.CANCEL.of(f"{NUMBERED} {number}")) for number, name in short.items())
    question = text_answer("要取消哪一件？", *buttons)
    rows = tuple((str(place), name) for place, name in enumerate(names.values(), 1))
    return replace(question, rows=rows)


def plan_title(plan: Plan, context: Context, longest: int = 60) -> str:
    """Return a plan in words, its title cut to so many characters: 「〈水冷板的毛利〉等 3 篇的發布」."""
    draft = context.club.drafts.get(plan.draft) if plan.draft else None
    known = context.archive_admin.get_any(plan.essays[0][0]) if plan.essays else None
    title = draft.title if draft is not None else known[0].title if known is not None else ""
    title = title if len(title) <= longest else f"{title[:longest]}…"
    count = len(plan.essays) or len(draft.essays if draft is not None else ())
    what = f"〈{title}〉等 {count} 篇" if count > 1 else f"〈{title}〉"
    is_correction = draft is not None and draft.replaces is not None
    return f"{what}的{'更正' if is_correction else _DEEDS[plan.kind]}"


def _call_off(plan: Plan | None, ask: Ask, context: Context) -> Answer:
    if plan is None or plan.due_at <= ask.at:
        return error_answer(TOO_LATE)
    if plan.kind is PlanKind.ANNOUNCE and not may_unpublish(plan, context.library):
        return error_answer(CHANGED_SINCE, Button("修改紀錄", Verb.REVISIONS.of(plan.essays[0][0])))
    name = plan_title(plan, context)
    if not context.club.plans.end(plan, "cancelled"):
        return error_answer(TOO_LATE)
    if plan.kind is PlanKind.ANNOUNCE:
        draft = unpublish(plan, context.library, context.club, ask.at, by=ask.user or "")
        back = (Button("看草稿", Verb.DRAFTS.of(draft.id)),) if draft else ()
        return text_answer(unpublished(name), *back, session=Session())
    context.club.audit.note(ask.user or "", "cancel", plan.subject, ask.at, PLANS[plan.kind])
    return text_answer(f"取消了{name}，什麼都沒送出去。", session=Session())


def unpublished(name: str) -> str:
    """Say that published essays are off the shelf again."""
    return f"取消了{name}，什麼都沒送出去。文章回到發布前的樣子，草稿還在。"


COMMAND = editing_command((Verb.CANCEL, "cancel"), "取消", "三分鐘內取消剛才的發布、推播", cancel)
