"""問編輯: a question for a person. It stays unread in LINE's own inbox, where there is somebody who reads it."""

from __future__ import annotations

from handlers.answer import LONGEST_DATA, Answer, Button, Outcome, error_answer, keyboard, text_answer
from handlers.ask import Ask
from handlers.club.gaps import Gap
from handlers.command import Command
from handlers.context import Context
from handlers.verb import Verb

LEFT = "留給編輯了：這一則在編輯的 LINE 收件匣裡是未讀，編輯看到會在這裡回你。"
NOTED = "記下了，編輯會看到這個問題（不會看到你是誰，所以不會回你）。"
WHAT = "想問編輯什麼？打「問編輯」，後面接你的問題。"


def ask_editor(ask: Ask, context: Context) -> Answer:
    """Leave what was typed to the editors; a button's press is no message that could wait for them."""
    if not ask.text or ask.pressed:
        return error_answer(WHAT, keyboard(Verb.ASK_EDITOR, "問編輯", ask.text))
    if context.services.has_inbox():
        return Answer(Outcome.TO_EDITOR, text=LEFT)
    context.club.gaps.note(ask.text, Gap.MISS, ask.at, user=ask.user, message=ask.message)
    return text_answer(NOTED, Button("有文章再通知我", Verb.NOTIFY.of(ask.text)[:LONGEST_DATA]))


COMMAND = Command(
    (Verb.ASK_EDITOR, "問小編", "問版主", "askeditor"),
    "問編輯 你的問題",
    "留一句話給編輯",
    ("問編輯 下個月會寫哪些題目",),
    ask_editor,
    group=False,
)
