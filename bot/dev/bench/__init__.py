"""`luopan bench`: how good and how fast, beside what one could use instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dev.bench.report import Report
from corpus.search.confidence import LEXICON


@dataclass(frozen=True, slots=True)
class SearchSets:
    """The questions that `bench search` is measured on. `questions`: labelled ones over the pages; `folder`: sets to leave out of a fit in turn."""

    questions: Path | None = None
    folder: Path | None = None
    most: int = 0  # questions of each set; 0: all
    fit: bool = False  # write the weights that are shipped
    peers: bool = True


def run(
    what: Iterable[str],
    pages: Sequence[Path],
    essays: int,
    note: Callable[[str], None],
    sets: SearchSets | None = None,
    paragraphs: Sequence[int] = (),
) -> Iterator[Report]:
    """Yield the reports of the benchmarks asked for; `note` is told what goes on. `paragraphs`: of the archives of `scale`."""
    sets = sets or SearchSets()
    for name in what:
        if name == "house":
            from bot.dev.bench import beside_echo, end_to_end

            yield end_to_end.run(pages, essays, note)
            yield from beside_echo.run(note)
        elif name == "search" and (sets.folder or sets.fit):
            yield from _left_out(pages, note, sets)
        elif name == "search":
            from bot.dev.bench import search

            yield from search.run(sets.questions, pages, note)
        elif name == "scale":
            from bot.dev.bench import scale

            yield scale.run(note, paragraphs or scale.SIZES)
        elif name == "scan":
            from bot.dev.bench import scan

            yield scan.run(pages)


def _left_out(pages: Sequence[Path], note: Callable[[str], None], sets: SearchSets) -> Iterator[Report]:
    from bot.dev.bench import left_out, question_sets

    found = [one.sample(sets.most) for one in question_sets.question_sets(sets.folder, pages)]
    yield from left_out.run(found, note, write=LEXICON if sets.fit else None, peers=sets.peers)
