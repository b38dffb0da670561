"""更多、第 2 篇、那聯發科呢: follow-ups, each standing for a command that could have been typed whole."""

from __future__ import annotations

import re
from datetime import date

from corpus.analysis.tickers import scan
from corpus.language.text import fold, fold_with_places
from corpus.search.period import take_period
from handlers.answer import Answer, Button, text_answer
from handlers.ask import Ask
from handlers.command import Command
from handlers.context import Context
from handlers.text.numbering import LAST, place_in
from handlers.text.small_talk_words import is_chatter
from handlers.text.word_order import BEFORE_ONE_MORE
from handlers.verb import Verb

LONGEST_LIST = 12
FORGOTTEN = "剛才聊到哪我忘了，請再打一次關鍵字。"

# Without 那 only a short name: 「為什麼台積電要去美國呢」 is a question of its own.
_OTHER = re.compile(r"^(?:那\s*(?P<that>[^,?!。]{1,20}?)|(?P<name>[^\s,?!。]{1,6}?))\s*呢\s*\??$")
_WHY = re.compile(r"^(為什麼|為何|怎麼說|原因是什麼|why)(呢|啊)?\s*\??$", re.IGNORECASE)
_NEIGHBOUR = re.compile(
    r"^(?:看|回)?(?:上一?|前一?|下一?)(?:篇|則|個)(?:呢|文章)?$|^(?:previous|next) (?:one|essay)$", re.IGNORECASE
)
_HERE = r"(?:(?:剛[剛才]?|上面)?(?:這|那)一?(?:篇|則)(?:文章)?的?)"
# Questions about the essay shown: its author, date, source, content; its card has it all.
_OF_IT = (
    r"(?:(?:是|在)?(?:什麼時候|何時|哪[年天])(?:寫|發表?|登)的|(?:(?:這|那)?是?)?誰寫的|(?:的)?作者是誰|(?:的)?出處|(?:是)?哪裡?(?:寫|看)的"
    r"|(?:在|是在)?(?:講|說|寫|談)(?:些)?(?:什麼|啥|甚麼)|(?:的)?(?:重點|大意|結論)(?:是什麼|在哪)?"
    r"|(?:有沒有|有|給我|看)?(?:原文)?(?:的)?(?:連結|網址|圖片?|圖表|link|url|source)|(?:閱讀|看|讀|打開|有沒有|有)?(?:全文|原文))"
)
_SHARED = r"(?:可以|能)?\s?(?:(?:分享|轉傳|轉發|轉|share)(?:這篇)?|(?:分享|轉傳|轉發|轉|傳|forward|share)\s?給.{1,6}?(?:看|讀)?)"
_CLOSER_LOOK = r"再?(?:說|講|看)(?:得)?(?:清楚|仔細|詳細)(?:一?點)?"
_THIS = re.compile(
    rf"^{_HERE}(?:呢|文章)?$|^(?:{_HERE}?{_OF_IT}|{_CLOSER_LOOK})[?呢啊嗎]*$|^{_HERE}?{_SHARED}[?嗎]*$"
    r"|^(?:who wrote (?:this|it)|(?:(?:show|give|read) (?:me )?)?(?:the )?(?:full|whole) (?:article|essay|text|story)"
    r"|(?:share|forward|open|show|read) (?:this|it))[?]?$",
    re.IGNORECASE,
)
# Parts of a year: another one takes the place of the first, and the year stays.
_PARTS_OF_YEAR = tuple(
    map(re.compile, (r"q[1-4](?!\d)|第[一二三四1-4]季", r"(?:\d{1,2}|[一二三四五六七八九]|十[一二]?)月", r"[上下]半年"))
)
_AGAIN = re.compile(
    r"(?:(?:前面|上面|剛剛|剛才)(?:那個|那題|的)?|上一[個則題])?(?:可以|請|麻煩)?再(?:給我|讓我)?(?:看|說|講|傳)?(?:給我(?:看)?)?一[次遍]嗎?"
)
_ESSAY = re.compile("[篇則]")
_PAGE = re.compile(r"(?:回到?|看|跳到|翻到)?\s*(第\s*\d{1,3}|第一)\s*頁")
_NOT_IT = re.compile(
    r"(?:我?(?:想|要)(?:找|看|問|的)?的?)?(?:這個?)?不(?:是|對)(?:我(?:要|想)(?:找|看|問)?的|這一?[篇個則](?:意思|文章)?|的)?(?:啦|啊|耶|欸|吧|喔)*"
    r"|not (?:this|that)(?: one)?|(?:that's |it's |this is )?not what i (?:asked|meant|want)(?:ed)?(?: for)?",
    re.IGNORECASE,
)
# 「2308 也要」 right after 「追蹤 2330」: the same deed once more.
_TOO = re.compile(r"(?P<name>[^\s,?!。]{1,12}?)\s*也(?:要|是|一起|順便|來一個)")
_DEED_OF: dict[str, Verb] = {
    Verb.UNWATCH: Verb.WATCH,
    Verb.UNSUBSCRIBE: Verb.SUBSCRIBE,
    Verb.UNNOTIFY: Verb.NOTIFY,
    Verb.UNSAVE: Verb.SAVE,
}  # of what takes it back
_MORE = re.compile(r"^(還有(嗎|呢|沒有|別的嗎)?|繼續|再來)\s*\??$")


