"""Words of conversation: what people say to one another, and nobody looks up."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from corpus.language.text import fold, fold_with_places, to_halfwidth
from handlers.text.bot_words import own_words, spoken_of, without_own_words
from handlers.text.empty_words import GRAMMAR, any_of, length

LONGEST = 20

_COMPANY = """
抱歉 清楚 來 去 吃 喝 睡 買 賣 做 意思 假 假的 真假 扯 誇張 厲害 笑死 傻眼 無言 哈 呵 嗯 哇 唉 嘿 蛤 早上 中午 下午 晚上 等等
等一下 沒事 沒關係 先這樣 午安 晚安 您好 感謝 多謝 感恩 了解 沒問題 再見 掰掰 拜拜 兄弟 老兄 大哥 大姐 帥哥 美女 寶貝 老闆 天氣 笑話 吃飯
吃飽 喝茶 咖啡店 下班 上班 無聊 好累 想睡 加油 明天見 待會 改天 一起 幾歲 個 開心 難過 生氣 可愛 好棒 真棒 很棒 讚讚 猛 強 酷 愛你 想你 聊天
聊聊 唱歌 滾 幹 靠 靠北 靠腰 媽的 三小 屁 白癡 白痴 智障 傻瓜 騙子 神經病 有病 晚點 再說 客氣 客气 光光 看不清楚 平安 喜樂 順心 如意
阿彌陀佛 小幫手 幫手 歡迎 朋友 聚餐 揪團 開會
阿嬤 阿公 爺爺 奶奶 孫子 yo sup bro sis dude man buddy im cool nice great good fine sure yep nope bye night morning
sorry oh wow thx ok lol haha yes really
"""
_OPINION = "覺得 認為 聽說"  # asked of essays as well: 你覺得咖啡怎麼樣
_DAY = re.compile(any_of(_COMPANY.split()), re.IGNORECASE)
_SAID = [*_COMPANY.split(), *_OPINION.split()]
_CHATTER = re.compile(rf"(?:{any_of([*GRAMMAR.split(), *_SAID])})+", re.IGNORECASE)
_SOCIAL = re.compile(any_of(_SAID), re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")


def is_chatter(text: str) -> bool:
    """Tell whether a text says nothing but words of conversation: 「真假?」, 「你們怎麼看」, 「晚上吃什麼」."""
    said = _SIGNS.sub("", to_halfwidth(text))
    return len(said) <= LONGEST and _CHATTER.fullmatch(said) is not None


@lru_cache(maxsize=1)
def said_words() -> frozenset[str]:
    """Return our words, empty ones and those of conversation, folded, as the words of a question are."""
    return own_words() | frozenset(fold(" ".join(_SAID)).split())


def as_typed(folded: str, text: str) -> str:
    """Return a folded word of a text as its writer wrote it."""
    places = fold_with_places(text)
    start = places.text.find(folded)
    return text[slice(*places.span(start, start + len(folded)))] if start >= 0 else folded


# Said to us, or of oneself; a question for what was written on a thing is for the archive, however polite.
_TO_US = re.compile(
    r"[你妳您我他她]|羅盤|這[個張頁](?!月|季|年|禮拜|星期)|(?:可以|能|行|有)嗎\??$|^有.{1,10}嗎\??$|^有沒有.{1,4}$|^(?:可不可以|可以|能不能).+嗎?\??$"
    r"|\b(?:you|your|me|my|i|i'm|this bot)\b",
    re.IGNORECASE,
)
_MAY_ONE = re.compile(
    r"(?:[你妳您]|^文章).*(?:可以|能|會).*嗎\??$|^(?:這裡|你們?|社群)?的?文章裡?(?:面|的)?(?!有|[談說講])"
)  # 文章可以印嗎
_ESSAYS = r"文章|資料|\b(?:essays?|articles?)\b"
_ASKED = (
    r"[寫篇]|提到|談|(?:說|講|聊)(?:一下|說|講|聊)|分析|研究|知道|了解|解釋|找|查|[想要]看|看看|我[想要]|推薦|介紹(?!來)|哪|什麼是|是什麼"
    r"|\b(?:write|wrote|written|about|know|find|explain)\b"
)
_OF_ESSAYS = re.compile(rf"{_ESSAYS}|{_ASKED}", re.IGNORECASE)
_OF_WHAT_THEY_SAY = re.compile(_ASKED, re.IGNORECASE)


def is_said_to_us(text: str) -> bool:
    """Tell whether a text is about the two who talk, and not about what essays say: 「我剛匯款了」, 「你會偷看訊息嗎」."""
    of_essays = _OF_WHAT_THEY_SAY if _MAY_ONE.search(text) else _OF_ESSAYS
    is_to_us = _TO_US.search(text) is not None or _MAY_ONE.search(text) is not None
    return is_to_us and of_essays.search(text) is None


def speaks_of_us_or_the_day(text: str, subjects: Collection[str]) -> bool:
    """Tell whether a text, outside the `subjects`, holds a word of ours or of people's day: 「提醒我看盤」, 「晚餐吃什麼」."""
    rest = _without(subjects, text)
    return spoken_of(rest) is not None or _DAY.search(rest) is not None


def _without(subjects: Collection[str], text: str) -> str:
    for subject in subjects:
        text = text.replace(subject, " ")
    return text


_ASKS_WHY = re.compile(
    r"為什麼|為何|(?:說|講|聊)(?:一下|說|講|聊)|是什麼|什麼是|影響|原因|差[別異]|寫|文章|提到|談|分析|研究|趨勢|前景|展望|\b(?:what|how|why|which|about|on)\b",
    re.IGNORECASE,
)
MOST_FULL = 0.5


def is_mostly_empty(text: str, subjects: Collection[str]) -> bool:
    """Tell whether most of a text, outside the `subjects`, is our words, empty ones or conversation: 「有幾個訂閱者」."""
    if _ASKS_WHY.search(text):
        return False
    rest = _without(subjects, text)
    full = length(_SOCIAL.sub(" ", without_own_words(rest))) + sum(map(length, subjects))
    return full < MOST_FULL * length(text)


def is_sentence(text: str) -> bool:
    """Tell whether a text says more than a name: it holds a word of grammar or of ours, 怎麼把字調大, not 棒球場."""
    return without_own_words(text).replace(" ", "") != _SIGNS.sub("", to_halfwidth(text).lower())
