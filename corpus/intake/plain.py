"""Essays out of a plain page."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from corpus.essay import Essay
from corpus.intake.assemble import assemble
from corpus.intake.boundaries import starts
from corpus.intake.lines import width
from corpus.intake.outline import outline

SHORTEST = 60  # in Han widths; less under a name and a date is a reply to the essay above it


def split_plain(text: str, source: str) -> list[Essay]:
    """The essays of a plain page, in reading order. `source` stands in where an essay does not name its own."""
    items = outline(text)
    if not items:
        return []
    first, *later = pairwise([*starts(items), len(items)])
    found = [assemble(items[slice(*first)], among_site=True)]
    below = [assemble(items[at:end], title=items[at].text) for at, end in later]
    found += [essay for essay in below if essay is not None and width(essay.body) >= SHORTEST]
    return [replace(essay, source=essay.source or source or None) for essay in found if essay is not None]
