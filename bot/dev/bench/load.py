"""A hundred people who ask at the simulator, at a steady pace, and how long each of them waits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice

from bot.dev.simulator.people import LinePerson, person
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.webhooks import WebhookDelivery
from corpus.analysis.themes import Themes
from corpus.analysis.tickers import scan
from corpus.essay import Essay
from corpus.lexicon.securities import Lexicon

PEOPLE = 100
A_SECOND, SECONDS = 50, 10
CALLERS = 24  # webhooks under way at once
PATIENCE = 10.0  # seconds after the last question
LONGEST = 40  # characters of a heading that is asked as it stands


@dataclass(frozen=True, slots=True)
class Latencies:
    """Milliseconds from the sending of a webhook to its 200, and to the reply at the simulator."""

    taken: tuple[float, ...]
    replied: tuple[float, ...]
    asked: int


def crowd() -> list[LinePerson]:
    return [person(f"讀者{number}") for number in range(PEOPLE)]


def questions(essays: Sequence[Essay], lexicon: Lexicon, themes: Themes) -> list[str]:
    """Make questions about these essays: their titles and headings, mixed with the securities that those name and all themes."""
    headings = [text[:LONGEST] for essay in essays for text in (essay.title, *essay.headings)]
    names = [named.security.name for named in scan("\n".join(headings), lexicon)]
    mixed = (text for group in zip(headings, cycle([*names, *(t.name for t in themes.all())])) for text in group)
    return list(dict.fromkeys(mixed))


def run_load(platform: Platform, people: Sequence[LinePerson], asked: Sequence[str]) -> Latencies:
    """Ask fifty questions a second for ten seconds, each from the next person."""
    count = A_SECOND * SECONDS
    with ThreadPoolExecutor(CALLERS) as callers:
        start = time.monotonic()
        calls = []
        for number, (who, text) in enumerate(islice(zip(cycle(people), cycle(asked)), count)):
            time.sleep(max(0.0, start + number / A_SECOND - time.monotonic()))
            calls.append(callers.submit(platform.say, who, who, text))
        deliveries = [call.result() for call in calls]
    wait_for_replies(platform, deliveries)
    replies = platform.channel.replies
    return Latencies(
        tuple(1000 * delivery.seconds for delivery in deliveries if delivery.taken),
        tuple(
            1000 * (replies[delivery.id][0].at - delivery.at).total_seconds()
            for delivery in deliveries
            if delivery.id in replies
        ),
        count,
    )


def wait_for_replies(platform: Platform, deliveries: Sequence[WebhookDelivery]) -> None:
    """Wait until all are replied to, or nobody would wait any longer."""
    with platform.chats.changed:
        platform.chats.changed.wait_for(
            lambda: all(delivery.id in platform.channel.replies for delivery in deliveries), PATIENCE
        )