def more(ask: Ask, context: Context) -> Answer | Ask:
    """Show the next page of the last answer."""
    session = ask.session
    if session.command:
        return ask.with_text(f"{session.command} 第{session.page + 1}頁")
    return text_answer(
        "沒有更多了。" if session.essays or session.choices else FORGOTTEN, Button("最新文章", Verb.LATEST)
    )


def back(ask: Ask, context: Context) -> Answer | Ask:
    """Show the page before the last answer's."""
    session = ask.session
    if not session.command:
        return text_answer(FORGOTTEN, Button("最新文章", Verb.LATEST))
    if session.page <= 1:
        return text_answer("這就是第一頁了。")
    return ask.with_text(session.command if session.page == 2 else f"{session.command} 第{session.page - 1}頁")


def again(ask: Ask, context: Context) -> Answer | Ask:
    """Show the last answer once more."""
    if ask.session.command:
        return ask.with_text(ask.session.whole)
    return text_answer(FORGOTTEN, Button("最新文章", Verb.LATEST))


def asks_again(ask: Ask) -> bool:
    return _AGAIN.fullmatch(ask.text) is not None


def is_follow_up(text: str) -> bool:
    """Tell whether words only make sense after an answer of ours."""
    is_one = any(form.match(text) for form in (_MORE, _WHY, _NEIGHBOUR, _THIS))
    return is_one or _is_place(text) or _PAGE.fullmatch(text) is not None


def other_name(text: str) -> str | None:
    """Return 「聯發科」 of 「那聯發科呢」; None of 「你覺得呢」, which asks after no name."""
    match = None if is_follow_up(text) else _OTHER.match(text)
    name = (match["that"] or match["name"]) if match else ""
    return name if name and not is_chatter(name) else None


def asks_after(text: str) -> bool:
    """Tell whether a text asks the same about something else, with the word that says so: 「那台灣呢」."""
    match = _OTHER.match(text)
    return bool(match and match["that"]) and other_name(text) is not None


def is_follow_up_ask(ask: Ask) -> bool:
    if _once_more(ask):
        return True
    is_denied = bool(ask.session.question) and _NOT_IT.fullmatch(ask.text) is not None
    return is_denied or is_follow_up(ask.text) or other_name(ask.text) is not None


def follow(ask: Ask, context: Context) -> Answer | Ask:
    """Answer with the command that a follow-up stands for."""
    session = ask.session
    if deed := _once_more(ask):
        return ask.with_text(deed)
    if (place := place_in(ask.text)) is not None:
        return _pick(ask, place)
    if _NOT_IT.fullmatch(ask.text):
        return _not_it(ask)
    if page := _PAGE.fullmatch(ask.text):
        return _turn(ask, page.group(1).replace("一", "1"))
    if _THIS.match(ask.text) or _NEIGHBOUR.match(ask.text):
        return _neighbour(ask)
    if (name := other_name(ask.text)) is not None:
        return ask.with_text(_about(ask, name, context) if session.command else name.removesuffix("的"))
    if _MORE.match(ask.text):
        return more(ask, context)
    if session.question:
        return ask.with_text(Verb.FIND.of(f"{session.question.removesuffix(' 為什麼')} 為什麼"))
    return text_answer(FORGOTTEN, Button("最新文章", Verb.LATEST))


def _once_more(ask: Ask) -> str:
    """Return the command that does for another name what was done a moment ago; empty where the text asks for no such thing."""
    deed, wanted = _DEED_OF.get(ask.session.undo.partition(" ")[0]), _TOO.fullmatch(BEFORE_ONE_MORE.sub("", ask.text))
    return deed.of(wanted["name"]) if deed and wanted else ""


def _pick(ask: Ask, place: int) -> Answer | Ask:
    session = ask.session
    essays = tuple(Verb.READ.of(f"#{essay} {session.question}").strip() for essay in session.essays)
    listed = essays if essays and _ESSAY.search(ask.text) else session.choices or essays
    if not listed:
        return text_answer(FORGOTTEN, Button("最新文章", Verb.LATEST))
    if place == LAST:
        place = len(listed)
    if not 1 <= place <= len(listed):
        return text_answer(f"剛才只有 {len(listed)} {'篇' if listed == essays else '個選項'}。")
    return ask.with_text(listed[place - 1])


def _not_it(ask: Ask) -> Answer:
    """Offer what may help where the answer was not what was meant; nothing is counted before it is pressed."""
    question = ask.session.question
    return text_answer(
        "換個說法再問一次，或看下一頁；按「沒答到」編輯會知道這題沒答好。",
        Button("更多", Verb.MORE),
        Button("沒答到", Verb.WRONG.of(question[:200])),
    )


def _turn(ask: Ask, page: str) -> Answer | Ask:
    """Turn to a page of the last answer: 「第2頁」."""
    if not ask.session.command:
        return text_answer(FORGOTTEN, Button("最新文章", Verb.LATEST))
    return ask.with_text(f"{ask.session.command} {page}頁")


