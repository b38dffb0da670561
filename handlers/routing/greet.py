"""The greeting on being followed or invited."""

from __future__ import annotations

from handlers.answer import Answer, Button, text_answer
from handlers.ask import Ask
from handlers.context import Context
from handlers.verb import Verb

PERSON = "你好，我是羅盤，從社群的投資文章裡找原文回答你：打公司、代號或主題就可以。不報價、不給買賣建議，也不賣東西。"
GROUP = (
    "大家好，我是羅盤，社群文章的查詢機器人。打「羅盤 散熱」或 @ 我，我才會回一則原文摘錄；"
    "平常不說話，沒叫我的對話一律不存。不報明牌、不賣東西、不會私訊你要錢。"
)


def greet(ask: Ask, context: Context) -> Answer:
    """Greet a person or group: say once what this is, when it speaks, and that it sells nothing."""
    context.club.enter(ask.chat, ask.at)
    if ask.chat.is_group:
        return text_answer(GROUP, Button("說明", Verb.HELP), Button("最新文章", Verb.LATEST))
    return text_answer(PERSON, Button("最新文章", Verb.LATEST), Button("主題", Verb.THEME), Button("說明", Verb.HELP))
