"""訂閱, 我的訂閱: what a chat wants to hear of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from handlers.answer import (
    LONGEST_DATA,
    NAMELESS,
    Answer,
    Button,
    Outcome,
    choices_answer,
    error_answer,
    keyboard,
    suggestions_answer,
    text_answer,
)
from handlers.ask import Ask
from handlers.club.subscriptions import MOST, DigestSettings, TopicKind
from handlers.club.timetable import Timetable, nearest_timetable, read_timetable
from handlers.club.topic import BY, EVERYTHING, MOST_WORDS, Topic
from handlers.command import Command
from handlers.context import Context
from handlers.reading.security_names import securities_named, security_key, typed_with_code
from handlers.subscriptions.digest_settings import (
    CHANGE_TIME,
    describe_schedule,
    may_change,
    settings_of,
    times_wanted,
    too_long,
)
from handlers.subscriptions.topic_words import QUOTED, are_known, is_known, is_written, meant_by, topics_in
from handlers.text.bot_words import bot_topic
from handlers.text.small_talk_words import is_chatter
from handlers.verb import Verb

MOST_LETTERS = 60  # of one topic

_TIMED = re.compile(
    r"(?P<topics>.*?)[ ,]*(?P<time>(每|交易日|平日|一個?(?:週|周|星期|禮拜)|daily|weekly|every|once a).*)"
)
_TO = re.compile(r"^to ", re.IGNORECASE)  # subscribe to …
_WEEKLY = re.compile(r"[每一]個?(?:週|周|星期|禮拜)(?:一次)?|weekly|(?:every|once a) week")


class WantedTopic(NamedTuple):
    """A topic or security to hear of, as the book of subscriptions keeps it."""

    kind: TopicKind
    name: str
    topic: Topic


def subscribe(ask: Ask, context: Context) -> Answer | Ask:
    """Subscribe to the topics that commas part, and set another time where one is named."""
    if (problem := too_long(ask)) is not None:
        return problem
    text, table, once = _timed(_TO.sub("", ask.text))
    text = f"{BY}{text}" if context.library.means_author(text) else text
    topics = topics_in(text, context)
    if ask.as_free_text and not are_known(topics, context):
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
    """List this chat's subscriptions, and when they come."""
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


def _timed(text: str) -> tuple[str, Timetable | None, Answer | None]:
    """Split 「散熱 每週一 08:00」 into topics and the time behind them, with the answer where that is several times."""
    found = _TIMED.fullmatch(text)
    if found is None:
        return text, None, None
    time = found["time"]
    table, once = (
        (nearest_timetable("每週"), None) if _WEEKLY.fullmatch(time) else (read_timetable(time), times_wanted(time))
    )
    return (found["topics"].strip(), table, None if table else once) if table or once else (text, None, None)


def _problem(text: str, topics: list[Topic], ask: Ask, context: Context) -> Answer | None:
    """Answer a line that is wrong with the nearest correct one, ready to press; None where nothing is wrong."""
    words = [word for topic in topics for word in topic.wanted]
    if not topics or (words and all(is_chatter(word) or bot_topic(word) for word in words)):
        return error_answer(
            "要訂閱什麼？",
            Button(f"訂閱 精選 {text}"[:20], Verb.SUBSCRIBE.of(f"精選 {text}")[:LONGEST_DATA]),
            Button("主題", Verb.THEME),
        )
    for topic in topics:
        if len(topic.wanted) + len(topic.without) > MOST_WORDS or len(str(topic)) > MOST_LETTERS:
            short = f"訂閱 {' '.join(topic.wanted[:2])[:MOST_LETTERS]}"
            return error_answer(f"一個主題最多 {MOST_WORDS} 個詞、{MOST_LETTERS} 個字。", Button(short[:20], short))
    if (problem := _too_many(topics, ask, context)) is not None:
        return problem
    return None if QUOTED.search(text) else _misspelt(topics, ask, context)


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
    """Ask back about a word that no essay holds but that is close to one that some do, lest it be waited for in vain."""
    for topic in topics:
        for word in topic.wanted:
            near = [] if is_known(word, context) else meant_by(word, ask, context)
            if near:
                lines = [Verb.SUBSCRIBE.of(str(topic).replace(word, name, 1)) for name in near]
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
    """Say honestly which words no essay holds yet: they may be new, or mistyped."""
    words = [word for one in fresh if one.kind is TopicKind.TOPIC for word in one.topic.wanted]
    unknown = [word for word in words if not (is_known(word, context) or is_written(word, ask, context))]
    return f"目前還沒有文章寫到「{'」「'.join(unknown)[:40]}」，有了才會送。" if unknown else ""


def _invite(ask: Ask, context: Context) -> Answer:
    first, *others = [tally.name for tally in context.library.subjects.theme_tallies()[:5]] or [""]
    names = dict.fromkeys(filter(None, (first, EVERYTHING, *others)))
    has_some = bool(context.club.subscriptions.of(ask.chat))
    asked = suggestions_answer(
        f"{'要訂閱什麼？' if has_some else '這裡還沒有訂閱。'}例如「訂閱 散熱」「訂閱 AI 散熱 不要手機」；什麼都要打「訂閱 精選」。",
        *(Button(f"訂閱 {name}"[:20], Verb.SUBSCRIBE.of(name)) for name in names),
    )
    return replace(asked, buttons=(keyboard(Verb.SUBSCRIBE),))


def _wanted(topic: Topic, context: Context) -> WantedTopic:
    """Return a topic as kept; a topic that is one security alone is that security, as 追蹤 has it."""
    alone = (
        len(topic.wanted) == 1 and not topic.without and context.library.subjects.resolve_theme(topic.wanted[0]) is None
    )
    found = securities_named(topic.wanted[0], context) if alone else []
    if len(found) == 1:
        return WantedTopic(TopicKind.SECURITY, typed_with_code(found[0]), Topic((security_key(found[0]),)))
    return WantedTopic(TopicKind.TOPIC, str(topic), topic)


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
