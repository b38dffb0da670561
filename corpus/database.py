"""The one database: engine, metadata and the unit of work that everything reads and writes through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from corpus.storage.write_turns import take_turns

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BUSY_SECONDS = 10.0
AWAY_SECONDS = 5  # after which a PostgreSQL that does not answer counts as away
WAL_BYTES = 4 * 2**20  # to which the write-ahead log is cut back after it has grown
SCRUB_MILLISECONDS = 200
BEGIN = "BEGIN IMMEDIATE"
CACHE_KB = 512  # of each connection; the system keeps the file in memory for all of them


def connect(url: str, pool_size: int = 16) -> Engine:
    """Return an engine for `sqlite:///path` or `postgresql+psycopg://...`, and make a SQLite file's folder."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        engine = create_engine(
            address,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=BUSY_SECONDS,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": AWAY_SECONDS},
        )
        event.listen(engine, "checkin", _end_open_transaction)
        return engine
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,  # an error's text must not quote a person
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "checkin", _drop_open_transaction)  # before the next writer's turn
    take_turns(engine, BUSY_SECONDS)  # before the listener that begins the transaction
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _drop_open_transaction(driver: Any, record: ConnectionPoolEntry) -> None:
    """Drop a connection whose commit failed: its open transaction would keep everybody else from writing."""
    if driver is not None and driver.in_transaction:
        record.invalidate()


def _end_open_transaction(driver: Any, _record: Any) -> None:
    """Roll back the transaction that a failed commit has left open, before the connection is used again."""
    from psycopg.pq import TransactionStatus  # where there is a PostgreSQL it is loaded already

    if driver is not None and driver.info.transaction_status != TransactionStatus.IDLE:
        driver.rollback()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KB}")
    connection.execute(f"PRAGMA journal_size_limit={WAL_BYTES}")
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that may write takes the write lock at once: upgrading later loses updates or fails as busy.
    options = connection.get_execution_options()
    driver: Any = connection.connection.driver_connection  # ten times as fast as through SQLAlchemy
    if options.get("reading", False):
        driver.execute("BEGIN")
        return
    driver.execute(f"PRAGMA synchronous={'FULL' if options.get('lasting', True) else 'NORMAL'}")
    driver.execute(f"PRAGMA busy_timeout={round(1000 * (options.get('patience') or BUSY_SECONDS))}")
    with driver_errors(connection, BEGIN):
        driver.execute(BEGIN)


@contextmanager
def driver_errors(connection: Connection, sql: str) -> Iterator[None]:
    """Raise the driver's own errors as SQLAlchemy's."""
    kind: Any = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except kind as error:
        told: Any = DBAPIError.instance(sql, None, error, kind, hide_parameters=True, dialect=connection.dialect)
        raise told from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection for a consistent read, which never takes the write lock."""
    with engine.connect() as connection:
        connection = connection.execution_options(reading=True)
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, *, lasting: bool = True, patience: float | None = None) -> Iterator[Connection]:
    """Yield the connection of a transaction that may write: committed when the block ends, rolled back when it raises.

    Not `lasting`: a power cut may undo it (the end of a process may not), which saves the wait for the disk.
    `patience`: seconds after which it fails where others hold what it needs; on PostgreSQL, of each statement.
    """
    with UnitOfWork(engine, lasting=lasting, patience=patience) as work:
        yield work.writer
        work.commit()


def scrub(engine: Engine) -> bool:
    """Empty SQLite's write-ahead log, where erased data may still stand; return False while somebody reads it."""
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection  # outside any transaction
        driver.execute(f"PRAGMA busy_timeout={SCRUB_MILLISECONDS}")  # writers wait for it
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        driver.execute(f"PRAGMA busy_timeout={int(1000 * BUSY_SECONDS)}")
    return not busy


class UnitOfWork:
    """One event's unit of work: reads from a snapshot, until the first write opens the one short write transaction.

    After that, reads see what was written. Nothing is kept unless `commit` is called; `lasting` and `patience` as for `writing`.
    """

    def __init__(self, engine: Engine, *, lasting: bool = True, patience: float | None = None) -> None:
        self.engine = engine
        self.lasting = lasting
        self.patience = patience
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
            self._writer = self.engine.connect().execution_options(lasting=self.lasting, patience=self.patience)
            self._writer.begin()
            if self._writer.dialect.name == "postgresql":
                self._prepare_postgres(self._writer)
        return self._writer

    def _prepare_postgres(self, writer: Connection) -> None:
        if not self.lasting:
            writer.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
        if self.patience:
            writer.exec_driver_sql(f"SET LOCAL statement_timeout TO {round(1000 * self.patience)}")

    def lock_table(self, table: Table) -> None:
        """Keep others from writing to a table until this unit of work ends: what it reads from now on still holds when it acts."""
        writer = self.writer  # SQLite has one at a time
        if writer.dialect.name == "postgresql":
            writer.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")

    @property
    def has_written(self) -> bool:
        """Tell whether the write transaction is open."""
        return self._writer is not None

    def commit(self) -> None:
        """Commit what was written and release both connections; the next read starts from a fresh snapshot."""
        self._drop_snapshot()
        if self._writer is not None:
            writer, self._writer = self._writer, None
            with writer:
                writer.commit()

    def close(self) -> None:
        """Roll back what was not committed and release both connections."""
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
    """Return the module of the connection's dialect, whose `insert` knows ON CONFLICT."""
    return _dialect(connection.dialect.name)


@cache
def _dialect(name: str) -> Any:
    return import_module(f"sqlalchemy.dialects.{name}")


def aware(moment: datetime | None) -> datetime | None:
    """Return a moment in UTC where it has no time zone: SQLite forgets them, and everything is stored in UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
