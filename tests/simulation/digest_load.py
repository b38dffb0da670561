"""`luopan bench rush`: a hundred thousand digests due at one moment, planned and pushed over HTTP to a platform of its own process."""

from __future__ import annotations

import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from random import Random

from sqlalchemy import Engine, func, insert, select

from bot.app import Application, build
from bot.config import Settings
from bot.dev.local import SECRET, TOKEN
from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.people import LinePerson, stable_id
from bot.dev.simulator.platform import Platform
from bot.ledger.tables import runs
from bot.migrate import open_archive
from bot.outbound.pusher import TOGETHER
from bot.threads import freeze_gc
from corpus.database import UnitOfWork, reading, writing
from handlers.club.digest_tables import mailings, subscriptions
from handlers.club.subscriptions import TopicKind
from handlers.club.topic import EVERYTHING
from tests.simulation.essay_factory import EssayFactory
from tests.support.schemas import lay_schema

ESSAYS = 3
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class DigestLoad:
    """Seconds and megabytes; `memory` is the peak of this process: before, half-way and at the end."""

    rows: int
    sent: int
    arrived: int  # people whom the platform saw told
    doubled: int  # of them, those who were told more than once
    planning: float
    sending: float
    memory: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Rows planned and sent, a second."""
        return self.sent / (self.planning + self.sending)


def run_digest_load(rows: int = 100_000) -> DigestLoad:
    """One person a row, each with a topic or two; three essays are new for all of them."""
    with tempfile.TemporaryDirectory() as folder, _platform(rows) as pipe:
        bot = _bot(Path(folder), pipe.recv())
        now = datetime.now(UTC)
        _furnish(bot, rows, now)
        freeze_gc()  # as `luopan worker` does
        before = _memory()
        with UnitOfWork(bot.engine) as work:
            started = time.perf_counter()
            bot.worker.schedule.plan(work, now + timedelta(days=1), now.timestamp())
            planned = time.perf_counter()
        memory, batches, half = [before], count(), rows // 2 // TOGETHER

        def note_half() -> bool:
            if next(batches) == half:
                memory.append(_memory())
            return False

        bot.worker.pusher.push_all(now + timedelta(days=1), note_half)
        ended = time.perf_counter()
        memory.append(_memory())
        pipe.send("how many?")
        arrived, doubled = pipe.recv()
        planning, sending = planned - started, ended - planned
        return DigestLoad(rows, _sent(bot.engine), arrived, doubled, planning, sending, tuple(memory))


def _bot(folder: Path, address: str) -> Application:
    settings = Settings(
        line_channel_secret=SECRET,
        line_channel_access_token=TOKEN,
        line_api_base=address,
        database_url=f"sqlite:///{folder}/rush.db",
        redis_url="",
        public_url="https://luopan.example",
        luopan_digest_patience=0,
    )
    lay_schema(settings.database_url)
    return build(settings, open_archive(settings))


def _furnish(bot: Application, rows: int, now: datetime) -> None:
    """Subscribers first, then the news."""
    gazette, dice = EssayFactory.open(), Random(1)
    themes = [theme.name for theme in gazette.themes]
    at = now.astimezone(bot.settings.zone)
    usual = {"days": "daily", "minute": at.hour * 60 + at.minute, "on_time": False, "archive": False, "covered": 0}
    with writing(bot.engine) as connection:
        for start in range(0, rows, BATCH):
            chats = [stable_id("U", str(number)) for number in range(start, min(rows, start + BATCH))]
            connection.execute(
                insert(mailings),
                [{"chat": chat, "place": "person", "since": now.timestamp(), **usual} for chat in chats],
            )
            connection.execute(
                insert(subscriptions),
                [_wanted(chat, name) for chat in chats for name in (EVERYTHING, dice.choice(themes))],
            )
    bot.archive.add((gazette.write(number, now.date(), dice) for number in range(ESSAYS)), now)


def _wanted(chat: str, name: str) -> dict[str, object]:
    topic = {"name": name, "key": name, "wanted": [] if name == EVERYTHING else [name], "without": []}
    return {"chat": chat, "kind": TopicKind.TOPIC, "since": 0, "made_by": chat, "made_at": 0.0, **topic}


def _sent(engine: Engine) -> int:
    with reading(engine) as connection:
        counted = select(func.count()).where(runs.c.state == "sent")
        return connection.execute(counted).scalar_one()


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _platform(persons: int) -> Iterator[Pipe]:
    """A platform in a process of its own, which knows these many people. It tells its address, and whom it saw told when asked."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(persons, theirs), daemon=True)
    process.start()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def _serve(persons: int, pipe: Pipe) -> None:
    people = [LinePerson(str(number), stable_id("U", str(number))) for number in range(persons)]
    platform = Platform(SECRET, TOKEN, lambda _body, _headers: 200, persons=people, groups=(), monthly_limit=None)
    address, _stop = start_in_thread(platform)
    freeze_gc()
    pipe.send(address)
    told: Counter[str] = Counter()
    while not pipe.poll(1):
        told.update(call.to[0] for call in platform.drain_calls() if call.accepted)
    told.update(call.to[0] for call in platform.drain_calls() if call.accepted)
    pipe.send((len(told), sum(times > 1 for times in told.values())))
