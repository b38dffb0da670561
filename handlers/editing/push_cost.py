"""What sending to many chats costs, told before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.answer import Answer, Button, error_answer
from handlers.club.plans import PlanKind
from handlers.context import Context, QuotaStatus
from handlers.identity import Chat
from handlers.verb import Verb

SURE = "確定"


def confirmation(kind: PlanKind, essay: int, context: Context) -> str:
    """How the next sending is confirmed: 「確定」, later 「確定 第2次」. So an old button sends nothing a second time."""
    times = context.club.plans.times(kind, essay)
    return f"{SURE} 第{times + 1}次" if times else SURE


def confirms(word: str, kind: PlanKind, essay: int, context: Context) -> bool:
    """Whether a confirmation is of the sending that would be next."""
    return "".join(word.split()) == "".join(confirmation(kind, essay, context).split())


def price(chats: Sequence[Chat], month: QuotaStatus | None) -> str:
    """「30 人 30 則,佔本月 200 則的 15%,還剩 120 則;2 個群組搭順風車,不佔則數。」"""
    people = sum(not chat.is_group for chat in chats)
    groups = len(chats) - people
    paid = f"{people} 人 {people} 則" if people else "沒有要推播的人"
    free = f"；{groups} 個群組等有人說話時一起送，不用額度" if groups else ""
    return f"{paid}{_share(people, month)}{free}。"


def too_expensive(chats: Sequence[Chat], month: QuotaStatus | None) -> Answer | None:
    """A refusal where this month's messages do not suffice."""
    people = sum(not chat.is_group for chat in chats)
    if month is None or month.left is None or people <= month.left:
        return None
    return error_answer(f"要 {people} 則，本月只剩 {month.left} 則，不夠送。", Button("額度", Verb.QUOTA))


def spoken(month: QuotaStatus | None) -> str:
    """The month in one sentence."""
    if month is None:
        return "現在問不到 LINE 的額度，晚點再試。"
    if month.limit is None:
        return f"本月已用 {month.used} 則，沒有上限。"
    return f"本月 {month.limit} 則，已用 {month.used} 則，還剩 {month.left} 則。回覆和跟著聊天送的都不用額度。"


def _share(people: int, month: QuotaStatus | None) -> str:
    if not people or month is None or not month.limit:
        return ""
    share = people / month.limit
    told = f"{share:.0%}" if share >= 0.01 else "不到 1%"
    return f"，佔本月 {month.limit} 則的 {told}，送完還剩 {month.limit - month.used - people} 則"
