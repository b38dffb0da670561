"""怎麼退訂, 有什麼新的, what can you do: talk about the bot gets the command that does it, never a search."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from math import log
from typing import NamedTuple

from handlers.answer import SILENCE, Answer, Button, Choice, Outcome, keyboard, suggestions_answer, text_answer
from handlers.ask import Ask
from handlers.club.timetable import TIME_OF_DAY, Timetable, read_timetable, time_wanted
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.text.bot_words import BotTopic, bot_topic, fate_asked, is_english, spoken_of, without_empty_words
from handlers.text.empty_words import GRAMMAR
from handlers.text.small_talk_words import as_typed, is_chatter, said_words
from handlers.verb import Verb

MOST = 200  # characters that a button repeats
WHICH_WORK = "想做的是不是這個？"
NO_TALKER = "這個我答不上來，我只會在社群的文章裡找。想查哪家公司或主題？"


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


def about_bot(ask: Ask, context: Context) -> Answer | Ask:
    """Offer the command that a line speaks of, or show at once what only shows; to a group's complaints say nothing."""
    return _offered(_topic(ask.text) or BotTopic.HELP, ask, context)


def talk(work: WorkWords, ask: Ask, context: Context) -> Answer | Ask:
    """Answer a line that asks nothing of the archive: offer what it speaks of, else say one short line; to a group nothing."""
    if _may_speak_of_work(ask) and (likely := work.like(ask.text)):
        return _one_of(likely)
    if (topic := spoken_of(_ours(ask, context))) is not None:
        return _offered(topic, ask, context)
    if ask.chat.is_group:
        return SILENCE
    search = Button("在文章裡找", Verb.FIND.of(ask.text[:MOST]))
    return text_answer(NO_TALKER, search, Button("主題", Verb.THEME), Button("說明", Verb.HELP))


def _one_of(likely: Sequence[Command]) -> Answer:
    choices = tuple(Choice(one.words[0], one.words[0], f"{one.usage}：{one.help}") for one in likely)
    return Answer(Outcome.SAID, text=WHICH_WORK, choices=choices)


def _ours(ask: Ask, context: Context) -> str:
    """Return the line without the words that essays are about: 今天嗎 of 今天停水嗎, which pauses nothing."""
    text = ask.text
    for word in context.library.subjects_in(text, ask.at):
        if word.typed not in said_words():
            text = text.replace(as_typed(word.typed, ask.text), " ")
    return text


def _offered(topic: BotTopic, ask: Ask, context: Context) -> Answer | Ask:
    if topic in _ASKED_FOR:
        return ask.with_text(_ASKED_FOR[topic])
    if ask.chat.is_group and topic is BotTopic.COMPLAINT:
        return SILENCE
    offer = _OFFERS[topic]
    if topic in _TIMED and (table := _time_meant(ask, context)):
        offer = _Offer(f"要改成「{table}」嗎？", f"Change it to {table}?", (str(table), *_OFFERS[BotTopic.TIME].says))
    offered = (ask.chat.is_group and offer.in_group) or offer.says
    text = offer.english if is_english(ask.text) else offer.chinese
    return suggestions_answer(
        text, *(keyboard(says, says) if says in _TYPED else Button(says, says) for says in offered)
    )


def _time_meant(ask: Ask, context: Context) -> Timetable | None:
    """Return the time that a line names, on the days of this chat's digests: 「改成晚上九點」; None where it names none, or days too."""
    found = _CLOCK.search(ask.text)
    table = read_timetable(f"每日 {found.group()}送") if found else time_wanted(ask.text)
    settings = context.club.subscriptions.settings_of(ask.chat)
    if table is None or re.search("[週周]|星期|禮拜|平日|交易日", ask.text):
        return None
    return replace(table, days=settings.timetable.days) if settings and "每" not in ask.text else table


def _topic(text: str) -> BotTopic | None:
    return fate_asked(text) or bot_topic(text) or (BotTopic.TIME if time_wanted(text) else None)


def is_about_bot(ask: Ask) -> bool:
    topic = _topic(ask.text)
    return topic is not None and (topic is BotTopic.HELP or not is_chatter(ask.text))


