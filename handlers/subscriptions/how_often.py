"""每天兩次, 早晚各一次: a digest comes once a day, which is said with the times to choose from."""

from __future__ import annotations

import re

from corpus.language.text import to_halfwidth
from handlers.answer import Answer
from handlers.ask import Ask
from handlers.command import Command
from handlers.context import Context
from handlers.subscriptions.digest_settings import A_WEEK, SO_OFTEN, once_a_day, times_wanted

_WORDS = (
    "我 你 可不可以 可以 能不能 能 想要 想 要 請 幫我 讓它 改成 改為 改 就 都 各 只 多 會 不要 收 送 傳 發 摘要 到 一天 兩天 三天 隔天 每天 每日 "
    "天天 一週 每週 每星期 一個禮拜 一個星期 每個禮拜 每個星期 早上 晚上 早晚 和 跟"
)
_ASKED = rf"(?:{'|'.join(_WORDS.split())}| )*"
_SENT = r"(?=.*(?:天|日|週|星期|禮拜|早晚|[送傳收發]))"  # without any of these it is about no digest
_OFTEN = re.compile(rf"{_SENT}{_ASKED}{SO_OFTEN}{_ASKED}(?:就夠了?|夠了|就好|好嗎|可以嗎|行嗎|嗎|吧|呢)?\??")


def how_often(ask: Ask, context: Context) -> Answer:
    """Say that digests come once a day, or on the days of the week that are chosen."""
    line = to_halfwidth(ask.text)
    return times_wanted(line[match.start() :] if (match := A_WEEK.search(line)) else line) or once_a_day()


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
