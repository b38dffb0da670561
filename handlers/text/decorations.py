"""Decorations that people put around a command without meaning anything by them: signs, emoji, particles, thanks, marks."""

from __future__ import annotations

import re
from collections.abc import Callable

import regex

from corpus.language.text import to_halfwidth

IsWord = Callable[[str], bool]  # whether the dictionary, or the lexicon, holds a word

# The names of LINE's own emoji, as they stand in a copied text.
_EMOJI_NAMES = (
    "love|heart|hearts|happy|smile|smiling|laugh|laughing|cry|crying|sad|angry|mad|shy|shocked|surprised|ok|good|no good|"
    "hi|hello|bye|thanks|thank you|please|sorry|wink|kiss|cool|sleepy|sleeping|moon grin|moon|grin|star|stars|sparkle|"
    "sparkles|fire|clap|thumbs up|thumbs down|peace|victory|rabbit|bear|cony|brown|sally|james|music|gift|cake|party|"
    "flower|sun|rain|snow|blush|sweat|tears|hahaha|haha|yes|no|wow|omg|lol|nervous|excited|relieved|zzz"
)
_UNSEEN = regex.compile(r"[\p{Cf}\p{Co}\uFE00-\uFE0F\u3164\u115F\u1160\u2800]+")
_PICTURES = regex.compile(
    r"[\p{So}\p{Sk}\u2190-\u21FF\U0001F1E6-\U0001F1FF\U0001F3FB-\U0001F3FF\u20E3\uFFFC\uFFFD--[`^°™®©]]+", regex.V1
)
_PLACEHOLDER = re.compile(rf"\((?:{_EMOJI_NAMES})?\)", re.IGNORECASE)
_FACE = re.compile(
    r"(?:(?<![a-z])(?:Q[_.aw]Q|TAT)|T[_.]+T|[0o][._][0o]|@@+)$"
    r"|\(?(?:[><=^;:]|(?<![a-z\d])T)[\s_.oωдw-]*[><=^;:T]\)?$|[:;=]-?[)(dp]$|<3$|\([^()㐀-鿿a-z\d]*\)\S{0,2}$",
    re.IGNORECASE,
)
_LAUGH = re.compile(
    r"(?:(?<![a-z$.])(?:x+d+|qq|orz|lol|lmao|(?:ha){2,}|w{3,})|(?<=[㐀-鿿])w+|[哈呵嘿嘻嗚噗]+|笑[死爛翻]|\^\^|!1+)$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:[謝蟹]{1,2}(?:你|您|大家|羅盤)?|感謝(?:你|您|大大|老師|小編|各位)?|感恩(?:你|您)?|多謝(?:你|您)?|拜託(?:你|您|了)?|麻煩(?:你|您)?了?|辛苦了"
    r"|(?<![a-z])(?:thanks?(?: you| u)?(?: (?:a lot|so much|very much))?|thx|tks|ty|plz|pls|please|3q)|(?<=[㐀-鿿\d])\s?(?:ok|okay))$",
    re.IGNORECASE,
)
_PARTICLE = re.compile(
    r"(?<=[㐀-鿿\d])\s?der$|[ ,](?:急+|快(?:一?點)?|趕快|趕緊|馬上|立刻|asap)$"
    r"|[餒齁蛤吼咩吧喔哦噢啦辣欸誒啊呀囉嘍唷喲呦嘛咧捏呢耶唄嘞\u3105-\u312F]$|(?<=\w) ?一下下?$"
)
_GREETING = re.compile(
    r"^(?:[欸誒喂ㄟ]+|嘿+|哈囉|嗨|(?:hi|hey|hello)(?![a-z])|不好意思|(?:想|我想)?請問(?:一下)?|大大(?![小的地提降增減影]))[\s,.!~]*(?=\S)"
    r"|^(?:你好|您好|大家好|早安|早上好|午安|晚安|各位好?|大哥|大姐|老師|小編|版主|小幫手|羅盤|急+|在線等|那個|打擾(?:了|一下)|抱歉|謝謝|感謝)[\s,.!~、:]+(?=\S)",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![a-z\d])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{9,}$", re.IGNORECASE)  # its last letters are its own
_LIST_MARK = re.compile(r"^(?:\(\d{1,2}\)|\d{1,2}[.、)])\s*(?=[㐀-鿿])")  # 「1. 說明」, copied from a list
_ASIDE = re.compile("[笑哭急汗怒跪羞抖菸茶默淚逃炸誤囧攤手握拳無拜託感謝恩在線等求偷好奇謎]{1,4}")
_IN_BRACKETS = re.compile(r"\(([^()]{1,8})\)$")
_SIGNS_BEFORE = " <※〜@.,、。!?~…‥·・•*_|^-=>/\\;:`'"
_SIGNS_AFTER = " @※〜.,、。!?~…‥·・•*_|^-=<>/\\;:`'♪"
_QUOTES = {
    pair[0]: pair[1]
    for pair in ["「」", "『』", "“”", '""', "''", "‘’", "【】", "〔〕", "《》", "〈〉", "()", "[]", "<>"]
}  # opening to closing

