"""The keeper of sources in a process of its own, which may be killed at any of its statements and starts again."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import event

from bot import logs
from bot.outbound.source_keeper import SourceKeeper
from corpus.database import UnitOfWork, connect
from corpus.essay import Audience
from corpus.intake.allowed import allowed_hosts
from corpus.intake.sources.manners import Manners
from corpus.library import ArchiveResources

OWNER = "Uowner"
DIED = None


@dataclass(frozen=True, slots=True)
class Order:
    """Look at the sources at `now`; die before database statement number `die_at` (0: live)."""

    now: datetime
    die_at: int = 0


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look took: seconds that the site asked to wait, and statements to the database."""

    slept: float
    statements: int


class MortalKeeper:
    """Somebody who looks at the sources when told to. A killed one is followed by another at once."""

    def __init__(self, url: str, folder: Path, allowed: str) -> None:
        context = get_context("forkserver")  # a process without threads, so that it can be forked
        self._pipe, theirs = context.Pipe()
        self._nursery = context.Process(target=_raise_keepers, args=(theirs, url, folder, allowed), daemon=True)
        self._nursery.start()
        theirs.close()

    def look(self, now: datetime, die_at: int = 0) -> Looked | None:
        """Look at what is due; None where the process was killed on the way."""
        self._pipe.send(Order(now, die_at))
        answer: Looked | None = self._pipe.recv()
        return answer

    def close(self) -> None:
        self._pipe.close()
        self._nursery.join()


def _raise_keepers(pipe: Connection, url: str, folder: Path, allowed: str) -> None:
    """Load what every keeper needs, and fork one after the other."""
    import corpus.intake.sources.sync  # noqa: F401  which every keeper would import anew

    logs.configure(logging.ERROR)
    archive = ArchiveResources(connect(url), folder / "index")
    with UnitOfWork(archive.engine) as work:
        archive.library(work, Audience.EDITOR)
    archive.engine.dispose()
    child = 0

    def let_go(_signal: int, _frame: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, let_go)
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            _obey(pipe, archive, allowed)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return
        pipe.send(DIED)


def _obey(pipe: Connection, archive: ArchiveResources, allowed: str) -> None:
    """Look whenever told to, until nobody tells any more."""
    archive.engine.dispose(close=False)
    life = _Life(archive)
    keeper = SourceKeeper(archive, Manners("Luopan/1.0", allowed_hosts(allowed), sleep=life.sleep), (OWNER,))
    try:
        while True:
            order: Order = pipe.recv()
            keeper.clock = life.begin(order)
            keeper.look(order.now)
            pipe.send(Looked(life.slept, life.statements))
    except (EOFError, OSError):  # nobody is there any more
        os._exit(0)


class _Life:
    """Counts the statements of one look, and ends the process before the one that it must not outlive."""

    def __init__(self, archive: ArchiveResources) -> None:
        self.slept, self.statements, self._die_at = 0.0, 0, 0
        event.listen(archive.engine, "before_cursor_execute", self._step)
        event.listen(archive.engine, "commit", self._step)

    def begin(self, order: Order) -> Callable[[], float]:
        """Start to count anew; the clock of this look."""
        self.slept, self.statements, self._die_at = 0.0, 0, order.die_at
        return order.now.timestamp

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def _step(self, *_: Any) -> None:
        self.statements += 1
        if self.statements == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)
