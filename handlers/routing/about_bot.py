"""怎麼退訂, 有什麼新的, what can you do: talk about the bot gets the command that does it, never a search."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from handlers.answer import SILENCE, Answer, Choice, Outcome, keyboard
from handlers.ask import Ask
from handlers.club.timetable import TIME_OF_DAY, Timetable, read_timetable, time_wanted
from handlers.command import Command
from handlers.context import Context
from handlers.reading.security_names import securities_named
from handlers.text.bot_words import BotTopic, bot_topic, fate_asked, is_english
from handlers.text.small_talk_words import as_typed, is_chatter
from handlers.text.talk_model import RIVAL, Topic, likely_topics, surest
from handlers.text.when import days_in, read_coming_day
from handlers.text.work_words import may_speak_of_work
from handlers.verb import Verb

MOST = 200  # characters that a button repeats
MOST_OFFERED = 4  # beside a search


WorkOffer = Callable[[Ask, Sequence[Verb]], Answer | Ask]  # makes choices of commands of editing
SmallTalk = Callable[[Ask, Context], Answer]


class _Offer(NamedTuple):
    """The answer to a topic, and the commands that it offers as buttons."""

    chinese: str
    english: str
    says: tuple[str, ...]
    in_group: tuple[str, ...] = ()  # where that is something else


_OFFERS = {
    BotTopic.GROUP: _Offer(
        "把我邀進群組就好。群組裡打「羅盤」開頭或 @ 我才會回，例如「羅盤 散熱」；其他的話我不看也不存。",
        "Invite me to the group. There, begin with 「羅盤」 or mention me. I keep nothing of the rest.",
        ("說明", "隱私"),
    ),
    BotTopic.LEAVE: _Offer(
        "要我離開群組，打「掰掰羅盤」；只嫌吵可以叫我只送摘要。",
        "「掰掰羅盤」 makes me leave the group.",
        ("掰掰羅盤", "只送摘要", "暫停 7天"),
    ),
    BotTopic.TRUST: _Offer(
        "我不自己寫看法：每一句都是社群文章的原文，附標題、日期和連結，沒有就說沒有。",
        "I write nothing of my own: every sentence is quoted from an essay, with its title, date and link.",
        ("最新", "作者", "說明"),
    ),
    BotTopic.SUMMARY: _Offer(
        "我只引原文，不自己摘要。打主題的名字（例如「散熱」），就列出那個主題最重要的幾句。",
        "I quote and do not summarise. Type a theme to see its key sentences.",
        ("主題", "最新"),
    ),
    BotTopic.COMPLAINT: _Offer(
        "抱歉，沒幫上忙。哪一題沒答好，打「沒答到」和那句話；要找人，打「問編輯」和你想說的。",
        "Sorry about that. Type 「沒答到」 and your question, or 「問編輯」 and what you want to tell the editors.",
        ("沒答到", "問編輯", "說明"),
    ),
    BotTopic.STOP: _Offer(
        "不想收到的可以退訂，也可以先暫停。",
        "You can unsubscribe, or pause for a while.",
        ("我的訂閱", "退訂", "暫停 7天", "暫停"),
        ("只送摘要", "暫停 7天"),
    ),
    BotTopic.PAUSE: _Offer(
        "要暫停多久？打「恢復」就繼續。",
        "For how long? 「恢復」 starts it again.",
        ("暫停 7天", "暫停 30天", "暫停", "恢復"),
    ),
    BotTopic.QUIET: _Offer("勿擾時段不送摘要。", "No digests within these hours.", ("勿擾 22-08", "勿擾 關", "改時間")),
    BotTopic.UNDO: _Offer(
        "要取消哪一個？", "What should be cancelled?", ("退訂", "取消追蹤", "不用通知我", "我的訂閱")
    ),
    BotTopic.ALERT: _Offer("通知在這裡看和改。", "Your notifications:", ("通知清單", "我的訂閱", "退訂", "改時間")),
    BotTopic.MEMBER: _Offer(
        "會員資格打「會員」看；有開通碼就打「開通 你的碼」。", "Your membership:", ("會員", "開通")
    ),
    BotTopic.PRIVACY: _Offer(
        "我留了什麼、留多久，打「隱私」看。", "What is kept, and for how long:", ("隱私", "我的資料", "刪除我的資料")
    ),
    BotTopic.EDITOR: _Offer(
        "要找編輯，打「問編輯」和你想說的；要投稿或幫忙編輯，打「申請編輯」；哪一題沒答好，打「沒答到」。",
        "Type 「問編輯」 and your words to reach an editor. 「申請編輯」 is for writers. 「沒答到」 reports an answer.",
        ("問編輯", "申請編輯", "沒答到"),
    ),
    BotTopic.SAVED: _Offer(
        "看到喜歡的文章按「收藏」，都在「我的收藏」。", "What you saved:", ("我的收藏", "看過的文章")
    ),
    BotTopic.WATCH: _Offer(
        "追蹤打「追蹤 2330」；追蹤了哪些打「自選」。", "What you watch:", ("自選", "追蹤", "取消追蹤")
    ),
    BotTopic.SUBSCRIBE: _Offer(
        "訂閱打「訂閱 散熱」；訂了什麼打「我的訂閱」。",
        "Your subscriptions:",
        ("我的訂閱", "訂閱", "主題", "訂閱 精選", "退訂"),
    ),
    BotTopic.TIME: _Offer(
        "什麼時候送可以自己挑，例如「每日 08:30」。", "Choose when it comes:", ("改時間", "我的訂閱", "暫停 7天")
    ),
    BotTopic.HELP: _Offer(
        "直接打公司、代號、主題或問題就可以。",
        "Type a company, a ticker, a theme or a question.",
        ("說明", "最新", "主題"),
    ),
}


_CLOCK = re.compile(TIME_OF_DAY)
_NO_MORE = re.compile(r"不|別|拿掉|刪|移|取消|退|remove|drop|stop|\bun(?:follow|sub|watch)", re.IGNORECASE)
_BACK = re.compile("開始|恢復|回來|回國|繼續|resume|back|start", re.IGNORECASE)
_FROM_THEN = re.compile(f"再|{_BACK.pattern}", re.IGNORECASE)
_TYPED = (Verb.WRONG, Verb.ASK_EDITOR, Verb.ACTIVATE, Verb.SUBSCRIBE, Verb.WATCH)  # need more typed behind

_TIMED = (BotTopic.TIME, BotTopic.SUBSCRIBE, BotTopic.ALERT)  # a time named with it is the one wanted

_ASKED_FOR = {
    BotTopic.TODAY: Verb.TODAY,
    BotTopic.WEEK: Verb.WEEK,
    BotTopic.NEW_ESSAYS: Verb.LATEST,
    BotTopic.MINE: Verb.SUBSCRIPTIONS,
    BotTopic.WATCHED: Verb.WATCHLIST,
    BotTopic.OPENED: Verb.HISTORY,
    BotTopic.THEMES: Verb.THEME,
}
_FOR_NAMED = {  # what can be done about a theme that a line names
    BotTopic.SUBSCRIBE: (Verb.SUBSCRIBE, Verb.UNSUBSCRIBE),
    BotTopic.WATCH: (Verb.SUBSCRIBE, Verb.UNSUBSCRIBE),
    BotTopic.STOP: (Verb.UNSUBSCRIBE,),
    BotTopic.UNDO: (Verb.SUBSCRIBE, Verb.UNSUBSCRIBE),
    BotTopic.ALERT: (Verb.SUBSCRIBE, Verb.NOTIFY),
}
_OF_COMPANY = {Verb.SUBSCRIBE: Verb.WATCH, Verb.UNSUBSCRIBE: Verb.UNWATCH}  # the same, of a company


def about_bot(ask: Ask, context: Context) -> Answer | Ask:
    """Offer the command that a line speaks of, or show at once what only shows; to a group's complaints say nothing."""
    topic = _topic(ask)
    return _offered(topic if isinstance(topic, BotTopic) else BotTopic.HELP, ask, context)


