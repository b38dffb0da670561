"""暫停 7天, 恢復, 勿擾 22-08: when nothing comes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from corpus.language.text import to_halfwidth
from handlers.answer import Answer, Button, Outcome, choices_answer, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.subscriptions import FOR_GOOD
from handlers.club.timetable import WEEKDAYS, clock, read_clock
from handlers.command import Command
from handlers.context import Context
from handlers.subscriptions.digest_settings import (
    CHANGE_TIME,
    NOT_YOURS,
    describe_schedule,
    save_and_answer,
    settings_to_change,
)
from handlers.text.when import read_coming_day, read_days
from handlers.verb import Verb

LONGEST_PAUSE = 365

_UNTIL = re.compile(r"(?:暫停)?(?:到|至|until) ?(?P<day>.+?)(?:為止|止)?")
# 「靜音到下禮拜一」, 「先停三天」, "mute for a week"; 「到週五不要傳」 with the time first.
_STILL = "(?:先|請|給我)*(?:靜音|安靜|休息|消音|停[止送傳]?|閉嘴|暫停|mute|snooze|stop|be quiet|pause)(?:一下)?"
_NOT_SENT = "(?:先|請|都)*(?:不要|別|不用)(?:再)?[傳送發推吵](?:我|文章|摘要)?"
_SPOKEN = re.compile(rf"{_STILL} ?(?P<long>.{{2,12}}?)|(?P<first>.{{2,8}}?){_NOT_SENT}(?:了|喔)*", re.IGNORECASE)
_QUIET = re.compile(r"(?P<start>.+?) ?(?:-|~|到|至|—|–) ?(?P<end>.+)")
_IS_COUNTED = re.compile(r"[-\d到至]")
_NO = re.compile(r"關|取消|不用|off|解除|無")


def pause(ask: Ask, context: Context) -> Answer | Ask:
    """Pause the digests for some days, or until 恢復; nothing of that time is made up for."""
    until = _end_of_pause(ask.text.lower(), ask.at)
    if ask.text and until is None:
        if ask.as_free_text and not _IS_COUNTED.match(ask.text):
            return ask.as_free_text
        return choices_answer(
            "要暫停幾天？例如「暫停 7天」。",
            Button("暫停 7 天", Verb.PAUSE.of("7天")),
            Button("暫停 30 天", Verb.PAUSE.of("30天")),
            Button("一直暫停", Verb.PAUSE),
            outcome=Outcome.REFUSED,
        )
    if (settings := settings_to_change(ask, context)) is None:
        return error_answer(NOT_YOURS)
    if until is not None and not ask.at < until <= ask.at + timedelta(days=LONGEST_PAUSE + 1):
        return error_answer(f"最多暫停 {LONGEST_PAUSE} 天。", Button("一直暫停", Verb.PAUSE))
    context.club.subscriptions.keep(replace(settings, paused_until=until.timestamp() if until else FOR_GOOD))
    how_long = (
        f"到 {until.month}/{until.day}（{WEEKDAYS[until.weekday()]}）{until:%H:%M}" if until else "到你說「恢復」為止"
    )
    return text_answer(f"已暫停{how_long}。這段時間的不會補送。", Button("恢復", Verb.RESUME), undo=Verb.RESUME)


def pause_spoken(ask: Ask, context: Context) -> Answer | Ask:
    """Pause for a time said without the word that begins the command: 「靜音到下禮拜一」."""
    return ask.with_text(Verb.PAUSE.of(_spoken(ask.text)))


def is_pause(ask: Ask) -> bool:
    return bool(said := _spoken(ask.text)) and _end_of_pause(said.lower(), ask.at) is not None


def _spoken(text: str) -> str:
    found = _SPOKEN.fullmatch(text)
    return (found["long"] or found["first"]).strip() if found else ""


def _end_of_pause(text: str, now: datetime) -> datetime | None:
    """Return when a pause of 「7天」 or 「到12/31」 ends, that day included; None where the text names no time."""
    if days := read_days(text):
        return now + timedelta(days=days)
    until = _UNTIL.fullmatch(text)
    day = read_coming_day(until["day"], now.date()) if until else None
    return datetime.combine(day + timedelta(days=1), time(), now.tzinfo) if day else None


def resume(ask: Ask, context: Context) -> Answer:
    """Resume the digests, with what is new from now on."""
    if (settings := settings_to_change(ask, context)) is None:
        return error_answer(NOT_YOURS)
    if not settings.is_paused(ask.at):
        return text_answer(f"沒有暫停。{describe_schedule(settings, ask, context)}", CHANGE_TIME)
    settings = replace(settings, paused_until=None, covered=context.library.revision())
    return save_and_answer(settings, "恢復了，暫停期間的不補送。", ask, context)


def quiet_hours(ask: Ask, context: Context) -> Answer | Ask:
    """Set the quiet hours, between which nothing is sent; 「勿擾 關」 ends them."""
    book = context.club.chats.get(ask.chat)
    if _NO.fullmatch(ask.text):
        return _set_quiet(ask, context, None, None, "勿擾時段關了。")
    if not ask.text:
        now = f"現在是 {book.quiet_hours}。" if book.quiet_hours else "現在沒有設。"
        return choices_answer(
            f"勿擾時段不送摘要。{now}",
            Button("勿擾 22-08", Verb.QUIET_HOURS.of("22-08")),
            Button("勿擾 關", Verb.QUIET_HOURS.of("關")),
        )
    found = _QUIET.fullmatch(to_halfwidth(ask.text))
    start, end = (read_clock(found["start"]), read_clock(found["end"])) if found else (None, None)
    if start is None or end is None or start == end:
        return ask.as_free_text or error_answer(
            f"看不懂「勿擾 {ask.text[:20]}」。是不是「勿擾 22-08」？",
            Button("勿擾 22-08", Verb.QUIET_HOURS.of("22-08")),
        )
    return _set_quiet(ask, context, start, end, f"{clock(start)} 到 {clock(end)} 不送摘要。")


def unquiet(ask: Ask, context: Context) -> Answer | Ask:
    """End the quiet hours."""
    return ask.with_text(Verb.QUIET_HOURS.of("關"))


def _set_quiet(ask: Ask, context: Context, start: int | None, end: int | None, text: str) -> Answer:
    if (settings := settings_to_change(ask, context)) is None:
        return error_answer(NOT_YOURS)
    context.club.subscriptions.keep(settings)  # the asker who sets them first may change them
    book = context.club.chats.get(ask.chat)
    undo = f"勿擾 {book.quiet_hours}" if book.quiet_hours else "勿擾 關"
    context.club.chats.keep(replace(book, quiet_from=start, quiet_until=end), ask.at)
    if context.club.subscriptions.of(ask.chat):
        text += describe_schedule(settings, ask, context)
    return text_answer(text, Button("我的訂閱", Verb.SUBSCRIPTIONS), undo=undo)


PAUSE = Command((Verb.PAUSE, "pause"), "暫停 7天", "暫時不送，不會補", ("暫停 7天",), pause, allowed_in_quiet_mode=True)
PAUSE_SPOKEN = Command(
    (),
    "靜音到下禮拜一、停三天",
    "暫時不送",
    ("靜音到下禮拜一", "停三天"),
    pause_spoken,
    hidden=True,
    allowed_in_quiet_mode=True,
    recognise=is_pause,
)
RESUME = Command(
    (Verb.RESUME, "resume"), "恢復", "繼續送", ("恢復",), resume, exact_only=True, allowed_in_quiet_mode=True
)
QUIET = Command(
    (Verb.QUIET_HOURS, "donotdisturb"),
    "勿擾 22-08",
    "這段時間不送",
    ("勿擾 22-08",),
    quiet_hours,
    allowed_in_quiet_mode=True,
)
UNQUIET = Command(
    (Verb.NO_QUIET_HOURS,),
    "取消勿擾",
    "不分時段",
    ("取消勿擾",),
    unquiet,
    exact_only=True,
    hidden=True,
    allowed_in_quiet_mode=True,
)
