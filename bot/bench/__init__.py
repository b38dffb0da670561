"""`luopan bench`: how good and how fast, beside what one could use instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from bot.bench.sheet import Sheet


def run(
    what: Iterable[str],
    pages: Sequence[Path],
    essays: int,
    note: Callable[[str], None],
    questions: Path | None = None,
) -> Iterator[Sheet]:
    """The sheets of the benchmarks asked for; `note` is told what goes on. `questions`: labelled, over `pages`."""
    for name in what:
        if name == "house":
            from bot.bench import house

            yield house.run(pages, essays, note)
        elif name == "search":
            from bot.bench import scale, search

            yield from search.run(questions, pages, note)
            if essays and not questions:
                yield scale.run(note)
        elif name == "scan":
            from bot.bench import scan

            yield scan.run(pages)
        elif name == "digests":
            from bot.bench import digests

            yield from digests.sheets(note)
        elif name == "canaries":
            from bot.bench import canaries

            yield canaries.run(note)