_OPENER = re.compile(
    r"^(?:那(?:就|麼)?|(?:改|換|切換?|設|轉)(?:成|到|為)|(?:可不可以|能不能|能否|可以|麻煩|拜託|請)?(?:你|您)?(?:幫我|幫忙|替我)|[麻勞]煩(?:你|您|一下)?|拜託|請(?:你|您)?"
    r"|(?:我?也?想要?|我也?要)(?:看(?:一下)?(?!過))?|給我(?:看(?:一下)?)?|可以|(?:please|pls)(?![a-z])) ?",
    re.IGNORECASE,
)
_CLOSER = re.compile(
    r"(?:[ ,]*(?:(?:可以?|好|行|ok)嗎|可不可以|可否|好不好|嗎|給我(?:看)?|好了|就好))+$", re.IGNORECASE
)
_BARE = re.compile(r"(?<!以)(?<![可好行])嗎$")  # 「2317 也要追嗎」 asks, unless it began politely
_VIEWS = re.compile(
    r"\s*的?(?:你?怎麼看|怎麼?樣|如何|看法(?:如何)?|近況(?:如何)?|現況|狀況|的?介紹|是什麼公司|是做什麼的|在做什麼|做什麼的)$"
)
_LONGEST_WORD = 4  # characters of a word that may end in a particle's letter: 薩摩耶


def no_word(_word: str) -> bool:
    """Return False for every word, as a dictionary that holds nothing."""
    return False


def seen(text: str) -> str:
    """Return the text without characters that nobody sees: zero-width ones, byte order marks, variation selectors."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def undecorated(text: str, is_word: IsWord = no_word) -> str:
    """Strip a text of decorations: 「😂說明~謝謝喔!」 -> 「說明」; leave it as it is where nothing else would be left.

    The end of a word is no particle: the 吧 of 酒吧, the 耶 of 薩摩耶.
    """
    kept = _PLACEHOLDER.sub(" ", text if text.isascii() else _PICTURES.sub(" ", text))
    kept = " ".join(kept.split())
    while True:
        shorter = _peeled(kept, is_word)
        if not shorter:
            return kept if kept.strip(_SIGNS_AFTER) else text
        if shorter == kept:
            return kept
        kept = shorter


def unquoted(text: str) -> str:
    """Strip the pair of marks around all of a text: 「「2330」」 -> 「2330」."""
    text = text.strip()
    while len(text) > 2 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]:
        text = text[1:-1].strip()
    return text


def without_courtesy(text: str) -> str:
    """Strip a text of courtesy: 「我想請你幫我訂閱散熱好嗎」 -> 「訂閱散熱」; 好嗎 may ask for more where the rest is not known."""
    asked = _OPENER.sub("", _OPENER.sub("", text))
    closed = _CLOSER.sub("", asked) if asked != text or not _BARE.search(text) else asked
    return closed or asked


def without_closer(text: str) -> str:
    """Strip a polite closer: 「散熱好嗎」 -> 「散熱」."""
    return _CLOSER.sub("", text)


def subject_of(text: str) -> str:
    """Return the subject of a question, without the asking: 「請問 $TSLA 怎麼看」 -> 「$TSLA」."""
    return _VIEWS.sub("", without_courtesy(text)).strip()


def _peeled(text: str, is_word: IsWord) -> str:
    """Return the text without one layer of what stands around it."""
    if text[:1] not in ("#", "$"):
        text = text.lstrip(_SIGNS_BEFORE)
    text = unquoted(text.rstrip(_SIGNS_AFTER))
    layers = [_GREETING, _LIST_MARK] if _CODE.search(text) else [_FACE, _LAUGH, _THANKS, _GREETING, _LIST_MARK]
    for layer in layers:
        rest = layer.sub("", text, count=1).strip()
        if rest and rest != text:
            return rest
    return _without_aside(_without_particle(text, is_word))


def _without_particle(text: str, is_word: IsWord) -> str:
    found = _PARTICLE.search(text)
    if found is None or not text[: found.start()].strip():
        return text
    shortest = len(text) - found.start() + 1
    ends = (text[-length:] for length in range(shortest, _LONGEST_WORD + 1) if length <= len(text))
    return text if any(map(is_word, ends)) else text[: found.start()].strip()


def _without_aside(text: str) -> str:
    """Strip an aside that says nothing: 「說明(拜託)」 -> 「說明」; one that says something stays: 「台積電(2330)」."""
    found = _IN_BRACKETS.search(text)
    if found is None or not (rest := text[: found.start()].strip()):
        return text
    said = to_halfwidth(found.group(1))
    is_nothing = _ASIDE.fullmatch(said) is not None or any(
        layer.fullmatch(said) for layer in (_FACE, _LAUGH, _THANKS, _PARTICLE)
    )
    return rest if is_nothing else text
