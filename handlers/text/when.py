"""Moments as people type them: 週一 08:30, 明天 8點半, 12/25 08:30."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from corpus.language.numerals import read_number
from corpus.language.text import to_halfwidth
from handlers.club.timetable import TIME_OF_DAY, WEEKDAYS, minutes_of

_TIME = re.compile(rf"{TIME_OF_DAY}\s?(?:am|pm)?")
_MORE = re.compile(r"\d|[週周今明後]|星期|禮拜")  # a day behind the time, or another time
_SHORT = {"今晚": "今天晚上", "明晚": "明天晚上", "明早": "明天早上", "今早": "今天早上"}
_DAY = re.compile(r"(?:(?P<y>20\d\d)[-/.年])?(?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?")
_WEEKDAY = re.compile(r"(?P<next>下*)(?:個)?(?:週|周|星期|禮拜)(?P<day>[一二三四五六日天])")
_END = re.compile(r"(?P<of>[月年])底")
_DAYS = {
    **dict.fromkeys(("天", "日", "day", "days"), 1),
    **dict.fromkeys(("週", "周", "星期", "個星期", "禮拜", "個禮拜", "week", "weeks"), 7),
    **dict.fromkeys(("月", "個月", "month", "months"), 30),
}
_MANY = r"(?<![\da-z])(\d{1,3}|[一二兩三四五六七八九十]|an?|one) ?"
_UNITS = "天|週|周|個?星期|個?禮拜|個月|(?:day|week|month)s?"
_SPAN = re.compile(rf"(?:for )?{_MANY}({_UNITS}|日|月)")
_SPAN_WITHIN = re.compile(rf"{_MANY}({_UNITS})")  # 12月 and 20日 may be a date
_NEAR = {"今天": 0, "明天": 1, "大後天": 3, "後天": 2}


def read_moment(text: str, now: datetime) -> datetime | None:
    """Read 「週一 08:30」, 「明天 8點半」, 「12/25 08:30」, 「下週三 晚上8:00」 in the time zone of `now`; None for no moment.

    A weekday, a day without a year and a time alone mean the next one to come; a named day may lie in the past.
    """
    text = to_halfwidth(text).lower()
    for short, long in _SHORT.items():
        text = text.replace(short, long)
    time = _TIME.search(text)
    minutes = minutes_of(time.group()) if time else None
    if time is None or minutes is None or _MORE.search(text[time.end() :]):
        return None
    before = text[: time.start()].strip()
    day = read_coming_day(before, now.date()) if before else now.date()
    if day is None:
        return None
    moment = datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) + timedelta(minutes=minutes)
    again = 7 if _WEEKDAY.search(before) else 1 if not before else 0
    return moment + timedelta(days=again) if moment <= now else moment


def spoken_moment(moment: datetime) -> str:
    """Return a moment as 「11/24（週一）08:30」."""
    return f"{moment:%m/%d}（週{WEEKDAYS[moment.weekday()]}）{moment:%H:%M}"


def read_coming_day(text: str, today: date) -> date | None:
    """Read 「明天」, 「下週三」, 「12/31」; a weekday and a day without a year mean the next one to come. None for no day."""
    for word, days in _NEAR.items():
        if word in text:
            return today + timedelta(days=days)
    if end := _END.search(text):
        first = date(today.year, 12 if end["of"] == "年" else today.month, 1)
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if (named := _WEEKDAY.search(text)) is not None:
        place = WEEKDAYS.index(named["day"].replace("天", "日"))
        weeks = len(named["next"])
        days = 7 * weeks - today.weekday() + place if weeks else (place - today.weekday()) % 7
        return today + timedelta(days=days)
    return _read_date(text, today)


def read_days(text: str) -> int | None:
    """Read a span: 「7天」, 「兩個禮拜」, "a week"; in days, a month being thirty. None for any other text."""
    return _days_of(_SPAN.fullmatch(text))


def days_in(text: str) -> int | None:
    """Return the first span that a text names, in days; None where it names none."""
    return _days_of(_SPAN_WITHIN.search(text))


def _days_of(span: re.Match[str] | None) -> int | None:
    if span is None:
        return None
    many = 1 if span[1] in ("a", "an", "one") else read_number(span[1])
    return many * _DAYS[span[2]]


def _read_date(text: str, today: date) -> date | None:
    named = _DAY.search(text)
    if named is None:
        return None
    years = [int(named["y"])] if named["y"] else [today.year, today.year + 1]
    days = (_date(year, int(named["m"]), int(named["d"])) for year in years)
    return next((day for day in days if day is not None and (named["y"] or day >= today)), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
