"""每日 08:30, 暫停 7天, 恢復, 勿擾 22-08, 準時送: when a chat's digest comes, and when nothing does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

from corpus.text import narrow
from handlers.ask import Answer, Ask, Button, Command, refused, said
from handlers.club.subscriptions import FOR_GOOD, Mailing
from handlers.club.timetable import nearest_timetable, read_clock, read_timetable
from handlers.house import House
from handlers.moment import read_day
from handlers.promise import CHANGE_TIME, NOT_YOURS, mailing_of, may_change, promise

OFFERED = ("每日 07:30", "每日 12:30", "每日 20:00", "交易日 08:30", "每週一 08:00", "每週六 10:00")
DAYS = {"天": 1, "日": 1, "週": 7, "周": 7, "星期": 7, "個月": 30, "月": 30, "days": 1, "day": 1}
LONGEST_PAUSE = 365

_LOOKS_LIKE_TIME = re.compile(r"^$|^[\d一二兩三四五六七八九十早上中下傍晚清凌ap]|^(?:mon|tue|wed|thu|fri|sat|sun)")
_PAUSE = re.compile(r"(\d{1,3}|[一二兩三四五六七八九十]) ?(天|日|週|周|星期|個月|月|days?)")
_UNTIL = re.compile(r"(?:暫停)?(?:到|至|until) ?(?P<day>.+?)(?:為止|止)?")
_QUIET = re.compile(r"(?P<start>.+?) ?(?:-|~|到|至|—|–) ?(?P<end>.+)")
_IS_COUNTED = re.compile(r"[-\d到至]")
_NO = re.compile(r"關|取消|不用|off|解除|無")
_NUMERALS = "零一二三四五六七八九十"


def set_time(days: str, ask: Ask, house: House) -> Answer | Ask:
    """Have the digests on these days, at this time."""
    line = f"{days}{ask.text}" if days == "每週" else f"{days} {ask.text}".strip()
    table = read_timetable(line)
    if table is None and not _LOOKS_LIKE_TIME.match(narrow(ask.text).lower()):
        return ask.as_words or ask.saying(f"找 {line}")
    if table is None:
        near = str(nearest_timetable(line))
        return refused(f"看不懂「{line[:20]}」。是不是「{near}」?", Button(near, near))
    mailing = mailing_of(ask, house)
    if not may_change(ask, mailing.set_by):
        return refused(NOT_YOURS)
    mailing = replace(mailing, timetable=table, since=ask.at.timestamp(), set_by=ask.user)
    return _kept(mailing, f"改好了:{table}。", ask, house)


def monthly(ask: Ask, house: House) -> Answer | Ask:
    """Nothing comes once a month; the nearest is once a week."""
    if not _LOOKS_LIKE_TIME.match(narrow(ask.text).lower()):
        return ask.as_words or ask.saying(f"找 每月 {ask.text}")
    near = str(nearest_timetable(f"每月{ask.text}"))
    return refused(f"沒有每月的。是不是「{near}」?", Button(near, near))


def offer_times(ask: Ask, house: House) -> Answer | Ask:
    """Times to choose from; any other can be typed."""
    if ask.text:
        return ask.saying(f"每日 {ask.text}")
    return said("什麼時候送?也可以直接打,例如「每日 08:30」。", *(Button(line, line) for line in OFFERED))


def pause(ask: Ask, house: House) -> Answer | Ask:
    """No digest for some days, or until 恢復; nothing of that time is made up for."""
    until = _end_of_pause(ask.text.lower(), ask.at)
    if ask.text and until is None:
        if ask.as_words and not _IS_COUNTED.match(ask.text):
            return ask.as_words
        return refused("要暫停幾天?例如「暫停 7天」。", Button("暫停 7 天", "暫停 7天"), Button("一直暫停", "暫停"))
    mailing = mailing_of(ask, house)
    if not may_change(ask, mailing.set_by):
        return refused(NOT_YOURS)
    if until is not None and not ask.at < until <= ask.at + timedelta(days=LONGEST_PAUSE + 1):
        return refused(f"最多暫停 {LONGEST_PAUSE} 天。", Button("一直暫停", "暫停"))
    house.club.subscriptions.keep(replace(mailing, paused_until=until.timestamp() if until else FOR_GOOD))
    how_long = f"到 {until:%Y/%m/%d %H:%M}" if until else "到你說「恢復」為止"
    return said(f"已暫停{how_long}。這段時間的不會補送。", Button("恢復", "恢復"))


def _end_of_pause(text: str, now: datetime) -> datetime | None:
    """When a pause of 「7天」 or 「到12/31」 ends, that day included."""
    if found := _PAUSE.fullmatch(text):
        return now + timedelta(days=_number(found.group(1)) * DAYS[found.group(2)])
    until = _UNTIL.fullmatch(text)
    day = read_day(until["day"], now.date()) if until else None
    return datetime.combine(day + timedelta(days=1), time(), now.tzinfo) if day else None


def resume(ask: Ask, house: House) -> Answer:
    """Digests again, of what is new from now on."""
    mailing = mailing_of(ask, house)
    if not may_change(ask, mailing.set_by):
        return refused(NOT_YOURS)
    if not mailing.is_paused(ask.at):
        return said(f"沒有暫停。{promise(mailing, ask)}", CHANGE_TIME)
    mailing = replace(mailing, paused_until=None, covered=house.library.revision())
    return _kept(mailing, "恢復了,暫停期間的不補送。", ask, house)


def quiet_hours(ask: Ask, house: House) -> Answer | Ask:
    """Nothing is sent between two times of day; 「勿擾 關」 ends that."""
    book = house.club.chats.get(ask.chat)
    if _NO.fullmatch(ask.text):
        return _set_quiet(ask, house, None, None, "勿擾時段關了。")
    if not ask.text:
        now = (
            f"現在是 {_clock(book.quiet_from)} 到 {_clock(book.quiet_until)}。"
            if book.quiet_from is not None
            else "現在沒有設。"
        )
        return said(f"勿擾時段不送摘要。{now}", Button("勿擾 22-08", "勿擾 22-08"), Button("勿擾 關", "勿擾 關"))
    found = _QUIET.fullmatch(narrow(ask.text))
    start, end = (read_clock(found["start"]), read_clock(found["end"])) if found else (None, None)
    if start is None or end is None or start == end:
        return ask.as_words or refused(
            f"看不懂「勿擾 {ask.text[:20]}」。是不是「勿擾 22-08」?", Button("勿擾 22-08", "勿擾 22-08")
        )
    return _set_quiet(ask, house, start, end, f"{_clock(start)} 到 {_clock(end)} 不送摘要。")


def unquiet(ask: Ask, house: House) -> Answer | Ask:
    """The end of the quiet hours."""
    return ask.saying("勿擾 關")


def on_time(wanted: bool, ask: Ask, house: House) -> Answer:
    """Whether a group's digest may be pushed at its time, which costs a message a member."""
    people = house.outside.size_of(ask.chat) if wanted and ask.chat.is_group else None
    mailing = mailing_of(ask, house)
    if not may_change(ask, mailing.set_by):
        return refused(NOT_YOURS)
    if not ask.chat.is_group:
        return said(f"一對一本來就準時送。{promise(mailing, ask)}", CHANGE_TIME)
    price = f"每次 {people} 則(群組 {people} 人)" if people else "每次的則數等於群組人數"
    text = f"好,時間到就送,{price},額度用完時改成搭順風車。" if wanted else "好,改成不佔則數。"
    return _kept(replace(mailing, on_time=wanted), text, ask, house)