_BESIDE = ("剩", "夠", "連結", "網址", "步驟")
_OF_WORK = (BotTopic.EDITOR, BotTopic.UNDO)  # what an editor says of these is said of the work
_SHOWN = {  # what an editor may only want to see, asked for without the command's own word
    "沒答到的": "大家在問|在問什麼|問了什麼|問的問題|都查不到|沒被?(?:人)?回答|最多人問|哪題|留言",
    "額度": "推播.{0,3}(?:花|用|剩|還剩)|推幾[則次]|幾則可以推",
    "行事曆": "排程清單|要發的|要發哪|排了[哪什]|排好|什麼時候發",
    "這週": "[誰人]在?看|多少人看|讀者反應|成效|點閱|觸及|發了幾篇",
}
_ONLY_SHOW = ("草稿", "後台", "新詞", *_SHOWN)
MOST_OF_WORK = 20
MOST_MEANT = 3
LEAST_ALIKE = 7.0  # about one pair of characters that stands at one command only
_REFUSES = re.compile("(?:先)?(?:不要|別|不用)")
_ASKS_HOW = re.compile("怎麼|如何|是什麼")
_DEED = re.compile("(?:幫|把|替|給|請|我[要想])")
_EMPTY_WORDS = frozenset(GRAMMAR.split())
_HAN = re.compile("[㐀-鿿]+")


class WorkWords:
    """The commands of editing, found by what people say of the work: by the characters and pairs shared with a command's help."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self.by_word = {
            one.words[0]: one for one in commands if one.role >= Role.EDITOR and one.words and not one.hidden
        }
        self._said = {word: _pairs(" ".join((*one.words, one.usage, one.help))) for word, one in self.by_word.items()}
        held = Counter(pair for pairs in self._said.values() for pair in pairs)
        self._rarity = {pair: log(len(self._said) / count) for pair, count in held.items()}

    def meant(self, text: str) -> str:
        """Return the word of the one command that a line surely speaks of: 「怎麼發文」, 「大家在問什麼」; empty where it speaks of none."""
        if _REFUSES.match(text):
            return ""
        said = [word for word in self.by_word if word in text]
        beside = {word: without_empty_words(text.replace(word, " ", 1)) for word in said}
        alone = (word for word in said if not beside[word])
        shown = (word for word, form in _SHOWN.items() if re.search(form, text))
        asked = (word for word in said if beside[word] in _BESIDE or (text.endswith(word) and _DEED.match(text)))
        return next(chain(alone, shown, asked), "")

    def like(self, text: str) -> list[Command]:
        """Return the commands that a line may speak of, the likeliest first; none where it shares too little with any, or refuses."""
        pairs = set() if _REFUSES.match(text) else _pairs(text)
        scores = {word: sum(map(self._worth, pairs & held)) for word, held in self._said.items()}
        likely = sorted((word for word in scores if scores[word] >= LEAST_ALIKE), key=lambda word: -scores[word])
        return [self.by_word[word] for word in likely[:MOST_MEANT]]

    def _worth(self, pair: str) -> float:
        return self._rarity[pair] * (2.0 if len(pair) == 2 else 0.5)


def _pairs(text: str) -> set[str]:
    """Return the Chinese characters of a text, and the pairs that stand side by side."""
    runs = _HAN.findall(text)
    pairs = {run[at : at + size] for run in runs for size in (1, 2) for at in range(len(run) + 1 - size)}
    return pairs.difference(_EMPTY_WORDS)


def of_editors(work: WorkWords) -> Command:
    """Return the command for an editor's questions about the work: 「大家在問什麼」 is shown, 「怎麼發文」 gets a button."""

    def offer(ask: Ask, context: Context) -> Answer | Ask:
        if not (meant := work.meant(ask.text)):
            return _one_of(work.like(ask.text))
        command = work.by_word[meant]
        if command.words[0] in _ONLY_SHOW and not _ASKS_HOW.search(ask.text):
            return ask.with_text(command.words[0])
        return text_answer(f"{command.usage}：{command.help}。", Button(command.words[0], command.words[0]))

    def is_meant(ask: Ask) -> bool:
        if not _may_speak_of_work(ask) or len(ask.text) > MOST_OF_WORK:
            return False
        return bool(work.meant(ask.text) or (bot_topic(ask.text) in _OF_WORK and work.like(ask.text)))

    return Command(
        (), "怎麼發文", "編輯的指令怎麼用", ("怎麼發文",), offer, Role.EDITOR, hidden=True, recognise=is_meant
    )


def _may_speak_of_work(ask: Ask) -> bool:
    return ask.role >= Role.EDITOR and not ask.chat.is_group


def talk_command(work: WorkWords) -> Command:
    """Return the command that a line which asks nothing of the archive stands for."""
    return Command((Verb.TALK,), Verb.TALK, "閒聊", (Verb.TALK,), partial(talk, work), own_word=True, hidden=True)


COMMAND = Command(
    words=(),
    usage="怎麼退訂、不要再傳了",
    help="問羅盤自己的事",
    examples=("怎麼退訂", "不要再傳了", "what can you do"),
    run=about_bot,
    hidden=True,
    recognise=is_about_bot,
)
