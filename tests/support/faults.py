"""Operations that may fail, counted wherever they cross a boundary of the process; the N-th is made to fail.

Boundaries are the begin, the writes and the commit of a transaction, calls to LINE, commands to Redis, and files that are
opened to be written, renamed or removed.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from bot.dev.simulator.inprocess import InProcessLine
from bot.inbound.sessions import RedisStore
from bot.line.client import Ambiguous, Body, LineError, Result

WRITES = ("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE")


class Way(StrEnum):
    ERROR = "error"  # it is not done, and said so
    LOST = "answer lost"  # it is done, and seems to have failed
    DEATH = "death"  # it is done, and the process ends
    POWER = "power cut"  # the process ends, and with it what the disk had not been waited for


class Boundary(StrEnum):
    BEGIN = "begin"
    WRITE = "write"
    COMMIT = "commit"
    LINE = "line"
    REDIS = "redis"
    FILE = "file"


class Death(BaseException):
    """The process ends here."""


class FaultInjector:
    """Counts operations of the thread that armed it, and calls to LINE of any; lets the N-th fail.

    After a death nothing can be done any more until `bury`.
    """

    def __init__(self) -> None:
        self.is_dead = False
        self.connections: list[Any] = []  # to the database, of this life
        self.crossed: Counter[Boundary] = Counter()
        self.struck: Boundary | None = None
        self.way = Way.ERROR
        self._left = -1
        self._thread = threading.get_ident()
        self._lock = threading.Lock()

    def arm(self, nth: int, way: Way) -> None:
        """Let the `nth` operation from now on fail."""
        self.crossed.clear()
        self.struck, self.way, self._left = None, way, nth
        self._thread = threading.get_ident()

    def disarm(self) -> None:
        self._left = -1

    def bury(self) -> None:
        """What the system does with a dead process: its connections are closed."""
        self.disarm()
        self.is_dead = False
        for connection in self.connections:
            with suppress(Exception):  # some were closed before
                connection.close()
        self.connections.clear()

    def is_now(self, boundary: Boundary) -> bool:
        """Count one more operation; whether it is the one that fails."""
        if self.is_dead:
            raise Death
        if boundary is not Boundary.LINE and threading.get_ident() != self._thread:
            return False
        with self._lock:
            if self._left < 0:
                return False
            self.crossed[boundary] += 1
            self._left -= 1
            if self._left != 0:
                return False
            self.struck, self._left = boundary, -1
            return True

    @property
    def is_deadly(self) -> bool:
        return self.way in (Way.DEATH, Way.POWER)

    def die(self) -> NoReturn:
        self.is_dead = True
        raise Death


class FaultyLine(InProcessLine):
    """LINE at the other end of a line that may break."""

    fault: FaultInjector

    def _attempt(self, path: str, body: bytes, headers: dict[str, str]) -> Result:
        if not self.fault.is_now(Boundary.LINE):
            return super()._attempt(path, body, headers)
        if self.fault.way is Way.ERROR:
            return Ambiguous("500")
        super()._attempt(path, body, headers)
        if self.fault.is_deadly:
            self.fault.die()
        return Ambiguous("ReadTimeoutError")

    def _ask(self, path: str, method: str = "GET", body: Body | None = None) -> Body:
        if not self.fault.is_now(Boundary.LINE):
            return super()._ask(path, method, body)
        if self.fault.is_deadly:
            self.fault.die()
        raise LineError(0, "ReadTimeoutError")


class FaultyRedis(RedisStore):
    """Redis at the other end of a line that may break."""

    def __init__(self, url: str, fault: FaultInjector, clock: Callable[[], float]) -> None:
        super().__init__(url, clock)
        for client in (self._redis, self._patient):
            pool = client.connection_pool
            pool.connection_class = _faulty_wire(pool.connection_class, fault)


def _faulty_wire(wire: Any, fault: FaultInjector) -> Any:
    """A connection to Redis, by TCP or by a socket file, that may break."""

    class Wire(wire):  # type: ignore[misc]
        def send_packed_command(self, *args: Any, **more: Any) -> None:
            is_now = fault.is_now(Boundary.REDIS)
            if is_now and fault.way is Way.ERROR:
                raise RedisConnectionError("refused")
            super().send_packed_command(*args, **more)
            if is_now:
                self.disconnect()
                if fault.is_deadly:
                    fault.die()
                raise RedisTimeoutError("no answer")

    return Wire


def break_database(engine: Engine, fault: FaultInjector, shadow: Path | None = None) -> None:
    """Let the engine's transactions fail. `shadow`: where SQLite's files are kept as they were when the disk was last waited for."""
    faults = _DatabaseFaults(engine, fault, shadow)
    event.listen(engine, "connect", faults.connected)
    event.listen(engine, "begin", faults.begin)
    event.listen(engine, "before_cursor_execute", faults.before_statement)
    event.listen(engine, "after_cursor_execute", faults.after_statement)
    event.listen(engine, "commit", faults.commit)
    event.listen(engine, "checkin", faults.returned)


class _DatabaseFaults:
    """What listens to one engine."""

    def __init__(self, engine: Engine, fault: FaultInjector, shadow: Path | None) -> None:
        self.file = engine.url.database if engine.dialect.name == "sqlite" else None
        self.fault = fault
        self.shadow = shadow
        self._is_now = False
        self._keep()

    def connected(self, driver: Any, _record: Any) -> None:
        self.fault.connections.append(driver)

    def begin(self, _connection: Connection) -> None:
        if self.fault.is_now(Boundary.BEGIN):
            self._break("BEGIN")

    def before_statement(self, _connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        self._is_now = statement.startswith(WRITES) and self.fault.is_now(Boundary.WRITE)
        if self._is_now and self.fault.way is Way.ERROR:
            self._is_now = False
            self._break(statement)

    def after_statement(self, _connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if self._is_now:
            self._is_now = False
            cursor.close()  # SQLite keeps a connection open for a statement that is not read to its end
            self._break(statement)

    def commit(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("reading"):
            return
        if self.fault.is_now(Boundary.COMMIT):
            if self.fault.way in (Way.LOST, Way.DEATH):
                driver: Any = connection.connection.driver_connection
                driver.execute("COMMIT")
            self._break("COMMIT")
        if options.get("lasting", True):
            connection.info["committed"] = True

    def returned(self, _driver: Any, record: Any) -> None:
        """A connection was given back: what it committed is in the files."""
        if record.info.pop("committed", False):
            self._keep()

    def _keep(self) -> None:
        if self.shadow is not None and self.file is not None:
            copy_database(Path(self.file), self.shadow)

    def _break(self, statement: str) -> None:
        if self.fault.is_deadly:
            self.fault.die()
        raise OperationalError(statement[:20], {}, Exception("disk I/O error"))


def copy_database(source: Path, target: Path) -> None:
    """SQLite's file and its log, as they are."""
    for end in ("", "-wal", "-shm"):
        Path(f"{target}{end}").unlink(missing_ok=True)
    for end in ("", "-wal"):
        if Path(f"{source}{end}").exists():
            shutil.copyfile(f"{source}{end}", f"{target}{end}")


_watched: list[tuple[str, FaultInjector]] = []


@contextmanager
def failing_files(folder: Path, fault: FaultInjector) -> Iterator[None]:
    """Let what is done to the files of a folder fail, as on a full disk."""
    _watch_files()
    _watched.append((f"{folder.absolute()}{os.sep}", fault))
    try:
        yield
    finally:
        _watched.clear()


@lru_cache(maxsize=1)
def _watch_files() -> None:
    """Python tells of each file before it is touched; once asked to, it does so until the process ends."""
    sys.addaudithook(_on_audit)


def _on_audit(name: str, details: tuple[Any, ...]) -> None:
    if not _watched or name not in ("open", "os.rename", "os.remove", "os.mkdir"):
        return
    path = str(details[0])
    if name == "open" and not details[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        return
    for folder, fault in _watched:
        if path.startswith(folder) and fault.is_now(Boundary.FILE):
            if fault.is_deadly:
                fault.die()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
