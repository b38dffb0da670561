"""Threads of this process that run until they are told to stop."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from threading import Event, Lock, Thread


class BackgroundThreads:
    """One thread for each of `runs`, which return soon after `stopping` is set.

    A process that was forked off has none of its parent's threads: it starts its own.
    """

    def __init__(self, *runs: Callable[[], None]) -> None:
        self.stopping = Event()
        self._runs = runs
        self._lock = Lock()
        self._process = 0
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Start them; once a process, however often it is called."""
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self.stopping.clear()
            self._threads = [Thread(target=run, daemon=True) for run in self._runs]
            for thread in self._threads:
                thread.start()

    def stop(self, within: float | None = None) -> None:
        """Tell them to stop and wait until they have, so many seconds at most."""
        self.stopping.set()
        ends = None if within is None else time.monotonic() + within
        for thread in self._threads:
            thread.join(None if ends is None else max(0.0, ends - time.monotonic()))
        self._process = 0
