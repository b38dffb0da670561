"""What people put around a command without meaning anything by it: signs, emoji, particles, thanks, quotation marks."""

from __future__ import annotations

import re
from functools import lru_cache

import regex

# The names of LINE's own emoji, as they stand in a copied text.
_EMOJI_NAMES = (
    "love|heart|hearts|happy|smile|smiling|laugh|laughing|cry|crying|sad|angry|mad|shy|shocked|surprised|ok|good|no good|"
    "hi|hello|bye|thanks|thank you|please|sorry|wink|kiss|cool|sleepy|sleeping|moon grin|moon|grin|star|stars|sparkle|"
    "sparkles|fire|clap|thumbs up|thumbs down|peace|victory|rabbit|bear|cony|brown|sally|james|music|gift|cake|party|"
    "flower|sun|rain|snow|blush|sweat|tears|hahaha|haha|yes|no|wow|omg|lol|nervous|excited|relieved|zzz"
)
_UNSEEN = regex.compile(r"[\p{Cf}\p{Co}\uFE00-\uFE0F\u3164\u115F\u1160\u2800]+")
_PICTURES = regex.compile(
    r"[\p{So}\p{Sk}\U0001F1E6-\U0001F1FF\U0001F3FB-\U0001F3FF\u20E3\uFFFC\uFFFD--[`^°™®©]]+", regex.V1
)
_PLACEHOLDER = re.compile(rf"\((?:{_EMOJI_NAMES})?\)", re.IGNORECASE)
_FACE = re.compile(r"\(?[><=^;:T][\s_.oωдw-]*[><=^;:T]\)?$|[:;=]-?[)(dp]$|<3$", re.IGNORECASE)
_LAUGH = re.compile(r"(?:(?<![a-z$.])(?:x+d+|qq|orz|lol|(?:ha){2,}|w{3,})|[哈呵嘿嘻]+|\^\^)$", re.IGNORECASE)
_THANKS = re.compile(
    r"(?:謝謝?(?:你|您|大家|羅盤)?|感謝(?:你|您)?|感恩|多謝|拜託(?:你|您|了)?|麻煩(?:你|您)?了?|辛苦了"
    r"|(?<![a-z])(?:thanks?(?: you)?|thx|plz|pls|please|3q))$",
    re.IGNORECASE,
)
_PARTICLES = re.compile(r"(?:(?<![酒網貼])吧|[喔哦噢啦欸誒啊呀囉嘍唷喲嘛咧捏呢ㄛㄟㄚ]|(?<!摩)耶|(?<=[\w])一下)+$")
_OPENING_PARTICLES = re.compile(r"^(?:[欸誒喂ㄟ]+|嘿+|哈囉|嗨|(?:hi|hey|hello)(?![a-z]))[\s,]*(?=\S)", re.IGNORECASE)
_SIGNS_BEFORE = " .,、。!?~…‥·•*_|^-=>/\\;:`'"
_SIGNS_AFTER = " .,、。!?~…‥·•*_|^-=<>/\\;:`'♪"
_QUOTES = {
    pair[0]: pair[1] for pair in ["「」", "『』", "“”", '""', "''", "‘’", "【】", "《》", "〈〉", "()", "[]", "<>"]
}  # opening to closing


def seen(text: str) -> str:
    """The text without characters that nobody sees: zero-width ones, byte order marks, variation selectors."""
    return text if text.isascii() else _UNSEEN.sub("", text)


@lru_cache(maxsize=2048)
def undecorated(text: str) -> str:
    """「😂說明~謝謝喔!」 -> 「說明」; the text as it is where nothing else would be left."""
    kept = _PLACEHOLDER.sub(" ", text if text.isascii() else _PICTURES.sub(" ", text))
    kept = " ".join(kept.split())
    while True:
        shorter = _peeled(kept)
        if not shorter:
            return kept if kept.strip(_SIGNS_AFTER) else text
        if shorter == kept:
            return kept
        kept = shorter


def unquoted(text: str) -> str:
    """「「2330」」 -> 「2330」: without the pair of marks around all of it."""
    text = text.strip()
    while len(text) > 2 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]:
        text = text[1:-1].strip()
    return text


def _peeled(text: str) -> str:
    """The text without one layer of what stands around it."""
    if text[:1] not in ("#", "$"):
        text = text.lstrip(_SIGNS_BEFORE)
    text = unquoted(text.rstrip(_SIGNS_AFTER))
    for layer in (_FACE, _LAUGH, _THANKS, _PARTICLES, _OPENING_PARTICLES):
        rest = layer.sub("", text, count=1).strip()
        if rest and rest != text:
            return rest
    return text
