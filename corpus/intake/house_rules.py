"""A site's rules for those who comment, below a text: lines in a row to its readers that take up none of the text's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.intake.cohesion import words
from corpus.intake.item import Item
from corpus.intake.role import LineRole
from corpus.language.traditional import to_traditional

RULES = 2  # lines, at least
SHARED = 0.12  # of their words that the text has used; more, and they are of the text

_SPOKEN_OF = re.compile("留言|評論|發言|張貼|發文|發表")
_FORBIDDING = ("請勿", "请勿", "不得", "禁止", "違反", "违反", "違者", "违者", "移除", "刪除", "删除", "不代表")
_TO_READERS = re.compile(
    "請(?:尊重|遵守|避免|先|詳|注意|自行)|[您你]的?|本[網站]|管理員|網友|法律責任|保留.{0,6}權利|智慧財產"
)


def without_rules(items: Sequence[Item]) -> list[Item]:
    """Return the items, the rules for comments below the text told as the site's."""
    settled = list(items)
    if not _is_forbidding("\n".join([item.text for item in items])):
        return settled
    for run in _runs(items):
        if _are_rules([items[at] for at in run], items[: run[0]]):
            for at in run:
                settled[at] = items[at].outside(LineRole.NOTICE)
    return settled


def _runs(items: Sequence[Item]) -> Iterator[list[int]]:
    """Yield the places of lines in a row that may be rules; what is the site's anyway may stand between them."""
    content = [at for at, item in enumerate(items) if item.is_content]
    for is_run, group in groupby(content, lambda at: _could_be_rule(items[at])):
        if is_run:
            yield list(group)


def _could_be_rule(item: Item) -> bool:
    said = to_traditional(item.plain)
    return _is_forbidding(said) or bool(_SPOKEN_OF.search(said) or _TO_READERS.search(said))


def _is_forbidding(text: str) -> bool:
    return any(word in text for word in _FORBIDDING)


def _are_rules(run: Sequence[Item], above: Sequence[Item]) -> bool:
    """Tell whether lines forbid something and speak of comments, below a text with whose words they have little to do."""
    said = "".join(to_traditional(item.plain) for item in run)
    if len(run) < RULES or not _SPOKEN_OF.search(said) or not _is_forbidding(said):
        return False
    told = set(words("\n".join(item.text for item in above if item.is_told)))
    own = set(words("\n".join(item.text for item in run)))
    return bool(told) and len(own & told) < SHARED * len(own)
