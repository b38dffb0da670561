"""An essay of the archive, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property


class BlockKind(StrEnum):
    """What a block of an essay is."""

    HEADING = "heading"
    TEXT = "text"
    BULLET = "bullet"
    NUMBERED = "numbered"


class Visibility(StrEnum):
    """Who may read the whole essay."""

    PUBLIC = "public"
    MEMBERS = "members"


class Audience(StrEnum):
    """On whose behalf the Library is asked. A group is always a guest, whoever asks."""

    GUEST = "guest"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the essay as its reader sees it: a heading, a paragraph or a list item, without its bullet sign."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block that is no heading, with the heading it stands under and its place among the essay's paragraphs."""

    index: int
    text: str
    kind: BlockKind
    heading: str | None


@dataclass(frozen=True)
class Essay:
    """One article. `id` and `revision` are 0 until the store has given them; `published` is never the day it was added."""

    title: str
    blocks: tuple[Block, ...]
    author: str | None = None
    source: str | None = None
    url: str | None = None
    published: date | None = None
    tags: tuple[str, ...] = ()
    further_reading: tuple[str, ...] = ()
    visibility: Visibility = Visibility.PUBLIC
    lead: str | None = None
    id: int = 0
    revision: int = 0

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.kind is BlockKind.HEADING)

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The essay's text in reading order; a paragraph's index is its address in links and hits."""
        found: list[Paragraph] = []
        heading: str | None = None
        for block in self.blocks:
            if block.kind is BlockKind.HEADING:
                heading = block.text
            else:
                found.append(Paragraph(len(found), block.text, block.kind, heading))
        return tuple(found)

    @property
    def body(self) -> str:
        """All paragraphs and headings, one a line."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def teaser(self) -> Essay:
        """What everybody may see of an essay for members: title, date, byline and lead; not its address, not its tags."""
        lead = (Block(BlockKind.TEXT, self.lead),) if self.lead else ()
        return replace(self, blocks=lead, tags=(), further_reading=(), url=None)
