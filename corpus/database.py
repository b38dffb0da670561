"""The one database: engine, metadata and the unit of work that everything reads and writes through."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BUSY_SECONDS = 10
CACHE_KB = 512  # of each connection; the system keeps the file in memory for all of them


def connect(url: str, pool_size: int = 16) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://...`; a SQLite file's folder is made."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(
            address, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, hide_parameters=True
        )
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,  # an error's text must not quote a person
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    _take_turns(engine)  # before the listener that begins
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{CACHE_KB}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that may write takes the write lock at once: upgrading later loses updates or fails as busy.
    options = connection.get_execution_options()
    driver: Any = connection.connection.driver_connection  # ten times as fast, for what cannot fail
    if options.get("reading", False):
        driver.execute("BEGIN")
        return
    driver.execute(f"PRAGMA synchronous={'FULL' if options.get('lasting', True) else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class FairLock:
    """A lock that is handed on in the order of asking: with a plain one, who comes often comes first, and others starve."""

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


def _take_turns(engine: Engine) -> None:
    """Let this process's writers queue up: SQLite itself has them sleep and try again, the unlucky ones for seconds."""
    turn = FairLock()

    def wait(connection: Connection) -> None:
        record = connection.connection.record_info
        is_reading = connection.get_execution_options().get("reading", False)
        if record is not None and not is_reading and not record.get("turn"):
            record["turn"] = turn.acquire(timeout=BUSY_SECONDS)

    def leave(_connection: Any, record: ConnectionPoolEntry) -> None:
        if (record.record_info or {}).pop("turn", False):
            turn.release()

    event.listen(engine, "begin", wait)
    event.listen(engine, "checkin", leave)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for a consistent read that never takes the write lock."""
    with engine.connect() as connection:
        connection = connection.execution_options(reading=True)
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, *, lasting: bool = True) -> Iterator[Connection]:
    """A transaction that may write: committed when the block ends, rolled back when it raises.

    Not `lasting`: a power cut may undo it (the end of a process may not), which saves the wait for the disk.
    """
    with UnitOfWork(engine, lasting=lasting) as work:
        yield work.writer
        work.commit()


class UnitOfWork:
    """One event's unit of work: reads from a snapshot, until the first write opens the one short write transaction.

    After that, reads see what was written. Nothing is kept unless `commit` is called; `lasting` as for `writing`.
    """

    def __init__(self, engine: Engine, *, lasting: bool = True) -> None:
        self.engine = engine
        self.lasting = lasting
        self._snapshot: Connection | None = None
        self._writer: Connection | None = None

    @property
    def reader(self) -> Connection:
        if self._writer is not None:
            return self._writer
        if self._snapshot is None:
            self._snapshot = self.engine.connect().execution_options(reading=True)
            self._snapshot.begin()
        return self._snapshot

    @property
    def writer(self) -> Connection:
        if self._writer is None:
            self._drop_snapshot()
            self._writer = self.engine.connect().execution_options(lasting=self.lasting)
            self._writer.begin()
            if not self.lasting and self._writer.dialect.name == "postgresql":
                self._writer.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
        return self._writer

    @property
    def has_written(self) -> bool:
        """Whether there is something to keep."""
        return self._writer is not None

    def commit(self) -> None:
        """Keep what was written and let both connections go; the next read starts from a fresh snapshot."""
        self._drop_snapshot()
        if self._writer is not None:
            writer, self._writer = self._writer, None
            with writer:
                writer.commit()

    def close(self) -> None:
        """Forget what was not committed."""
        self._drop_snapshot()
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()

    def _drop_snapshot(self) -> None:
        if self._snapshot is not None:
            snapshot, self._snapshot = self._snapshot, None
            snapshot.close()

    def __enter__(self) -> UnitOfWork:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def dialect(connection: Connection) -> Any:
    """Where `insert` knows ON CONFLICT."""
    return postgresql if connection.dialect.name == "postgresql" else sqlite
