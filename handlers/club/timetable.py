"""每日 08:30, 每週一 08:00, 交易日: the days and the minute at which a chat's digest is due."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from corpus.language.numerals import read_number
from corpus.language.text import to_halfwidth

DAILY, TRADING = "daily", "trading"
WEEKDAYS = "一二三四五六日"
USUAL_MINUTE = 8 * 60 + 30

TIME_OF_DAY = (  # as it stands in a longer text; `minutes_of` reads it
    r"(?:早上|上午|清晨|凌晨|中午|下午|傍晚|晚上|晚間)?\s*(?:\d{1,2}|[一二兩三四五六七八九十]{1,3})"
    r"(?::\d\d|\s?[ap]m|\s?[點時]\s?(?:半|\d{1,2}分?|[一二三四五]?十[一二三四五六七八九]?分?)?)"
)

_DAILY = re.compile(r"(每日|每天|天天|daily|every ?day)")
_WEEK = "(?:週|周|星期|禮拜)"
_TRADING = re.compile(
    rf"(每個)?(每?{_WEEK}一(?:到|至|~|-){_WEEK}?五|交易日|開盤日|開市日|平日|上班日|工作日|trading ?days?|weekdays?)"
)
_WEEKLY = re.compile(
    r"(?:每?個?(?:週|周|星期|禮拜)|weekly) ?([一二三四五六日天](?:[、,和跟與及 ]?(?:週|周|星期|禮拜)?[一二三四五六日天])*|[1-7](?=\s|$))"
)
_SOME_WEEKDAY = re.compile(r"每個?(?:週|周|星期|禮拜)|weekly|每個?月|monthly")
_ENGLISH = re.compile(r"(?:weekly|every|每週) ?(mon|tue|wed|thu|fri|sat|sun)[a-z]*")
_CLOCK = re.compile(
    r"(?P<part>早上|上午|清晨|凌晨|中午|下午|傍晚|晚上|晚間|半夜|午夜|開?盤前|收?盤後|am|pm)? ?"
    r"(?P<hour>\d{1,2}|[一二兩三四五六七八九十]{1,3})"
    r"(?: ?[:點時.] ?(?P<minute>\d{2}|\d(?=分)|半|[一二三四五]?十[一二三四五六七八九]?)? ?分?|(?P<bare>\d{2})|(?= ?[ap]m))?"
    r" ?(?P<suffix>am|pm)?"
)
_PARTS = {
    "早上": 510,
    "上午": 540,
    "中午": 720,
    "下午": 900,
    "傍晚": 1080,
    "晚上": 1200,
    "開盤前": 510,
    "收盤後": 840,
    "盤前": 510,
    "盤後": 840,
}  # minutes
_SENT = re.compile(
    r"[ ,]*(?:再|才|的時候|都|準時|幫我|請|要)*(?:[送傳發寄推]|通知|提醒)?(?:一[篇則次])?(?:(?:給|到)?(?:我們?|大家|群組|群裡))?"
    r"(?:看|過來|來)?(?:一次)?(?:就(?:好|可以|行)?|好了)?了?$"
)  # 每天早上八點傳給我
_UNKNOWN_DAY = re.compile(r"^\s*(?:\w(?=\s)|\d{1,2}[號日])")  # 八 of 每週八, 1號 of 每月1號
_WEEKDAY = {day: place % 7 for place, day in enumerate("一二三四五六日1234567")} | {"天": 6}


@dataclass(frozen=True, slots=True)
class Timetable:
    """The days and the minute of a digest.

    `days`: "daily", "trading", or digits of weekdays with Monday as 0; `minute`: after midnight, in the community's zone.
    """

    days: str = DAILY
    minute: int = USUAL_MINUTE

    def __str__(self) -> str:
        """Return the timetable as a person could type it."""
        return f"{self._days} {self.clock}"

    @property
    def clock(self) -> str:
        return clock(self.minute)

    @property
    def _days(self) -> str:
        named = {DAILY: "每日", TRADING: "交易日"}
        return named.get(self.days) or "每週" + "、".join(WEEKDAYS[int(day)] for day in self.days)

    def falls_on(self, day: date) -> bool:
        if self.days == TRADING:
            return is_trading_day(day)
        return self.days == DAILY or str(day.weekday()) in self.days

    def slots(self, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Yield the moments in (after, until] at which a digest is due, oldest first, in UTC."""
        day = after.astimezone(zone).date()
        while day <= until.astimezone(zone).date():
            slot = datetime.combine(day, time(self.minute // 60, self.minute % 60), zone).astimezone(UTC)
            if after < slot <= until and self.falls_on(day):
                yield slot
            day += timedelta(days=1)


USUAL = Timetable()


def read_timetable(text: str) -> Timetable | None:
    """Read 「每日 08:30」, 「每週一三五晚上八點半」, or 「交易日」 at the usual time; None for any other text."""
    said = to_halfwidth(text)
    wanted = _SENT.sub("", said)
    days, rest = split_days(wanted)
    if days is None:
        return None
    if not rest:
        return Timetable(days)
    minute = read_clock(rest)
    if minute is None and wanted != said:  # 中午傳: the usual minute of that part of the day
        minute = _PARTS.get(rest)
    return None if minute is None else Timetable(days, minute)


def time_wanted(text: str) -> Timetable | None:
    """Read a time at which something is to be sent, no day named: 「盤後再推」, 「早上七點傳給我」; None for any other text."""
    said = to_halfwidth(text).strip()
    when = _SENT.sub("", said)
    is_time = when not in ("", said) and not when.isdigit() and split_days(said)[0] is None  # 2330 is a code
    return read_timetable(f"每日 {said}") if is_time else None


def nearest_timetable(text: str) -> Timetable:
    """Return the timetable closest to a mistyped one; an unknown day of the week or the month becomes a Monday."""
    days, rest = split_days(text)
    some = None if days else _SOME_WEEKDAY.match(rest)
    if some:
        days, rest = "0", _UNKNOWN_DAY.sub("", rest[some.end() :])
    clocks = [clock for found in _CLOCK.finditer(rest) for clock in (found.group(), found["hour"])]
    minutes = [minute for clock in clocks if (minute := read_clock(clock)) is not None]
    return Timetable(days or DAILY, minutes[0] if minutes else USUAL_MINUTE)


def split_days(text: str) -> tuple[str | None, str]:
    """Split a text into the days that it begins with, None where there are none, and the rest."""
    text = to_halfwidth(text).lower().strip()
    for pattern, days in ((_DAILY, DAILY), (_TRADING, TRADING)):
        if found := pattern.match(text):
            return days, text[found.end() :].strip()
    if found := _WEEKLY.match(text):
        named = {_WEEKDAY[day] for day in found.group(1) if day in _WEEKDAY}
        return "".join(map(str, sorted(named))), text[found.end() :].strip()
    if found := _ENGLISH.match(text):
        weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(found.group(1))
        return str(weekday), text[found.end() :].strip()
    return None, text


def clock(minute: int) -> str:
    """Write minutes after midnight as 「08:30」."""
    return f"{minute // 60:02}:{minute % 60:02}"


def read_clock(text: str) -> int | None:
    """Read 「08:30」, 「0830」, 「8點半」, 「晚上九點」, 「8:30pm」 as minutes after midnight; None for any other text."""
    minutes = minutes_of(text)
    return None if minutes is None else minutes % (24 * 60)


def minutes_of(text: str) -> int | None:
    """Read a time as `read_clock` does, but count from the day's beginning on: 「晚上12點」 is its end, 1440."""
    found = _CLOCK.fullmatch(to_halfwidth(text).lower().strip())
    return _minute_of(found) if found else None


def is_trading_day(day: date) -> bool:
    """Tell whether the Taiwan stock exchange trades on that day, as far as calendar and closures are known."""
    return day.weekday() < 5 and day not in closures() and not _is_holiday(day)


@lru_cache(maxsize=1)
def closures() -> frozenset[date]:
    """Read the days of closures.tsv: typhoons, which no calendar foresees."""
    lines = Path(__file__).with_name("closures.tsv").read_text(encoding="utf-8").splitlines()
    return frozenset(date.fromisoformat(line.split("\t")[0]) for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=1000)
def _is_holiday(day: date) -> bool:
    import holidays  # 0.1 s to import

    return day in holidays.financial_holidays("TWSE", years=day.year)


def _minute_of(found: re.Match[str]) -> int | None:
    hour, minute = read_number(found["hour"]), _minutes(found["minute"] or found["bare"])
    part = found["part"] or found["suffix"] or ""
    if part in ("下午", "傍晚", "晚上", "晚間", "pm", "中午") and 1 <= hour < 12 and not (part == "中午" and hour > 10):
        hour += 12
    if part in ("am", "凌晨") and hour == 12:
        hour = 0
    at_midnight = part in ("晚上", "晚間", "半夜", "午夜") and hour == 12
    if at_midnight:
        hour = 24
    is_clock = minute < 60 and (hour < 24 or at_midnight or (hour, minute) == (24, 0))
    return hour * 60 + minute if is_clock else None


def _minutes(text: str | None) -> int:
    return 30 if text == "半" else read_number(text) if text else 0
