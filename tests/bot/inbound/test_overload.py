"""Overload and a database that is held by others: a webhook is kept or refused at once, never acknowledged before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from bot.inbound.webhook import MOST_UNREADABLE
from bot.ledger import Ledger, WebhookBatch
from bot.ledger.tables import inbox, quarantine
from corpus.database import WAL_BYTES, connect, reading, writing
from tests.support.line_events import BOT, Rooms, said


@contextmanager
def held(engine: Engine) -> Iterator[None]:
    """Somebody else's process writes, and does not come to an end."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as other, other.begin():
            other.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
            yield
        return
    writer = sqlite3.connect(str(engine.url.database), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    yield
    writer.execute("ROLLBACK")
    writer.close()


class PatientLedger(Ledger):
    """Writes down how long it was told to wait for the database."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.patience: list[float | None] = []

    def store(self, batch: WebhookBatch, patience: float | None = None) -> None:
        self.patience.append(patience)
        super().store(batch, patience)


def test_a_webhook_is_refused_before_line_gives_up_while_others_hold_the_database(engine: Engine) -> None:
    ledger = PatientLedger(engine)
    rooms = Rooms(engine, ledger)
    question = said("散熱")
    with held(engine):
        assert [rooms.deliver(question) for _ in range(2)] == [503, 503]
    assert all(patience is not None and patience < 1 for patience in ledger.patience)
    assert rooms.deliver(question, redelivered=True) == 200
    assert rooms.answer() == ["你說「散熱」"]


def test_what_answers_waits_for_longer(engine: Engine) -> None:
    """Only who is waited for by LINE gives up early: an answer is worth ten seconds."""
    with writing(engine) as connection:
        waits = connection.exec_driver_sql(
            "PRAGMA busy_timeout" if engine.dialect.name == "sqlite" else "SHOW statement_timeout"
        ).scalar()
    assert waits in (10_000, "0")
    with writing(engine, patience=0.8) as connection:
        waits = connection.exec_driver_sql(
            "PRAGMA busy_timeout" if engine.dialect.name == "sqlite" else "SHOW statement_timeout"
        ).scalar()
    assert waits in (800, "800ms")


def test_a_body_of_empty_objects_is_one_row(engine: Engine) -> None:
    rooms = Rooms(engine)
    body = json.dumps({"destination": BOT, "events": [{}] * 180_000}).encode()
    assert rooms.post(body).status_code == 200
    [row] = rooms.rows(quarantine)
    assert row.body == body
    assert row.reason.startswith("180000 events")


def test_a_few_odd_events_are_kept_one_by_one(engine: Engine) -> None:
    rooms = Rooms(engine)
    rooms.deliver(*[{"odd": number} for number in range(MOST_UNREADABLE)], said("散熱"))
    assert len(rooms.rows(quarantine)) == MOST_UNREADABLE
    assert len(rooms.rows(inbox)) == 1


def test_a_call_for_another_bot_is_not_answered(engine: Engine) -> None:
    rooms = Rooms(engine, own_id=lambda: "Uanother")
    assert rooms.deliver(said("散熱")) == 200, "sending it again would not help"
    assert rooms.answer() == []
    assert [row.reason for row in rooms.rows(quarantine)] == ["for another bot"]
    known = Rooms(engine, own_id=lambda: BOT)
    known.deliver(said("散熱"))
    assert known.answer() == ["你說「散熱」"]


def test_the_write_ahead_log_shrinks_again(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/a.db")
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE blobs (id INTEGER PRIMARY KEY, body BLOB)"))
    with reading(engine) as reader:  # who reads keeps the log from being begun anew
        reader.execute(text("SELECT count(*) FROM blobs"))
        for _ in range(5):
            with writing(engine) as connection:
                connection.execute(text("INSERT INTO blobs (body) VALUES (zeroblob(4000000))"))
    log = tmp_path / "a.db-wal"
    assert log.stat().st_size > 4 * WAL_BYTES
    for _ in range(3):
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO blobs (body) VALUES (zeroblob(10))"))
    assert log.stat().st_size <= WAL_BYTES
