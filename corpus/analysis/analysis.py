"""The topics of an essay: its securities, its themes, and codes beside names they do not belong to."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from corpus.analysis.themes import Themes, ThemeWeight, detect
from corpus.analysis.tickers import Named, Suspicion, examine
from corpus.essay import Essay
from corpus.lexicon.securities import Lexicon


@dataclass(frozen=True, slots=True)
class About:
    """One security in one essay, and the paragraphs that name it or a product of it."""

    named: Named
    paragraphs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The topics of one essay."""

    securities: tuple[About, ...]
    themes: tuple[ThemeWeight, ...]
    suspicions: tuple[Suspicion, ...]  # a code beside a name it does not belong to


def analyse(essay: Essay, lexicon: Lexicon, themes: Themes) -> Analysis:
    """Analyse an essay the way `luopan scan` reads a file, with mentions traced back to paragraphs."""
    text, starts = _lines(essay)
    found = []
    everything, doubts = examine(text, lexicon)
    for named in everything:
        lines = {bisect_right(starts, mention.start) - 1 for mention in (*named.mentions, *named.products)}
        paragraphs = sorted({place for line in lines if (place := _paragraph_of(essay, line)) is not None})
        found.append(About(named, tuple(paragraphs)))
    return Analysis(tuple(found), tuple(detect(essay, themes)), tuple(doubts))


def _lines(essay: Essay) -> tuple[str, list[int]]:
    """Return title and blocks, one a line, and the offset at which each line starts."""
    lines = [essay.title, *(block.text for block in essay.blocks)]
    starts, offset = [], 0
    for line in lines:
        starts.append(offset)
        offset += len(line) + 1
    return "\n".join(lines), starts


def _paragraph_of(essay: Essay, line: int) -> int | None:
    """Return the index of the paragraph that line `line` of `_lines` is; None for the title, headings and captions."""
    if line == 0 or not essay.blocks[line - 1].is_paragraph:
        return None
    return sum(block.is_paragraph for block in essay.blocks[: line - 1])
