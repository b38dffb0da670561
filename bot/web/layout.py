"""An essay's blocks as a page needs them: sections under headings, list items gathered into lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from corpus.essay import BlockKind, Essay, Paragraph

_NUMBER = re.compile(r"\s*(?:\(?\d{1,2}[.)、\uff0e]|[((\uff08][一二三四五六七八九十\d]{1,3}[))\uff09])")


@dataclass(frozen=True, slots=True)
class ParagraphGroup:
    """Paragraphs of one kind in a row: each of its own, or the items of one list. `start` numbers the first item."""

    kind: BlockKind
    paragraphs: tuple[Paragraph, ...]
    start: int = 1

    @property
    def says_numbers(self) -> bool:
        """Whether the items' own text begins with their numbers: a page must not number them again."""
        return all(_NUMBER.match(paragraph.text) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class PageSection:
    """A heading, None before the first, and what stands under it; `number` is its address on the page."""

    number: int
    heading: str | None
    runs: tuple[ParagraphGroup, ...] = field(default=())


def sections(essay: Essay) -> list[PageSection]:
    """The essay in reading order; a heading with nothing under it is kept."""
    cuts: list[tuple[str | None, list[Paragraph]]] = [(None, [])]
    upcoming = iter(essay.paragraphs)
    for block in essay.blocks:
        if block.kind is BlockKind.HEADING:
            cuts.append((block.text, []))
        else:
            cuts[-1][1].append(next(upcoming))
    return [PageSection(n, heading, tuple(_runs(under))) for n, (heading, under) in enumerate(cuts) if heading or under]


def _runs(paragraphs: Iterable[Paragraph]) -> Iterable[ParagraphGroup]:
    numbered = 0  # a list that a paragraph interrupts counts on
    for kind, items in groupby(paragraphs, key=lambda paragraph: paragraph.kind):
        run = ParagraphGroup(kind, tuple(items), numbered + 1)
        numbered += len(run.paragraphs) if kind is BlockKind.NUMBERED else 0
        yield run
