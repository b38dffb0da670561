"""A row is inserted, or the one with its key is changed."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, select

from corpus.database import writing
from corpus.storage.upsert import upsert
from handlers.club.tables import people

AT = datetime(2026, 1, 5, tzinfo=UTC)


def test_what_a_row_holds_at_first_is_left_as_it_is_later(engine: Engine) -> None:
    with writing(engine) as connection:
        assert upsert(connection, people, {"user_id": "Uann"}, {"note": "a"}, first={"role": 0, "since": AT})
        assert not upsert(connection, people, {"user_id": "Uann"}, {"note": "b"}, first={"role": 9, "since": AT})
        assert connection.execute(select(people.c.note, people.c.role)).all() == [("b", 0)]


def test_other_rows_are_left_alone(engine: Engine) -> None:
    with writing(engine) as connection:
        for user in ("Uann", "Ubob"):
            upsert(connection, people, {"user_id": user}, {"note": user}, first={"role": 0, "since": AT})
        upsert(connection, people, {"user_id": "Ubob"}, {"note": "b"}, first={"role": 0, "since": AT})
        rows = connection.execute(select(people.c.user_id, people.c.note).order_by(people.c.user_id)).all()
    assert rows == [("Uann", "Uann"), ("Ubob", "b")]
