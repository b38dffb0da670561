"""Periods as people type them: 去年, 2025 Q4, 最近三個月, 114年3月, 上禮拜五."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.index import TermForm
from corpus.language.numerals import read_number

YEARS_AGO = {"今年": 0, "this year": 0, "去年": 1, "last year": 1, "前年": 2}
LATELY = 10  # years back that a number alone may mean
VAGUE = 0.6  # weight of 第二季 alone, which may be another year's
_RELATIVE = rf"(?<![目以之])(?:{'|'.join(YEARS_AGO)})"  # the 前年 of 目前年增 is none
_ROUGH = {"半": 0, "几": 3}
_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十几半])"
_NUMERALS = ("", *"一二三四五六七八九", "十", "十一", "十二")
_YEAR = (
    r"(?P<year>(?:19|20)\d\d)(?!\d)(?:年度?)?|(?P<short>2\d)(?=q[1-4])|(?:民国|roc)\s*(?P<roc>\d{2,3})(?!\d)年?"
    r"|(?P<minguo>1[01]\d)年度?(?![来后前内以老历])"
    rf"|(?P<relyear>{_RELATIVE})"
)
_MONTH, _DAY = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_PART = (
    r"第?(?P<quarter>[一二三四1-4])季度?|q(?P<q>[1-4])|(?P<half>上|下)半年"
    rf"|(?P<month>{_MONTH})月份?(?:(?P<day>{_DAY})[日号])?"
    rf"|[/.-](?P<slash>{_MONTH})(?!\d)(?:[/.-](?P<slashed>{_DAY})(?!\d))?|以来|至今"
)
_QUARTER_OF_YEAR = re.compile(r"(?:q(?P<q>[1-4])\s*|(?P<first>[1-4])q\s?)(?P<year>(?:20)?2\d)(?!\d)")
_FULL_YEAR = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?![\d.])(?P<said>年|\s?q[1-4]|\s?h[12])?")
_MINGUO = re.compile(r"民国\s*(?P<roc>\d{2,3})(?!\d)")
_MEANT_YEAR = re.compile(_RELATIVE)


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day, both included; `text` as it stood in the folded question.

    `loose`: a bare year, in which an essay may have been written or of which it may speak. `said`: the forms in which
    texts name the period; `year`: the year that such a text must be of.
    """

    first: date
    last: date
    text: str
    loose: bool = False
    said: tuple[TermForm, ...] = ()
    year: int | None = None

    @property
    def days(self) -> tuple[int, int]:
        return self.first.toordinal(), self.last.toordinal()


@dataclass(frozen=True, slots=True)
class AskedYear:
    """A year that a question asks about; `said`: the word that merely means it, 去年."""

    year: int
    said: str = ""


def take_period(folded: str, today: date) -> tuple[Period | None, str]:
    """Return the first period in a folded question, and the question without it (a bare year stays in)."""
    for pattern, read in _PATTERNS:
        match = pattern.search(folded)
        if match and (period := _read(read, match, today)):
            return period, folded if period.loose else f"{folded[: match.start()]} {folded[match.end() :]}"
    return None, folded


def _read(read: _Read, match: re.Match[str], today: date) -> Period | None:
    try:
        return read(match, today)
    except ValueError:  # 2/30
        return None


def asked_years(folded: str, today: date) -> tuple[AskedYear, ...]:
    """Return the years that a folded question names (2025, 1945年, 3Q25, 民國114年) or means (去年).

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


def _first_of_year(match: re.Match[str], today: date) -> Period:
    """Read the first months or quarters of this year: 前五月, 前三季."""
    count, unit = (3, "季") if match["season"] else (read_number(match["count"]), "月")
    months = 9 if unit == "季" else count
    said = _forms(f"前{count}{unit}", f"前{_NUMERALS[count]}{unit}")
    return _months(today.year, 1, months, match.group(), said)


def _near(match: re.Match[str], today: date) -> Period:
    step = -1 if match["which"].startswith(("上", "last")) else 0
    if match["unit"] in ("月", "month"):
        month = today.year * 12 + today.month - 1 + step
        return _month(month // 12, month % 12 + 1, match.group())
    if match["unit"] in ("季", "quarter"):
        quarter = today.year * 4 + (today.month - 1) // 3 + step
        return _quarter(quarter // 4, quarter % 4 + 1, match.group())
    monday = today - timedelta(days=today.weekday() - 7 * step)
    return Period(monday, monday + timedelta(days=6), match.group())


def _weekday(match: re.Match[str], today: date) -> Period:
    """Read the last such weekday up to today, or with 上 the one of an earlier week."""
    weeks = (match["which"] or "").count("上")
    day = today + timedelta(days=_WEEKDAYS[match["weekday"]] - today.weekday() - 7 * weeks)
    return _day(day if day <= today else day - timedelta(days=7), match.group())


def _days_ago(match: re.Match[str], today: date) -> Period:
    return _day(today - timedelta(days={"昨": 1, "前": 2}.get(match["day"], 1)), match.group())


def _dated(match: re.Match[str], today: date) -> Period | None:
    year = _year_of(match, today)
    if not 1990 <= year <= today.year + 1:
        return None
    if month := match["slash"] or match["month"]:
        if day := match["slashed"] or match["day"]:
            return _day(date(year, int(month), int(day)), match.group())
        return _month(year, int(month), match.group())
    if typed := match["quarter"] or match["q"]:
        return _quarter(year, read_number(typed), match.group())
    if half := match["half"]:
        first, number = (1, 1) if half == "上" else (7, 2)
        said = _forms(f"{year}年{half}半年", f"{year}h{number}", f"{number}h{year % 100}", vague=(f"{half}半年",))
        return _months(year, first, first + 5, match.group(), said)
    return Period(date(year, 1, 1), date(year, 12, 31), match.group(), loose=match["relyear"] is None)


def _quarter_first(match: re.Match[str], today: date) -> Period | None:
    year, quarter = 2000 + int(match["year"][-2:]), int(match["q"] or match["first"])
    return _quarter(year, quarter, match.group()) if year <= today.year + 1 else None


def _last_such_day(match: re.Match[str], today: date) -> Period:
    """Read a month and day as the last such date up to today, or a range of such dates."""
    first = _last_of(int(match["month"]), int(match["day"]), today)
    if match["until"] is None:
        return _day(first, match.group())
    return Period(
        first, _last_of(int(match["until_month"] or match["month"]), int(match["until"]), today), match.group()
    )


def _last_of(month: int, day: int, today: date) -> date:
    found = date(today.year, month, day)
    return found if found <= today else date(today.year - 1, month, day)


def _last_such_month(match: re.Match[str], today: date) -> Period:
    """Read a month without a year as the last such month that has begun; a text that names it may mean another year's."""
    month = read_number(match["month"])
    year = today.year if month <= today.month else today.year - 1
    return _months(year, month, month, match.group(), _month_names(month, weight=1.0))


