"""Sending one essay to many chats: the price is told, one confirmation sends it once, and for three minutes it can be cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.essay import Essay
from handlers.answer import Answer, Button, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.plans import SECOND_THOUGHTS, Plan, PlanKind
from handlers.context import Context, QuotaStatus
from handlers.identity import Chat
from handlers.verb import Verb

SURE = "確定"


@dataclass(frozen=True, slots=True)
class Manner:
    """The names of one kind of sending."""

    verb: Verb
    deed: str  # in the bot's words
    event: str  # of the essay, as the plan keeps it: see Plan.essays
    audited: str


MANNERS = {
    PlanKind.PUSH: Manner(Verb.BROADCAST, "推播", "pushed", "push"),
    PlanKind.CORRECT: Manner(Verb.NOTIFY_CORRECTION, "通知", "changed", "notify"),
}


@dataclass(frozen=True, slots=True)
class PricedSending:
    """The sending of one essay to many chats. `told`: the sending in words, before its price."""

    kind: PlanKind
    essay: Essay
    chats: tuple[Chat, ...]
    told: str

    def answer(self, word: str, ask: Ask, context: Context) -> Answer:
        """Tell the price, or, where `word` confirms it, make the plan. An old confirmation sends nothing a second time."""
        plans, number, manner = context.club.plans, self.essay.id, MANNERS[self.kind]
        planned = error_answer(f"這篇的{manner.deed}已經排好了，三分鐘內送出。", Button("取消", Verb.CANCEL))
        if plans.sending(self.kind, number) is not None:
            return planned
        month = context.services.month()
        if (refusal := too_expensive(self.chats, month)) is not None:
            return refusal
        if not word.startswith(SURE):
            yes = manner.verb.of(f"{number} {confirmation(self.kind, number, context)}")
            return text_answer(
                f"{self.told}：{price(self.chats, month)}",
                Button(f"確定{manner.deed}", yes),
                Button("先不要", Verb.NOT_NOW),
            )
        plans.lock()  # only after LINE has told the month, which may take seconds
        if plans.sending(self.kind, number) is not None:
            return planned
        if "".join(word.split()) != "".join(confirmation(self.kind, number, context).split()):
            return error_answer(
                f"這次的{manner.deed}已經送出去了。要再{manner.deed}一次，請重新看過報價。",
                Button("重新報價", manner.verb.of(number)),
            )
        plan = Plan(
            0,
            self.kind,
            ask.at + SECOND_THOUGHTS,
            ask.user or "",
            essays=((number, manner.event),),
            chats=self.chats,
        )
        kept = plans.make(plan, ask.at)
        context.club.audit.note(ask.user or "", manner.audited, f"essay:{number}", ask.at, price(self.chats, month))
        return text_answer("三分鐘後送出，在那之前可以取消。", Button("取消", Verb.CANCEL.of(kept.typed)))


def confirmation(kind: PlanKind, essay: int, context: Context) -> str:
    """Return the words that confirm the next sending, 「確定」, later 「確定 第2次」: an old button sends nothing again."""
    times = context.club.plans.times(kind, essay)
    return f"{SURE} 第{times + 1}次" if times else SURE


def price(chats: Sequence[Chat], month: QuotaStatus | None) -> str:
    """Say the price: 「30 人 30 則，佔本月 200 則的 15%，送完還剩 120 則；2 個群組等有人說話時一起送，不用額度。」"""
    people = sum(not chat.is_group for chat in chats)
    groups = len(chats) - people
    paid = f"{people} 人 {people} 則" if people else "沒有要推播的人"
    free = f"；{groups} 個群組等有人說話時一起送，不用額度" if groups else ""
    return f"{paid}{_share(people, month)}{free}。"


def too_expensive(chats: Sequence[Chat], month: QuotaStatus | None) -> Answer | None:
    """Return a refusal where this month's messages do not suffice."""
    people = sum(not chat.is_group for chat in chats)
    if month is None or month.left is None or people <= month.left:
        return None
    return error_answer(f"要 {people} 則，本月只剩 {month.left} 則，不夠送。", Button("額度", Verb.QUOTA))


def spoken_quota(month: QuotaStatus | None) -> str:
    """Say this month's quota and its use in one sentence."""
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
