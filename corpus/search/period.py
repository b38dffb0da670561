"""Periods as people type them: 去年, 2025 Q4, 最近三個月, 114年3月."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.language.numerals import read_number

YEARS_AGO = {"今年": 0, "this year": 0, "去年": 1, "last year": 1, "前年": 2}
_RELATIVE = rf"(?<![目以之])(?:{'|'.join(YEARS_AGO)})"  # the 前年 of 目前年增 is none
_ROUGH = {"半": 0, "几": 3}
_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十几半])"
_YEAR = (
    r"(?P<year>(?:19|20)\d\d)(?!\d)(?:年度?)?|(?P<short>2\d)(?=q[1-4])|(?:民国|roc)\s*(?P<roc>\d{2,3})(?!\d)年?"
    r"|(?P<minguo>1[01]\d)年度?(?![来后前内以老历])"
    rf"|(?P<relyear>{_RELATIVE})"
)
_PART = r"第?(?P<quarter>[一二三四1-4])季度?|q(?P<q>[1-4])|(?P<month>1[0-2]|0?[1-9])月份?|(?P<half>上|下)半年|[/-](?P<slash>1[0-2]|0?[1-9])(?![\d])"
_QUARTER_OF_YEAR = re.compile(r"(?:q(?P<q>[1-4])\s*|(?P<first>[1-4])q\s?)(?P<year>(?:20)?2\d)(?!\d)")
_FULL_YEAR = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?![\d.])(?P<said>年|\s?q[1-4]|\s?h[12])?")
_MINGUO = re.compile(r"民国\s*(?P<roc>\d{2,3})(?!\d)")
LATELY = 10  # years that a number alone may mean
_MEANT_YEAR = re.compile(_RELATIVE)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; `text` as it stood in the folded question.

    `loose`: a bare year, which may as well be what a sentence speaks of as when it was written.
    """

    first: date
    last: date
    text: str
    loose: bool = False

    @property
    def days(self) -> tuple[int, int]:
        return self.first.toordinal(), self.last.toordinal()


@dataclass(frozen=True, slots=True)
class AskedYear:
    """A year that a question asks about; `said`: the word that merely means it, 去年."""

    year: int
    said: str = ""


def take_period(folded: str, today: date) -> tuple[Period | None, str]:
    """The first period in a folded question, and the question without it (a bare year stays in)."""
    for pattern, read in _PATTERNS:
        match = pattern.search(folded)
        if match and (period := read(match, today)):
            return period, folded if period.loose else f"{folded[: match.start()]} {folded[match.end() :]}"
    return None, folded


def asked_years(folded: str, today: date) -> tuple[AskedYear, ...]:
    """The years that a folded question asks about, as it names them (2025, 1945年, 3Q25, 民國114年) or means them (去年).

    A number alone is one of the last years: 2002 is rather the code of a company.
    """
    named = {int(match["year"]) for match in _FULL_YEAR.finditer(folded) if _is_year(match, today)}
    named |= {2000 + int(match["year"][-2:]) for match in _QUARTER_OF_YEAR.finditer(folded)}
    named |= {int(match["roc"]) + 1911 for match in _MINGUO.finditer(folded)}
    meant = {AskedYear(today.year - YEARS_AGO[said], said) for said in _MEANT_YEAR.findall(folded)}
    return (*map(AskedYear, sorted(named)), *sorted(meant, key=lambda one: one.year))


def _is_year(match: re.Match[str], today: date) -> bool:
    return bool(match["said"]) or today.year - LATELY <= int(match["year"]) <= today.year + 1


def _recent(match: re.Match[str], today: date) -> Period:
    typed = match["count"]
    count = _ROUGH[typed] if typed in _ROUGH else read_number(typed)
    unit = match["unit"]
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "季": 91, "年": 365}[unit.removeprefix("个")]
    length = max(1, count * days if typed != "半" else days // 2)
    return Period(today - timedelta(days=min(length, 36_500)), today, match.group())


def _near(match: re.Match[str], today: date) -> Period:
    step = -1 if match["which"] in ("上", "上个", "last ") else 0
    if match["unit"] in ("月", "month"):
        first = date(today.year + (today.month + step - 1) // 12, (today.month + step - 1) % 12 + 1, 1)
        return Period(first, first.replace(day=monthrange(first.year, first.month)[1]), match.group())
    if match["unit"] in ("季", "quarter"):
        quarter = today.year * 4 + (today.month - 1) // 3 + step
        return _months(quarter // 4, quarter % 4 * 3 + 1, quarter % 4 * 3 + 3, match.group())
    monday = today - timedelta(days=today.weekday() - 7 * step)
    return Period(monday, monday + timedelta(days=6), match.group())


def _day(match: re.Match[str], today: date) -> Period:
    day = today - timedelta(days={"昨": 1, "前": 2}.get(match["day"], 1))
    return Period(day, day, match.group())


def _dated(match: re.Match[str], today: date) -> Period | None:
    year = _year_of(match, today)
    if not 1990 <= year <= today.year + 1:
        return None
    if match["slash"] or match["month"]:
        month = int(match["slash"] or match["month"])
        return _months(year, month, month, match.group())
    if typed := match["quarter"] or match["q"]:
        quarter = read_number(typed)
        return _months(year, quarter * 3 - 2, quarter * 3, match.group())
    if match["half"]:
        return _months(year, 1, 6, match.group()) if match["half"] == "上" else _months(year, 7, 12, match.group())
    return Period(date(year, 1, 1), date(year, 12, 31), match.group(), loose=match["relyear"] is None)


def _quarter_first(match: re.Match[str], today: date) -> Period | None:
    year, quarter = 2000 + int(match["year"][-2:]), int(match["q"] or match["first"])
    return _months(year, quarter * 3 - 2, quarter * 3, match.group()) if year <= today.year + 1 else None


def _year_of(match: re.Match[str], today: date) -> int:
    if typed := match["year"] or match["short"]:
        return int(typed) if len(typed) == 4 else 2000 + int(typed)
    if typed := match["roc"] or match["minguo"]:
        return int(typed) + 1911
    return today.year - YEARS_AGO[match["relyear"]]


def _months(year: int, first: int, last: int, text: str) -> Period:
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]), text)


_Read = Callable[[re.Match[str], date], "Period | None"]
_PATTERNS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (
        re.compile(
            rf"(?:最近|近|过去|前|这)的?\s*(?P<count>{_NUMBER})\s*(?P<unit>个月|天|日|周|个星期|星期|个礼拜|礼拜|个?季|年)(?:内|以来|间)?"
        ),
        _recent,
    ),
    (re.compile(r"(?P<which>上个?|这个?|本|last |this )\s*(?P<unit>月|季|周|星期|礼拜|month|quarter|week)"), _near),
    (re.compile(r"(?P<day>昨|前)[天日]|yesterday"), _day),
    (_QUARTER_OF_YEAR, _quarter_first),
    (re.compile(rf"(?<!\d)(?:{_YEAR})\s*(?:{_PART})?"), _dated),
)
