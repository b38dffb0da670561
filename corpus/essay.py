"""An essay of the archive, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import zip_longest

from corpus.series import Series as Series
from corpus.visibility import Audience as Audience
from corpus.visibility import Visibility as Visibility


class BlockKind(StrEnum):
    """The kind of a block of an essay."""

    HEADING = "heading"
    TEXT = "text"
    BULLET = "bullet"
    NUMBERED = "numbered"
    TABLE = "table"
    PICTURE = "picture"
    QUOTE = "quote"  # somebody else's words: a quotation, an embedded post, what a reply answers
    NOTE = "note"  # a footnote


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """The characters from `start` to `end` of a block's text lead to `url`: a web address, or `#note-1` for the note marked 1."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table's cells. `header` is empty where no row names the columns."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    @property
    def text(self) -> str:
        """The caption, then one line for each row: its first cell, then 「欄：值」."""
        lines = [self._line(row) for row in self.rows] or ["　".join(filter(None, self.header))]
        return "\n".join(filter(None, (self.caption, *lines)))

    @property
    def tabbed(self) -> str:
        """The caption, the header and the rows, one a line, cells parted by tabs."""
        lines = ("\t".join(row) for row in (self.header, *self.rows) if row)
        return "\n".join(filter(None, (self.caption, *lines)))

    def _line(self, row: tuple[str, ...]) -> str:
        first, rest = row[:1], zip_longest(self.header[1:], row[1:], fillvalue="")
        return "　".join(filter(None, (*first, *(f"{name}：{cell}" if name else cell for name, cell in rest if cell))))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on the web. Its caption is the text of its block."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the essay: a heading, a paragraph, a list item without its bullet sign (but with its number), a table ...

    `text` is searched and quoted: of a table its lines, of a picture its caption, which may be empty. `author` is the author of
    a quotation, `mark` the mark of a note.
    """

    kind: BlockKind
    text: str
    links: tuple[Hyperlink, ...] = ()
    table: Table | None = None
    picture: Picture | None = None
    author: str | None = None
    mark: str | None = None

    @property
    def is_paragraph(self) -> bool:
        """Tell whether the block counts among the essay's paragraphs: it has a text, and is no heading and no caption."""
        return bool(self.text) and self.kind not in (BlockKind.HEADING, BlockKind.PICTURE)

    @property
    def plain(self) -> str:
        """The block's text; of a table, its cells parted by tabs."""
        return self.table.tabbed if self.table is not None else self.text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block with a text that is no heading and no caption, with the heading it stands under and its place among its like."""

    index: int
    text: str
    kind: BlockKind
    heading: str | None

    @property
    def is_quoted(self) -> bool:
        """Tell whether these are somebody else's words, which are never quoted as the author's."""
        return self.kind is BlockKind.QUOTE


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
    lead: str | None = None  # the open text of an essay that is not for everybody and has no mark in its text
    open_blocks: int = 0  # how many of the blocks everybody may read: those before the mark in the text
    series: Series | None = None
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
            elif block.is_paragraph:
                found.append(Paragraph(len(found), block.text, block.kind, heading))
        return tuple(found)

    @property
    def body(self) -> str:
        """All paragraphs and headings, one a line."""
        return "\n".join(block.text for block in self.blocks if block.kind is not BlockKind.PICTURE)

    @property
    def is_partly_open(self) -> bool:
        """Tell whether a mark parts the text into one part that everybody may read and one that only some may."""
        return self.open_blocks > 0 and not self.visibility.is_public

    @property
    def teaser(self) -> Essay:
        """The part of an essay that everybody may see when the whole is not for everybody: title, date, byline and open text.

        The open text stands before the mark, or is the lead where there is no mark. Address, tags, further reading and series
        are left out.
        """
        lead = (Block(BlockKind.TEXT, self.lead),) if self.lead else ()
        return replace(
            self, blocks=self.blocks[: self.open_blocks] or lead, tags=(), further_reading=(), url=None, series=None
        )
