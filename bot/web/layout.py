"""An essay's blocks as a page needs them: sections under headings, list items gathered into lists, links in their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from corpus.essay import Block, BlockKind, Essay

_NUMBER = re.compile(r"\s*(?:\(?\d{1,3}[.)、\uff0e]|[((\uff08][一二三四五六七八九十\d]{1,3}[))\uff09])")


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A block of a page; `index` is its address among the essay's paragraphs, None where it is none of them."""

    block: Block
    index: int | None

    @property
    def text(self) -> str:
        return self.block.text

    @property
    def pieces(self) -> Iterator[tuple[str, str | None]]:
        """The text in pieces, each with the address that it leads to."""
        at = 0
        for link in sorted(self.block.links, key=lambda link: link.start):
            if at <= link.start < link.end <= len(self.text):
                yield self.text[at : link.start], None
                yield self.text[link.start : link.end], link.url
                at = link.end
        yield self.text[at:], None


@dataclass(frozen=True, slots=True)
class BlockGroup:
    """Blocks of one kind in a row: each of its own, or the items of one list. `start` numbers the first item."""

    kind: BlockKind
    blocks: tuple[PageBlock, ...]
    start: int = 1

    @property
    def says_numbers(self) -> bool:
        """True where the items' own text begins with their numbers: a page must not number them again."""
        return all(_NUMBER.match(block.text) for block in self.blocks)

    @property
    def quoted(self) -> str | None:
        """The author whom a quotation quotes; None where it names none."""
        return next((block.block.author for block in self.blocks if block.block.author), None)


@dataclass(frozen=True, slots=True)
class PageSection:
    """A heading, None before the first, and what stands under it; `number` is its address on the page."""

    number: int
    heading: str | None
    groups: tuple[BlockGroup, ...] = field(default=())


def sections(essay: Essay) -> list[PageSection]:
    """Return an essay's sections in reading order; a heading with nothing under it is kept."""
    cuts: list[tuple[str | None, list[PageBlock]]] = [(None, [])]
    index = 0
    for block in essay.blocks:
        if block.kind is BlockKind.HEADING:
            cuts.append((block.text, []))
            continue
        cuts[-1][1].append(PageBlock(block, index if block.is_paragraph else None))
        index += block.is_paragraph
    return [
        PageSection(n, heading, tuple(_groups(under))) for n, (heading, under) in enumerate(cuts) if heading or under
    ]


def _groups(blocks: Iterable[PageBlock]) -> Iterable[BlockGroup]:
    numbered = 0  # items so far: a list goes on counting after a paragraph
    for (kind, _), items in groupby(blocks, key=lambda one: (one.block.kind, one.block.author)):
        group = BlockGroup(kind, tuple(items), numbered + 1)
        numbered += len(group.blocks) if kind is BlockKind.NUMBERED else 0
        yield group
