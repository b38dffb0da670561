"""The lock that every serving process shares, and that a restore must have alone."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

LOOK = 5.0  # seconds between two looks whether PostgreSQL still holds the lock


class DatabaseInUseError(Exception):
    """Some process serves from this database."""


class ServingLock:
    """A process's share of the lock, which ends with the process, however that ends."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._file: IO[str] | None = None
        self._connection: Connection | None = None
        self._released = threading.Event()

    def hold(self) -> None:
        """Take a share of the lock; wait while somebody restores."""
        if self.engine.dialect.name == "postgresql":
            self._hold_in_postgres()
            threading.Thread(target=self._watch, name="serving-lock", daemon=True).start()
        elif (path := _lock_path(self.engine)) is not None:
            self._file = open(path, "a")  # noqa: SIM115, PTH123  held until the process ends
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def release(self) -> None:
        self._released.set()
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._connection is not None:
            self._connection.invalidate()  # closed, not given back: the session holds the lock
            self._connection.close()
            self._connection = None

    def _hold_in_postgres(self) -> None:
        self._connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection.execute(text(f"SELECT pg_advisory_lock_shared({_KEY})"))

    def _watch(self) -> None:
        """Take the lock again after PostgreSQL was restarted."""
        while not self._released.wait(LOOK):
            with suppress(SQLAlchemyError):
                try:
                    if self._connection is not None:
                        self._connection.execute(text("SELECT 1"))
                except SQLAlchemyError:
                    self._hold_in_postgres()


@contextmanager
def serving_nobody(engine: Engine) -> Iterator[None]:
    """Hold the lock alone. Raises DatabaseInUseError at once where a process serves."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            if not connection.execute(text(f"SELECT pg_try_advisory_lock({_KEY})")).scalar():
                raise DatabaseInUseError
            try:
                yield
            finally:
                connection.execute(text(f"SELECT pg_advisory_unlock({_KEY})"))
        return
    path = _lock_path(engine)
    if path is None:
        yield
        return
    with open(path, "a") as file:  # noqa: PTH123
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseInUseError from error
        yield


_KEY = "hashtext('luopan serving'), hashtext(current_schema())"


def _lock_path(engine: Engine) -> str | None:
    name = engine.url.database
    return f"{name}.serving" if name and name != ":memory:" else None
