"""追蹤, 取消追蹤, 自選: the securities that a chat watches."""

from __future__ import annotations

import re

from corpus.lexicon.securities import Security
from corpus.storage.topics import TopicCount
from handlers.answer import LONGEST_DATA, NAMELESS, Answer, Button, Choice, Outcome, error_answer, keyboard, text_answer
from handlers.ask import Ask, Session
from handlers.club.subscriptions import MOST, TopicKind
from handlers.club.topic import Topic, and_apart, joined
from handlers.command import Command
from handlers.context import Context
from handlers.reading.security_names import market_label, securities_named, security_key, typed_with_code
from handlers.subscriptions.digest_settings import (
    CHANGE_TIME,
    NOT_YOURS,
    describe_schedule,
    may_change,
    settings_of,
    too_long,
)
from handlers.verb import Verb

PRESSED = 6

_APART = re.compile(r"[\s,;、&+。]+(?:(?:and|和|跟|與)\s+)?")


def watch(ask: Ask, context: Context) -> Answer | Ask:
    """Watch one security or several; the name of a theme or an author subscribes to it."""
    if ask.user is None:
        return error_answer(NAMELESS)
    if (problem := too_long(ask)) is not None:
        return problem
    names = _names(ask.text, context)
    if not names:
        return error_answer(
            "要追蹤哪一檔？例如「追蹤 2330、2317 NVDA」。", keyboard(Verb.WATCH), Button("自選", Verb.WATCHLIST)
        )
    found = {name: securities_named(name, context) for name in names}
    followed = context.library.subjects.resolve_theme(ask.text) is not None or context.library.means_author(ask.text)
    if not any(found.values()) and followed:
        return ask.with_text(Verb.SUBSCRIBE.of(ask.text))
    if (asked := _unsure(found, context)) is not None:
        return asked if any(found.values()) else ask.as_free_text or asked
    book = context.club.subscriptions
    had = {one.topic.key for one in book.of(ask.chat, TopicKind.SECURITY)}
    more = {Topic((security_key(ones[0]),)).key for ones in found.values() if ones}
    if more - had and len(had | more) > MOST[TopicKind.SECURITY]:
        return error_answer(f"最多追蹤 {MOST[TopicKind.SECURITY]} 檔，先取消幾檔。", Button("自選", Verb.WATCHLIST))
    settings = settings_of(ask, context)
    book.keep(settings)
    revision = context.library.revision()
    watched = list(dict.fromkeys(ones[0] for ones in found.values() if ones))
    fresh = [
        one
        for one in watched
        if book.add(
            ask.chat,
            TopicKind.SECURITY,
            typed_with_code(one),
            Topic((security_key(one),)),
            by=ask.user,
            revision=revision,
            at=ask.at,
        )
    ]
    unknown = [name for name, ones in found.items() if not ones]
    return _confirmed(fresh, watched, unknown, describe_schedule(settings, ask, context))


def _confirmed(fresh: list[Security], watched: list[Security], unknown: list[str], when: str) -> Answer:
    """Say what is watched from now on, and when its news come; what was new can be undone."""
    lost = f"沒有「{'、'.join(unknown)}」這個代號或名稱。" if unknown else ""
    undo = Verb.UNWATCH.of("、".join(map(security_key, fresh)))
    undoing = (Button("取消這次", undo),) if fresh and len(undo) <= LONGEST_DATA else ()
    word = "已追蹤" if fresh else "已經追蹤了"
    text = f"{word}：{'、'.join(map(typed_with_code, fresh or watched))}。{when}{lost}"
    return text_answer(text, *undoing, CHANGE_TIME, Button("自選", Verb.WATCHLIST), undo=undo if undoing else "")


def unwatch(ask: Ask, context: Context) -> Answer | Ask:
    """Stop watching some, or all with 全部."""
    if (problem := too_long(ask)) is not None:
        return problem
    keys = {security_key(one) for name in _names(ask.text, context) for one in securities_named(name, context)}
    everything = ask.text in ("全部", "所有", "all")
    if ask.as_free_text and not (keys or everything):
        return ask.as_free_text
    kept = context.club.subscriptions.of(ask.chat, TopicKind.SECURITY)
    if not kept:
        return text_answer("這裡還沒有追蹤。", Button("說明", Verb.HELP))
    if not ask.text:
        return text_answer(
            "要取消哪一檔？", *(Button(one.name[:20], Verb.UNWATCH.of(one.topic.wanted[0])) for one in kept[:PRESSED])
        )
    chosen = kept if everything else [one for one in kept if one.topic.wanted[0] in keys]
    if not chosen:
        return error_answer(
            "沒有追蹤這一檔。", *(Button(one.name[:20], Verb.UNWATCH.of(one.topic.wanted[0])) for one in kept[:3])
        )
    mine = [one for one in chosen if may_change(ask, one.made_by)]
    if not mine:
        return error_answer(NOT_YOURS, Button("自選", Verb.WATCHLIST))
    context.club.subscriptions.remove(mine)
    undo = Verb.WATCH.of("、".join(one.topic.wanted[0] for one in mine))
    return text_answer(
        f"已取消追蹤：{'、'.join(one.name for one in mine)}。",
        Button("自選", Verb.WATCHLIST),
        undo=undo if len(undo) <= LONGEST_DATA else "",
    )


