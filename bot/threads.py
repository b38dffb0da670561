"""The threads of a process, which run until they are told to stop, and its memory."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import time
from collections.abc import Callable
from threading import Event, Lock, Thread

GARBAGE = 20_000  # new objects after which cycles are looked for; an answer makes some thousands, and hardly a cycle

_ARENA_MAX = -8  # glibc's M_ARENA_MAX


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
        """Start the threads, once in each process however often it is called."""
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self.stopping.clear()
            self._threads = [Thread(target=run, daemon=True) for run in self._runs]
            for thread in self._threads:
                thread.start()

    def stop(self, within: float | None = None) -> None:
        """Tell the threads to stop and wait until they have, `within` so many seconds where it is given."""
        self.stopping.set()
        ends = None if within is None else time.monotonic() + within
        for thread in self._threads:
            thread.join(None if ends is None else max(0.0, ends - time.monotonic()))
        self._process = 0


def save_memory() -> None:
    """Look for garbage early, and let all threads of a process that goes on take memory from one heap.

    With a heap each, some ninety threads would each keep a little unused.
    """
    gc.set_threshold(GARBAGE)
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_ARENA_MAX, 1)


def freeze_gc() -> None:
    """Take all objects made so far out of later collections, which need not walk them; forks go on sharing their memory."""
    gc.collect()
    gc.freeze()
