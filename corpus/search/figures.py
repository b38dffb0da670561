"""The kinds of figures that questions ask for, and patterns of such figures: a date, a duration, a share, an amount of money, a count.

All texts here are folded (`corpus.language.text.fold`): narrow, lower case, Simplified; so are the patterns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.language.text import simplify

_HOW_MANY = r"(?:多少|(?<![哪那這好])幾(?![乎何率]))"
COUNT = r"(?:(?<![\d.,])\d[\d.,]*|[一二兩三四五六七八九十百千幾數半近]+)\s*[多餘]?[十百千萬億兆]*[多餘]?\s*"
_SPAN = (
    r"(?:(?<!\d)\d{1,3}(?:\.\d+)?|[一二兩三四五六七八九十百幾數半]+)\s*[多餘]?個?"  # 十四, 1.5, and no calendar year
)
_PEOPLE = "人位名"
_UNITS = f"{_PEOPLE}件顆桶台輛家片座篇戶間支次條艘架噸張場集款層票項種站檔箱口枚套"


def _pattern(traditional: str) -> re.Pattern[str]:
    return re.compile(simplify(traditional))


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind of figure: patterns of a question that `asks` for it outright or merely `speaks` of it; how the figure `reads`."""

    asks: re.Pattern[str]
    reads: re.Pattern[str]
    speaks: re.Pattern[str] | None = None


def _measure(reads: str, *, units: str = "", of: str = "", words: str = "", speaks: str = "") -> Measure:
    """Make a kind of figure. `units`: after 幾 or 多少; `of`: things so measured, near 多少; `words`: ask for it by themselves."""
    asks = [words] if words else []
    if units:
        asks.append(rf"{_HOW_MANY}[百千萬億]*(?:{units})")
    if of:
        asks += [rf"多少.{{0,4}}(?:{of})", rf"(?:{of}).{{0,6}}多少"]
    return Measure(_pattern("|".join(asks)), _pattern(reads), _pattern(speaks) if speaks else None)


_MEASURES = (
    _measure(
        r"\d{2,4}\s?年|[\d一二三四五六七八九十正]{1,2}\s?月|[\d一二三四五六七八九十廿]{1,3}[日號]|q[1-4]|[1-4]q|第[一二三四1-4]季"
        r"|[上下]半年|[季月年][底初中]|[今明去後前當同次]年|[下本]週|世紀|\d/\d|\d[時點]|[一二三四五六七八九元]年",
        words=r"何時|什麼時候|啥時|幾[時點號]|幾月|何年|哪一?個?[年天季月]|when\b",
    ),
    _measure(rf"{_SPAN}\s*(?:[天日週周]|星期)", units="[天日週周]|星期"),
    _measure(
        rf"{_SPAN}\s*(?:[年季月週周天日秒]|小時|分鐘|星期)",
        units="年(?!生級)|季|個?月|個?小時|分鐘",
        words="多久",
    ),
    _measure(
        rf"\d[\d.]*\s*(?:%|趴|個?百分點)|{COUNT}(?:成(?![長本為立功份員交])|分之)|百分之",
        units="成(?![長本])|%|趴|百分",
        of=r"[占佔]|比[例率重]|[利增減良滲]率|率|成長|年增|月增|市[占佔]|[漲跌]幅|幅|關稅|衰退",
        speaks=r"[占佔]比|比[例率重]|市[占佔]|百分|[利增減良滲]率|殖利率|漲幅|跌幅",
    ),
    _measure(rf"{COUNT}倍|翻倍|倍增", units="倍", speaks="本益比"),
    _measure(
        rf"{COUNT}(?:元|美元|美金|日[圓元]|歐元|港元|人民幣|英鎊|塊)|\$\s?\d|\d\s*[萬億兆]|(?:eps\D{{0,8}}|[價息利]\D{{0,4}})\d",
        units="元|塊|美元|美金|錢",
        of="錢|價|費|薪水|eps|配息|股利",
        speaks=r"股價|目標價|價[格錢位]|eps|售價|報價",
    ),
    _measure(
        rf"{COUNT}(?:元|美元|美金)|{COUNT}(?<=[億兆萬])(?![片噸台輛人個件])|\d\s*[bm](?![a-z])|\$\s?\d",
        units="億",
        of="金額|營收|市值|規模|資本支出|資金|獲利|淨利|產值|賺|虧|罰|花|投資",
        speaks="金額|營收|市值|規模|資本支出|產值",
    ),
    _measure(
        r"\d[\d.]*\s*(?:[kmgt]?w(?:h|att)?(?![a-z])|瓦|度)",
        words=r"幾瓦|多少電",
        of="用電|耗電|吃電|功[耗率]|發電",
        speaks=r"用電|耗電|吃電|功[耗率]|發電",
    ),
    _measure(rf"{COUNT}個?[{_UNITS}]", words=r"(?!)", speaks=r"產[能量]|銷量|出貨量|人[數口]"),
    _measure(
        r"\d|[一二三四五六七八九十百千萬兩]+(?=[個家座人片台件次種位名條部年])",
        words=rf"{_HOW_MANY}|有多[大高快遠重]|how many|how much",
    ),
)
_COUNTED = _pattern(rf"{_HOW_MANY}[百千萬億]*個?(?P<unit>[{_UNITS}])")


def asked_figure(folded: str) -> re.Pattern[str] | None:
    """Return a pattern, in folded text, of the figure that a folded question asks for outright; None where it asks for none."""
    return _counted(folded) or next((one.reads for one in _MEASURES if one.asks.search(folded)), None)


def spoken_figure(folded: str) -> re.Pattern[str] | None:
    """Return a pattern of the figure that a folded question asks for or may want; None where it speaks of no kind of figure."""
    kinds = _MEASURES[:-1]
    likely = (one.reads for one in kinds if one.asks.search(folded) or (one.speaks and one.speaks.search(folded)))
    return _counted(folded) or next(likely, None)


def _counted(folded: str) -> re.Pattern[str] | None:
    asked = _COUNTED.search(folded)
    return _reads_in(_PEOPLE if asked["unit"] in _PEOPLE else asked["unit"]) if asked else None


@cache
def _reads_in(units: str) -> re.Pattern[str]:
    """Return a pattern of a count in these units: 5萬6303件, 20 位委員 for 幾人."""
    return _pattern(rf"{COUNT}.?[{units}]")
