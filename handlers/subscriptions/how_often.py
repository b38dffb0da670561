"""每天兩次, 早晚各一次: a digest comes once a day, which is said with the times to choose from."""

from __future__ import annotations

import re

from corpus.language.text import to_halfwidth
from handlers.answer import Answer, Button, choices_answer
from handlers.ask import Ask
from handlers.club.timetable import nearest_timetable
from handlers.command import Command
from handlers.context import Context

ONCE = "一天送一次，新文章都會在裡面。"
ONCE_A_WEEK = "一週挑哪幾天都可以，那天送一次，新文章都會在裡面。"
_DAILY = ("每日 08:30", "每日 12:30", "每日 20:00")
_WEEKLY = ("每週一、四 08:30", "每週二、五 08:30", "每週一、三、五 08:30", "交易日 08:30")

_TIMES = r"(?:[一二兩三四五六幾多\d]+ ?[次回遍則]|早晚各?(?:一[次則])?)"
_SEVERAL = re.compile(rf"{_TIMES}|早晚|[和跟與、,及]")  # 每天兩次, 每日 8:00 和 20:00
_CLOCKS = re.compile(r"(?:早上|上午|中午|下午|傍晚|晚上)? ?\d{1,2}[:點]\d{0,2}半?")
_WEEK = re.compile(r"每?(?:週|周|星期|禮拜)")
_WORDS = (
    "我 你 可不可以 可以 能不能 能 想要 想 要 請 幫我 讓它 改成 改為 改 就 都 各 只 多 會 不要 收 送 傳 發 摘要 到 一天 每天 每日 天天 "
    "一週 每週 每星期 早上 晚上 早晚 和 跟"
)
_ASKED = rf"(?:{'|'.join(_WORDS.split())}| )*"
_SENT = r"(?=.*(?:天|日|週|星期|早晚|[送傳收發]))"  # else it is no talk of what is sent
_OFTEN = re.compile(rf"{_SENT}{_ASKED}{_TIMES}{_ASKED}(?:就好|好嗎|可以嗎|行嗎|嗎|吧|呢)?\??")


def times_wanted(line: str) -> Answer | None:
    """What to say to a line that names several deliveries; None to every other."""
    if not _SEVERAL.search(line):
        return None
    times = [str(nearest_timetable(part)) for part in _CLOCKS.findall(line)]
    if _WEEK.match(line):
        return choices_answer(f"{ONCE_A_WEEK}哪幾天？", *(Button(one, one) for one in _WEEKLY))
    return choices_answer(f"{ONCE}要哪個時間？", *(Button(one, one) for one in (times or _DAILY)[:4]))


def how_often(ask: Ask, context: Context) -> Answer:
    """That it comes once a day, or on the days of the week that are chosen."""
    line = to_halfwidth(ask.text)
    return times_wanted(line[match.start() :] if (match := _WEEK.search(line)) else line) or choices_answer(
        f"{ONCE}要哪個時間？", *(Button(one, one) for one in _DAILY)
    )


def asks_how_often(ask: Ask) -> bool:
    return len(ask.text) <= 20 and _OFTEN.fullmatch(to_halfwidth(ask.text).strip()) is not None


COMMAND = Command(
    words=(),
    usage="每天兩次",
    help="一天送一次，說明並列出時間",
    examples=("一天兩次", "早晚各一次", "可以一天送兩次嗎"),
    run=how_often,
    hidden=True,
    allowed_in_quiet_mode=True,
    recognise=asks_how_often,
)