def _neighbour(ask: Ask) -> Answer | Ask:
    """Open 這篇, 上一篇 or 下一篇, counted from the essay opened last, within the list it was opened from."""
    session = ask.session
    if not session.essays:
        return text_answer(FORGOTTEN, Button("最新文章", Verb.LATEST))
    here = session.essays.index(session.opened) if session.opened in session.essays else 0
    step = 0 if _THIS.match(ask.text) else -1 if ask.text.lower().lstrip("看回").startswith(("上", "前", "prev")) else 1
    if step and session.opened not in session.essays:  # none was opened yet: the next is the first
        here = -1 if step > 0 else 0
    if not 0 <= here + step < len(session.essays):
        return text_answer("前面沒有了，這是第一篇。" if step < 0 else "後面沒有了，這是最後一篇。")
    return ask.with_text(Verb.READ.of(f"#{session.essays[here + step]} {session.question}").strip())


def _is_place(text: str) -> bool:
    """Tell whether a text is a place in a list; a number alone only as far as our lists go: 「87」 is talk."""
    place = place_in(text)
    return place is not None and (place == LAST or place <= LONGEST_LIST or not text.isdigit())


def _about(ask: Ask, name: str, context: Context) -> str:
    """Return the same question about another name or time; a theme takes a theme's place and a security a security's."""
    session = ask.session
    word = session.command.partition(" ")[0]
    if word == Verb.SECURITY and context.library.subjects.resolve_security(name):
        return Verb.SECURITY.of(name)
    if word == Verb.THEME and context.library.subjects.resolve_theme(name) is not None:
        return Verb.THEME.of(name)
    asked = _at_another_time(session.question, name, ask.at.date()) or _renamed(session.question, name, ask, context)
    return Verb.FIND.of(asked).strip()


def _at_another_time(question: str, name: str, today: date) -> str | None:
    """Return the question at another time: 「央行三月有升息嗎」, 六月 -> 「央行六月有升息嗎」; None where the name is no time."""
    folded = fold_with_places(question)
    parts = (part.search(folded.text) for part in _PARTS_OF_YEAR if part.fullmatch(fold(name)))
    if said := next(filter(None, parts), None):
        start, end = said.span()
    else:
        period, rest = take_period(fold(name), today)
        if period is None or (rest.strip() and not period.loose):
            return None
        told, _ = take_period(folded.text, today)
        if told is None:
            return f"{question} {name}"
        start = folded.text.find(told.text.strip())
        end = start + len(told.text.strip())
    start, end = folded.span(start, end)
    return question[:start] + name + question[end:]


def _renamed(question: str, name: str, ask: Ask, context: Context) -> str:
    """Put a name in the place of the question's security: 「台積電的 CoWoS 產能」, 聯發科 -> 「聯發科的 CoWoS 產能」; else add it."""
    if not context.library.subjects.resolve_security(name):
        kept = _names_in(question, ask, context)
        return f"{' '.join(kept)} {name}" if kept else f"{question} {name}"
    named = scan(question, context.library.archive.lexicon)
    spans = sorted((mention.start, mention.end) for one in named for mention in one.mentions)
    if not spans:
        kept = [part for part in question.split() if not context.library.subjects.resolve_security(part)]
        return " ".join([*kept, name])
    for start, end in spans[:0:-1]:
        question = question[:start] + question[end:]
    rest = question[spans[0][1] :]
    return question[: spans[0][0]] + name + (" " if rest[:1].isascii() and rest[:1].isalnum() else "") + rest


def _names_in(question: str, ask: Ask, context: Context) -> list[str]:
    """Return the names of securities in a question, as it says them: 「那營益率呢」 goes on asking about these."""
    found = scan(question, context.library.archive.lexicon)
    spans = sorted({(one.mentions[0].start, one.mentions[0].end) for one in found if one.mentions})
    names = [question[start:end] for start, end in spans]
    return names or [word.typed for word in context.library.subjects_in(question, ask.at) if word.name]


MORE = Command(
    words=(Verb.MORE, "下一頁", "再多一點", "nextpage", "more"),
    usage="更多",
    help="上一個回答的下一頁",
    examples=("更多",),
    run=more,
    exact_only=True,
)
BACK = Command(
    words=(Verb.BACK, "前一頁", "回上一頁", "上一步", "返回", "previouspage", "goback", "back"),
    usage="上一頁",
    help="上一個回答的前一頁",
    examples=("上一頁",),
    run=back,
    exact_only=True,
)
AGAIN = Command(
    words=("再說一次", "再講一次", "剛剛那個", "剛才那個", "again"),
    usage="再說一次",
    help="上一個回答",
    examples=("再說一次",),
    run=again,
    exact_only=True,
    hidden=True,
    recognise=asks_again,
)
FOLLOW = Command(
    words=(),
    usage="第 2 篇、那聯發科呢、為什麼",
    help="接著上一個回答問",
    examples=("第 2 篇", "那聯發科呢"),
    run=follow,
    recognise=is_follow_up_ask,
)
