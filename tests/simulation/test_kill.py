"""Killed at every step of the way, the house loses nothing and says nothing twice."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random

import pytest
from sqlalchemy import Engine, select

from bot import faults
from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.people import person
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.webhooks import WebhookDelivery
from corpus.database import reading
from tests.support.killable_bot import BEFORE_LATE_COMMIT, SECRET, TOKEN, Keeper, Plan, notes

pytestmark = pytest.mark.kill

PEOPLE = tuple(person(f"第{number}位") for number in range(6))
PATIENCE = 40.0  # seconds, on however busy a machine; a token lives fifty


@contextmanager
def town(engine: Engine, database_url: str, **plan: str) -> Iterator[tuple[Platform, Keeper]]:
    """A platform that redelivers, and a house that is started again whenever it dies."""
    notes.create(engine)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    callback = f"http://127.0.0.1:{port}/callback"
    platform = Platform(SECRET, TOKEN, callback, persons=PEOPLE, groups=(), redelivery=[0.1] * 1_000)
    url, stop = start_in_thread(platform)
    keeper = Keeper(Plan(database_url, url, port, **plan))
    assert keeper.up.wait(180)
    try:
        yield platform, keeper
    finally:
        keeper.close()
        stop()


def ask(platform: Platform, questions: int) -> list[WebhookDelivery]:
    """Everybody asks at once, each so many questions in a row."""

    def speak(number: int) -> list[WebhookDelivery]:
        who = PEOPLE[number]
        return [platform.say(who, who, f"第{question}題") for question in range(questions)]

    with ThreadPoolExecutor(len(PEOPLE)) as crowd:
        return [post for posts in crowd.map(speak, range(len(PEOPLE))) for post in posts]


def broken_promises(
    platform: Platform, posts: list[WebhookDelivery], engine: Engine, patience: float = PATIENCE
) -> list[str]:
    """What went wrong: events without an answer, with several, or with one that the house knows nothing of."""
    replies = platform.channel.replies
    with platform.chats.changed:
        platform.chats.changed.wait_for(lambda: all(post.id in replies for post in posts), patience)
    answers = {post.id: [bubble.content["text"] for bubble in replies.get(post.id, [])] for post in posts}
    with reading(engine) as connection:
        written = [(row.event_id.split("-")[0], row.saying) for row in connection.execute(select(notes))]
    times = Counter(event for event, _ in written)
    return [
        *(f"{event}: {len(said)} answers" for event, said in answers.items() if len(said) != 1),
        *(f"{event}: handled {times[event]} times" for event in answers if times[event] > 1),
        *(
            f"{event}: said what is not written"
            for event, said in answers.items()
            for s in said
            if (event, s) not in written
        ),
    ]


@pytest.mark.parametrize("point", faults.POINTS)
def test_a_death_at_each_point_costs_no_answer_and_doubles_none(engine: Engine, database_url: str, point: str) -> None:
    with town(engine, database_url, fault=f"{point}:4") as (platform, keeper):
        posts = ask(platform, questions=2)
        assert broken_promises(platform, posts, engine) == []
    assert keeper.deaths == [faults.KILLED]


def test_thirty_random_deaths_cost_no_answer_and_double_none(engine: Engine, database_url: str) -> None:
    chance = Random(20261101)
    posts: list[WebhookDelivery] = []
    with town(engine, database_url) as (platform, keeper), ThreadPoolExecutor(1) as stream:
        for _ in range(30):
            asking = stream.submit(ask, platform, 1)
            keeper.kill(after=chance.uniform(0.0, 0.15))
            posts += asking.result()
        assert broken_promises(platform, posts, engine) == []
    assert len(keeper.deaths) == 30


Provoke = Callable[[Platform], list[WebhookDelivery]]


def ask_once(platform: Platform) -> list[WebhookDelivery]:
    return ask(platform, 1)


def ask_and_deliver_twice(platform: Platform) -> list[WebhookDelivery]:
    """What is asked last is answered last: by then the second deliveries have done what they do."""
    posts = ask_once(platform)
    for post in posts:
        platform.reply_to(post, PATIENCE)
        platform.redeliver(post.id)
    return posts + ask_once(platform)


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
