"""Essays out of a plain page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from corpus.essay import Essay
from corpus.intake.assemble import assemble
from corpus.intake.boundaries import starts
from corpus.intake.contents import without_contents
from corpus.intake.extracted import Extracted, LeftOut, Reason, joined
from corpus.intake.frames import Piece, pieces
from corpus.intake.house_rules import without_rules
from corpus.intake.item import Item
from corpus.intake.lines import read_lines, width
from corpus.intake.outline import outlined
from corpus.intake.site_lines import without_site
from corpus.intake.unwrap import unwrapped

SHORTEST = 60  # in Han widths; less under a name and a date is a reply to the essay above it


def read_plain(text: str, source: str, today: date | None = None) -> Extracted:
    """Return the essays of a plain page, in reading order, and its other lines.

    `source` stands in where an essay names none; `today` is the day on which the text was copied, where that is known.
    """
    found = joined(_read(piece) for piece in pieces(read_lines(text), today))
    named = (replace(essay, source=essay.source or source or None) for essay in found.essays)
    return replace(found, essays=tuple(named))


def _read(piece: Piece) -> Extracted:
    items = without_rules(outlined(unwrapped(without_contents(piece.lines))))
    if not items:
        return Extracted()
    if piece.is_one:
        found = assemble(items, title=piece.title)
    else:
        article = without_site(items)
        found = joined(_parts(article, likely_one=article != items))
    return replace(found, essays=tuple(_within(piece, essay) for essay in found.essays))


def _within(piece: Piece, essay: Essay) -> Essay:
    """Return the essay with what its frame says of it, which counts more than its lines."""
    return replace(essay, author=piece.author or essay.author, published=piece.published or essay.published)


def _parts(items: list[Item], likely_one: bool) -> Iterator[Extracted]:
    """Yield each essay of a page with its other lines; too little under a name and a date is a reply to the one above."""
    first, *later = pairwise([*starts(items, likely_one), len(items)])
    yield assemble(items[slice(*first)], among_site=True)
    for at, end in later:
        found = assemble(items[at:end], title=items[at].text)
        if found.essays and width(found.essays[0].body) < SHORTEST:
            found = Extracted(left_out=tuple(LeftOut(item.whole, Reason.COMMENTS) for item in items[at:end]))
        yield found