def talk(offer_work: WorkOffer, small_talk: SmallTalk, ask: Ask, context: Context) -> Answer | Ask:
    """Offer what a line that asks nothing of the archive probably speaks of; to a group's chat say nothing."""
    likely = likely_topics(ask.text, may_speak_of_work(ask))
    first, *others = [one.topic for one in likely if one.odds > likely[0].odds - RIVAL]
    if isinstance(first, Verb):
        return offer_work(ask, [one for one in (first, *others) if isinstance(one, Verb)])
    if not isinstance(first, BotTopic):
        return small_talk(ask, context)
    answer = _offered(first, ask, context, _deeds_for_named(first, ask, context))
    if isinstance(answer, Ask) or not answer.suggests:
        return answer
    rivals = [says for one in others if isinstance(one, BotTopic) for says in _commands(one)]
    kept = answer.choices[: MOST_OFFERED - 1]
    last = [one for one in (*map(_choice, rivals), *answer.choices) if one not in kept][:1]
    search = Choice("在文章裡找", Verb.FIND.of(ask.text[:MOST]))
    return replace(answer, choices=(*kept, *last, search))


def _offered(topic: BotTopic, ask: Ask, context: Context, before: Sequence[str] = ()) -> Answer | Ask:
    """Offer what a topic's commands do, behind those of `before`; or show at once what only shows."""
    if topic in _ASKED_FOR:
        return ask.with_text(_ASKED_FOR[topic])
    if ask.chat.is_group and topic is BotTopic.COMPLAINT:
        return SILENCE
    offer = _OFFERS[topic]
    if topic in _TIMED and (table := _time_meant(ask, context)):
        offer = _Offer(f"要改成「{table}」嗎？", f"Change it to {table}?", (str(table), *_OFFERS[BotTopic.TIME].says))
    says = (ask.chat.is_group and offer.in_group) or offer.says
    text = offer.english if is_english(ask.text) else offer.chinese
    offered = dict.fromkeys((*_pause_meant(topic, ask), *before, *says))
    return Answer(Outcome.SAID, text=text, choices=tuple(map(_choice, offered)), suggests=True)


