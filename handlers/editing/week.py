"""這週: essays read, questions missed and deliveries sent within seven days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from corpus.essay import Audience, Essay
from handlers.answer import Answer, Button, text_answer
from handlers.ask import Ask
from handlers.club.friends import FriendCount, Friends
from handlers.club.subscriptions import TopicKind
from handlers.club.week_figures import FEWEST, WeekFigures
from handlers.command import editing_command
from handlers.context import Context, QuotaStatus, SentCounts
from handlers.verb import Verb

SPAN = timedelta(days=7)
FRIENDS_SPAN = timedelta(days=29)  # four weeks and a day: LINE tells a day when it is over
MOST_ESSAYS, MOST_QUESTIONS, MOST_TOPICS = 20, 10, 10
SHOWN_IN_CHAT = 5


@dataclass(frozen=True, slots=True)
class EssayWeek:
    """The numbers of people who were shown an essay, were answered with it, opened it and saved it; 0: too few to say."""

    essay: Essay
    shown: int = 0
    asked: int = 0
    opened: int = 0
    saved: int = 0


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """A question that so many people asked in vain, and whether a guest would be answered by now."""

    question: str
    count: int
    answered: bool


@dataclass(frozen=True, slots=True)
class Week:
    """The seven days before a moment."""

    since: datetime
    essays: tuple[EssayWeek, ...]
    missed: tuple[MissedQuestion, ...]
    themes: tuple[tuple[str, int], ...]
    securities: tuple[tuple[str, int], ...]
    sent: SentCounts
    month: QuotaStatus | None
    friends: tuple[FriendCount, ...]  # of four weeks, the oldest first

    @property
    def friends_told(self) -> str:
        """The friends in words, 「120 人，11/07 是 117 人；封鎖 6 人」; empty while LINE has told nothing."""
        if not self.friends:
            return ""
        last = self.friends[-1]
        before = next((one for one in self.friends if one.day >= last.day - SPAN), last)
        earlier = f"，{before.day:%m/%d} 是 {_people(before.friends)}" if before.day < last.day else ""
        return f"{_people(last.friends)}{earlier}；封鎖 {_people(last.blocks)}"


def _people(count: int) -> str:
    return f"{count} 人" if count >= FEWEST or count == 0 else f"不到 {FEWEST} 人"


def editors_week(context: Context, at: datetime) -> Week:
    """Return the week's figures; numbers of fewer than five people are left out."""
    since, figures = at - SPAN, WeekFigures(context.library.work)
    return Week(
        since,
        _essays(context, since, figures),
        tuple(
            _missed(question, count, context, at) for question, count in figures.asked_in_vain(since, MOST_QUESTIONS)
        ),
        tuple(figures.subscribers(TopicKind.TOPIC, MOST_TOPICS)),
        tuple(figures.subscribers(TopicKind.SECURITY, MOST_TOPICS)),
        context.services.sent_since(since),
        context.services.month(),
        tuple(Friends(context.library.work).since((at - FRIENDS_SPAN).date())),
    )


def _essays(context: Context, since: datetime, figures: WeekFigures) -> tuple[EssayWeek, ...]:
    """List the essays of the week, the most opened first."""
    reach = context.services.reach_since(since)
    opened, saved = figures.opened(since), figures.saved(since)
    found = context.library.read({*reach, *opened, *saved})
    weeks = []
    for number, essay in found.items():
        shown, asked = (count if count >= FEWEST else 0 for count in reach.get(number, (0, 0)))
        weeks.append(EssayWeek(essay, shown, asked, opened.get(number, 0), saved.get(number, 0)))
    told = [week for week in weeks if week.shown or week.opened or week.saved]
    return tuple(sorted(told, key=lambda week: (week.opened, week.shown, week.essay.id), reverse=True)[:MOST_ESSAYS])


def _missed(question: str, count: int, context: Context, at: datetime) -> MissedQuestion:
    found = context.library.as_seen_by(Audience.GUEST).search(question, at)
    return MissedQuestion(question, count, found.outcome == "answer")


def week(ask: Ask, context: Context) -> Answer:
    """Tell the week in a few lines; the admin pages have all of it."""
    told = editors_week(context, ask.at)
    rows = [(f"#{one.essay.id} {one.essay.title}", _counted(one)) for one in told.essays[:SHOWN_IN_CHAT]]
    rows += [(f"訂閱 {name}", f"{count} 個聊天室") for name, count in told.themes[:SHOWN_IN_CHAT]]
    rows += [(f"追蹤 {name}", f"{count} 個聊天室") for name, count in told.securities[:SHOWN_IN_CHAT]]
    rows += [
        (f"沒答到「{one.question}」", f"{one.count} 人" + ("，現在答得到了" if one.answered else ""))
        for one in told.missed[:SHOWN_IN_CHAT]
    ]
    rows += [("摘要和通知", f"搭回覆送出 {told.sent.ridden} 則，推播 {told.sent.pushed} 則")]
    if told.month is not None:
        left = "沒有上限" if told.month.left is None else f"剩 {told.month.left} 則"
        rows += [("本月推播", f"用了 {told.month.used} 則，{left}")]
    rows += [("好友", told.friends_told)] if told.friends else []
    answer = text_answer(
        f"這七天（{FEWEST} 個人以上才列出）：", Button("沒答到的", Verb.GAPS), Button("額度", Verb.QUOTA)
    )
    return replace(answer, rows=tuple(rows))


def _counted(one: EssayWeek) -> str:
    counts = (("看到", one.shown), ("問到", one.asked), ("打開", one.opened), ("收藏", one.saved))
    return "、".join(f"{word} {count} 人" for word, count in counts if count)


COMMAND = editing_command((Verb.EDITORS_WEEK, "editorsweek"), "這週", "這七天大家看了什麼、問了什麼", week)
