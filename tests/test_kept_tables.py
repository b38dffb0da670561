"""On PostgreSQL one test after another has the same tables, and none finds what another left."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from corpus.database import connect
from tests.support.postgres import postgres_schema
from tests.support.schemas import create_tables

pytestmark = pytest.mark.postgres


def tables(connection: Connection) -> set[int]:
    """By the numbers that the server knows them by."""
    query = "SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
    return set(connection.execute(text(query)).scalars())


def do(server: str, statement: str = "SELECT 1") -> set[int]:
    """A test that says this to a database with all tables: the tables that it was given."""
    with postgres_schema(server) as url:
        engine = connect(url)
        create_tables(engine)
        with engine.begin() as connection:
            found = tables(connection)
            connection.execute(text(statement))
        engine.dispose()
    return found


def test_the_next_test_has_the_same_tables_without_a_row_and_counts_from_one(postgres_url: str) -> None:
    had = do(postgres_url, "INSERT INTO archive_marks VALUES (nextval('inbox_id_seq'), 'a')")
    with postgres_schema(postgres_url) as url:
        engine = connect(url)
        create_tables(engine)
        with engine.begin() as connection:
            assert tables(connection) == had
            assert connection.execute(text("SELECT count(*) FROM archive_marks")).scalar() == 0
            assert connection.execute(text("SELECT nextval('inbox_id_seq')")).scalar() == 1
        engine.dispose()


@pytest.mark.parametrize("change", ["DROP TABLE inbox CASCADE", "ALTER TABLE inbox ADD COLUMN odd integer"])
def test_tables_that_a_test_changed_are_given_to_no_other(postgres_url: str, change: str) -> None:
    assert not do(postgres_url, change) & do(postgres_url)
