"""The digest settings of a chat, told in one line, and who may change them: shared by all commands that set them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.answer import Answer, Button, error_answer, suggestions_answer, text_answer
from handlers.ask import Ask
from handlers.club.subscriptions import DigestSettings
from handlers.club.timetable import DAILY, TRADING, clock, nearest_timetable
from handlers.club.topic import LONGEST_LINE
from handlers.context import Context
from handlers.identity import Role
from handlers.verb import Verb

NOT_YOURS = "這要設定的人或版主才能改。"
CHANGE_TIME = Button("改時間", Verb.SET_TIME)

ONCE = "一天送一次，新文章都會在裡面。"
ONCE_A_WEEK = "一週挑哪幾天都可以，那天送一次，新文章都會在裡面。"
EVERY_DAY = ("每日 08:30", "每日 12:30", "每日 20:00")
SOME_DAYS = ("每週一、四 08:30", "每週二、五 08:30", "每週一、三、五 08:30", "交易日 08:30")

SO_OFTEN = r"(?:[一二兩三四五六幾多\d]+ ?[次回遍則]|早晚各?(?:一[次則])?)"
_SEVERAL = re.compile(rf"{SO_OFTEN}|早晚|[和跟與、,及]")  # 每天兩次, 每日 8:00 和 20:00
_CLOCKS = re.compile(r"(?:早上|上午|中午|下午|傍晚|晚上)? ?\d{1,2}[:點]\d{0,2}半?")
A_WEEK = re.compile(r"每?(?:週|周|星期|禮拜)")


def may_change(ask: Ask, set_by: str | None) -> bool:
    """Tell whether the asker may change what `set_by` set: one to one always; in a group the same person or a moderator."""
    if not ask.chat.is_group:
        return True
    return ask.user is not None and (ask.user == set_by or ask.role >= Role.MODERATOR)


def settings_of(ask: Ask, context: Context) -> DigestSettings:
    """Return this chat's settings, locked until this ask is done; unset: the usual ones, set by the asker, from now on."""
    kept = context.club.subscriptions.settings_of(ask.chat, lock=True)
    if kept is not None:
        return kept
    revision = context.library.revision()
    return DigestSettings(ask.chat, covered=revision, since=ask.at.timestamp(), set_by=ask.user)


def too_long(ask: Ask) -> Answer | Ask | None:
    """Answer a line that is too long to be a list of names, and would take long to read as one; None for any other."""
    if len(ask.text) <= LONGEST_LINE:
        return None
    return ask.as_free_text or error_answer(f"一次最多 {LONGEST_LINE} 個字，分幾次打。")


def settings_to_change(ask: Ask, context: Context) -> DigestSettings | None:
    """Return the settings as `settings_of`; None where the asker may not change them."""
    settings = settings_of(ask, context)
    return settings if may_change(ask, settings.set_by) else None


def save_and_answer(settings: DigestSettings, text: str, ask: Ask, context: Context) -> Answer:
    """Save the changed settings, and say what comes of it."""
    context.club.subscriptions.keep(settings)
    if not context.club.subscriptions.of(ask.chat):
        return text_answer(
            f"{text}這裡還沒有訂閱，例如「訂閱 散熱」。",
            Button("訂閱 精選", Verb.SUBSCRIBE.of("精選")),
            Button("主題", Verb.THEME),
        )
    return text_answer(
        f"{text}{describe_schedule(settings, ask, context)}", CHANGE_TIME, Button("我的訂閱", Verb.SUBSCRIPTIONS)
    )


def describe_schedule(settings: DigestSettings, ask: Ask, context: Context) -> str:
    """Say 「有新文章的日子 08:30 送，沒新文章不打擾。」, and the time that results where quiet hours lie over it."""
    if settings.is_paused(ask.at):
        return "目前暫停中，打「恢復」就繼續。"
    if ask.chat.is_group and not settings.on_time:
        return f"{settings.timetable} 之後，群裡有人說話時一起送。"
    table = settings.timetable
    days = {DAILY: "有新文章的日子", TRADING: "有新文章的交易日"}.get(table.days)
    when = f"{days} {table.clock} 送" if days else f"{table} 送這段時間的新文章"
    rest = "沒新文章送一段舊文" if settings.archive else "沒新文章不打擾"
    return f"{when}，{rest}。{_moved(settings, context)}"


def _moved(settings: DigestSettings, context: Context) -> str:
    book = context.club.chats.get(settings.chat)
    if book.quiet_until is None or not book.is_quiet_at(settings.timetable.minute):
        return ""
    return (
        f"不過 {settings.timetable.clock} 在勿擾時段（{book.quiet_hours}）裡，會等到 {clock(book.quiet_until)} 才送。"
    )


def times_wanted(line: str) -> Answer | None:
    """Answer a line that names several deliveries with times to choose from; None for any other."""
    if not _SEVERAL.search(line):
        return None
    times = [str(nearest_timetable(part)) for part in _CLOCKS.findall(line)]
    if A_WEEK.match(line):
        return suggestions_answer(f"{ONCE_A_WEEK}哪幾天？", *(Button(one, one) for one in SOME_DAYS))
    return once_a_day(times or EVERY_DAY)


def once_a_day(times: Sequence[str] = EVERY_DAY) -> Answer:
    """Say that the digest comes once a day, with times to choose from."""
    return suggestions_answer(f"{ONCE}要哪個時間？", *(Button(one, one) for one in times[:4]))
