"""推播, 額度: an essay to everybody, its price first."""

from __future__ import annotations

from corpus.essay import Essay
from corpus.gate import is_locked
from handlers.answer import Answer, Button, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.plans import PlanKind
from handlers.command import editing_command
from handlers.context import Context
from handlers.editing.priced_sending import PricedSending, spoken_quota
from handlers.identity import Chat, Role
from handlers.text.numbering import own_number
from handlers.text.visibility import visibility_label
from handlers.verb import Verb


def push(ask: Ask, context: Context) -> Answer:
    """Send an essay to everybody, 推播 12, and once more with 確定: people by push, groups with the next reply."""
    number, word = own_number(ask.text.strip())
    essay = context.library.essay(number)
    if essay is None:
        return error_answer("要推播哪一篇？例如「推播 12」。", Button("最新文章", Verb.LATEST))
    chats = recipients(essay, ask, context)
    if not chats:
        return error_answer("還沒有可以推播的對象。")
    members = "" if essay.visibility.is_public else f"（{visibility_label(essay.visibility)}，只送會員）"
    told = f"推播〈{essay.title}〉{members}"
    return PricedSending(PlanKind.PUSH, essay, chats, told).answer(word, ask, context)


def recipients(essay: Essay, ask: Ask, context: Context) -> tuple[Chat, ...]:
    """List every chat that may be told; of an essay that is not public, only its readers' and no group."""
    chats = context.club.reachable(context.services.met())
    if essay.visibility.is_public:
        return tuple(chats)
    readers = context.club.people.readers(ask.at)
    open_to = {user for user, one in readers.items() if not is_locked(essay, one.audience)}
    return tuple(chat for chat in chats if not chat.is_group and chat.id in open_to)


def quota(ask: Ask, context: Context) -> Answer:
    """Tell this month's quota: 額度."""
    return text_answer(spoken_quota(context.services.month()))


PUSH = editing_command((Verb.BROADCAST, "broadcast"), "推播 12", "把一篇送給所有人，先報價再確認", push, Role.MODERATOR)
QUOTA = editing_command((Verb.QUOTA, "quota"), "額度", "本月還剩幾則", quota, Role.MODERATOR)
