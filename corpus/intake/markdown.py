"""Essays out of Markdown, with or without front matter.

The text is rendered and its blocks are read from that: tables, pictures, quotations, notes and pieces of HTML come out as they do
from a web page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import lxml.html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.essay import BlockKind
from corpus.intake.assemble import assemble
from corpus.intake.extracted import Extracted, joined
from corpus.intake.front_matter import read_front_matter
from corpus.intake.item import Item
from corpus.intake.lines import TextLine, ordinal, read_lines, width
from corpus.intake.markdown_notes import with_notes
from corpus.intake.outline import Marked, marked_up
from corpus.intake.role import LineRole
from corpus.intake.unwrap import Wrapping, wrapping
from corpus.intake.web.blocks import blocks_of
from corpus.intake.web.parts import PageReader, Part

WRAPPED = 30  # in Han widths; a shorter line ends where its writer wanted
_BREAKS = ("softbreak", "hardbreak")
_GLUED = re.compile(r"^( {0,3}#{2,6})(?=[^\s#])", re.MULTILINE)  # 「##小標」
_TITLE = re.compile(r"\A(\s*#)(?=[^\s#][^#\n]*\n)")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_markdown(text: str, source: str) -> Extracted:
    """Return the essays of a Markdown text and what is in none of them: one essay, unless it has several first-level headings and no title."""
    front, body = read_front_matter(text)
    parts = list(_parts(body))
    several = [] if front.title else _tops(parts)
    bounds = pairwise([0, *several, len(parts)])
    found = joined(assemble(_items(parts[start:end]), title=front.title) for start, end in bounds)
    essays = tuple(front.complete(essay, source) for essay in found.essays)
    return Extracted(essays, (*front.left_out, *found.left_out))


def _parts(body: str) -> Iterator[Part]:
    """Yield the blocks of a text as a browser would show them."""
    body = with_notes(_TITLE.sub(r"\1 ", _GLUED.sub(r"\1 ", body)))
    parser = _parser()
    env: dict[str, object] = {}
    tokens = parser.parse(body, env)
    if broken := [token.children for token in tokens if token.children and any(map(_is_break, token.children))]:
        _settle_breaks(broken, wrapping(read_lines(body)))
    rendered = parser.renderer.render(tokens, parser.options, env)
    if rendered.strip():
        page = lxml.html.document_fromstring(f"<html><body>{rendered}</body></html>")
        yield from PageReader("").read(page.body)


def _tops(parts: Sequence[Part]) -> list[int]:
    """Return the places where later essays begin: at first-level headings, unless those count or name the parts of one essay."""
    tops = [at for at, part in enumerate(parts) if part.level == 1 and part.kind is BlockKind.HEADING]
    later = tops[1:]
    if any(ordinal(parts[at].text) for at in later) or any(at + 1 in later for at in tops):
        return []
    return later


def _items(parts: Sequence[Part]) -> list[Item]:
    hidden = [Marked(part.text, role=LineRole.HIDDEN) for part in parts if part.shut is not None and part.text]
    blocks = blocks_of([part for part in parts if part.shut is None])
    return marked_up([*(Marked(block.text, block) for block in blocks), *hidden])


def _is_break(token: Token) -> bool:
    return token.type in _BREAKS


def _settle_breaks(paragraphs: Iterable[Sequence[Token]], how: Wrapping | None) -> None:
    """Make breaks that the writer wanted hard, and those in mid-sentence soft."""
    for children in paragraphs:
        breaks = [at for at, child in enumerate(children) if _is_break(child)]
        texts = ["".join(child.content for child in children[a:b]) for a, b in pairwise([0, *breaks, len(children)])]
        for at, above, below in zip(breaks, texts, texts[1:], strict=False):
            children[at].type = "softbreak" if _goes_on(above, below, how) else "hardbreak"


def _goes_on(above: str, below: str, how: Wrapping | None) -> bool:
    if not above or not below:
        return False
    if how is not None and how.broke(TextLine(above, gap=False), TextLine(below, gap=False)):
        return True
    return width(above) >= WRAPPED and above[-1] not in "。!?！？:：;；…」』)）"
