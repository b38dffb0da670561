"""Essays from outside hold plain text and web addresses, whatever the file said."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.essay import Block, Essay, Hyperlink, Table

LONGEST_TITLE = 300
LONGEST_NAME = 100
MOST_NAMES = 50

# Controls, half characters, what no text may hold, and marks that turn the direction of writing (CVE-2021-42574).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_PAGE = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#][^\s\\]*)?", re.IGNORECASE)
_NOTE = re.compile(r"#note-[^\s#]{1,20}")
_LONGEST_URL = 2_000


def sanitize(essay: Essay) -> Essay:
    """Return the essay without what nobody can see in it, its names cut to length, its address only if it is a page's."""
    return replace(
        essay,
        title=plain_text(essay.title)[:LONGEST_TITLE],
        blocks=tuple(map(_sanitize_block, essay.blocks)),
        author=_name(essay.author),
        source=_name(essay.source),
        url=essay.url if is_page(essay.url) else None,
        tags=_names(essay.tags),
        further_reading=_names(essay.further_reading, LONGEST_TITLE),
        lead=plain_text(essay.lead) if essay.lead else None,
        series=replace(essay.series, name=plain_text(essay.series.name)) if essay.series else None,
    )


def _sanitize_block(block: Block) -> Block:
    """Return a block without what nobody can see; its links lead where the same characters stand, to pages or to its own notes."""
    cells = block.table
    return replace(
        block,
        text=plain_text(block.text),
        links=tuple(_link(link, block.text) for link in block.links if is_page(link.url) or _NOTE.fullmatch(link.url)),
        table=Table(_row(cells.header), tuple(map(_row, cells.rows)), plain_text(cells.caption)) if cells else None,
        picture=replace(block.picture, alt=plain_text(block.picture.alt))
        if block.picture and is_page(block.picture.url)
        else None,
        author=_name(block.author),
        mark=_name(block.mark),
    )


def _link(link: Hyperlink, text: str) -> Hyperlink:
    start = len(plain_text(text[: link.start]))
    return replace(link, start=start, end=start + len(plain_text(text[link.start : link.end])))


def _row(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(plain_text, cells))


def plain_text(text: str) -> str:
    """Return a text as a reader sees it: without controls and marks that have no shape."""
    return _UNSEEN.sub("", text)


def is_page(url: str | None) -> bool:
    """Tell whether an address is a web page's, and leads to nothing that runs."""
    return url is not None and len(url) <= _LONGEST_URL and plain_text(url) == url and bool(_PAGE.fullmatch(url))


def _name(name: str | None) -> str | None:
    return plain_text(name)[:LONGEST_NAME] if name else None


def _names(names: tuple[str, ...], longest: int = LONGEST_NAME) -> tuple[str, ...]:
    return tuple(plain_text(name)[:longest] for name in names[:MOST_NAMES])
