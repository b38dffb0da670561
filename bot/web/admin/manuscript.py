"""An essay's blocks as lines that a person edits: `## ` a heading, `- ` a bullet, `1. ` a numbered item, else a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.essay import Block, BlockKind

_MARK = re.compile(r"(?P<heading>#{1,6}\s+)|(?P<bullet>[-*\u2022]\s+)|(?P<numbered>\d{1,3}[.\uff0e)]\s+)")
_TITLE = re.compile(r"^#[ \t]+(.+)$", re.MULTILINE)
_PLAIN = "\\"  # before a paragraph that begins like one of the marks
_LISTS = (BlockKind.BULLET, BlockKind.NUMBERED)


def as_manuscript(blocks: Sequence[Block]) -> str:
    """The manuscript of these blocks: `blocks_in` gives them back. The items of a list stand close together."""
    lines: list[str] = []
    number = 0
    for place, block in enumerate(blocks):
        before = blocks[place - 1].kind if place else None
        number = number + 1 if block.kind is BlockKind.NUMBERED and before is BlockKind.NUMBERED else 1
        if place and not (block.kind in _LISTS and before is block.kind):
            lines.append("")
        lines.append(_line(block, number))
    return "\n".join(lines)


def blocks_in(manuscript: str) -> tuple[Block, ...]:
    """The blocks of a manuscript; blank lines part nothing but lines."""
    return tuple(_blocks(line.strip() for line in manuscript.splitlines()))


def parts(title: str, manuscript: str) -> list[tuple[str, str]]:
    """The essays of a manuscript in which a line `# title` begins another one: (title, manuscript) of each."""
    first, *more = _TITLE.split(manuscript)
    return [(title, first), *zip(more[::2], more[1::2], strict=True)]


def _line(block: Block, number: int) -> str:
    text = " ".join(block.text.split())
    match block.kind:
        case BlockKind.HEADING:
            return f"## {text}"
        case BlockKind.BULLET:
            return f"- {text}"
        case BlockKind.NUMBERED:
            return f"{number}. {text}"
        case _:
            return _PLAIN + text if _MARK.match(text) or text.startswith(_PLAIN) else text


def _blocks(lines: Iterable[str]) -> Iterable[Block]:
    for line in lines:
        mark = _MARK.match(line)
        text = line[mark.end() :] if mark else line.removeprefix(_PLAIN)
        if text.strip():
            yield Block(BlockKind(mark.lastgroup) if mark and mark.lastgroup else BlockKind.TEXT, text.strip())
