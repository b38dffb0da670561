"""The migrations make the tables that the code knows, and carry over what was there, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from bot.migrate import all_metadata, migrate, upgrade_in
from corpus.database import UnitOfWork, connect, writing
from handlers.club.club import Club
from handlers.identity import Role

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def empty(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


def test_the_migrated_schema_is_the_one_that_the_code_knows(empty: Engine) -> None:
    migrate(empty)
    with empty.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), all_metadata())
    assert [one for one in found if "alembic_version" not in str(one)] == []


def test_a_member_from_before_plans_is_a_member_of_none_until_the_same_end(empty: Engine) -> None:
    with writing(empty) as connection:
        upgrade_in(connection, "0007")
        for user, until in (("U1", "2026-12-01 00:00:00+00:00"), ("U2", "2026-11-01 00:00:00+00:00"), ("U3", None)):
            row = {"user": user, "until": until}
            connection.execute(
                text("INSERT INTO people VALUES (:user, 0, CAST(:until AS TIMESTAMP), '2026-01-01 00:00:00')")
                if empty.dialect.name == "postgresql"
                else text(
                    "INSERT INTO people VALUES (:user, 0, substr(:until, 1, 19) || '.000000', '2026-01-01 00:00:00')"
                ),
                row,
            )
    migrate(empty)
    with UnitOfWork(empty) as work:
        found = Club(work).people.standings(["U1", "U2", "U3"], NOW)
        assert [found[user].role for user in ("U1", "U2", "U3")] == [Role.MEMBER, Role.GUEST, Role.GUEST]
        assert found["U1"].plans == frozenset()
        assert Club(work).memberships.of("U1")["members"].date().isoformat() == "2026-12-01"
