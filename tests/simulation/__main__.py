"""`make soak`: run the long simulations, and print their tables."""

from __future__ import annotations

import sys

from rich.console import Console

from bot.dev.bench.report import Report
from tests.simulation import digests, leak_test


def note(text: str) -> None:
    """Tell on stderr what goes on."""
    print(text, file=sys.stderr, flush=True)


def show(report: Report) -> None:
    Console().print(report.table())


for sheet in digests.sheets(note):
    show(sheet)
show(leak_test.run(note))
