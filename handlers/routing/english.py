"""English words around the Chinese quotation, for who asks in English."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from handlers.answer import Answer, Button, Choice, Digest, EssayCard, Link, TickerCard

FROM_ESSAYS = "From the essays (in Chinese):"
_LABELS = {
    "更多": "More",
    "收藏": "Save",
    "延伸閱讀": "Related",
    "相關文章": "Essays",
    "訂閱": "Subscribe",
    "追蹤": "Follow",
    "分享": "Share",
    "有文章再通知我": "Tell me when there is one",
    "沒答到": "Not what I asked",
    "最新文章": "Latest",
    "主題": "Themes",
    "說明": "Help",
    "都不是": "None of these",
    "全部指令": "All commands",
}
_TEXTS = (
    (r"文章裡(?:|也)還沒寫到「([^」]+)」。", r"No essay covers “\1” yet. "),
    (r"最接近的主題：(.+?)（(\d+) 篇）。", r"Closest theme: \1 (\2). "),
    (r"你想找的是哪一篇？", "Which one do you mean?"),
    (r"這段時間沒有寫到，這是其他時間的文章：", "Nothing from that time; from other times: "),
    (r"有一篇寫「([^」]+)」，但沒直接談到「([^」]+)」。", r"One essay speaks of “\1”, but not of “\2”. "),
    (r"不太確定，最接近的是：", "Not sure; this comes closest:"),
    (r"我不看即時股價，也不給買賣建議。", "I give no live prices and no advice to buy or sell. "),
    (r"文章裡這樣說：", "The essays say:"),
    (r"(.+?)（(\w+)）還沒有文章。", r"No essay on \1 (\2) yet."),
    (r"沒有更多了。", "That is all."),
)
P = TypeVar("P", EssayCard, TickerCard, Digest)


def in_english(answer: Answer) -> Answer:
    """The same answer with English words of our own; what essays say stays as it was written."""
    text = answer.text
    for pattern, english in _TEXTS:
        text = re.sub(pattern, english, text)
    if not text and (answer.cards or answer.ticker or answer.digest):
        text = FROM_ESSAYS
    return replace(
        answer,
        text=text.strip(),
        cards=tuple(map(_part, answer.cards)),
        ticker=_part(answer.ticker) if answer.ticker else None,
        digest=_part(answer.digest) if answer.digest else None,
        choices=tuple(map(_choice, answer.choices)),
        buttons=tuple(map(_button, answer.buttons)),
    )


def _part(part: P) -> P:
    return replace(part, buttons=tuple(map(_button, part.buttons)))


def _choice(choice: Choice) -> Choice:
    """A command that is offered by its own word stays that word: it is what can be typed."""
    return choice if choice.label == choice.says else replace(choice, label=_LABELS.get(choice.label, choice.label))


def _button(button: Button | Link) -> Button | Link:
    return replace(button, label=_LABELS.get(button.label, button.label))
