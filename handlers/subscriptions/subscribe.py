"""訂閱, 我的訂閱, 退訂, 全部退訂: what a chat wants to hear of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from rapidfuzz import fuzz, process

from handlers.answer import LONGEST_DATA, Answer, Button, Outcome, choices_answer, error_answer, keyboard, text_answer
from handlers.ask import Ask
from handlers.club.subscriptions import MOST, DigestSettings, Subscription, TopicKind
from handlers.club.timetable import Timetable, read_timetable
from handlers.club.topic import BY, MOST_WORDS, Topic, author_of, read_topics
from handlers.command import Command
from handlers.context import Context
from handlers.reading.security_names import key, named, spoken
from handlers.subscriptions.digest_settings import (
    CHANGE_TIME,
    NAMELESS,
    NOT_YOURS,
    describe_schedule,
    may_change,
    settings_of,
    times_wanted,
    too_long,
)
from handlers.subscriptions.topic_words import and_apart, is_known, is_written, meant_by
from handlers.text.bot_words import bot_topic
from handlers.text.numbering import place_in
from handlers.text.small_talk_words import is_chatter
from handlers.verb import Verb

MOST_LETTERS = 60  # of one topic
PRESSED = 8  # subscriptions that have a button of their own

_QUOTED = re.compile("[「」\"'“”]")
_NUMBERS = re.compile(r"^#?\d{1,3}([ ,、]+#?\d{1,3})*$")
_TIMED = re.compile(r"(?P<topics>.*?)[ ,]*(?P<time>(每|交易日|平日|daily|weekly|every).*)")


class WantedTopic(NamedTuple):
    """One thing to hear of, as the book of subscriptions keeps it."""

    kind: TopicKind
    name: str
    topic: Topic


def subscribe(ask: Ask, context: Context) -> Answer | Ask:
    """Want to hear of some topics; of several when commas part them, and at another time when one is named."""
    if (problem := too_long(ask)) is not None:
        return problem
    text, table, once = _timed(ask.text)
    text = f"{BY}{text}" if context.library.means_author(text) else text
    topics = _topics(text, context)
    if ask.as_free_text and not _are_known(topics, context):
        return ask.as_free_text  # 訂閱制 is a business
    if ask.user is None:
        return error_answer(NAMELESS)
    if not text:
        return _invite(ask, context)
    if (problem := _problem(text, topics, ask, context)) is not None:
        return problem
    book, settings = context.club.subscriptions, settings_of(ask, context)
    if table is not None and may_change(ask, settings.set_by):
        settings = replace(settings, timetable=table, since=ask.at.timestamp(), set_by=ask.user)
    book.keep(settings)
    revision = context.library.revision()
    wanted = list(dict.fromkeys(_wanted(topic, context) for topic in topics))
    fresh = [one for one in wanted if book.add(ask.chat, *one, by=ask.user, revision=revision, at=ask.at)]
    done = _confirmed(wanted, fresh, settings, ask, context)
    return replace(done, text=f"{done.text}{once.text}", choices=once.choices) if once else done


def mine(ask: Ask, context: Context) -> Answer:
    """What this chat gets, and when."""
    kept = context.club.subscriptions.of(ask.chat)
    settings = context.club.subscriptions.settings_of(ask.chat)
    if not kept or settings is None:
        return _invite(ask, context)
    told = describe_schedule(settings, ask, context)
    hours = context.club.chats.get(ask.chat).quiet_hours
    quiet = f"{hours} 勿擾。" if hours and "勿擾" not in told else ""
    rows = tuple((f"{number}. {one.name}", _KINDS[one.kind]) for number, one in enumerate(kept, 1))
    resume = Button("恢復", Verb.RESUME) if settings.is_paused(ask.at) else Button("暫停 7 天", Verb.PAUSE.of("7天"))
    return Answer(
        Outcome.SAID,
        text=f"訂閱了 {len(kept)} 個。{told}{quiet}不要的打「{'羅盤 ' if ask.chat.is_group else ''}退訂 1」。",
        rows=rows,
        buttons=(
            Button("今日", Verb.TODAY),
            CHANGE_TIME,
            resume,
            keyboard(Verb.SUBSCRIBE),
            Button("退訂", Verb.UNSUBSCRIBE),
        ),
    )


def unsubscribe(ask: Ask, context: Context) -> Answer | Ask:
    """Let some go: by number, by name, or all of them; the only one where none is named."""
    if (problem := too_long(ask)) is not None:
        return problem
    kept = context.club.subscriptions.of(ask.chat)
    everything = ask.text in ("全部", "所有", "all")
    is_the_only_one = not ask.text and len(kept) == 1
    chosen = kept if everything or is_the_only_one else _chosen(ask.text, kept, context)
    if ask.as_free_text and not (chosen or everything or _are_known(_topics(ask.text, context), context)):
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
    """Let all go that this person may."""
    return ask.with_text(Verb.UNSUBSCRIBE.of("全部"))


def _timed(text: str) -> tuple[str, Timetable | None, Answer | None]:
    """「散熱 每週一 08:00」: the topics, the time that stands behind them, and what to say where that is several times."""
    found = _TIMED.fullmatch(text)
    if found is None:
        return text, None, None
    table, once = read_timetable(found["time"]), times_wanted(found["time"])
    return (found["topics"].strip(), table, None if table else once) if table or once else (text, None, None)


def _problem(text: str, topics: list[Topic], ask: Ask, context: Context) -> Answer | None:
    """What is wrong with a line, with the nearest correct one ready to press."""
    words = [word for topic in topics for word in topic.wanted]
    if not topics or (words and all(is_chatter(word) or bot_topic(word) for word in words)):
        return error_answer(
            "要訂閱什麼？", Button(f"訂閱 精選 {text}"[:20], f"訂閱 精選 {text}"[:300]), Button("主題", Verb.THEME)
        )
    for topic in topics:
        if len(topic.wanted) + len(topic.without) > MOST_WORDS or len(str(topic)) > MOST_LETTERS:
            short = f"訂閱 {' '.join(topic.wanted[:2])[:MOST_LETTERS]}"
            return error_answer(f"一個主題最多 {MOST_WORDS} 個詞、{MOST_LETTERS} 個字。", Button(short[:20], short))
    if (problem := _too_many(topics, ask, context)) is not None:
        return problem
    return None if _QUOTED.search(text) else _misspelt(topics, ask, context)


def _too_many(topics: list[Topic], ask: Ask, context: Context) -> Answer | None:
    kept = context.club.subscriptions.of(ask.chat)
    known = {(one.kind, one.topic.key) for one in kept}
    wanted = {(one.kind, one.topic.key) for one in (_wanted(topic, context) for topic in topics)}
    for kind, what in ((TopicKind.TOPIC, "訂閱 {} 個主題"), (TopicKind.SECURITY, "追蹤 {} 檔")):
        had, more = ({pair for pair in pairs if pair[0] is kind} for pairs in (known, wanted))
        if more - had and len(had | more) > MOST[kind]:
            return error_answer(f"最多{what.format(MOST[kind])}，先退訂幾個。", Button("我的訂閱", Verb.SUBSCRIPTIONS))
    return None


def _misspelt(topics: list[Topic], ask: Ask, context: Context) -> Answer | None:
    """A word that no essay holds but that is close to one that some do: better asked than waited for in vain."""
    for topic in topics:
        for word in topic.wanted:
            near = [] if is_known(word, context) else meant_by(word, ask, context)
            if near:
                lines = [f"訂閱 {str(topic).replace(word, name, 1)}" for name in near]
                plain = Button(f"就是「{word}」"[:20], Verb.SUBSCRIBE.of(f"「{topic}」"))
                buttons = (*(Button(line[:20], line) for line in lines), plain)
                return choices_answer(f"文章裡沒有「{word}」。是不是：", *buttons, outcome=Outcome.REFUSED)
    return None


def _confirmed(
    wanted: list[WantedTopic], fresh: list[WantedTopic], settings: DigestSettings, ask: Ask, context: Context
) -> Answer:
    names = "、".join(one.name for one in fresh or wanted)
    word = "已訂閱" if fresh else "已經訂閱了"
    undo = Verb.UNSUBSCRIBE.of("、".join(one.name for one in fresh))
    buttons = (Button("取消這次", undo),) if fresh and len(undo) <= LONGEST_DATA else ()
    return text_answer(
        f"{word}：{names}。{describe_schedule(settings, ask, context)}{_unwritten(fresh, ask, context)}",
        *buttons,
        CHANGE_TIME,
        undo=undo if buttons else "",
    )


def _unwritten(fresh: list[WantedTopic], ask: Ask, context: Context) -> str:
    """An honest word on what no essay holds yet: it may be new, or mistyped."""
    words = [word for one in fresh if one.kind is TopicKind.TOPIC for word in one.topic.wanted]
    unknown = [word for word in words if not (is_known(word, context) or is_written(word, ask, context))]
    return f"目前還沒有文章寫到「{'」「'.join(unknown)[:40]}」，有了才會送。" if unknown else ""


def _invite(ask: Ask, context: Context) -> Answer:
    tallies = context.library.subjects.theme_tallies()[:5]
    buttons = [Button(f"訂閱 {tally.name}"[:20], Verb.SUBSCRIBE.of(tally.name)) for tally in tallies]
    asked = choices_answer(
        "這裡還沒有訂閱。例如「訂閱 散熱」「訂閱 AI 散熱 不要手機」；什麼都要打「訂閱 精選」。",
        *buttons,
        Button("訂閱 精選", Verb.SUBSCRIBE.of("精選")),
    )
    return replace(asked, buttons=(keyboard(Verb.SUBSCRIBE),))


def _chosen(text: str, kept: list[Subscription], context: Context) -> list[Subscription]:
    if (place := place_in(text)) is not None and kept:
        return [kept[place - 1 if place > 0 else -1]] if place <= len(kept) else []
    if _NUMBERS.match(text):
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        if all(1 <= number <= len(kept) for number in numbers):
            return [kept[number - 1] for number in dict.fromkeys(numbers)]
    keys = {topic.key for topic in _topics(text, context)}
    codes = {key(one) for part in re.split("[,、]", text) for one in named(part, context)}
    return [
        one
        for one in kept
        if text in (one.name, author_of(one.name))
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
    """The command that takes them back."""
    topics = [one for one in gone if one.kind is TopicKind.TOPIC]
    return "訂閱 " + "、".join(one.name for one in topics) if topics else "追蹤 " + "、".join(one.name for one in gone)


def _wanted(topic: Topic, context: Context) -> WantedTopic:
    """A topic that is one security alone is that security, as 追蹤 has it."""
    alone = (
        len(topic.wanted) == 1 and not topic.without and context.library.subjects.resolve_theme(topic.wanted[0]) is None
    )
    found = named(topic.wanted[0], context) if alone else []
    if len(found) == 1:
        return WantedTopic(TopicKind.SECURITY, spoken(found[0]), Topic((key(found[0]),)))
    return WantedTopic(TopicKind.TOPIC, str(topic), topic)


def _topics(text: str, context: Context) -> list[Topic]:
    def knows(name: str) -> bool:
        return is_known(name, context)

    said = _QUOTED.sub("", text)
    return read_topics("、".join(and_apart(said, knows)) or said, knows)


def _are_known(topics: list[Topic], context: Context) -> bool:
    """Whether there are topics, and all that they want are names: a theme's, a security's, or everything."""
    return bool(topics) and all(is_known(word, context) for topic in topics for word in topic.wanted)


_KINDS = {TopicKind.TOPIC: "主題", TopicKind.SECURITY: "追蹤"}

SUBSCRIBE = Command(
    (Verb.SUBSCRIBE, "訂", "subscribe"),
    "訂閱 散熱、訂閱 AI 散熱 不要手機、訂閱 精選",
    "有新文章就送摘要；逗號分開幾個主題",
    ("訂閱 散熱", "訂閱 AI 散熱 不要手機"),
    subscribe,
    allowed_in_quiet_mode=True,
)
MINE = Command(
    (Verb.SUBSCRIPTIONS, "訂閱清單", "清單", "subscriptions"),
    "我的訂閱",
    "訂了什麼、什麼時候送",
    ("我的訂閱",),
    mine,
    exact_only=True,
    allowed_in_quiet_mode=True,
)
UNSUBSCRIBE = Command(
    (Verb.UNSUBSCRIBE, "取消訂閱", "unsubscribe"),
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
