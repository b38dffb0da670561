"""Change words of an essay, wherever they stand by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.essay import Essay
from handlers.text.changes import whole


def with_words(essay: Essay, old: str, new: str) -> Essay:
    """Return the essay with some words changed wherever they stand by themselves."""

    def put(text: str) -> str:
        return whole(old).sub(lambda _found: new, text)

    blocks = tuple(replace(block, text=put(block.text)) for block in essay.blocks)
    return replace(essay, title=put(essay.title), blocks=blocks, lead=put(essay.lead) if essay.lead else essay.lead)


def count_words(essay: Essay, words: str) -> int:
    """Count the places where these words stand by themselves."""
    return len(whole(words).findall(_text(essay)))


def not_there(words: str, essays: Sequence[Essay]) -> str:
    """Say why nothing can be changed: the words stand nowhere, or only inside longer ones."""
    inside = re.compile(rf"[0-9A-Za-z.,]*{re.escape(words)}[0-9A-Za-z.,]*")
    longer = {found.group().strip(".,") for essay in essays for found in inside.finditer(_text(essay))}
    if longer:
        return f"裡「{words[:40]}」只出現在「{'」「'.join(sorted(longer)[:3])}」裡面，要換請打完整的字。"
    return f"裡沒有「{words[:40]}」，請照原文複製過來。"


def _text(essay: Essay) -> str:
    """Return all the text of an essay in which words can be changed."""
    return f"{essay.title}\n{essay.lead or ''}\n{essay.body}"
