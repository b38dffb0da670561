"""`luopan bench`: how good and how fast, beside what one could use instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from bot.dev.bench.report import Report


def run(
    what: Iterable[str],
    pages: Sequence[Path],
    essays: int,
    note: Callable[[str], None],
    questions: Path | None = None,
) -> Iterator[Report]:
    """The sheets of the benchmarks asked for; `note` is told what goes on. `questions`: labelled, over `pages`."""
    for name in what:
        if name == "house":
            from bot.dev.bench import beside_echo, end_to_end

            yield end_to_end.run(pages, essays, note)
            yield from beside_echo.run(note)
        elif name == "search":
            from bot.dev.bench import scale, search

            yield from search.run(questions, pages, note)
            if essays and not questions:
                yield scale.run(note)
        elif name == "scan":
            from bot.dev.bench import scan

            yield scan.run(pages)
