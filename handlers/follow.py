"""更多、第 2 篇、那聯發科呢: follow-ups, each standing for a command that could have been typed whole."""

from __future__ import annotations

import re

from handlers.ask import Answer, Ask, Button, Command, said
from handlers.house import House

FORGOTTEN = "剛才聊到哪我忘了,請再打一次關鍵字。"

_ORDINAL = re.compile(r"^第\s*([0-9一二三四五六七八九十]{1,2})\s*[篇則個項]$")
_BARE = re.compile(r"^[1-9]$")
_OTHER = re.compile(r"^那?\s*(?P<name>[^\s,?]{1,20}?)\s*呢\s*\??$")
_WHY = re.compile(r"^(為什麼|為何|怎麼說|原因是什麼|why)\s*\??$", re.IGNORECASE)
_MORE = re.compile(r"^(還有(嗎|呢|沒有|別的嗎)?|繼續|再來)\s*\??$")
_NUMERALS = "一二三四五六七八九十"


def more(ask: Ask, house: House) -> Answer | Ask:
    """The next page of the last answer."""
    if not ask.session.command:
        return said(FORGOTTEN, Button("最新文章", "最新"))
    return ask.saying(f"{ask.session.command} 第{ask.session.page + 1}頁")


def is_follow_up(text: str) -> bool:
    """True for words that only make sense after an answer of ours."""
    return bool(
        _ORDINAL.match(text) or _BARE.match(text) or _OTHER.match(text) or _WHY.match(text) or _MORE.match(text)
    )


def refers_back(ask: Ask) -> bool:
    """A follow-up; a bare number only where something was numbered."""
    if _BARE.match(ask.text):
        return bool(ask.session.choices or ask.session.essays)
    if _WHY.match(ask.text) or _OTHER.match(ask.text):
        return bool(ask.session.command)
    return is_follow_up(ask.text)


def follow(ask: Ask, house: House) -> Answer | Ask:
    """The command that a follow-up stands for."""
    session = ask.session
    if (match := _ORDINAL.match(ask.text) or _BARE.match(ask.text)) is not None:
        return _pick(ask, _number(match.group(1) if match.re is _ORDINAL else match.group()))
    if not session.command:
        return said(FORGOTTEN, Button("最新文章", "最新"))
    if _MORE.match(ask.text):
        return more(ask, house)
    if _WHY.match(ask.text):
        return ask.saying(f"{session.command} 為什麼")
    other = _OTHER.match(ask.text)
    return ask.saying(_about(session.command, other.group("name") if other else "", house))


def _pick(ask: Ask, number: int) -> Answer | Ask:
    if ask.session.choices:
        if number <= len(ask.session.choices):
            return ask.saying(ask.session.choices[number - 1])
        return said(f"剛才只有 {len(ask.session.choices)} 個選項。")
    if number <= len(ask.session.essays):
        _, _, question = ask.session.command.partition(" ")
        return ask.saying(f"讀 {ask.session.essays[number - 1]} {question}".strip())
    if ask.session.essays:
        return said(f"剛才只有 {len(ask.session.essays)} 篇。")
    return said(FORGOTTEN, Button("最新文章", "最新"))


def _about(command: str, name: str, house: House) -> str:
    """The same question about another name: 「找 台積電 散熱」, 聯發科 -> 「找 散熱 聯發科」."""
    word, _, question = command.partition(" ")
    if word == "個股":
        return f"個股 {name}"
    kept = [part for part in question.split() if not house.library.resolve_security(part)]
    return " ".join([word, *kept, name])


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text == "十":
        return 10
    tens, _, ones = text.rpartition("十")
    return (10 * (_NUMERALS.index(tens) + 1 if tens else 1) if "十" in text else 0) + (
        _NUMERALS.index(ones) + 1 if ones else 0
    )


MORE = Command(
    words=("更多", "下一頁", "再多一點", "more"),
    usage="更多",
    help="上一個回答的下一頁",
    examples=("更多",),
    run=more,
    alone=True,
)
FOLLOW = Command(
    words=(),
    usage="第 2 篇、那聯發科呢、為什麼",
    help="接著上一個回答問",
    examples=("第 2 篇", "那聯發科呢"),
    run=follow,
    recognise=refers_back,
)
