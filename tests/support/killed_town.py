"""A platform that redelivers, people who ask, and a house that is started again whenever it dies."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sqlalchemy import Engine, select

from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.people import person
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.webhooks import WebhookDelivery
from corpus.database import reading
from tests.support.killable_bot import SECRET, TOKEN, Keeper, Plan, notes

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
        return [delivery for deliveries in crowd.map(speak, range(len(PEOPLE))) for delivery in deliveries]


def broken_promises(
    platform: Platform, deliveries: list[WebhookDelivery], engine: Engine, patience: float = PATIENCE, apology: str = ""
) -> list[str]:
    """What went wrong: events without an answer, with several, or with one that the house knows nothing of.

    `apology`: what it may say where it could not answer.
    """
    replies = platform.channel.replies
    with platform.chats.changed:
        platform.chats.changed.wait_for(lambda: all(delivery.id in replies for delivery in deliveries), patience)
    answers = {
        delivery.id: [bubble.content["text"] for bubble in replies.get(delivery.id, [])] for delivery in deliveries
    }
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
            if (event, s) not in written and s != apology
        ),
    ]
