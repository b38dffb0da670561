"""每日 08:30, 改時間, 準時送, 溫故: when a chat's digest comes."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from corpus.language.text import to_halfwidth
from handlers.answer import Answer, Button, error_answer, suggestions_answer, text_answer
from handlers.ask import Ask
from handlers.club.timetable import nearest_timetable, read_timetable, split_days
from handlers.command import Command
from handlers.context import Context
from handlers.subscriptions.digest_settings import (
    CHANGE_TIME,
    NOT_YOURS,
    describe_schedule,
    save_and_answer,
    settings_to_change,
    times_wanted,
)
from handlers.text.bot_words import bot_topic
from handlers.verb import Verb

LONGEST = 20  # characters of a timetable
OFFERED = ("每日 07:30", "每日 12:30", "每日 20:00", "交易日 08:30", "每週一 08:00", "每週六 10:00")
_LOOKS_LIKE_TIME = re.compile(r"^$|^[\d一二兩三四五六七八九十早上中下傍晚清凌ap]|^(?:mon|tue|wed|thu|fri|sat|sun)")


def set_time(days: str, ask: Ask, context: Context) -> Answer | Ask:
    """Set the days and the time of this chat's digests."""
    line = f"{days}{ask.text}" if days == "每週" else f"{days} {ask.text}".strip()
    table = read_timetable(line)
    is_of_time = _LOOKS_LIKE_TIME.match(to_halfwidth(ask.text).lower()) or bot_topic(ask.text)  # weekly digest please
    if table is None and not is_of_time:
        return ask.as_free_text or ask.with_text(Verb.FIND.of(line))
    if table is None and (once := times_wanted(line)) is not None:
        return once
    if table is None:
        near = str(nearest_timetable(line))
        return error_answer(f"看不懂「{line[:20]}」。是不是「{near}」？", Button(near, near))
    if (settings := settings_to_change(ask, context)) is None:
        return error_answer(NOT_YOURS)
    before = str(settings.timetable)
    settings = replace(settings, timetable=table, since=ask.at.timestamp(), set_by=ask.user)
    return replace(save_and_answer(settings, f"改好了：{table}。", ask, context), undo=before)


def set_spoken(ask: Ask, context: Context) -> Answer | Ask:
    """Read days and a time without the word that begins the command: 「週一到週五 8點」, 「禮拜一早上送」."""
    return ask.with_text(str(read_timetable(ask.text)))


def is_timetable(ask: Ask) -> bool:
    return len(ask.text) <= LONGEST and split_days(ask.text)[1] != ask.text and read_timetable(ask.text) is not None


def monthly(ask: Ask, context: Context) -> Answer | Ask:
    """Say that nothing comes once a month, and offer the nearest: once a week."""
    if not _LOOKS_LIKE_TIME.match(to_halfwidth(ask.text).lower()):
        return ask.as_free_text or ask.with_text(Verb.FIND.of(Verb.MONTHLY.of(ask.text)))
    near = str(nearest_timetable(f"每月{ask.text}"))
    return error_answer(f"沒有每月的。是不是「{near}」？", Button(near, near))


def offer_times(ask: Ask, context: Context) -> Answer | Ask:
    """Offer times to choose from; any other can be typed."""
    if ask.text:
        return ask.with_text(Verb.DAILY.of(ask.text))
    asked = suggestions_answer(
        "什麼時候送？也可以直接打，例如「每日 08:30」。", *(Button(line, line) for line in OFFERED)
    )
    return replace(asked, buttons=(Button("挑別的時間", Verb.DAILY, picks="time"),))


def on_time(wanted: bool, ask: Ask, context: Context) -> Answer:
    """Set whether a group's digest may be pushed at its time, which costs a message a member."""
    people = context.services.size_of(ask.chat) if wanted and ask.chat.is_group else None
    if (settings := settings_to_change(ask, context)) is None:
        return error_answer(NOT_YOURS)
    if not ask.chat.is_group:
        return text_answer(f"一對一本來就準時送。{describe_schedule(settings, ask, context)}", CHANGE_TIME)
    price = f"每次 {people} 則（群組 {people} 人）" if people else "每次的則數等於群組人數"
    text = f"好，時間到就送，{price}，額度用完時改成跟著聊天送。" if wanted else "好，改成等群裡有人說話時一起送。"
    return save_and_answer(replace(settings, on_time=wanted), text, ask, context)


def archive(wanted: bool, ask: Ask, context: Context) -> Answer:
    """Set whether one passage from the archive comes where nothing is new."""
    if (settings := settings_to_change(ask, context)) is None:
        return error_answer(NOT_YOURS)
    text = "好，沒新文章時送一段還沒看過的舊文。" if wanted else "好，沒新文章就不打擾。"
    return save_and_answer(replace(settings, archive=wanted), text, ask, context)


DAILY = Command(
    (Verb.DAILY, "每天", "everyday", "daily"),
    "每日 08:30",
    "每天這時候送，有新文章才送",
    ("每日 08:30",),
    partial(set_time, "每日"),
    allowed_in_quiet_mode=True,
)
WEEKLY = Command(
    (Verb.WEEKLY, "每周", "每星期", "每禮拜", "weekly"),
    "每週一 08:00",
    "每週這時候送",
    ("每週一 08:00",),
    partial(set_time, "每週"),
    allowed_in_quiet_mode=True,
)
SPOKEN = Command(
    (),
    "週一到週五 8點",
    "這些日子送",
    ("週一到週五 8點",),
    set_spoken,
    hidden=True,
    allowed_in_quiet_mode=True,
    recognise=is_timetable,
)
MONTHLY = Command(
    (Verb.MONTHLY, "每個月", "monthly"),
    "每月",
    "沒有每月的，最少每週一次",
    ("每月 1號",),
    monthly,
    hidden=True,
    allowed_in_quiet_mode=True,
)
TRADING = Command(
    (Verb.TRADING, "平日", "trading"),
    "交易日 08:30",
    "台股開盤的日子送",
    ("交易日 08:30",),
    partial(set_time, "交易日"),
    allowed_in_quiet_mode=True,
)
TIMES = Command(
    (Verb.SET_TIME, "changetime", "settime"),
    "改時間",
    "挑送達時間",
    ("改時間",),
    offer_times,
    own_word=True,
    allowed_in_quiet_mode=True,
)
ON_TIME = Command(
    (Verb.ON_TIME, "ontime"),
    "準時送",
    "群組：時間到就送（會用掉社群的推播額度）",
    ("準時送",),
    partial(on_time, True),
    exact_only=True,
    allowed_in_quiet_mode=True,
)
NOT_ON_TIME = Command(
    (Verb.FREE_RIDE, "順便送", "不用準時送", "freeride"),
    "跟著聊天送",
    "群組：有人說話時一起送",
    ("跟著聊天送",),
    partial(on_time, False),
    exact_only=True,
    allowed_in_quiet_mode=True,
)
ARCHIVE = Command(
    (Verb.ARCHIVE, "沒新文章也送", "溫故", "archive"),
    "沒新文章也送舊文",
    "沒新文章時送一段舊文",
    ("沒新文章也送舊文",),
    partial(archive, True),
    exact_only=True,
    allowed_in_quiet_mode=True,
)
NO_ARCHIVE = Command(
    (Verb.NO_ARCHIVE, "沒新文章不送", "不用溫故", "noarchive"),
    "不送舊文",
    "沒新文章就不打擾",
    ("不送舊文",),
    partial(archive, False),
    exact_only=True,
    allowed_in_quiet_mode=True,
)
