"""怎麼退訂, 有什麼新的, what can you do: talk about the bot gets the command that does it, never a search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from handlers.answer import SILENCE, Answer, Button, choices_answer, keyboard, text_answer
from handlers.ask import Ask
from handlers.club.timetable import TIME_OF_DAY, Timetable, read_timetable
from handlers.command import Command
from handlers.context import Context
from handlers.identity import Role
from handlers.text.bot_words import BotTopic, bot_topic, is_english, spoken_of, without_empty_words
from handlers.text.small_talk_words import as_typed, is_chatter, said_words
from handlers.verb import Verb

MOST = 200  # characters that a button repeats
NO_TALKER = "這個我答不上來，我只會在社群的文章裡找。想查哪家公司或主題？"


class _Offer(NamedTuple):
    """The answer to a topic, and the commands that it offers as buttons."""

    chinese: str
    english: str
    says: tuple[str, ...]


_OFFERS = {
    BotTopic.GROUP: _Offer(
        "把我邀進群組就好。群組裡打「羅盤」開頭或 @ 我才會回，例如「羅盤 散熱」；其他的話我不看也不存。",
        "Invite me to the group. There, begin with 「羅盤」 or mention me. I keep nothing of the rest.",
        ("說明", "隱私"),
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
    return _offered(bot_topic(ask.text) or BotTopic.HELP, ask, context)


def talk(ask: Ask, context: Context) -> Answer | Ask:
    """Answer a line that asks nothing of the archive: offer what it speaks of, else say one short line; to a group nothing."""
    if (topic := spoken_of(_ours(ask, context))) is not None:
        return _offered(topic, ask, context)
    if ask.chat.is_group:
        return SILENCE
    search = Button("在文章裡找", Verb.FIND.of(ask.text[:MOST]))
    return text_answer(NO_TALKER, search, Button("主題", Verb.THEME), Button("說明", Verb.HELP))


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
    text = offer.english if is_english(ask.text) else offer.chinese
    return choices_answer(
        text, *(keyboard(says, says) if says in _TYPED else Button(says, says) for says in offer.says)
    )


def _time_meant(ask: Ask, context: Context) -> Timetable | None:
    """Return the time that a line names, on the days of this chat's digests: 「改成晚上九點」; None where it names none, or days too."""
    found = _CLOCK.search(ask.text)
    said = found.group() if found else next((part for part in ("開盤前", "收盤後") if part in ask.text), "")
    table = read_timetable(f"每日 {said}送") if said else None
    settings = context.club.subscriptions.settings_of(ask.chat)
    if table is None or re.search("[週周]|星期|禮拜|平日|交易日", ask.text):
        return None
    return replace(table, days=settings.timetable.days) if settings and "每" not in ask.text else table


def is_about_bot(ask: Ask) -> bool:
    topic = bot_topic(ask.text)
    return topic is not None and (topic is BotTopic.HELP or not is_chatter(ask.text))


_BESIDE = ("", "剩", "連結", "網址", "步驟")
# Patterns of what editors say of their work without the command's own word.
_OF_WORK = {
    "發文": "發一篇|開始發文|匯入|舊文章",
    "別名": "別名|另一個叫法",
    "取消": "取消(?:推播|發布|排程)",
    "沒答到的": "大家在問|在問什麼|問了什麼|問的問題|都查不到|沒人回答|最多人問|哪題|留言",
    "額度": "推播.{0,3}(?:花|用)多少|推幾則|推幾次|幾則可以推",
    "行事曆": "排程清單|要發的|要發哪|排了哪|排了什麼|什麼時候發",
    "修改紀錄": "改了什麼|改過什麼|誰改的",
    "更正": "錯字|寫錯|改文章|有錯",
    "撤回": "那篇收回|收回那篇|下架|刪掉(?:這|那)篇|刪文|刪除文章",
    "核准": "權限怎麼|想當編輯|新增編輯|加編輯|新增版主|加版主",
    "解任": "誰是版主|誰是編輯|管理名單",
    "這週": "誰在看|多少人在看|發了幾篇|幾個人看|有人看|讀者反應|成效|點閱|觸及|多少人看",
    "後台": "有人退訂|會員怎麼加|開通碼怎麼發|幾個訂閱|多少人訂|訂閱者|會員名單|會員到期|哪些會員",
    "預覽": "會員看到的|看到的樣子",
    "同義詞": "同義詞",
    "來源": "網站來源",
    "會員專屬": "付費文章|付費內容",
    "試送": "測試推播|推播測試|試推",
}
MOST_OF_WORK = 20
_REFUSES = re.compile("(?:先)?(?:不要|別|不用)")
_ASKS_HOW = re.compile("怎麼|如何|是什麼")
_ONLY_SHOW = ("草稿", "額度", "行事曆", "沒答到的", "這週", "新詞", "後台")


def of_editors(commands: Sequence[Command]) -> Command:
    """Return the command for an editor's questions about the work: 「大家在問什麼」 is shown, 「怎麼發文」 gets a button."""
    by_word = {word: one for one in commands if one.role >= Role.EDITOR and not one.hidden for word in one.words[:1]}

    def meant(text: str) -> str:
        said = (word for word in by_word if word in text)
        alone = (word for word in said if without_empty_words(text.replace(word, " ", 1)) in _BESIDE)
        if _REFUSES.match(text):
            return ""
        return next(alone, "") or next((word for word, form in _OF_WORK.items() if re.search(form, text)), "")

    def offer(ask: Ask, context: Context) -> Answer | Ask:
        command = by_word[meant(ask.text)]
        if command.words[0] in _ONLY_SHOW and not _ASKS_HOW.search(ask.text):
            return ask.with_text(command.words[0])
        return text_answer(f"{command.usage}：{command.help}。", Button(command.words[0], command.words[0]))

    def is_meant(ask: Ask) -> bool:
        return (
            ask.role >= Role.EDITOR
            and not ask.chat.is_group
            and len(ask.text) <= MOST_OF_WORK
            and bool(meant(ask.text))
        )

    return Command(
        (), "怎麼發文", "編輯的指令怎麼用", ("怎麼發文",), offer, Role.EDITOR, hidden=True, recognise=is_meant
    )


TALK = Command((Verb.TALK,), Verb.TALK, "閒聊", (Verb.TALK,), talk, own_word=True, hidden=True)
COMMAND = Command(
    words=(),
    usage="怎麼退訂、不要再傳了",
    help="問羅盤自己的事",
    examples=("怎麼退訂", "不要再傳了", "what can you do"),
    run=about_bot,
    hidden=True,
    recognise=is_about_bot,
)
