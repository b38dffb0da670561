"""謝謝, 早安, 收到, 你覺得呢: a word one to one, silence in a group."""

from __future__ import annotations

import re

from handlers.answer import SILENCE, Answer, Button, text_answer
from handlers.ask import Ask
from handlers.command import Command
from handlers.context import Context
from handlers.text.small_talk_words import is_chatter
from handlers.verb import Verb

_REPLIES = (
    (
        r"(謝謝|感謝|多謝|謝啦|謝|3q|thanks?( you| u)?( so much| a lot| very much)?|thx|感恩)(你|您|大家|羅盤)?",
        "不客氣。",
    ),
    (
        r"(大家|各位|羅盤)?(早安|早上好|早|午安|晚安|good ?(morning|afternoon|evening|night))",
        "你好，今天想看哪個主題？",
    ),
    (r"(你好|您好|大家好|哈囉|嗨|hi|hello|hey|安安|在嗎)", "你好，直接打公司、代號或主題就可以。"),
    (r"(收到|了解|好的?|ok(ay)?|知道了|沒問題|讚|太棒了|厲害|辛苦了?|👍)(你|您|大家|羅盤)?", "好。"),
    (
        r"(祝(你|您|大家|羅盤)?)?[㐀-鿿]{0,4}(快樂|愉快)|恭喜(發財)?",
        "謝謝，也祝你順心。",
    ),
    (r"(測試|測一下|test(ing)?|在測試)(中)?(\d*)", "我在。直接打公司、代號或主題就可以。"),
    (r"(算了|沒事了?|沒關係|不用了?|不要了?|沒有了|先這樣|never ?mind|nvm|(sorry )?wrong chat)", "好，想到再問我。"),
    (r"(再見|掰掰|拜拜|bye)", "再見。"),
    (
        r"([你妳]們?是?(不是)?(誰|什麼(東西)?|做什麼的|哪一?家公司|哪裡的?|ai|人|真人|機器人|chatgpt|gpt)(還是(ai|人|真人|機器人?))?|你叫什麼|羅盤"
        r"|(這個?|你)?(bot|機器人)?是?誰(做|開發|寫)的|who are you|are you (an? )?(ai|bot|human|robot))",
        "我是羅盤，從社群的文章裡找原文回答，不給買賣建議。",
    ),
)
_PATTERNS = tuple(
    (re.compile(f"{words}[啊呀囉喔哦唷耶嗎吧]*(?:羅盤)?", re.IGNORECASE), reply) for words, reply in _REPLIES
)
_BESIDE_LATIN = re.compile(r"(?<=[㐀-鿿]) (?=[A-Za-z])|(?<=[A-Za-z]) (?=[㐀-鿿])")
_BETWEEN = re.compile(r"[\s~!。.,、?\U0001f000-\U0001f44c\U0001f44e-\U0001faff\u2600-\u27bf\ufe0f]+")
# Signs, sounds and laughter, and nothing else: 「？」, 「ㄏㄏ」, 「XDDD」, 「哈哈哈 笑死」.
_NOTHING = re.compile(
    r"^(?:[\W_\u3105-\u312f]|[哈呵嘿嘻噗嗚喔哦噢嗯恩啊蛤齁]|x+d+|q{2,}|w{2,}|orz|lol+|lmao|omg|ha(?:ha)+h?|he(?:he)+|笑[死爛到翻]+|傻眼|無言)*$",
    re.IGNORECASE,
)

CALLED = "叫我嗎？打「羅盤 散熱」這樣問，或打「羅盤 說明」。"
LOST = "我在，想查哪家公司或主題？"
UNREADABLE = "我看不懂貼圖和圖片，請打字。"


def small_talk(ask: Ask, context: Context) -> Answer:
    """Answer a short word one to one; in a group say one line to a call without words, else nothing."""
    if ask.chat.is_group:
        return SILENCE if ask.text else text_answer(CALLED)
    return text_answer(
        _reply(ask.text) or _reply_to_beginning(ask.text) or (LOST if ask.text else UNREADABLE),
        Button("最新文章", Verb.LATEST),
        Button("主題", Verb.THEME),
        Button("說明", Verb.HELP),
    )


def is_small_talk(ask: Ask) -> bool:
    return bool(_NOTHING.match(ask.text)) or is_chatter(ask.text) or _reply(ask.text) is not None


def _reply(text: str) -> str | None:
    """Return the reply to a polite phrase, or to the first of some with nothing else between them: 「早安 大家好」."""
    if whole := _reply_to_phrase(_BETWEEN.sub(" ", text).strip()):
        return whole
    parts = [part for part in _BETWEEN.split(text) if part]
    replies = [_reply_to_phrase(part) for part in parts]
    if any(reply is None and not is_chatter(part) for part, reply in zip(parts, replies, strict=True)):
        return None
    return next((reply for reply in replies if reply), None)


def _reply_to_beginning(text: str) -> str | None:
    """Return the reply to the phrase with which a text begins: 「謝謝你喔，你人真好」."""
    return _reply_to_phrase(_BETWEEN.split(text.strip())[0])


def _reply_to_phrase(phrase: str) -> str | None:
    said = _BESIDE_LATIN.sub("", phrase)  # 你是 ChatGPT 嗎
    return next((reply for pattern, reply in _PATTERNS if pattern.fullmatch(said)), None)


COMMAND = Command(
    words=(),
    usage="謝謝、早安",
    help="打個招呼",
    examples=("謝謝", "早安！"),
    run=small_talk,
    hidden=True,
    is_talk=True,
    recognise=is_small_talk,
)
