"""Readers with one fault each, as they once were or might become: a law that does not notice them is none."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from corpus.essay import Block, BlockKind, Essay
from corpus.intake import Extracted
from tests.support.documents import RAISED, Make

Breaking = Callable[[Extracted], Extracted]


def _in_blocks(change: Callable[[Block], Iterable[Block]]) -> Breaking:
    def broken(found: Extracted) -> Extracted:
        return replace(found, essays=tuple(_changed(essay, change) for essay in found.essays))

    return broken


def _changed(essay: Essay, change: Callable[[Block], Iterable[Block]]) -> Essay:
    return replace(essay, blocks=tuple(new for block in essay.blocks for new in change(block)))


def _without(kind: BlockKind) -> Breaking:
    return _in_blocks(lambda block: () if block.kind is kind else (block,))


def _last_row(block: Block) -> Iterator[Block]:
    table = block.table
    if table is None:
        yield block
    else:
        shorter = replace(table, rows=table.rows[:-1])
        yield replace(block, table=shorter, text=shorter.text)


def _last_column(block: Block) -> Iterator[Block]:
    table = block.table
    if table is None:
        yield block
    else:
        narrow = replace(table, header=table.header[:-1], rows=tuple(row[:-1] for row in table.rows))
        yield replace(block, table=narrow, text=narrow.text)


def _saying(change: Callable[[str], str]) -> Breaking:
    return _in_blocks(lambda block: (replace(block, text=change(block.text)),))


def _longest_paragraph(found: Extracted) -> Extracted:
    longest = max((block for essay in found.essays for block in essay.blocks), key=lambda block: len(block.text))
    return _in_blocks(lambda block: () if block is longest else (block,))(found)


# What breaks, in documents that hold a piece of this make.
BROKEN: dict[str, tuple[Make, Breaking]] = {
    "swallows a paragraph": ("text", _longest_paragraph),
    "drops a row": ("table", _in_blocks(_last_row)),
    "drops a column": ("table", _in_blocks(_last_column)),
    "drops a list": ("list", _without(BlockKind.BULLET)),
    "drops a footnote": ("noted", _without(BlockKind.NOTE)),
    "drops a quotation": ("quote", _without(BlockKind.QUOTE)),
    "drops a caption": ("picture", _without(BlockKind.PICTURE)),
    "drops the headings": ("heading", _without(BlockKind.HEADING)),
    "glues a superscript": ("raised", _saying(lambda text: unicodedata.normalize("NFKC", text))),
    "drops a superscript": ("raised", _saying(lambda text: RAISED.sub("", text))),
    "drops the points": ("text", _saying(lambda text: text.replace(".", "").replace("/", "").replace(",", ""))),
    "drops signs and percents": ("text", _saying(lambda text: text.translate(dict.fromkeys(map(ord, "%+-$"))))),
    "forgets what it left out": ("text", lambda found: replace(found, left_out=())),
    "loses the title": ("text", lambda found: replace(found, essays=tuple(replace(e, title="") for e in found.essays))),
}
