"""The scripted day again and again, with one operation after the other failing: `python -m tests.simulation.fault_sweep error`."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path

from bot import logs
from tests.simulation.fault_day import live_days
from tests.support.faults import Way
from tests.support.memory import memory_folder
from tests.support.postgres import postgres_schema, postgres_server
from tests.support.statements import share_compiled_statements

DAYS_OF_A_LIFE = 30  # lived in one database
LONGEST_DAY = 1200  # operations

NewDatabase = Callable[[Path], AbstractContextManager[str]]  # beside a folder; gives its address


@contextmanager
def sqlite_file(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder}/luopan.db"


@contextmanager
def postgres_databases() -> Iterator[NewDatabase]:
    """Databases of one server, which lives as long as the block."""
    with postgres_server() as server:
        yield lambda _folder: postgres_schema(server)


def sweep(way: Way, nths: range, note: Callable[[str], None], database: NewDatabase = sqlite_file) -> list[str]:
    """A day for each N, up to the first that no day has; what harm each of them did.

    Every thirty days, and after a harm, people move into a new database.
    """
    harms: list[str] = []
    left = iter(nths)
    while True:
        seen: list[str] = []
        harm = ""
        with tempfile.TemporaryDirectory(dir=memory_folder()) as folder, database(Path(folder)) as address:
            try:
                live_days(Path(folder), address, "", way, islice(left, DAYS_OF_A_LIFE), seen.append)
            except AssertionError as found:
                harm = f"harm: {found}"
        if harm:
            harms.append(harm)
        elif not seen or seen[-1].endswith("nothing"):
            return harms
        note(harm or seen[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", type=Way, choices=list(Way))
    parser.add_argument("--first", type=int, default=1, help="number of the first operation that fails")
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    wanted = parser.parse_args()
    logs.configure(logging.CRITICAL)
    share_compiled_statements()
    nths = range(wanted.first, LONGEST_DAY, wanted.step)
    if wanted.postgres:
        with postgres_databases() as database:
            harms = sweep(wanted.way, nths, print, database)
    else:
        harms = sweep(wanted.way, nths, print)
    sys.exit(1 if harms else 0)


if __name__ == "__main__":
    main()
