"""Killed at every step of the way, the house loses nothing and says nothing twice."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from sqlalchemy import Engine

from bot import faults
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.webhooks import WebhookDelivery
from tests.support.killable_bot import BEFORE_LATE_COMMIT
from tests.support.killed_town import PATIENCE, ask, broken_promises, town

pytestmark = pytest.mark.kill

KILLS = int(os.environ.get("LUOPAN_KILLS", "30"))  # `make soak`: 300
IN_A_ROW = 10  # deaths, then all is answered: a token lives fifty seconds, and who dies all the time answers nothing


@pytest.mark.parametrize("point", faults.POINTS)
def test_a_death_at_each_point_costs_no_answer_and_doubles_none(engine: Engine, database_url: str, point: str) -> None:
    with town(engine, database_url, fault=f"{point}:4") as (platform, keeper):
        deliveries = ask(platform, questions=2)
        assert broken_promises(platform, deliveries, engine) == []
    assert keeper.deaths == [faults.KILLED]


def test_random_deaths_cost_no_answer_and_double_none(engine: Engine, database_url: str) -> None:
    chance = Random(20261101)
    with town(engine, database_url) as (platform, keeper), ThreadPoolExecutor(1) as stream:
        for _ in range(KILLS // IN_A_ROW):
            deliveries: list[WebhookDelivery] = []
            for _ in range(IN_A_ROW):
                asking = stream.submit(ask, platform, 1)
                keeper.kill(after=chance.uniform(0.0, 0.15))
                deliveries += asking.result()
            assert broken_promises(platform, deliveries, engine) == []
    assert len(keeper.deaths) == KILLS


Provoke = Callable[[Platform], list[WebhookDelivery]]


def ask_once(platform: Platform) -> list[WebhookDelivery]:
    return ask(platform, 1)


def ask_and_deliver_twice(platform: Platform) -> list[WebhookDelivery]:
    """What is asked last is answered last: by then the second deliveries have done what they do."""
    deliveries = ask_once(platform)
    for delivery in deliveries:
        platform.reply_to(delivery, PATIENCE)
        platform.redeliver(delivery.id)
    return deliveries + ask_once(platform)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("broken", "fault", "provoke"),
    [
        ("200 before commit", BEFORE_LATE_COMMIT, ask_once),
        ("send before commit", faults.BEFORE_REPLY_COMMIT, ask_once),
        ("no dedupe", "", ask_and_deliver_twice),
    ],
)
def test_a_broken_rule_is_noticed(engine: Engine, database_url: str, broken: str, fault: str, provoke: Provoke) -> None:
    with town(engine, database_url, broken=broken, fault=f"{fault}:2" if fault else "") as (platform, _):
        assert broken_promises(platform, provoke(platform), engine, patience=3.0) != []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("provoke", [ask_once, ask_and_deliver_twice])
def test_the_same_provocations_leave_an_honest_house_unmoved(
    engine: Engine, database_url: str, provoke: Provoke
) -> None:
    with town(engine, database_url) as (platform, _):
        assert broken_promises(platform, provoke(platform), engine) == []