def archive(wanted: bool, ask: Ask, house: House) -> Answer:
    """Whether one passage from the archive comes where nothing is new."""
    mailing = mailing_of(ask, house)
    if not may_change(ask, mailing.set_by):
        return refused(NOT_YOURS)
    text = "好,沒新文章時送一段還沒看過的舊文。" if wanted else "好,沒新文章就不打擾。"
    return _kept(replace(mailing, archive=wanted), text, ask, house)


def _kept(mailing: Mailing, text: str, ask: Ask, house: House) -> Answer:
    house.club.subscriptions.keep(mailing)
    if not house.club.subscriptions.of(ask.chat):
        return said(
            f"{text}這裡還沒有訂閱,例如「訂閱 散熱」。", Button("訂閱 精選", "訂閱 精選"), Button("主題", "主題")
        )
    return said(f"{text}{promise(mailing, ask)}", CHANGE_TIME, Button("我的訂閱", "我的訂閱"))


def _set_quiet(ask: Ask, house: House, start: int | None, end: int | None, text: str) -> Answer:
    mailing = mailing_of(ask, house)
    if not may_change(ask, mailing.set_by):
        return refused(NOT_YOURS)
    house.club.subscriptions.keep(mailing)  # whoever sets the first of these may change it
    book = house.club.chats.get(ask.chat)
    house.club.chats.keep(replace(book, quiet_from=start, quiet_until=end), ask.at)
    return said(text, Button("我的訂閱", "我的訂閱"))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMERALS.find(text.replace("兩", "二"))


