"""The disk is full, Redis is away, the clock jumps: what people are told, and that nothing is lost or told twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy.exc import SQLAlchemyError

from bot.dev.bench.processes import redis_server as own_redis
from bot.dev.local import SECRET
from bot.dev.simulator.webhooks import WebhookDelivery
from bot.inbound.webhook import create_blueprint
from bot.web.health import trouble
from corpus.database import connect
from corpus.library import ArchiveResources
from handlers.routing.follow_up import FORGOTTEN
from tests.simulation.inprocess_bot import InProcessBot
from tests.simulation.soak import Crash, CrashingLine
from tests.support.digest_bot import ANN, BEN, CLUB, MONDAY, bot_over, clock, cooling, pushes, said, seen
from tests.support.schemas import lay_schema

QUESTIONS = ("液冷散熱的滲透率有多少", "2330", "最新")


class WebhookBot(InProcessBot):
    """Behind its real webhook; like the pool's threads it outlives whatever happens to an answer."""

    def deliver(self, body: bytes, headers: Mapping[str, str]) -> int:
        app = Flask("webhook")
        app.register_blueprint(
            create_blueprint(SECRET, self.bot.ledger, self.bot.gate, lambda _events: None, clock=self.clock)
        )
        status = app.test_client().post("/callback", data=body, headers=dict(headers)).status_code
        self.answer()
        return status

    def answer(self) -> None:
        with suppress(SQLAlchemyError):
            super().answer()

    @property
    def is_ready(self) -> bool:
        return not trouble(self.archive, self.bot.ledger, self.bot.line)


def webhook_bot(folder: Path, **more: object) -> WebhookBot:
    address = f"sqlite:///{folder}/town.db"
    lay_schema(address)
    archive = ArchiveResources(connect(address), folder / "index")
    return WebhookBot(folder, MONDAY, persons=(ANN, BEN), groups=(CLUB,), archive=archive, patience=0, **more)  # type: ignore[arg-type]


# the disk


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process grows any more."""
    soft, hard = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (2**16, hard))
    try:
        yield
    finally:
        setrlimit(RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def place(tmp_path: Path) -> WebhookBot:
    """Where much was written before: its files are larger than what a full disk lets grow."""
    place = webhook_bot(tmp_path)
    for _ in range(4):
        place.publish(cooling(), news=False)
    place.say(ANN, ANN, "訂閱 散熱")
    return place


def test_on_a_full_disk_line_is_told_to_come_again_and_is_answered_once_there_is_room(place: WebhookBot) -> None:
    with full_disk():
        asked = [place.platform.say(ANN, ANN, question) for question in QUESTIONS]
        assert not place.is_ready
    assert [delivery.status for delivery in asked] == [503, 503, 503]
    assert place.is_ready
    assert replies(place, asked) == [0, 0, 0]
    for delivery in asked * 2:
        place.platform.redeliver(delivery.id)
    assert replies(place, asked) == [1, 1, 1]


def test_a_digest_that_is_due_on_a_full_disk_comes_once_there_is_room(place: WebhookBot) -> None:
    essay = place.publish(cooling())
    place.at(clock(8, 30))
    with full_disk():
        place.tick()
    assert pushes(place) == []
    for _ in range(3):
        place.pass_by(minutes=1)
        place.tick()
    assert len(pushes(place)) == 1
    assert essay.title in seen(place, ANN)


def replies(place: InProcessBot, asked: list[WebhookDelivery]) -> list[int]:
    return [len(place.heard(delivery)) for delivery in asked]


# Redis


def kill(redis: Redis) -> None:
    os.kill(redis.info("server")["process_id"], signal.SIGKILL)


def stall(redis: Redis) -> None:
    os.kill(redis.info("server")["process_id"], signal.SIGSTOP)


def flush(redis: Redis) -> None:
    redis.flushall()


def wake(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)  # so that it can be ended


@pytest.mark.parametrize("harm", [kill, stall, flush])
def test_without_redis_questions_are_answered_and_only_what_was_spoken_of_is_forgotten(
    tmp_path: Path, harm: Callable[[Redis], None]
) -> None:
    with own_redis() as address, Redis.from_url(address) as redis:
        place = webhook_bot(tmp_path, redis_url=address)
        for _ in range(4):
            place.publish(cooling(), news=False)
        place.say(ANN, ANN, "散熱")
        assert FORGOTTEN not in said(place.say(ANN, ANN, "更多"))
        pid = redis.info("server")["process_id"]
        harm(redis)
        try:
            assert FORGOTTEN in said(place.say(ANN, ANN, "更多"))
            assert "滲透率達到三成五" in said(place.say(ANN, ANN, QUESTIONS[0]))
            assert "已訂閱" in said(place.say(ANN, ANN, "訂閱 散熱"))
        finally:
            wake(pid)


# the clock


def test_a_clock_that_jumps_an_hour_forward_and_back_tells_no_digest_twice(tmp_path: Path) -> None:
    place = bot_over(tmp_path, patience=0)
    place.say(ANN, ANN, "訂閱 散熱")
    place.publish(cooling())
    for hour, minute in ((8, 0), (9, 0), (8, 0), (8, 30), (9, 30)):
        place.at(clock(hour, minute))
        place.tick()
    assert len(pushes(place)) == 1
    place.publish(cooling())
    for day, hour in ((3, 8), (3, 7), (3, 9)):
        place.at(clock(hour, 30, day=day))
        place.tick()
    assert len(pushes(place)) == 2


def test_a_clock_that_jumps_answers_each_question_once(tmp_path: Path) -> None:
    place = webhook_bot(tmp_path)
    place.publish(cooling(), news=False)
    for hours in (1, -1, -1, 1):
        place.pass_by(hours=hours)
        asked = [place.platform.say(chat, ANN, text) for chat in (ANN, CLUB) for text in ("羅盤 2330", "羅盤 最新")]
        assert replies(place, asked) == [1, 1, 1, 1]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_clock_that_was_set_back_after_a_death_silences_nobody(tmp_path: Path, moment: str) -> None:
    """What the dead process held would be held for an hour by the new clock."""
    place = bot_over(tmp_path, line=CrashingLine)
    place.publish(cooling(), news=False)
    assert isinstance(place.bot.line, CrashingLine)
    place.bot.line.crash = moment
    with pytest.raises(Crash):
        place.say(ANN, ANN, "2330")
    place.restart()
    place.pass_by(hours=-1)
    place.say(ANN, ANN, "最新")
    assert [len(found) for found in place.platform.channel.replies.values()] == [1, 1]
