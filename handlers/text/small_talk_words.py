"""Words of conversation: what people say to one another, and nobody looks up."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.language.text import fold, fold_with_places, to_halfwidth
from handlers.text.bot_words import own_words, without_own_words
from handlers.text.empty_words import GRAMMAR, any_of

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
_OPINION = "覺得 認為 聽說"
_SAID = [*_COMPANY.split(), *_OPINION.split()]
_CHATTER = re.compile(rf"(?:{any_of([*GRAMMAR.split(), *_SAID])})+", re.IGNORECASE)
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


def is_sentence(text: str) -> bool:
    """Tell whether a text says more than a name: it holds a word of grammar or of ours, 怎麼把字調大, not 棒球場."""
    return without_own_words(text).replace(" ", "") != _SIGNS.sub("", to_halfwidth(text).lower())