def _clock(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


DAILY = Command(
    ("每日", "每天", "daily"),
    "每日 08:30",
    "每天這時候送,有新文章才送",
    ("每日 08:30",),
    partial(set_time, "每日"),
    manages=True,
)
WEEKLY = Command(
    ("每週", "每周", "每星期", "每禮拜", "weekly"),
    "每週一 08:00",
    "每週這時候送",
    ("每週一 08:00",),
    partial(set_time, "每週"),
    manages=True,
)
MONTHLY = Command(
    ("每月", "每個月", "monthly"),
    "每月",
    "沒有每月的,最少每週一次",
    ("每月 1號",),
    monthly,
    hidden=True,
    manages=True,
)
TRADING = Command(
    ("交易日", "平日", "trading"),
    "交易日 08:30",
    "台股開盤的日子送",
    ("交易日 08:30",),
    partial(set_time, "交易日"),
    manages=True,
)
TIMES = Command(("改時間", "settime"), "改時間", "挑送達時間", ("改時間",), offer_times, alone=True, manages=True)
PAUSE = Command(("暫停", "pause"), "暫停 7天", "暫時不送,不會補", ("暫停 7天",), pause, manages=True)
RESUME = Command(("恢復", "resume"), "恢復", "繼續送", ("恢復",), resume, bare=True, manages=True)
QUIET = Command(("勿擾", "donotdisturb"), "勿擾 22-08", "這段時間不送", ("勿擾 22-08",), quiet_hours, manages=True)
UNQUIET = Command(("取消勿擾",), "取消勿擾", "不分時段", ("取消勿擾",), unquiet, bare=True, hidden=True, manages=True)
ON_TIME = Command(
    ("準時送", "ontime"),
    "準時送",
    "群組:時間到就送(會佔則數)",
    ("準時送",),
    partial(on_time, True),
    bare=True,
    manages=True,
)
NOT_ON_TIME = Command(
    ("不用準時送", "順便送", "freeride"),
    "順便送",
    "群組:有人說話再一起送",
    ("順便送",),
    partial(on_time, False),
    bare=True,
    manages=True,
)
ARCHIVE = Command(
    ("沒新文章也送", "溫故", "archive"),
    "溫故",
    "沒新文章時送一段舊文",
    ("溫故",),
    partial(archive, True),
    bare=True,
    manages=True,
)
NO_ARCHIVE = Command(
    ("沒新文章不送", "不用溫故", "noarchive"),
    "不用溫故",
    "沒新文章就不打擾",
    ("不用溫故",),
    partial(archive, False),
    bare=True,
    manages=True,
)
