"""Essays out of a document whose headings are marked by level, as Word does it, or by the size of their letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.essay import Block, BlockKind
from corpus.intake.assemble import assemble
from corpus.intake.extracted import Extracted, joined
from corpus.intake.lines import could_be_heading, is_prose
from corpus.intake.outline import Marked, marked_up
from corpus.intake.plain import read_plain


@dataclass(frozen=True, slots=True)
class StyledBlock:
    """A block of a document. `level` counts headings from 0, the topmost, and is None for other blocks; `bold`: all of it is."""

    text: str
    kind: BlockKind = BlockKind.TEXT
    level: int | None = None
    bold: bool = False
    block: Block | None = None  # where it is more than a line: a table, a note


def read_leveled(marks: Sequence[StyledBlock], source: str) -> Extracted:
    """Return the essays of a document, one for each topmost heading unless text stands above the first, and what is in none of them.

    Without headings it is read as a plain page.
    """
    marks = [mark for mark in marks if mark.text.strip()]
    levels = [mark.level for mark in marks if mark.level is not None]
    if not levels and any(mark.block is not None for mark in marks):
        marks, levels = _with_title(marks), [0]
    if not levels:
        return read_plain("\n\n".join(map(_line, marks)), source)
    tops = [at for at, mark in enumerate(marks) if mark.level == min(levels)] or [0]
    later = [] if any(is_prose(mark.text) for mark in marks[: tops[0]]) else tops[1:]
    bounds = pairwise([0, *later, len(marks)])
    found = joined(assemble(marked_up(_blocks(marks[start:end]))) for start, end in bounds)
    named = (replace(essay, source=essay.source or source or None) for essay in found.essays)
    return replace(found, essays=tuple(named))


def _with_title(marks: list[StyledBlock]) -> list[StyledBlock]:
    """Return a document that has tables and no heading with its first line as the title, if it could be one."""
    first = marks[0]
    is_title = first.block is None and first.kind is BlockKind.TEXT and could_be_heading(first.text)
    return [replace(first, level=0 if is_title else None), *marks[1:]]


def _line(mark: StyledBlock) -> str:
    return f"• {mark.text}" if mark.kind is BlockKind.BULLET else mark.text


def _blocks(marks: Sequence[StyledBlock]) -> Iterable[Marked]:
    """Yield each block with its kind; a short bold line among text that is not is a heading, too."""
    emphatic = 2 * sum(mark.bold for mark in marks) < len(marks)
    for mark in marks:
        is_heading = mark.level is not None or (emphatic and mark.bold and could_be_heading(mark.text))
        kind = BlockKind.HEADING if is_heading else mark.kind
        yield Marked(mark.text, mark.block or Block(kind, mark.text))
