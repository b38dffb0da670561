"""The changes of a correction: each place, as it was and as it will be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from string import ascii_letters, digits
from typing import NamedTuple

from corpus.essay import Block, Essay
from handlers.text.visibility import visibility_label

BESIDE = 10  # characters shown on either side of what changed
LONGEST = 60  # characters shown of one side
NOTHING = "（沒有）"

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[A-Za-z]+|\s+|.", re.DOTALL)


class Change(NamedTuple):
    """A place that changed: where it is, and its words before and after, with a little of what stands beside them."""

    where: str
    old: str
    new: str

    @property
    def line(self) -> str:
        return f"「{self.old}」→「{self.new}」"


def changes(before: Essay, after: Essay) -> list[Change]:
    """Return all that a reader would see differ, from the title to the last paragraph."""
    told, tells = _facts(before), _facts(after)
    found = [Change(name, told[name] or NOTHING, tells[name] or NOTHING) for name in told if told[name] != tells[name]]
    return found + list(_in_blocks(before.blocks, after.blocks))


def listed(found: Sequence[Change], most: int) -> list[tuple[str, str]]:
    """Return the first places as rows, and how many there are besides."""
    rows = [(one.where, one.line) for one in found[:most]]
    return rows + ([("其他", f"還有 {len(found) - most} 處")] if len(found) > most else [])


def whole(words: str) -> re.Pattern[str]:
    """Return a pattern of words that stand by themselves: 「20」 not in 「2020」 or 「20.5」, 「AI」 not in 「TAIEX」."""
    return re.compile(_before(words[0]) + re.escape(words) + _after(words[-1]))


def _before(character: str) -> str:
    if character in digits:
        return r"(?<![0-9])(?<![0-9][.,])"
    return "(?<![A-Za-z])" if character in ascii_letters else ""


def _after(character: str) -> str:
    if character in digits:
        return r"(?![0-9])(?![.,][0-9])"
    return "(?![A-Za-z])" if character in ascii_letters else ""


def _facts(essay: Essay) -> dict[str, str]:
    return {
        "標題": essay.title,
        "日期": f"{essay.published:%Y/%m/%d}" if essay.published else "",
        "作者": essay.author or "",
        "來源": essay.source or "",
        "網址": essay.url or "",
        "標籤": "、".join(essay.tags),
        "給誰看": visibility_label(essay.visibility),
        "前言": essay.lead or "",
    }


def _in_blocks(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, [_key(block) for block in before], [_key(block) for block in after], autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        old, new = before[start:end], after[new_start:new_end]
        for place in range(max(len(old), len(new))):
            where = f"第 {(start if old else new_start) + min(place, max(len(old), 1) - 1) + 1} 段"
            yield from _in_text(
                where, old[place].text if place < len(old) else "", new[place].text if place < len(new) else ""
            )


def _key(block: Block) -> tuple[str, str]:
    return block.kind, block.text


def _in_text(where: str, old: str, new: str) -> Iterator[Change]:
    if not old or not new:
        yield Change(where, _cut(old) or NOTHING, _cut(new) or NOTHING)
        return
    was, will = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, was, will, autojunk=False)
    if matcher.ratio() < 0.5:  # written anew
        yield Change(where, _cut(old), _cut(new))
        return
    for start, end, new_start, new_end in _joined(matcher):
        yield Change(where, _around(was, start, end), _around(will, new_start, new_end))


def _joined(matcher: SequenceMatcher[str]) -> list[tuple[int, int, int, int]]:
    """Return the spans that differ, as (start, end, new start, new end); spans that are hardly apart are one."""
    differing = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
    joined = differing[:1]
    for (_, end, _, _), (start, stop, new_start, new_stop) in pairwise(differing):
        if start - end <= 2:
            joined[-1] = (joined[-1][0], stop, joined[-1][2], new_stop)
        else:
            joined.append((start, stop, new_start, new_stop))
    return joined


def _around(tokens: Sequence[str], start: int, end: int) -> str:
    left, right = "".join(tokens[:start]), "".join(tokens[end:])
    before = f"…{left[-BESIDE:]}" if len(left) > BESIDE else left
    after = f"{right[:BESIDE]}…" if len(right) > BESIDE else right
    return before + _cut("".join(tokens[start:end])) + after


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}…{text[-LONGEST // 2 :]}"
