"""Failures on demand: what the platform is told to do wrong, and for how many calls."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    ERROR = "500"
    RATE = "429 rate"
    MONTHLY = "429 monthly"
    TIMEOUT = "timeout"  # no answer until the caller gives up


@dataclass(frozen=True, slots=True)
class Failure:
    fault: Fault
    after_accept: bool  # the call does its work first, and only then seems to fail
    on: str | None  # the one kind of call it waits for: reply, push, multicast, quota, ...; None: any that sends


SENDING = frozenset({"reply", "push", "multicast"})


class FailureQueue:
    def __init__(self) -> None:
        self._queue: deque[Failure] = deque()
        self._lock = threading.Lock()
        self.delay = 0.0  # seconds before each answer

    def add(self, failure: Failure, times: int) -> None:
        with self._lock:
            self._queue.extend([failure] * times)

    def next(self, kind: str) -> Failure | None:
        """Use up and return the failure that this call is to meet; None where there is none."""
        if not self._queue:
            return None
        with self._lock:
            for failure in self._queue:
                if failure.on == kind or (failure.on is None and kind in SENDING):
                    self._queue.remove(failure)
                    return failure
        return None

    def clear(self) -> None:
        with self._lock:
            self._queue.clear()
        self.delay = 0.0
