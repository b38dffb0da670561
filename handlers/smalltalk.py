"""謝謝, 早安, 收到: a word one to one, silence in a group."""

from __future__ import annotations

import re

from handlers.ask import SILENCE, Answer, Ask, Button, Command, said
from handlers.house import House

_POLITE = "[啊呀囉喔哦唷耶嗎吧~!。.,,\\s\\U0001f000-\\U0001faff\\u2600-\\u27bf\\ufe0f]*"
_REPLIES = (
    (r"(謝謝|感謝|多謝|謝啦|3q|thanks?( you)?|thx|感恩)(你|您|羅盤)?", "不客氣。"),
    (r"(早安|早上好|早|午安|晚安|good ?(morning|night))", "你好,今天想看哪個主題?"),
    (r"(你好|您好|哈囉|嗨|hi|hello|hey|安安|在嗎)", "你好,直接打公司、代號或主題就可以。"),
    (r"(收到|了解|好的?|ok(ay)?|知道了|沒問題|讚|太棒了|厲害|👍)", "好。"),
    (r"(再見|掰掰|拜拜|bye)", "再見。"),
    (r"(你是誰|你叫什麼|羅盤|who are you)", "我是羅盤,從社群的文章裡找原文回答,不給買賣建議。"),
)
_PATTERNS = tuple((re.compile(f"^{words}{_POLITE}$", re.IGNORECASE), reply) for words, reply in _REPLIES)
_NOTHING = re.compile(r"^[\W_]*$")


def small_talk(ask: Ask, house: House) -> Answer:
    """A short word back, one to one only."""
    if ask.chat.is_group:
        return SILENCE
    reply = _reply(ask.text) or "看不懂這個,打公司、代號或主題試試。"
    return said(reply, Button("最新文章", "最新"), Button("主題", "主題"), Button("說明", "說明"))


def is_small_talk(ask: Ask) -> bool:
    return _reply(ask.text) is not None or bool(_NOTHING.match(ask.text))


def _reply(text: str) -> str | None:
    return next((reply for pattern, reply in _PATTERNS if pattern.match(text.strip())), None)


COMMAND = Command(
    words=(),
    usage="謝謝、早安",
    help="打個招呼",
    examples=("謝謝", "早安!"),
    run=small_talk,
    hidden=True,
    recognise=is_small_talk,
)
