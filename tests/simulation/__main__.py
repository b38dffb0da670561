"""`make soak`: run the long simulations, and print their tables."""

from __future__ import annotations

import sys

from rich.console import Console

from bot.dev.bench.report import Report
from tests.simulation import digests, leak_test
from tests.simulation.deaths import live_deadly_days
from tests.simulation.fault_sweep import LONGEST_DAY, postgres_databases, sqlite_file, sweep
from tests.simulation.living_site import QUARTER, live_on_both
from tests.simulation.soak import harmful_seeds
from tests.support.faults import Way
from tests.support.statements import share_compiled_statements


def note(text: str) -> None:
    """Tell on stderr what goes on."""
    print(text, file=sys.stderr, flush=True)


def show(report: Report) -> None:
    Console().print(report.table())


share_compiled_statements()
for sheet in digests.sheets(note):
    show(sheet)
show(leak_test.run(note))
for name, life in live_on_both(QUARTER):
    note(f"{name}: {life}")
for way in Way:
    note(f"{way}: {sweep(way, range(1, LONGEST_DAY), note) or 'no harm'}")
with postgres_databases() as databases:
    for way in (Way.ERROR, Way.LOST, Way.DEATH):
        note(f"PostgreSQL, {way}: {sweep(way, range(1, LONGEST_DAY), note, databases) or 'no harm'}")
    note(f"PostgreSQL, deaths: {live_deadly_days(databases, note)}")
note(f"deaths: {live_deadly_days(sqlite_file, note)}")
for seed, tally in harmful_seeds(range(1, 1001)):
    note(f"seed {seed}: {tally}")
