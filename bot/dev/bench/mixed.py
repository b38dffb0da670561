"""A community's events in a while, mixed: questions, securities, talk that is nothing to us, buttons, arrivals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

from bot.dev.bench.load import CALLERS, PEOPLE, wait_for_replies
from bot.dev.simulator.people import LineGroup, LinePerson, group, person
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.webhooks import WebhookDelivery

SHARES = {"question": 40, "ticker": 15, "help": 3, "talk": 32, "button": 5, "arrival": 5}  # of a hundred
TICKERS = ("2330", "2317", "NVDA", "台積電", "聯發科", "鴻海", "2454", "AMD", "廣達", "3324")
BUTTONS = ("最新", "主題", "我的訂閱", "今日", "自選")
TALK = (
    "早安大家", "今天盤好震盪喔", "哈哈哈真的", "中午要吃什麼", "我剛剛下車了", "這根紅K好長", "2330 噴了", "好的收到", "有人要一起團購咖啡嗎",
    "我覺得下週會回檔", "昨天那場球賽看了沒", "GG", "外資又在買", "晚點再看好了", "謝謝分享", "這個新聞三天前就有了吧", "股東會紀念品拿了沒",
    "明天要開會先睡了", "成交量有點小", "大家週末愉快",
)  # fmt: skip
GROUPS = 10

Act = Callable[[Platform], WebhookDelivery]


@dataclass(frozen=True, slots=True)
class MixedEvent:
    """An act of somebody, and whether the bot has to answer it; whatever is a text is echoed."""

    kind: str
    act: Act

    @property
    def expects_answer(self) -> bool:
        return self.kind != "talk"

    @property
    def is_text(self) -> bool:
        return self.kind not in ("button", "arrival")


@dataclass(frozen=True, slots=True)
class MixedLatencies:
    """Milliseconds to the 200 and to the reply, and the events that should have been answered and were not."""

    taken: tuple[float, ...]
    replied: tuple[float, ...]
    unanswered: int


def newcomers() -> tuple[list[LinePerson], list[LineGroup]]:
    """Make the community: persons who ask one to one, and groups of all of them."""
    persons = [person(f"讀者{number}") for number in range(PEOPLE)]
    return persons, [group(f"讀書會{number}", tuple(persons)) for number in range(GROUPS)]


def mixed_events(
    questions: Sequence[str], count: int, persons: Sequence[LinePerson], groups: Sequence[LineGroup]
) -> list[MixedEvent]:
    """Make `count` events of these people and groups in their shares, always the same and in the same order."""
    people, rooms = cycle(persons), cycle(groups)
    asked, tickers, buttons, talk = cycle(questions), cycle(TICKERS), cycle(BUTTONS), cycle(TALK)

    def event(kind: str) -> MixedEvent:
        who = next(people)
        if kind == "talk":
            where, text = next(rooms), next(talk)
            return MixedEvent(kind, lambda platform: platform.say(where, who, text))
        if kind == "button":
            action = {"type": "postback", "data": next(buttons)}
            return MixedEvent(kind, lambda platform: platform.press(who, who, action))
        if kind == "arrival":
            return MixedEvent(kind, lambda platform: platform.follow(who))
        words = {"question": asked, "ticker": tickers}.get(kind)
        said = next(words) if words else "說明"
        return MixedEvent(kind, lambda platform: platform.say(who, who, said))

    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    Random(1).shuffle(kinds)  # noqa: S311  an order, no secret
    return [event(kind) for kind in islice(cycle(kinds), count)]


def run_mixed(
    platform: Platform, events: Sequence[MixedEvent], rate: float, answers: Callable[[MixedEvent], bool]
) -> MixedLatencies:
    """Let `events` happen at so many a second; `answers`: those that this bot has to answer."""
    with ThreadPoolExecutor(CALLERS) as callers:
        calls = [callers.submit(event.act, platform) for event in _paced(events, rate)]
        deliveries = [call.result() for call in calls]
    wanted = [delivery for delivery, event in zip(deliveries, events, strict=True) if answers(event)]
    wait_for_replies(platform, wanted)
    replies = platform.channel.replies
    replied = [
        1000 * (replies[delivery.id][0].at - delivery.at).total_seconds()
        for delivery in wanted
        if delivery.id in replies
    ]
    return MixedLatencies(
        tuple(1000 * delivery.seconds for delivery in deliveries if delivery.taken),
        tuple(replied),
        len(wanted) - len(replied),
    )


def _paced(events: Sequence[MixedEvent], rate: float) -> Iterator[MixedEvent]:
    start = time.monotonic()
    for number, event in enumerate(events):
        time.sleep(max(0.0, start + number / rate - time.monotonic()))
        yield event
