"""Statements handed to the driver as they are say the same as SQLAlchemy's own way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import JSON, Boolean, Column, Integer, MetaData, String, Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from corpus.database import UnitOfWork, connect, writing
from corpus.storage.prepared import Prepared

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20), unique=True),
    Column("is_new", Boolean),
    Column("numbers", JSON),
)
ADD = Prepared(insert(things).returning(things.c.id))
KEEP = Prepared(make=lambda dialect: dialect.insert(things).on_conflict_do_nothing())
FIND = Prepared(select(things).where(things.c.name == bindparam("called"), things.c.is_new))
AGE = Prepared(update(things).where(things.c.name == bindparam("called")).values(is_new=False))


@pytest.fixture
def work(tmp_path: Path) -> Iterator[UnitOfWork]:
    engine = connect(f"sqlite:///{tmp_path}/things.db")
    things.create(engine)
    with UnitOfWork(engine) as work:
        yield work


def test_values_go_in_and_come_out_as_their_columns_types(work: UnitOfWork) -> None:
    number = ADD.scalar(work.writer, name="散熱", is_new=True, numbers=[1, 2])
    row = FIND.first(work.writer, called="散熱")
    assert (row.id, row.name, row.is_new, row.numbers) == (number, "散熱", True, [1, 2])
    assert work.writer.execute(select(things)).one() == row


def test_it_tells_how_many_rows_it_changed(work: UnitOfWork) -> None:
    ADD.scalar(work.writer, name="散熱", is_new=True, numbers=[])
    assert (AGE.run(work.writer, called="散熱"), AGE.run(work.writer, called="衛星")) == (1, 0)
    assert FIND.rows(work.writer, called="散熱") == []


def test_many_rows_at_once_skip_those_that_are_there(work: UnitOfWork) -> None:
    rows: list[dict[str, object]] = [
        {"name": name, "is_new": False, "numbers": []} for name in ("散熱", "衛星", "散熱")
    ]
    KEEP.run_many(work.writer, rows)
    assert [row.name for row in work.writer.execute(select(things).order_by(things.c.id))] == ["散熱", "衛星"]


def test_what_the_driver_refuses_is_told_as_by_sqlalchemy_without_the_values(work: UnitOfWork) -> None:
    ADD.scalar(work.writer, name="散熱", is_new=True, numbers=[])
    with pytest.raises(IntegrityError) as refusal:
        ADD.scalar(work.writer, name="散熱", is_new=True, numbers=[])
    assert "散熱" not in str(refusal.value)


def test_what_is_not_committed_is_not_kept(work: UnitOfWork) -> None:
    ADD.scalar(work.writer, name="散熱", is_new=True, numbers=[])
    work.close()
    assert FIND.first(work.reader, called="散熱") is None
    with writing(work.engine) as connection:
        ADD.scalar(connection, name="散熱", is_new=True, numbers=[])
    work.close()
    assert FIND.first(work.reader, called="散熱").name == "散熱"
