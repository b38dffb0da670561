"""Turns of the threads that write to SQLite, which would have them sleep and try again, the unlucky ones for seconds."""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import TimeoutError
from sqlalchemy.pool import ConnectionPoolEntry


class FairLock:
    """A lock that is handed on in the order of asking: with a plain one, a thread that asks often starves the others."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def acquire(self, timeout: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout):
            return True
        with self._guard:
            if mine not in self._waiting:
                return True  # handed over at the last moment
            self._waiting.remove(mine)
            return False

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


def take_turns(engine: Engine, longest: float) -> None:
    """Let this process's writers queue up, each for its patience, else for `longest` seconds."""
    turn = FairLock()

    def wait(connection: Connection) -> None:
        record = connection.connection.record_info
        options = connection.get_execution_options()
        if record is None or options.get("reading", False) or record.get("turn"):
            return
        patience = options.get("patience")
        record["turn"] = turn.acquire(timeout=patience or longest)
        if patience and not record["turn"]:
            raise TimeoutError("others write for longer than this one may wait")

    def leave(_connection: Any, record: ConnectionPoolEntry) -> None:
        if (record.record_info or {}).pop("turn", False):
            turn.release()

    event.listen(engine, "begin", wait)
    event.listen(engine, "checkin", leave)
