"""The one database: many writers of one process, and none of them turned away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from corpus.database import connect, reading, writing


def test_writers_of_one_process_wait_for_one_another_and_not_for_sqlite(tmp_path: Path) -> None:
    """SQLite would have the unlucky ones sleep for seconds; with no patience at all of its own, it turns nobody away."""
    engine = connect(f"sqlite:///{tmp_path}/a.db")

    @event.listens_for(engine, "connect")
    def impatient(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 0")

    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE written (number INTEGER)"))

    def write(number: int) -> None:
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO written VALUES (:number)"), {"number": number})

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(200)))
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(DISTINCT number) FROM written")).scalar() == 200


def test_a_commit_that_fails_does_not_keep_others_from_writing(tmp_path: Path) -> None:
    """On a full disk SQLite leaves the transaction open, and with it the lock that all writers need."""
    engine, other = connect(f"sqlite:///{tmp_path}/a.db"), connect(f"sqlite:///{tmp_path}/a.db")
    failing = [OperationalError("COMMIT", {}, Exception("database or disk is full"))]

    @event.listens_for(engine, "commit")
    def fail(_connection: Any) -> None:
        if failing:
            raise failing.pop()

    with pytest.raises(OperationalError), writing(engine) as connection:
        connection.execute(text("CREATE TABLE written (number INTEGER)"))
    for each in (other, engine):
        with writing(each, patience=0.01) as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS written (number INTEGER)"))
