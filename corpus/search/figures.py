"""What kind of figure a question asks for: money, a share, how many of something, how long, when."""

from __future__ import annotations

import re

_NUMBER = r"(?:\d[\d,.]*|[一二三四五六七八九十百千两半几数]+)\s*"
_MAGNITUDE = r"[多余]?[万亿兆千百]*[多余]?\s*"
_HOW_MANY = r"(?:多少|(?<![哪那这好])几(?![乎何率]))"
_PRICED = r"(?:钱|元|美元|美金|块|亿|价|费|薪水|市值|eps|配息|股利|赚|亏|营收|获利|净利|罚|资本支出|资金)"
_SHARED = r"(?:占|比例|率|成长|年增|市占|幅|关税|衰退|月增)"
_PEOPLE = "人位名"
_COUNTED = re.compile(rf"{_HOW_MANY}[万亿千百]?(?P<unit>[{_PEOPLE}件颗桶台家片座篇户间支次条艘架吨张场集款层票项种站])")

# What asks for each kind, and how such a figure reads; the first that is asked counts.
_KINDS = (
    (
        re.compile(r"什么时候|何时|哪一?天|几月|哪一?年|何年|几号|哪个月"),
        re.compile(
            r"\d{2,4}\s?年|[\d一二三四五六七八九十正]{1,2}\s?月|[\d一二三四五六七八九十廿]{1,3}[日号]|q[1-4]|[1-4]q|第[一二三四1-4]季"
            r"|[上下]半年|[季月年][底初]|年中|[今明去后前当同次]年|[下本]周|世纪|\d/\d|\d[时点]|[一二三四五六七八九元]年"
        ),
    ),
    (
        re.compile(r"多久|几(?:天|个?月|小时|分钟|个小时|年(?![生级]))|多少(?:天|年|个月)"),
        re.compile(rf"{_NUMBER}多?(?:年|个?月|天|日|周|个?小时|分钟|秒|季|星期)"),
    ),
    (_COUNTED, None),
    (
        re.compile(rf"几(?:趴|成|%|倍)|多少(?:%|趴|倍|百分)|{_SHARED}.{{0,6}}多少|多少.{{0,4}}{_SHARED}"),
        re.compile(rf"{_NUMBER}(?:%|成(?![长本为立功份员交])|倍|个百分点|趴|分之)|百分之"),
    ),
    (
        re.compile(rf"几(?:元|块|美元|亿)|多少{_PRICED}|{_PRICED}.{{0,6}}多少"),
        re.compile(
            rf"{_NUMBER}{_MAGNITUDE}(?:元|美元|美金|块|日圆|人民币|港元|欧元|英镑|亿|兆)|\$\s?\d|\d\s*(?:万|[bm](?![a-z]))"
            r"|(?:eps\D{0,8}|[价息利]\D{0,4})\d"
        ),
    ),
    (
        re.compile(rf"{_HOW_MANY}|有多[大高快远重]|how many|how much"),
        re.compile(r"\d|[一二三四五六七八九十百千万两]+(?=[个家座人片台件次种位名条部年])"),
    ),
)


def asked_figure(folded: str) -> re.Pattern[str] | None:
    """How the figure reads, in folded text, that a folded question asks for; None where it asks for none."""
    for asks, reads in _KINDS:
        if asked := asks.search(folded):
            return reads or _counted(asked["unit"])
    return None


def _counted(unit: str) -> re.Pattern[str]:
    """So many of something: 5萬6303件, 20 位委員 for 幾人."""
    units = f"[{_PEOPLE}]" if unit in _PEOPLE else unit
    return re.compile(rf"{_NUMBER}{_MAGNITUDE}.?{units}")
