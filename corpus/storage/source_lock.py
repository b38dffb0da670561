"""One walk at a time over a source: held by a process, and free again as soon as that process is gone."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

SPACE = 0x736F75  # the first key of PostgreSQL's advisory locks on sources


class SourceBusyError(Exception):
    """Another process is walking this source."""


@contextmanager
def hold_source(engine: Engine, source_id: int, index_folder: Path) -> Iterator[None]:
    """Hold a source while it is walked. Raises SourceBusyError when somebody else does.

    On PostgreSQL the server holds it for this connection; on SQLite, which serves one machine, a file beside the index does.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            key = {"space": SPACE, "key": source_id}
            if not connection.execute(text("SELECT pg_try_advisory_lock(:space, :key)"), key).scalar():
                raise SourceBusyError(source_id)
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:space, :key)"), key)
        return
    index_folder.parent.mkdir(parents=True, exist_ok=True)
    with index_folder.with_name(f"{index_folder.name}-source-{source_id}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SourceBusyError(source_id) from None
        yield