def _year_of(match: re.Match[str], today: date) -> int:
    if typed := match["year"] or match["short"]:
        return int(typed) if len(typed) == 4 else 2000 + int(typed)
    if typed := match["roc"] or match["minguo"]:
        return int(typed) + 1911
    return today.year - YEARS_AGO[match["relyear"]]


def _day(day: date, text: str) -> Period:
    month, number = day.month, day.day
    said = _forms(
        f"{month}/{number}", f"{month:02}/{number:02}", f"{month}月{number}", f"{_NUMERALS[month]}月{number}日"
    )
    return Period(day, day, text, said=said)


def _month(year: int, month: int, text: str) -> Period:
    exact = _forms(f"{year}年{month}月", f"{year}/{month:02}", f"{year}-{month:02}", f"{year - 1911}年{month}月")
    return _months(year, month, month, text, (*exact, *_month_names(month, VAGUE)), year)


def _month_names(month: int, weight: float) -> tuple[TermForm, ...]:
    """Return the forms 3月 and 三月; for the second month 今年二月, since 二月 stands in 十二月, too."""
    spelt = (f"{month}月", f"{'今年' if month <= 2 else ''}{_NUMERALS[month]}月")
    return tuple(TermForm(form, weight) for form in spelt)


def _quarter(year: int, quarter: int, text: str) -> Period:
    numeral, short = _NUMERALS[quarter], year % 100
    said = _forms(
        *(f"{year}q{quarter}", f"{year} q{quarter}", f"{quarter}q{short}", f"{year}年第{numeral}季"),
        *(f"{year}年第{quarter}季", f"{year - 1911}年第{numeral}季"),
        vague=(f"第{numeral}季", f"第{quarter}季", f"q{quarter}", f"{quarter}q"),
    )
    return _months(year, quarter * 3 - 2, quarter * 3, text, said, year)


def _forms(*exact: str, vague: tuple[str, ...] = ()) -> tuple[TermForm, ...]:
    return (*map(TermForm, dict.fromkeys(exact)), *(TermForm(form, VAGUE) for form in vague))


def _months(
    year: int, first: int, last: int, text: str, said: tuple[TermForm, ...] = (), must_be: int | None = None
) -> Period:
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]), text, said=said, year=must_be)


_WEEKDAYS = {
    name: number for number, names in enumerate(("一", "二", "三", "四", "五", "六", "日天")) for name in names
}
_Read = Callable[[re.Match[str], date], "Period | None"]
_FROM_TO = rf"(?:\s*[~到至-]\s*(?:(?P<until_month>{_MONTH})[/月])?(?P<until>{_DAY})[日号]?(?![\d/.%]))?"
_PATTERNS: tuple[tuple[re.Pattern[str], _Read], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (
            r"(?<![目以之])前(?:(?P<season>[3三]季)|(?P<count>1[01]|[2-9]|十一?|[二两三四五六七八九])月(?!份?前))",
            _first_of_year,
        ),
        (
            rf"(?:最近|近|过去|前|这)的?\s*(?P<count>{_NUMBER})\s*(?P<unit>个月|天|日|周|个星期|星期|个礼拜|礼拜|个?季|年)(?:内|以来|间)?",
            _recent,
        ),
        (
            r"(?P<which>上+个?|这个?|本|(?<![每一两二三四五六七八九十\d下到至个]))(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![个到至])",
            _weekday,
        ),
        (r"(?P<which>上个?|这个?|本|last |this )\s*(?P<unit>月|季|周|星期|礼拜|month|quarter|week)", _near),
        (r"(?P<day>昨|前)[天日]|yesterday", _days_ago),
        (_QUARTER_OF_YEAR.pattern, _quarter_first),
        (rf"(?<!\d)(?:{_YEAR})\s*(?:{_PART})?", _dated),
        (rf"(?<![\d/.])(?P<month>{_MONTH})(?:/|月)(?P<day>{_DAY})(?:[日号]|(?![\d/.%])){_FROM_TO}", _last_such_day),
        (
            r"(?<![\d一二三四五六七八九十每个近前后])(?P<month>1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])月(?:份|底|初)?(?![\d个费租供薪线])",
            _last_such_month,
        ),
    )
)
