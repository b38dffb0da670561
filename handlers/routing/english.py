"""English words around the Chinese quotation, for people who ask in English."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from handlers.answer import Answer, Button, Choice, Digest, EssayCard, Link, TickerCard

FROM_ESSAYS = "From the essays (in Chinese):"
LABELS = {
    "更多": "More",
    "收藏": "Save",
    "收藏這段": "Keep this",
    "複製引用": "Copy with source",
    "延伸閱讀": "Related",
    "相關文章": "Essays",
    "訂閱": "Subscribe",
    "追蹤": "Follow",
    "取消追蹤": "Unfollow",
    "有文章再通知我": "Notify me",
    "問編輯": "Ask an editor",
    "沒答到": "Not what I asked",
    "最新文章": "Latest",
    "主題": "Themes",
    "說明": "Help",
    "都不是": "None of these",
    "全部指令": "All commands",
    "打字問": "Type a question",
    "改時間": "Change the time",
    "取消這次": "Undo",
    "取消收藏": "Undo",
    "訂回來": "Undo",
    "我的訂閱": "My subscriptions",
    "我的收藏": "Saved",
    "自選": "Watchlist",
    "輸入開通碼": "Enter a code",
    "退訂": "Unsubscribe",
    "今日": "Today",
    "所有作者": "All authors",
    "訂閱這位作者": "Subscribe",
    "在他的文章裡找": "Search in these",
    "看股價": "Price page",
    "我的資料": "My data",
    "刪除我的資料": "Delete my data",
    "在文章裡找": "Search the essays",
    "挑別的時間": "Pick a time",
}
_TEXTS = (
    (r"文章裡(?:|也)還沒寫到「([^」]+)」。", r"No essay covers “\1” yet. "),
    (r"問我怎麼用按「說明」，找人按「問編輯」。", "For how to use me press Help; for a person, Ask an editor."),
    (r"最接近的主題：(.+?)（(\d+) 篇）。", r"Closest theme: \1 (\2). "),
    (r"你想找的是哪一篇？", "Which one do you mean?"),
    (r"這段時間沒有寫到，這是其他時間的文章：", "Nothing from that time; from other times: "),
    (r"有一篇寫「([^」]+)」，但沒直接談到「([^」]+)」。", r"One essay speaks of “\1”, but not of “\2”. "),
    (r"不太確定，最接近的是：", "Not sure; this comes closest:"),
    (r"我不看即時股價，也不給買賣建議。", "I give no live prices and no advice to buy or sell. "),
    (r"文章裡這樣說：", "The essays say:"),
    (r"(.+?)（(\w+)）還沒有文章。", r"No essay on \1 (\2) yet."),
    (r"還沒有文章。", "There are no essays yet."),
    (r"沒有更多了。", "That is all."),
    (r"這就是第一頁了。", "This is the first page."),
    (r"剛才聊到哪我忘了，請再打一次關鍵字。", "I lost the thread; please type it again."),
    (
        r"直接打公司、代號、主題或問題就可以。先試這幾個：",
        "Type a company, a ticker, a theme or a question. Try these:",
    ),
    (r"全部指令：前面是打法，後面是做什麼。", "All commands: what to type, and what it does (in Chinese)."),
    (r"不客氣。", "You are welcome."),
    (r"你好，今天想看哪個主題？|你好，直接打公司、代號或主題就可以。", "Hello. Type a company, a ticker or a theme."),
    (r"再見。", "Bye."),
    (
        r"我是羅盤，從社群的文章裡找原文回答，不給買賣建議。",
        "I am Luopan, a bot. I answer with passages from this community's essays, and give no advice to buy or sell.",
    ),
    (r"已經訂閱了：(.+?)。", r"Already subscribed: \1. "),
    (r"已訂閱：(.+?)。", r"Subscribed: \1. "),
    (r"有新文章的日子 (\d\d:\d\d) 送，沒新文章不打擾。", r"Sent at \1 on days with new essays. "),
    (r"目前還沒有文章寫到([^，]+)，有了才會送。", r"No essay speaks of \1 yet. "),
    (r"已退訂：(.+?)。剩 (\d+) 個。", r"Unsubscribed: \1. \2 left."),
    (r"已退訂：(.+?)。都退訂了。", r"Unsubscribed: \1. None left."),
    (r"已追蹤：(.+?)。", r"Following: \1. "),
    (r"文章裡還沒寫到([^，「]+)，先看([^；]+)；", r"No essay speaks of \1 yet; here is \2. "),
    (r"文章裡還沒寫到([^，「。]+)。", r"No essay speaks of \1 yet."),
    (r"沒有暫停。", "Nothing is paused. "),
    (r"文章都沒有標示作者。", "No essay names its author."),
    (r"要收藏哪一篇？例如「收藏 2」是剛才的第 2 篇。", "Which one? 「save 2」 is the second of the list."),
    (r"沒有這篇文章，可能已經下架了。", "There is no such essay; it may have been taken down."),
    (r"已收藏(〈[^〉]+〉)。", r"Saved \1."),
    (r"已經收藏過了。", "Saved already."),
    (
        r"自選是空的，還沒有追蹤任何一檔。例如「追蹤 2330、2317 NVDA」。",
        "Nothing on your watchlist. Type for example 「watch 2330」.",
    ),
    (
        r"目前不是會員。有開通碼的話輸入「開通 你的碼」。",
        "You are no member. With a code, type 「activate」 and the code. ",
    ),
    (r"共 (\d+) 位作者，想看誰的？", r"\1 authors. Whose essays?"),
    (r"要取消哪一個？", "What should be cancelled?"),
    (r"什麼時候送？也可以直接打，例如「每日 08:30」。", "When? It can be typed, too: 「每日 08:30」."),
    (r"一天送一次，新文章都會在裡面。要哪個時間？", "It comes once a day, with all that is new. When?"),
    (r"查公司：文章說過什麼、什麼時候說的", "a company: what the essays said, and when"),
    (r"問問題：直接打，或打「找 關鍵字」", "a question: just type it"),
    (r"有哪些主題", "which themes there are"),
    (r"有新文章時送你重點", "the gist of new essays"),
    (r"文章寫到它時告訴你", "when an essay names it"),
    (r"關鍵字：", "Keywords: "),
    (r"(\d+) 篇，最新 ", r"\1 essays, latest "),
    (
        r"這個我答不上來，我只會在社群的文章裡找。想查哪家公司或主題？",
        "I only search this community's essays. Which company or theme?",
    ),
    (r"我看不懂貼圖和圖片，請打字。", "I read text only, please type."),
)
P = TypeVar("P", EssayCard, TickerCard, Digest)


def in_english(answer: Answer, *, is_question: bool) -> Answer:
    """Return the same answer with English words of our own; essays stay as written, and a question's answer says so."""
    text = _said(answer.text)
    if is_question and not text and (answer.cards or answer.ticker or answer.digest):
        text = FROM_ESSAYS
    return replace(
        answer,
        text=text.strip(),
        in_english=True,
        cards=tuple(map(_part, answer.cards)),
        ticker=_part(answer.ticker) if answer.ticker else None,
        digest=_part(answer.digest) if answer.digest else None,
        choices=tuple(map(_choice, answer.choices)),
        buttons=tuple(map(_button, answer.buttons)),
    )


def _said(words: str) -> str:
    for pattern, english in _TEXTS:
        words = re.sub(pattern, english, words)
    return words


def _part(part: P) -> P:
    return replace(part, buttons=tuple(map(_button, part.buttons)))


def _choice(choice: Choice) -> Choice:
    """Return a choice with an English label; a label that is the command to type stays as it is."""
    label = choice.label if choice.label == choice.says else LABELS.get(choice.label, choice.label)
    return replace(choice, label=label, reason=_said(choice.reason))


def _button(button: Button | Link) -> Button | Link:
    if button.label.startswith("看"):  # 看矽光子 CPO
        return replace(button, label=LABELS.get(button.label, f"See {button.label[1:]}"[:20]))
    return replace(button, label=LABELS.get(button.label, button.label))
