"""推播, 額度: an essay to everybody, its price first."""

from __future__ import annotations

import re

from corpus.essay import Essay
from corpus.gate import is_locked
from handlers.answer import Answer, Button, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.plans import SECOND_THOUGHTS, Plan, PlanKind
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.push_cost import SURE, confirmation, confirms, price, spoken, too_expensive
from handlers.identity import Chat, Role
from handlers.text.visibility import visibility_label
from handlers.verb import Verb

PLANNED = error_answer("這篇的推播已經排好了，三分鐘內送出。", Button("取消", Verb.CANCEL))

_NUMBERED = re.compile(r"^#?(\d{1,9})(?:\s+(.*))?$")


def push(ask: Ask, context: Context) -> Answer:
    """推播 12, and once more with 確定: people are pushed, groups ride."""
    match = _NUMBERED.match(ask.text)
    essay = context.library.essay(int(match.group(1))) if match else None
    if match is None or essay is None:
        return error_answer("要推播哪一篇？例如「推播 12」。", Button("最新文章", Verb.LATEST))
    if context.club.plans.sending(PlanKind.PUSH, essay.id) is not None:
        return PLANNED
    chats = recipients(essay, ask, context)
    if not chats:
        return error_answer("還沒有可以推播的對象。")
    month = context.services.month()
    if (refusal := too_expensive(chats, month)) is not None:
        return refusal
    word = match.group(2) or ""
    if not word.startswith(SURE):
        label = visibility_label(essay.visibility)
        members = "" if essay.visibility.is_public else f"（{label}，只送會員）"
        return text_answer(
            f"推播〈{essay.title}〉{members}：{price(chats, month)}",
            Button("確定推播", Verb.BROADCAST.of(f"{essay.id} {confirmation(PlanKind.PUSH, essay.id, context)}")),
            Button("先不要", Verb.NOT_NOW),
        )
    context.club.plans.lock()  # now that LINE has told the month
    if context.club.plans.sending(PlanKind.PUSH, essay.id) is not None:
        return PLANNED
    if not confirms(word, PlanKind.PUSH, essay.id, context):
        return error_answer(
            "這次的推播已經送出去了。要再推一次，請重新看過報價。", Button("重新報價", Verb.BROADCAST.of(essay.id))
        )
    plan = Plan(0, PlanKind.PUSH, ask.at + SECOND_THOUGHTS, ask.user or "", essays=((essay.id, "pushed"),), chats=chats)
    kept = context.club.plans.make(plan, ask.at)
    context.club.audit.note(ask.user or "", "push", f"essay:{essay.id}", ask.at, price(chats, month))
    return text_answer("三分鐘後送出，在那之前可以取消。", Button("取消", Verb.CANCEL.of(f"計畫 {kept.id}")))


def recipients(essay: Essay, ask: Ask, context: Context) -> tuple[Chat, ...]:
    """Every chat that may be told; of one that is not for everybody only its readers hear, and no group."""
    chats = context.club.reachable(context.services.met())
    if essay.visibility.is_public:
        return tuple(chats)
    readers = context.club.people.readers(ask.at)
    open_to = {user for user, one in readers.items() if not is_locked(essay, one.audience)}
    return tuple(chat for chat in chats if not chat.is_group and chat.id in open_to)


def quota(ask: Ask, context: Context) -> Answer:
    """額度: the month's messages."""
    return text_answer(spoken(context.services.month()))


PUSH = editing_command((Verb.BROADCAST, "broadcast"), "推播 12", "把一篇送給所有人，先報價再確認", push, Role.MODERATOR)
QUOTA = editing_command((Verb.QUOTA, "quota"), "額度", "本月還剩幾則", quota, Role.MODERATOR)
