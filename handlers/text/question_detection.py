"""The look of a clear question, for lines that do not call the bot by name."""

from __future__ import annotations

import re

from corpus.language.text import to_halfwidth

LONGEST = 60

_ASKS = re.compile(
    r"\?\s*$|嗎|什麼|甚麼|為何|為什麼|怎麼|如何|多少|幾(家|間|個|年|月|成|倍|片|顆|度)|哪(些|個|家|間|裡|一)|是誰|有沒有|是不是|what|why|how|which|who",
    re.IGNORECASE,
)


def looks_like_question(text: str) -> bool:
    """Tell whether a text is one short sentence that asks for something."""
    text = to_halfwidth(text).strip()
    return 3 <= len(text) <= LONGEST and "\n" not in text and bool(_ASKS.search(text))
