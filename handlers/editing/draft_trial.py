"""試送: a draft as its readers would get it pushed, to the moderator alone."""

from __future__ import annotations

from handlers.answer import Answer, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.plans import Plan, PlanKind
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.draft_access import find_draft, unready
from handlers.editing.priced_sending import price, too_expensive
from handlers.identity import Chat, Place, Role
from handlers.verb import Verb


def trial(ask: Ask, context: Context) -> Answer:
    """Push a draft to the asker alone, as every push is sent and counted: 試送 3, 試送 3-2."""
    found = find_draft(ask, context)
    if isinstance(found, Answer):
        return found
    draft = found.draft
    if (missing := unready(draft, context)) is not None:
        return missing
    me, month = (Chat(ask.user or "", Place.PERSON),), context.services.month()
    if (refusal := too_expensive(me, month)) is not None:
        return refusal
    if context.club.plans.waiting_trial(draft.id, me[0].id):
        return error_answer("這份的試送已經在路上了。")
    plan = Plan(0, PlanKind.TRIAL, ask.at, me[0].id, draft.id, ((found.place or 0, "trial"),), me)
    context.club.plans.make(plan, ask.at)
    return text_answer(f"試送草稿 {draft.id}，只送給你：{price(me, month)}")


COMMAND = editing_command((Verb.TRIAL, "trial"), "試送 3", "草稿照推播的樣子，先送給自己看", trial, Role.MODERATOR)
