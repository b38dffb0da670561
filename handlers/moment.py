"""Moments as people type them: 週一 08:30, 明天 8點半, 12/25 08:30."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from corpus.text import narrow

_TIME = re.compile(r"(?P<part>上午|早上|下午|晚上)?\s*(?P<hour>\d{1,2})(?::(?P<minute>\d\d)|點(?P<half>半)?)")
_DAY = re.compile(r"(?:(?P<y>20\d\d)[-/.年])?(?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?")
_WEEKDAY = re.compile(r"(?P<next>下)?(?:週|周|星期|禮拜)(?P<day>[一二三四五六日天])")
_NEAR = {"今天": 0, "明天": 1, "後天": 2}
_WEEK = "一二三四五六日"


def read_moment(text: str, now: datetime) -> datetime | None:
    """「週一 08:30」, 「明天 8點半」, 「12/25 08:30」, 「下週三 晚上8:00」 in the time zone of `now`; None when it is no moment.

    A weekday, a day without a year and a time alone mean the next one to come; a named day may lie in the past.
    """
    text = narrow(text)
    time = _TIME.search(text)
    if time is None:
        return None
    hour = int(time["hour"]) + (12 if time["part"] in ("下午", "晚上") and int(time["hour"]) < 12 else 0)
    minute = int(time["minute"] or (30 if time["half"] else 0))
    if hour > 23 or minute > 59:
        return None
    before = text[: time.start()].strip()
    day = read_day(before, now.date()) if before else now.date()
    if day is None:
        return None
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=now.tzinfo)
    again = 7 if _WEEKDAY.search(before) else 1 if not before else 0
    return moment + timedelta(days=again) if moment <= now else moment


def spoken(moment: datetime) -> str:
    """「11/24(週一)08:30」."""
    return f"{moment:%m/%d}(週{_WEEK[moment.weekday()]}){moment:%H:%M}"


def read_day(text: str, today: date) -> date | None:
    """「明天」, 「下週三」, 「12/31」; a weekday and a day without a year mean the next one to come. None for what is none."""
    for word, days in _NEAR.items():
        if word in text:
            return today + timedelta(days=days)
    if (named := _WEEKDAY.search(text)) is not None:
        place = _WEEK.index(named["day"].replace("天", "日"))
        days = 7 - today.weekday() + place if named["next"] else (place - today.weekday()) % 7
        return today + timedelta(days=days)
    return _read_date(text, today)


def _read_date(text: str, today: date) -> date | None:
    named = _DAY.search(text)
    if named is None:
        return None
    try:
        day = date(int(named["y"] or today.year), int(named["m"]), int(named["d"]))
        return day if named["y"] or day >= today else day.replace(year=today.year + 1)
    except ValueError:
        return None
