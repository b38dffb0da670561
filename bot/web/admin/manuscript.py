"""An essay's blocks as lines that a person edits.

`## ` a heading, `- ` a bullet, `1. ` a numbered item, `> ` a quotation (`> [誰] ` whose), `| a | b |` a table's row, `[圖 address] ` a
picture and its caption, `[註1] ` a note, `[words](address)` a link; else a paragraph. `---會員---` ends what everybody may read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.web.admin.manuscript_links import linked, unlinked
from corpus.essay import Block, BlockKind, Picture, Table
from corpus.intake.paywall import MARK, is_mark

_MARK = re.compile(
    r"(?P<heading>#{1,6}\s+)|(?P<bullet>[-*\u2022]\s+)|(?P<numbered>\d{1,3}[.\uff0e)]\s+)"
    r"|(?P<quote>>\s?(?:\[(?P<author>[^\]]*)\]\s?)?)|(?P<note>\[註(?P<mark>[^\]\s]*)\]\s?)"
    r"|(?P<picture>\[圖(?:\s(?P<url>[^\s|\]]+)(?:\|(?P<alt>[^\]]*))?)?\]\s?)|(?P<table>\[表\]\s?|(?=\|.*\|$))"
)
_TITLE = re.compile(r"^#[ \t]+(.+)$", re.MULTILINE)
_CELL = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_RULE = re.compile(r"\|(?:\s*-{3,}\s*\|)+")
_PLAIN = "\\"  # before a paragraph that begins like one of the marks
_LISTS = (BlockKind.BULLET, BlockKind.NUMBERED)


def as_manuscript(blocks: Sequence[Block], open_blocks: int = 0) -> str:
    """Write these blocks as a manuscript: `blocks_in` and `opened_in` give them back. A list's items stand close together."""
    lines: list[str] = []
    number = 0
    for place, block in enumerate(blocks):
        before = blocks[place - 1].kind if place else None
        number = number + 1 if block.kind is BlockKind.NUMBERED and before is BlockKind.NUMBERED else 1
        if place and place == open_blocks:
            lines += ["", MARK, ""]
        elif place and not (block.kind in _LISTS and before is block.kind):
            lines.append("")
        lines += _rows(block.table) if block.table is not None else [_line(block, number)]
    return "\n".join([*lines, "", MARK] if blocks and open_blocks >= len(blocks) else lines)


def opened_in(manuscript: str) -> int:
    """Count the blocks that stand before the mark; 0 where there is none."""
    lines = manuscript.splitlines()
    at = next((at for at, line in enumerate(lines) if is_mark(line)), 0)
    return len(blocks_in("\n".join(lines[:at])))


def blocks_in(manuscript: str) -> tuple[Block, ...]:
    """Read the blocks of a manuscript: one of each line, or of a table's rows that stand together."""
    return tuple(_blocks([line.strip() for line in manuscript.splitlines()]))


def parts(title: str, manuscript: str) -> list[tuple[str, str]]:
    """Split a manuscript before each line `# title`, which begins another essay: (title, manuscript) of each."""
    first, *more = _TITLE.split(manuscript)
    return [(title, first), *zip(more[::2], more[1::2], strict=True)]


def _line(block: Block, number: int) -> str:
    text = linked(replace(block, text=" ".join(block.text.split())) if "\n" in block.text else block)
    match block.kind:
        case BlockKind.HEADING:
            return f"## {text}"
        case BlockKind.BULLET:
            return f"- {text}"
        case BlockKind.NUMBERED:
            return f"{number}. {text}"
        case BlockKind.QUOTE:
            author = (block.author or "").replace("]", "")
            return f"> [{author}] {text}" if author or text.startswith("[") else f"> {text}"
        case BlockKind.NOTE:
            return f"[註{block.mark or ''}] {text}"
        case BlockKind.PICTURE:
            alt = f"|{block.picture.alt.replace(']', '')}" if block.picture and block.picture.alt else ""
            return f"[圖 {block.picture.url}{alt}] {text}".rstrip() if block.picture else f"[圖] {text}"
        case BlockKind.TABLE:
            return f"[表] {text}"
        case _:
            return _PLAIN + text if _MARK.match(text) or is_mark(text) or text.startswith(_PLAIN) else text


def _rows(table: Table) -> list[str]:
    """Write a table's caption and rows, with a rule under the names of its columns."""
    rows = [_row(row) for row in table.rows]
    head = [_row(table.header), f"|{' --- |' * len(table.header)}"] if table.header else []
    return [*([f"[表] {table.caption}"] if table.caption else []), *head, *rows]


def _row(cells: Sequence[str]) -> str:
    shown = (" ".join(cell.split()).replace("\\", "\\\\").replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(f'{_PLAIN}{cell}' if re.fullmatch('-{3,}', cell) else cell for cell in shown)} |"


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if is_mark(line):
            at += 1
            continue
        mark = _MARK.match(line)
        if mark and mark.lastgroup == "table":
            end = next((below for below in range(at + 1, len(lines)) if not _is_row(lines[below])), len(lines))
            yield _table(line, lines[at if _is_row(line) else at + 1 : end])
            at = end
            continue
        yield from _block(line, mark)
        at += 1


def _is_row(line: str) -> bool:
    return len(line) > 1 and line.startswith("|") and line.endswith("|")


def _block(line: str, mark: re.Match[str] | None) -> Iterator[Block]:
    kind = _kind(mark)
    text, links = unlinked((line[mark.end() :] if mark else line.removeprefix(_PLAIN)).strip())
    block = Block(kind, text, links)
    if mark and kind is BlockKind.QUOTE:
        block = replace(block, author=mark["author"] or None)
    elif mark and kind is BlockKind.NOTE:
        block = replace(block, mark=mark["mark"] or None)
    elif mark and kind is BlockKind.PICTURE and mark["url"]:
        block = replace(block, picture=Picture(mark["url"], mark["alt"] or ""))
    if text or block.picture:
        yield block


def _kind(mark: re.Match[str] | None) -> BlockKind:
    if mark is None:
        return BlockKind.TEXT
    return next(kind for kind in BlockKind if kind is not BlockKind.TEXT and mark.groupdict().get(kind) is not None)


def _table(first: str, rows: Sequence[str]) -> Block:
    """Read a table from its caption, if it has one, and the rows under it."""
    caption = "" if _is_row(first) else _MARK.sub("", first, count=1).strip()
    if not rows:
        return Block(BlockKind.TABLE, caption)
    headed = len(rows) > 1 and _RULE.fullmatch(rows[1]) is not None
    cells = [tuple(_cells(row)) for row in rows]
    table = Table(cells[0] if headed else (), tuple(cells[2:] if headed else cells), caption)
    return Block(BlockKind.TABLE, table.text, table=table)


def _cells(row: str) -> Iterator[str]:
    inside, at = row[1:-1], 0
    for bar in _CELL.finditer(inside):
        yield _cell(inside[at : bar.end() - 1])
        at = bar.end()
    yield _cell(inside[at:])


def _cell(written: str) -> str:
    return re.sub(r"\\(.)", r"\1", written.strip())
