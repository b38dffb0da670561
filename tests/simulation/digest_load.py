"""A hundred thousand digests due at one moment, planned and pushed over HTTP to a bare stand-in for LINE in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from random import Random

from rich.console import Console
from sqlalchemy import func, insert, select

from bot.app import Application, build
from bot.config import Settings
from bot.dev.bench.report import Column, Report, Row
from bot.dev.local import SECRET, TOKEN
from bot.dev.simulator.people import stable_id
from bot.ledger import SENT
from bot.ledger.tables import bubbles, runs
from bot.migrate import open_archive
from bot.outbound.pusher import TOGETHER
from bot.threads import freeze_gc
from corpus.database import UnitOfWork, reading, writing
from handlers.club.digest_tables import mailings, subscriptions
from handlers.club.subscriptions import TopicKind
from handlers.club.topic import EVERYTHING
from tests.simulation.essay_factory import EssayFactory
from tests.simulation.fault_sweep import NewDatabase, postgres_databases, sqlite_file
from tests.support.log_lines import kept_by
from tests.support.schemas import lay_schema

_SENT = b'{"sentMessages": [{"id": "%d"}]}'
_UNLIMITED = b'{"type": "none", "totalUsage": 0}'  # the quota, and what of it is used
ESSAYS = 3
BATCH = 5_000


LINES = (
    Column("database", "資料庫"),
    Column("rows", "同時到期"),
    Column("planning", "計畫（秒）"),
    Column("sending", "凍結、送出、記帳（秒）"),
    Column("each", "一則（處理器毫秒）"),
    Column("rate", "每秒幾則", "≥ 500"),
    Column("arrived", "收到的人", "= 到期的"),
    Column("doubled", "收到兩次的人", "0"),
    Column("unheard", "記成送了、沒收到的人", "0"),
    Column("bubbles", "記下的泡泡", "= 到期的"),
    Column("memory_before", "記憶體高點：之前（MB）"),
    Column("memory_half", "一半時（MB）"),
    Column("memory_end", "結束時（MB）"),
)


@dataclass(frozen=True, slots=True)
class DigestLoad:
    """Seconds and megabytes; `memory` is the peak of this process: before, half-way and at the end."""

    database: str
    rows: int
    sent: int
    arrived: int  # people whom the stand-in was told to push to
    doubled: int  # of them, those who were told more than once
    unheard: tuple[int, ...]  # runs recorded as sent to people whom it was never told to push to
    bubbles: int  # ids of messages, each given once by the stand-in, that were recorded
    planning: float
    sending: float
    worked: float  # of both, seconds of this process' processor time
    memory: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Rows planned and sent, a second."""
        return self.sent / (self.planning + self.sending)


def run_digest_load(rows: int = 100_000, databases: NewDatabase = sqlite_file) -> DigestLoad:
    """One person a row, each with a topic or two; three essays are new for all of them."""
    with tempfile.TemporaryDirectory() as name, _stand_in() as pipe, databases(folder := Path(name)) as url:
        bot = _bot(folder, url, pipe.recv())
        now = datetime.now(UTC)
        _furnish(bot, rows, now)
        freeze_gc()  # as `luopan worker` does
        before = _memory()
        with UnitOfWork(bot.engine) as work:
            started, processor = time.perf_counter(), time.process_time()
            bot.worker.schedule.plan(work, now + timedelta(days=1), now.timestamp())
            planned = time.perf_counter()
        memory, batches, half = [before], count(), rows // 2 // TOGETHER

        def note_half() -> bool:
            if next(batches) == half:
                memory.append(_memory())
            return False

        bot.worker.pusher.push_all(now + timedelta(days=1), note_half)
        ended, worked = time.perf_counter(), time.process_time() - processor
        memory.append(_memory())
        pipe.send("how many?")
        told: Counter[str] = pipe.recv()
        planning, sending = planned - started, ended - planned
        with reading(bot.engine) as connection:
            sent = connection.execute(select(runs.c.id, runs.c.chat).where(runs.c.state == SENT)).all()
            kept = connection.execute(select(func.count()).select_from(bubbles)).scalar_one()
        bot.engine.dispose()
        return DigestLoad(
            bot.engine.dialect.name,
            rows,
            len(sent),
            len(told),
            sum(times > 1 for times in told.values()),
            tuple(run for run, chat in sent if chat not in told),
            kept,
            planning,
            sending,
            worked,
            tuple(memory),
        )


def _bot(folder: Path, url: str, address: str) -> Application:
    settings = Settings(
        line_channel_secret=SECRET,
        line_channel_access_token=TOKEN,
        line_api_base=address,
        database_url=url,
        redis_url="",
        luopan_index=str(folder / "index"),
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


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _stand_in() -> Iterator[Pipe]:
    """A LINE that takes every push and checks nothing, in a process of its own. It tells its address, and whom it was told to push to when asked."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Pipe) -> None:
    asyncio.run(_take_pushes(pipe))


async def _take_pushes(pipe: Pipe) -> None:
    told: Counter[str] = Counter()
    numbers = count(1)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
                body = await reader.readexactly(length)
                if length:
                    told[json.loads(body)["to"]] += 1
                said = _SENT % next(numbers) if length else _UNLIMITED
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                    % (len(said), said)
                )

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    pipe.send(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
    pipe.send(told)
    os._exit(0)  # connections that are kept need no farewell


def row(found: DigestLoad) -> Row:
    """Write what was found as a row of the table."""
    return {
        "database": found.database,
        "rows": found.rows,
        "planning": found.planning,
        "sending": found.sending,
        "each": 1000 * found.worked / max(1, found.sent),
        "rate": found.rate,
        "arrived": found.arrived,
        "doubled": found.doubled,
        "unheard": len(found.unheard),
        "bubbles": found.bubbles,
        "memory_before": found.memory[0],
        "memory_half": found.memory[1],
        "memory_end": found.memory[2],
    }


def main() -> None:
    """Print the table: `python -m tests.simulation.digest_load [ROWS]`, on SQLite and on PostgreSQL."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with kept_by(lambda _line: None), postgres_databases() as databases:
        found = [run_digest_load(rows, kind) for kind in (sqlite_file, databases)]
    Console().print(Report("rush", LINES, [row(one) for one in found]).table())
    for one in found:
        if one.unheard:
            Console().print(f"{one.database}: runs {one.unheard} were recorded as sent, and never told")


if __name__ == "__main__":
    main()
