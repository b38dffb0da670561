"""退訂, 全部退訂: what a chat wants to hear of no longer."""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process

from handlers.answer import LONGEST_DATA, Answer, Button, Outcome, choices_answer, error_answer, text_answer
from handlers.ask import Ask
from handlers.club.subscriptions import Subscription, TopicKind
from handlers.club.topic import BY
from handlers.command import Command
from handlers.context import Context
from handlers.reading.security_names import securities_named, security_key
from handlers.subscriptions.digest_settings import NOT_YOURS, may_change, too_long
from handlers.subscriptions.topic_words import are_known, topics_in
from handlers.text.numbering import place_in
from handlers.verb import Verb

PRESSED = 8  # subscriptions that have a button of their own

_NUMBERS = re.compile(r"^#?\d{1,3}([ ,、]+#?\d{1,3})*$")


def unsubscribe(ask: Ask, context: Context) -> Answer | Ask:
    """Unsubscribe by number, by name, or from all; from the only one where none is named."""
    if (problem := too_long(ask)) is not None:
        return problem
    kept = context.club.subscriptions.of(ask.chat)
    everything = ask.text in ("全部", "所有", "all")
    is_the_only_one = not ask.text and len(kept) == 1
    chosen = kept if everything or is_the_only_one else _chosen(ask.text, kept, context)
    if ask.as_free_text and not (chosen or everything or are_known(topics_in(ask.text, context), context)):
        return ask.as_free_text
    if not kept:
        return text_answer("這裡還沒有訂閱。", Button("主題", Verb.THEME))
    if not ask.text and not chosen:
        buttons = [Button(one.name[:20], Verb.UNSUBSCRIBE.of(one.name)) for one in kept[:PRESSED]]
        return choices_answer("要退訂哪一個？", *buttons, Button("全部退訂", Verb.UNSUBSCRIBE_ALL))
    if not chosen:
        return _nearest(ask.text, kept)
    mine = [one for one in chosen if may_change(ask, one.made_by)]
    if not mine:
        return error_answer(NOT_YOURS, Button("我的訂閱", Verb.SUBSCRIPTIONS))
    context.club.subscriptions.remove(mine)
    names = "、".join(one.name for one in mine)
    left = f"剩 {len(kept) - len(mine)} 個。" if len(kept) > len(mine) else "都退訂了。"
    denied = (
        f"「{'、'.join(one.name for one in chosen if one not in mine)}」{NOT_YOURS}" if len(mine) < len(chosen) else ""
    )
    again = [Button("訂回來", _again(mine))] if len(_again(mine)) <= LONGEST_DATA else []
    undo = again[0].says if again else ""
    return text_answer(f"已退訂：{names}。{left}{denied}", *again, Button("我的訂閱", Verb.SUBSCRIPTIONS), undo=undo)


def unsubscribe_all(ask: Ask, context: Context) -> Answer | Ask:
    """Unsubscribe from all that this person may change."""
    return ask.with_text(Verb.UNSUBSCRIBE.of("全部"))


def _chosen(text: str, kept: list[Subscription], context: Context) -> list[Subscription]:
    if (place := place_in(text)) is not None and kept:
        return [kept[place - 1 if place > 0 else -1]] if place <= len(kept) else []
    if _NUMBERS.match(text):
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        if all(1 <= number <= len(kept) for number in numbers):
            return [kept[number - 1] for number in dict.fromkeys(numbers)]
    keys = {topic.key for topic in topics_in(text, context)}
    codes = {security_key(one) for part in re.split("[,、]", text) for one in securities_named(part, context)}
    return [
        one
        for one in kept
        if text in (one.name, one.name.removeprefix(BY))
        or (one.topic.key in keys if one.kind is TopicKind.TOPIC else one.topic.wanted[0] in codes)
    ]


def _nearest(text: str, kept: list[Subscription]) -> Answer:
    names = [one.name for one in kept]
    near = process.extract(text, names, scorer=fuzz.ratio, limit=3)
    return choices_answer(
        f"沒有訂閱「{text[:20]}」。是不是要退訂：",
        *(Button(f"退訂 {n}"[:20], Verb.UNSUBSCRIBE.of(n)) for n, _, _ in near),
        outcome=Outcome.REFUSED,
    )


def _again(gone: list[Subscription]) -> str:
    """Return the command that takes the subscriptions back, topics and securities, each as it was."""
    names = (one.name if one.kind is TopicKind.TOPIC else one.topic.wanted[0] for one in gone)
    return Verb.SUBSCRIBE.of(f"「{'、'.join(names)}」")


UNSUBSCRIBE = Command(
    (Verb.UNSUBSCRIBE, "取消訂閱", "unsubscribe", "unsub"),
    "退訂 2、退訂 散熱",
    "不訂了",
    ("退訂 散熱",),
    unsubscribe,
    allowed_in_quiet_mode=True,
)
UNSUBSCRIBE_ALL = Command(
    (Verb.UNSUBSCRIBE_ALL, "unsubscribeall"),
    "全部退訂",
    "一個都不訂了",
    ("全部退訂",),
    unsubscribe_all,
    exact_only=True,
    allowed_in_quiet_mode=True,
)
