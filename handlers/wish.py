"""有文章再通知我, 答非所問, 都不是: what to do about a question the archive does not answer."""

from __future__ import annotations

from handlers.ask import Answer, Ask, Button, Command, refused, said
from handlers.club.gaps import Gap
from handlers.house import House


def wish(ask: Ask, house: House) -> Answer:
    """Tell this person once an essay answers the question."""
    if ask.user is None:
        return refused("LINE 沒有告訴我你是誰,請一對一跟我說。")
    question = _question(ask)
    if not question:
        return refused("想等哪個主題?例如「有文章再通知我 鈉離子電池」。")
    fresh = house.club.gaps.wish(ask.user, question, house.library.revision(), ask.at)
    word = "記下了" if fresh else "早就記下了"
    return said(f"{word}:有「{question[:24]}」的文章就通知你一次。", Button("不用了", f"不用通知我 {question}"))


def unwish(ask: Ask, house: House) -> Answer:
    """Forget a wish."""
    mine = house.club.gaps.wishes(ask.user) if ask.user else []
    for kept in mine:
        if kept.question == ask.text or not ask.text:
            house.club.gaps.grant(kept.id)
    return said("好,不通知了。")


def wrong(ask: Ask, house: House) -> Answer:
    """The answer was beside the point: counted for the editors, without the asker."""
    question = _question(ask)
    if not question:
        return refused("哪個問題答得不對?按答案下面的「答非所問」就好。")
    house.club.gaps.note(question, Gap.WRONG, ask.at)
    return said("記下了,編輯會看到這個問題(不會看到你是誰)。", Button("有文章再通知我", f"有文章再通知我 {question}"))


def neither(ask: Ask, house: House) -> Answer:
    """None of the choices was meant."""
    question = _question(ask)
    house.club.gaps.note(question, Gap.MISS, ask.at)
    return said("那就是還沒有這個題目的文章。", Button("有文章再通知我", f"有文章再通知我 {question}"))


def _question(ask: Ask) -> str:
    """What was typed, or the last question asked here."""
    return ask.text.strip() or ask.session.command.partition(" ")[2]


WISH = Command(
    ("有文章再通知我", "通知我", "notify"),
    "有文章再通知我 鈉離子電池",
    "有人寫到時告訴你一次",
    ("有文章再通知我 鈉離子電池",),
    wish,
)
UNWISH = Command(("不用通知我", "unnotify"), "不用通知我", "不等了", ("不用通知我",), unwish, hidden=True)
WRONG = Command(("答非所問", "wrong"), "答非所問", "告訴編輯這題沒答好(不留名)", ("答非所問",), wrong)
NEITHER = Command(("都不是", "neither"), "都不是", "選項裡沒有要找的", ("都不是",), neither, hidden=True)
