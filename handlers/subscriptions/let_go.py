"""取消長榮, 散熱不要了: a name that is no longer wanted, whether it was subscribed to or watched."""

from __future__ import annotations

import re

from handlers.answer import Answer, Button, error_answer
from handlers.ask import Ask
from handlers.club.subscriptions import TopicKind
from handlers.command import Command
from handlers.context import Context
from handlers.reading.security_names import securities_named, security_key
from handlers.subscriptions.topic_words import is_known
from handlers.verb import Verb

_NO = (
    r"(?:取消|移除|拿掉|刪掉|停掉|停止|解除)(?:追蹤|訂閱|通知)?"
    r"|(?:不要|不用|不想|別|不必)(?:再|一直)*(?:追蹤|追|訂閱|訂|送|傳|發|推|通知|收到?)(?:給?我)?|不(?:追蹤|追|訂閱|訂)了?"
)
_KIND = "(?:的|那[個檔支])?(?:文章|摘要|通知|消息|東西)?"
_BEFORE = re.compile(rf"(?:請|幫我|我)*(?:{_NO})\s?(?P<name>[^\s,。?!]{{1,12}}?){_KIND}了?")
_BEHIND = re.compile(
    rf"(?:請|幫我|我|把|將)*(?P<name>[^\s,。?!]{{1,12}}?)\s?{_KIND}(?:我?(?:先|都|就)?)(?P<no>{_NO}|不[想要](?:再)?看|不要|不用)(?:了|掉|送|傳|通知|再送|再傳)*"
)


def let_go(ask: Ask, context: Context) -> Answer | Ask:
    """Unsubscribe from a name, or unwatch it; say where a known name was neither, and search for anything else."""
    name = _name(ask.text)
    codes = {security_key(one) for one in securities_named(name, context)}
    for one in context.club.subscriptions.of(ask.chat):
        if one.kind is TopicKind.SECURITY and one.topic.wanted[0] in codes:
            return ask.with_text(Verb.UNWATCH.of(one.topic.wanted[0]))
        if name == one.name or (one.kind is TopicKind.TOPIC and one.topic.wanted == (name,)):
            return ask.with_text(Verb.UNSUBSCRIBE.of(one.name))
    if not (is_known(name, context) and _is_about_sending(ask.text)):
        return ask.with_text(Verb.FIND.of(ask.text))
    return error_answer(
        f"這裡沒有訂閱或追蹤「{name}」。", Button(name[:20], Verb.FIND.of(name)), Button("我的訂閱", Verb.SUBSCRIPTIONS)
    )


def _name(text: str) -> str:
    found = _BEFORE.fullmatch(text) or _BEHIND.fullmatch(text)
    return found["name"] if found else ""


def _is_about_sending(text: str) -> bool:
    """Tell whether a text speaks of sending: 「鴻海不要」, 「別追台積電」, never 「取消關稅」, of which an essay may tell."""
    return _BEHIND.fullmatch(text) is not None or re.search("[追訂送傳發推收]|通知", text) is not None


def lets_go(ask: Ask) -> bool:
    return bool(_name(ask.text))


COMMAND = Command(
    words=(),
    usage="取消長榮、散熱不要了",
    help="不再收到一個主題或一檔",
    examples=("取消長榮", "散熱不要了"),
    run=let_go,
    hidden=True,
    allowed_in_quiet_mode=True,
    recognise=lets_go,
)
