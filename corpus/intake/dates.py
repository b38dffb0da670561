"""Dates as Taiwanese pages write them: Western, Chinese, 民國 and English."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from corpus.language.numerals import read_number

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_Y = r"(?:(?<!\d)|(?<=:[0-5]\d))(?P<y>(?:19|20)\d\d)"
_ROC = r"(?<![\d.])(?P<roc>1[01]\d)"
_M = r"(?P<m>\d{1,2})"
_D = r"(?P<d>\d{1,2})(?!\d)"
_HAN_MONTH = "十[一二]?|[一二三四五六七八九]"
_NAME = rf"(?P<m>{'|'.join(_MONTHS)})[a-z]*\.?"
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_Y}\s?(?P<s>[-./])\s?{_M}\s?(?P=s)\s?{_D}",  # 2025-12-21
        rf"{_Y}\s?年\s?{_M}\s?月\s?{_D}\s?日?",
        r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d)",  # 20251221
        rf"(?<!\d){_M}\s?月\s?{_D}\s?日?,\s?(?P<y>20\d\d)",  # 12 月 24, 2025
        rf"(?<!\d)(?P<d>\d{{1,2}})\s{_M}\s?月,?\s?(?P<y>20\d\d)",  # 24 12 月, 2025
        rf"(?P<m>{_HAN_MONTH})月\s(?P<d>\d{{1,2}}),\s?(?P<y>20\d\d)",  # 六月 4, 2026
        rf"民國\s?(?P<roc>\d{{2,3}})\s?[年./-]\s?{_M}\s?[月./-]\s?{_D}",
        rf"{_ROC}\s?年\s?{_M}\s?月\s?{_D}\s?日",
        rf"{_ROC}(?P<s>[-./])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>\d{{1,2}})(?![\d.])",  # 114/12/21
        rf"\b{_NAME}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?(?:\s+{_WEEKDAY})?(?:\s+\d\d:\d\d(?::\d\d)?)?,?\s+(?P<y>(?:19|20)\d\d)\b",
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+{_NAME},?\s+(?P<y>(?:19|20)\d\d)\b",
    )
)
_HAN_DAY = re.compile(
    r"(?:民國)?[〇○零一二三四五六七八九]{2,4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_YEAR = re.compile(r"(?:19|20)\d\d|1[01]\d|民國")  # each form has one of these
_HAN_NUMBER = re.compile(r"[〇○零一二三四五六七八九十]+")
_MONTH_DAY = re.compile(
    rf"(?:{_M}\s?月\s?{_D}\s?日|(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?\s(?P<day>\d{{1,2}}))(?!\S?\d{{4}})",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?P<today>剛剛|今天|just now|\d+\s?(?:秒鐘?|分鐘?|小時|[smh]|(?:min|hour)s?))|(?P<yesterday>昨天|yesterday)"
    r"|(?P<n>\d+)\s?(?P<unit>[天日週周dw]|days?|weeks?)",
    re.IGNORECASE,
)
_BESIDE_A_DAY = re.compile(
    r"前|ago|(?:上午|下午|凌晨|晚上|[ap]m)?\s?\d{1,2}:\d\d\s?(?:[ap]m)?|已?編輯|edited|\bat\b|[·•∙⋅\s,]", re.IGNORECASE
)
_DOTS = ("·", "•", "∙", "⋅")
_ANY_DAY = date(2024, 12, 31)  # the last day of a leap year: each month and day has come
_FIRST_ROC_YEAR = 1911  # 民國 1 is 1912
_TAIPEI = timezone(timedelta(hours=8))
_HOUR = re.compile(
    r"(?P<t>[T\s,]{1,3})(?P<h>[01]?\d|2[0-4]):(?P<min>[0-5]\d)(?P<s>:[0-5]\d(?:[.,]\d+)?)?\s?"
    r"(?P<zone>Z\b|UTC\b|GMT\b|(?P<sign>[-+−])(?P<zh>[01]\d)(?P<colon>:?)(?P<zm>[0-5]\d)?(?!\d))",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def find_date(text: str) -> date | None:
    """Return the first date written in `text` (narrow forms), or None; an impossible day is no date.

    An hour with its offset from UTC counts: 2025-03-04T16:00Z is the fifth of March in Taipei.
    """
    text = _in_figures(text)
    if not _YEAR.search(text):
        return None
    found = [
        (m.start(), _in_taipei(day, text[m.end() : m.end() + 40]))
        for form in _FORMS
        for m in form.finditer(text)
        if (day := _day(m)) is not None
    ]
    return min(found)[1] if found else None


def is_recent(plain: str) -> bool:
    """Tell whether a line says only when something was written, as sites say it of what is new: 「3 小時」, 「5月6日 上午10:32」."""
    return len(plain) <= 32 and recent_day(plain, _ANY_DAY) is not None


def is_stamp(plain: str) -> bool:
    """Tell whether a line is a day as social sites set it over a post: a recent one, or one behind which a dot leads to who may see it."""
    if is_recent(plain):
        return True
    return plain.endswith(_DOTS) and _is_day(plain)


def is_day_and_hour(plain: str) -> bool:
    """Tell whether a line is a day with its year and an hour, and nothing more."""
    return ":" in plain and _is_day(plain)


def _is_day(plain: str) -> bool:
    return find_date(plain) is not None and not _BESIDE_A_DAY.sub("", without_date(plain))


def recent_day(plain: str, today: date) -> date | None:
    """Return the day that a line like 「3 小時」 means if it is read on `today`; of a day without a year the last one."""
    if match := _MONTH_DAY.match(plain):
        month = int(match["m"]) if match["m"] else _MONTHS.index(match["name"].lower()) + 1
        found = _last(month, int(match["d"] or match["day"]), today)
    elif match := _AGO.match(plain):
        weeks = match["unit"] and match["unit"][0] in "週周wW"
        days = 0 if match["today"] else 1 if match["yesterday"] else int(match["n"]) * (7 if weeks else 1)
        found = today - timedelta(days=days) if days < 366 else None
    else:
        return None
    return None if _BESIDE_A_DAY.sub("", plain[match.end() :]) else found


def _last(month: int, day: int, today: date) -> date | None:
    """Return the last such day up to `today`; among five years there is a 29th of February."""
    for year in range(today.year, today.year - 5, -1):
        with suppress(ValueError):
            if (found := date(year, month, day)) <= today:
                return found
    return None


def _in_taipei(day: date, after: str) -> date:
    """Return the day in Taipei of an hour behind a day, if its offset stands there, too; 16:00-17:00 is no offset."""
    hour = _HOUR.match(after)
    if hour is None or (hour["colon"] and not (hour["s"] or "t" in hour["t"].lower())):
        return day
    minutes = 60 * int(hour["zh"] or 0) + int(hour["zm"] or 0)
    zone = timezone(timedelta(minutes=-minutes if hour["sign"] in ("-", "−") else minutes))
    then = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(
        hours=int(hour["h"]), minutes=int(hour["min"])
    )
    return then.astimezone(_TAIPEI).date()


def without_date(text: str) -> str:
    """Return `text` with every date cut out, to see what else a line holds."""
    text = _HAN_DAY.sub(" ", text)
    for form in _FORMS if _YEAR.search(text) else ():
        text = form.sub(" ", text)
    return text


def _in_figures(text: str) -> str:
    """Return a text with its dates in figures: 「二〇二五年十二月二十一日」 as 2025年12月21日."""
    return _HAN_DAY.sub(_day_in_figures, text) if "年" in text else text


def _day_in_figures(match: re.Match[str]) -> str:
    return _HAN_NUMBER.sub(lambda number: str(read_number(number[0])), match[0])


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    year = int(parts["y"]) if parts.get("y") else int(parts["roc"]) + _FIRST_ROC_YEAR
    month = parts["m"].lower()
    try:
        return date(year, _month(month), int(parts["d"]))
    except ValueError:
        return None


def _month(said: str) -> int:
    if said in _MONTHS:
        return _MONTHS.index(said) + 1
    return int(said) if said.isdigit() else read_number(said)