def _choice(says: str) -> Choice:
    return Choice(says, says, fills=keyboard(says).fills if says in _TYPED else "")


def _commands(topic: BotTopic) -> tuple[str, ...]:
    """Return the commands that do what a topic is about."""
    return (_ASKED_FOR[topic],) if topic in _ASKED_FOR else _OFFERS[topic].says


def _deeds_for_named(topic: BotTopic, ask: Ask, context: Context) -> list[str]:
    """Return what can be done about the companies and themes in a line: 「退訂 散熱」 first of "remove 散熱 from my list"."""
    deeds = []
    verbs = _FOR_NAMED.get(topic, ())[:: -1 if _NO_MORE.search(ask.text) else 1]
    for word in context.library.subjects_in(ask.text, ask.at):
        if theme := context.library.subjects.resolve_theme(word.typed):
            deeds += [verb.of(theme.name) for verb in verbs]
        elif word.name and (found := securities_named(as_typed(word.typed, ask.text), context)):
            deeds += [_OF_COMPANY.get(verb, verb).of(found[0].name) for verb in verbs]
    return deeds


def _pause_meant(topic: BotTopic, ask: Ask) -> list[str]:
    """Return the pause for the time that a line names: 「出國五天」, 「12/20 回來」, 「下禮拜一再開始送」; none where it names none."""
    if topic not in (BotTopic.PAUSE, BotTopic.STOP):
        return []
    if days := days_in(ask.text.lower()):
        return [Verb.PAUSE.of(f"{days}天")]
    day = read_coming_day(ask.text, ask.at.date())
    if day is None:
        return [Verb.RESUME] if topic is BotTopic.PAUSE and _BACK.search(ask.text) else []
    last = day - timedelta(days=1) if _FROM_THEN.search(ask.text) else day
    return [Verb.PAUSE.of(f"到 {last:%m/%d}")] if last >= ask.at.date() else []


def _time_meant(ask: Ask, context: Context) -> Timetable | None:
    """Return the time that a line names, on the days of this chat's digests: 「改成晚上九點」; None where it names none, or days too."""
    found = _CLOCK.search(ask.text)
    table = read_timetable(f"每日 {found.group()}送") if found else time_wanted(ask.text)
    settings = context.club.subscriptions.settings_of(ask.chat)
    if table is None or re.search("[週周]|星期|禮拜|平日|交易日", ask.text):
        return None
    return replace(table, days=settings.timetable.days) if settings and "每" not in ask.text else table


def _topic(ask: Ask) -> Topic | None:
    told = surest(bot_topic(ask.text), ask.text, may_speak_of_work(ask))
    return fate_asked(ask.text) or told or (BotTopic.TIME if time_wanted(ask.text) else None)


def is_about_bot(ask: Ask) -> bool:
    topic = _topic(ask)
    return isinstance(topic, BotTopic) and (topic is BotTopic.HELP or not is_chatter(ask.text))


def talk_command(offer_work: WorkOffer, small_talk: SmallTalk) -> Command:
    """Return the command that a line which asks nothing of the archive stands for."""
    run = partial(talk, offer_work, small_talk)
    return Command((Verb.TALK,), Verb.TALK, "閒聊", (Verb.TALK,), run, own_word=True, hidden=True)


COMMAND = Command(
    words=(),
    usage="怎麼退訂、不要再傳了",
    help="問羅盤自己的事",
    examples=("怎麼退訂", "不要再傳了", "what can you do"),
    run=about_bot,
    hidden=True,
    is_talk=True,
    recognise=is_about_bot,
)
