"""有文章再通知我, 等通知, 答非所問, 都不是: what to do about a question the archive does not answer."""

from __future__ import annotations

from handlers.answer import LONGEST_DATA, NAMELESS, Answer, Button, Outcome, error_answer, keyboard, text_answer
from handlers.ask import Ask
from handlers.club.gaps import Gap, question_key
from handlers.command import Command
from handlers.context import Context
from handlers.text.numbering import own_number
from handlers.text.small_talk_words import is_chatter
from handlers.verb import Verb

MOST = 30  # that one person may wait for: each is searched for with every new essay
PRESSED = 6


def add_alert(ask: Ask, context: Context) -> Answer:
    """Keep a question, so that this person is told once an essay answers it."""
    if ask.user is None:
        return error_answer(NAMELESS)
    question = _question(ask)
    if not question:
        return error_answer("想等哪個主題？例如「有文章再通知我 鈉離子電池」。", keyboard(Verb.NOTIFY, "等一個主題"))
    mine = context.club.gaps.alerts(ask.user)
    if len(mine) >= MOST and question_key(question) not in {question_key(one.question) for one in mine}:
        return error_answer(f"一次最多等 {MOST} 題，先拿掉幾題再加。", Button("通知清單", Verb.ALERTS))
    said_in = None if ask.pressed else ask.message
    fresh = context.club.gaps.add_alert(ask.user, question, context.library.revision(), ask.at, said_in)
    word = "記下了" if fresh else "已經記下了"
    undo = Verb.UNNOTIFY.of(question)[:LONGEST_DATA]
    return text_answer(f"{word}：有「{question[:24]}」的文章就通知你一次。", Button("不用了", undo), undo=undo)


def list_alerts(ask: Ask, context: Context) -> Answer:
    """List this person's alerts, with buttons to let the first of them go."""
    mine = context.club.gaps.alerts(ask.user)[:MOST] if ask.user else []
    if not mine:
        return text_answer("目前沒有設定通知。例如「有文章再通知我 鈉離子電池」。", keyboard(Verb.NOTIFY, "等一個主題"))
    rows = tuple((f"{number}. {one.question[:40]}", "") for number, one in enumerate(mine, 1))
    buttons = [
        Button(f"不等「{one.question}」", Verb.UNNOTIFY.of(one.question)[:LONGEST_DATA]) for one in mine[:PRESSED]
    ]
    text = "有文章就通知你一次；不等的打「不用通知我 1」。"
    return Answer(Outcome.SAID, text=text, rows=rows, buttons=(*buttons, Button("都不用", Verb.UNNOTIFY)))


def remove_alert(ask: Ask, context: Context) -> Answer | Ask:
    """Forget an alert by its number or its words; all of them when none is named."""
    mine = context.club.gaps.alerts(ask.user) if ask.user else []
    number, rest = own_number(ask.text)
    if not rest and 1 <= number <= len(mine):
        chosen = [mine[number - 1]]
    else:
        chosen = [one for one in mine if not ask.text or question_key(one.question) == question_key(ask.text)]
    if ask.text and not chosen:
        return ask.as_free_text or error_answer(f"沒有設定「{ask.text[:24]}」的通知。", Button("通知清單", Verb.ALERTS))
    for one in chosen:
        context.club.gaps.fulfil(one.id)
    text = f"好，「{chosen[0].question[:24]}」不通知了。" if ask.text else "好，全部取消通知了。"
    return text_answer(text, Button("我的訂閱", Verb.SUBSCRIPTIONS))


def wrong(ask: Ask, context: Context) -> Answer:
    """Count an answer as beside the point, for the editors, without the asker."""
    question = _question(ask)
    if not question:
        return error_answer("哪個問題答得不對？例如「沒答到 散熱」。", keyboard(Verb.WRONG))
    context.club.gaps.note(question, Gap.WRONG, ask.at, user=ask.user, message=ask.message)
    return text_answer("記下了，編輯會看到這個問題（不會看到你是誰）。", _offer(question))


def neither(ask: Ask, context: Context) -> Answer:
    """Count a question of whose choices none was meant, and offer an alert."""
    question = _question(ask)
    if not question:
        return error_answer("哪個問題？請再打一次關鍵字。")
    context.club.gaps.note(question, Gap.MISS, ask.at, user=ask.user, message=ask.message)
    return text_answer("那社群裡還沒有這題的文章。", _offer(question))


def _offer(question: str) -> Button:
    return Button("有文章再通知我", Verb.NOTIFY.of(question)[:LONGEST_DATA])


def _question(ask: Ask) -> str:
    """Return what was typed, or the last question asked here; empty for words of conversation."""
    question = ask.text.strip() or ask.session.question
    return "" if is_chatter(question) else question


ADD = Command(
    (Verb.NOTIFY, "通知我", "notify"),
    "有文章再通知我 鈉離子電池",
    "有人寫到時告訴你一次",
    ("有文章再通知我 鈉離子電池",),
    add_alert,
    personal=True,
)
WAITING = Command(
    (Verb.ALERTS, "等通知", "等通知清單", "wishes"),
    "通知清單",
    "有文章就通知你的題目",
    ("通知清單",),
    list_alerts,
    group=False,
    exact_only=True,
)
REMOVE = Command(
    (Verb.UNNOTIFY, "不要通知我", "不要再通知我", "別通知我", "別再通知我", "不用再通知我", "unnotify"),
    "不用通知我 1、不用通知我",
    "不等了",
    ("不用通知我",),
    remove_alert,
    personal=True,
)
WRONG = Command(
    (Verb.WRONG, "答非所問", "wrong"), "沒答到", "告訴編輯這題沒答好（不留名）", ("沒答到",), wrong, own_word=True
)
NEITHER = Command(
    (Verb.NEITHER, "neither"), "都不是", "選項裡沒有要找的", ("都不是",), neither, own_word=True, hidden=True
)
