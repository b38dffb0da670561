"""A plain page as a sequence of items: headings, paragraphs and list items, with the lines about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.essay import Block, BlockKind
from corpus.intake.boilerplate import role_of
from corpus.intake.item import Item
from corpus.intake.line_kinds import settle_kinds
from corpus.intake.lines import (
    TextLine,
    is_numbered,
    is_prose,
    narrowed,
    read_lines,
)
from corpus.intake.role import LineRole
from corpus.intake.settled_roles import merge_repeated, settle_captions, settle_echoes, settle_lists, settle_tags
from corpus.intake.typed_tables import table_at

_BY_WORDING = frozenset(
    {LineRole.CHROME, LineRole.PLUG, LineRole.LOGIN, LineRole.NOTICE, LineRole.CREDIT, LineRole.CREW, LineRole.TEASER}
)
_LISTED = re.compile(r"[•●○◆◇▪▫■□‧·・▎◎]\s*\S|[-*–—]\s+\S")
_SAID_OF_IT = frozenset({LineRole.BYLINE, LineRole.TAGS, LineRole.TITLE})
_FILLERS = ("", "text", "文字", "-", "--")  # cells that a lost table leaves behind
_MARKED = re.compile(r"(?:#\s+|#{2,6}\s*)(?P<said>[^\s#].*?)(?:\s+#+)?")  # a heading of Markdown, pasted as text


def outline(text: str) -> list[Item]:
    """Return the items of a plain page in reading order. Every content item's text is its line, less a list or heading sign."""
    return outlined(read_lines(text))


def outlined(lines: Iterable[TextLine]) -> list[Item]:
    """Return the items of lines whose roles may be known in part."""
    items = _keep_lists(list(_read(list(lines))))
    items = settle_tags(settle_captions(settle_lists(settle_echoes(items))))
    return settle_kinds(merge_repeated(items))


def _read(lines: Sequence[TextLine]) -> Iterator[Item]:
    at = 0
    while at < len(lines):
        if (found := table_at(lines, at)) is not None:
            table, below = found
            block = Block(BlockKind.TABLE, table.text, table=table)
            yield Item(table.text, table.text, LineRole.CONTENT, lines[at].gap, BlockKind.TABLE, block=block)
            at = below
        else:
            yield _marked(lines[at]) or _item(lines[at])
            at += 1


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of a text whose headings and lists are marked as such: one of its blocks, or a line whose part is known."""

    text: str
    block: Block | None = None
    role: LineRole | None = None


def marked_up(pieces: Iterable[Marked]) -> list[Item]:
    """Return the items of a text whose headings and lists are marked as such."""
    items = [_as_item(piece) for piece in pieces if piece.text.strip() or piece.block]
    return merge_repeated(_keep_heads(settle_lists(_keep_marked(items))))


def _keep_marked(items: list[Item]) -> list[Item]:
    """Make a list or a table content, whatever it says, unless it stands above the text and says who wrote it and when."""
    first = next((at for at, item in enumerate(items) if item.is_content and is_prose(item.text)), len(items))
    return [
        item.with_role(LineRole.CONTENT)
        if at > first and item.role in (LineRole.BYLINE, LineRole.TITLE) and item.kind not in (None, BlockKind.TEXT)
        else item
        for at, item in enumerate(items)
    ]


def _keep_heads(items: list[Item]) -> list[Item]:
    """Make a marked heading of further reading with none below it one of the text's."""
    return [
        item.with_role(LineRole.CONTENT)
        if item.role is LineRole.READING_HEAD
        and item.kind is BlockKind.HEADING
        and not _is_reading(items[at + 1 :][:1])
        else item
        for at, item in enumerate(items)
    ]


def _is_reading(items: Sequence[Item]) -> bool:
    return any(item.role is LineRole.READING for item in items)


def _as_item(piece: Marked) -> Item:
    if piece.block is None:
        return _item(TextLine(piece.text.strip(), gap=True, role=piece.role))
    item = _as_marked(piece.text.strip(), piece.block.kind, gap=True)
    return replace(item, text=piece.text, block=piece.block)


def _item(line: TextLine) -> Item:
    text = _without_fillers(line.text) if "|" in line.text else line.text
    plain = narrowed(text)
    role = line.role or (role_of(plain) if text else LineRole.BREAK)
    return Item(text, plain, role, line.gap)


def _marked(line: TextLine) -> Item | None:
    """Return the heading that Markdown marks a line as, whatever else it looks like; None for other lines."""
    match = _MARKED.fullmatch(line.text) if line.role is None and line.text[0] == "#" else None
    return _as_marked(match["said"], BlockKind.HEADING, line.gap) if match else None


def _keep_lists(items: list[Item]) -> list[Item]:
    """Make listed lines content, whatever they say: two or more in a row, and days below the text."""
    listed = [bool(_LISTED.match(item.text)) for item in items]
    first = next((at for at, item in enumerate(items) if item.is_content and is_prose(item.text)), len(items))
    items = [
        item.with_role(LineRole.CONTENT)
        if at > first and item.role is LineRole.BYLINE and (is_listed or is_numbered(item.text))
        else item
        for at, (item, is_listed) in enumerate(zip(items, listed, strict=True))
    ]
    beside = [before or after for before, after in zip([False, *listed[:-1]], [*listed[1:], False], strict=False)]
    return [
        item.with_role(LineRole.CONTENT) if item.role in _BY_WORDING and is_listed and has_others else item
        for item, is_listed, has_others in zip(items, listed, beside, strict=False)
    ]


def _as_marked(text: str, kind: BlockKind, gap: bool) -> Item:
    """Return a marked block as content, whatever it says, unless it heads further reading or, in a list, tells of the essay."""
    item = _item(TextLine(text, gap))
    if (
        kind is BlockKind.TEXT
        or item.role is LineRole.READING_HEAD
        or (kind is not BlockKind.HEADING and item.role in _SAID_OF_IT)
    ):
        return item.with_kind(kind)
    return item.with_kind(kind).with_role(LineRole.CONTENT)


def _without_fillers(text: str) -> str:
    cells = text.split("|")
    while len(cells) > 1 and cells[-1].strip().lower() in _FILLERS:
        cells.pop()
    return "|".join(cells).rstrip()