def unwatch_all(ask: Ask, context: Context) -> Answer | Ask:
    return ask.with_text(Verb.UNWATCH.of("全部"))


def watched(ask: Ask, context: Context) -> Answer:
    """List each watched name with its number of essays and the latest date, also where nothing is new."""
    kept = context.club.subscriptions.of(ask.chat, TopicKind.SECURITY)
    if not kept:
        return text_answer(
            "自選是空的，還沒有追蹤任何一檔。例如「追蹤 2330、2317 NVDA」。", Button("追蹤 2330", Verb.WATCH.of("2330"))
        )
    tallies = {tally.key: tally for tally in context.library.subjects.security_tallies()}
    rows = tuple((one.name, _about(tallies.get(one.topic.wanted[0]))) for one in kept)
    picks = tuple(Button(one.name[:20], Verb.SECURITY.of(one.topic.wanted[0])) for one in kept[:PRESSED])
    session = Session(choices=tuple(f"個股 {one.topic.wanted[0]}" for one in kept))
    return Answer(Outcome.SAID, text="自選", rows=rows, buttons=(*picks, Button("今日", Verb.TODAY)), session=session)


def _unsure(found: dict[str, list[Security]], context: Context) -> Answer | None:
    """Offer choices for an ambiguous name, or the closest names where none is known; None where nothing is to be asked."""
    for name, ones in found.items():
        if len(ones) > 1:
            rest = "、".join(other for other in found if other != name)
            lines = [f"追蹤 {security_key(one)}" + (f"、{rest}" if rest else "") for one in ones[:4]]
            choices = tuple(
                Choice(f"{one.name}（{one.code}）", line, market_label(one.exchange))
                for one, line in zip(ones, lines, strict=False)
            )
            return Answer(
                Outcome.CHOICES, f"「{name}」是哪一檔？", choices=choices, session=Session(choices=tuple(lines))
            )
    if any(found.values()):
        return None
    near = [one for name in found for one in context.library.subjects.suggest_securities(name)][:3]
    hint = "是不是：" if near else "可以打公司名稱或代號，例如「追蹤 2330」。"
    buttons = [Button(f"追蹤 {typed_with_code(one)}"[:20], Verb.WATCH.of(security_key(one))) for one in near]
    return error_answer(f"沒有「{'、'.join(found)[:40]}」這個代號或名稱。{hint}", *buttons)


def _names(text: str, context: Context) -> list[str]:
    def is_name(name: str) -> bool:
        return bool(securities_named(name, context))

    names = joined([name for name in _APART.split(text) if name], is_name)
    return [part for name in names for part in (and_apart(name, is_name) or [name])]


def _about(tally: TopicCount | None) -> str:
    if tally is None:
        return "還沒有文章"
    return f"{tally.essays} 篇" + (f"，最近 {tally.latest:%Y/%m/%d}" if tally.latest else "，日期未標示")


WATCH = Command(
    (Verb.WATCH, "關注", "盯", "follow", "watch"),
    "追蹤 2330、2317 NVDA",
    "有這幾檔的新文章就送",
    ("追蹤 2330、2317 NVDA",),
    watch,
    allowed_in_quiet_mode=True,
)
UNWATCH = Command(
    (Verb.UNWATCH, "stopfollowing", "unfollow", "unwatch"),
    "取消追蹤 2330",
    "不追蹤了",
    ("取消追蹤 2330",),
    unwatch,
    allowed_in_quiet_mode=True,
)
UNWATCH_ALL = Command(
    (Verb.UNWATCH_ALL, "unwatchall"),
    "全部取消追蹤",
    "一檔都不追蹤了",
    ("全部取消追蹤",),
    unwatch_all,
    exact_only=True,
    allowed_in_quiet_mode=True,
)
WATCHED = Command(
    (Verb.WATCHLIST, "自選股", "watchlist"),
    "自選",
    "追蹤的每一檔：幾篇文章、最近哪天",
    ("自選",),
    watched,
    exact_only=True,
    allowed_in_quiet_mode=True,
)
