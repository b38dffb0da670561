"""`luopan bench house`: what the whole bot costs, from a file handed in to a reply at the simulator."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path

from bot.app import Application, build
from bot.config import Settings
from bot.dev.bench.load import SECONDS, crowd, questions, run_load
from bot.dev.bench.processes import memory, process, redis_server, wait_until_idle, wait_until_up
from bot.dev.bench.report import Column, Report, Row, percentile
from bot.dev.bench.synthetic import synthetic
from bot.dev.local import SECRET, TOKEN, free_port
from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.inprocess import InProcessLine
from bot.dev.simulator.platform import Platform
from bot.line.events import LineEvent
from bot.migrate import open_archive
from corpus.database import UnitOfWork
from corpus.essay import Audience, Essay
from corpus.intake import read_text, split
from corpus.intake.paths import expand_paths
from corpus.intake.readers import form_of
from corpus.library import ArchiveResources
from corpus.search.labelled import SAMPLES
from handlers.identity import Chat, Place

ASKER = "U" + 32 * "b"
QUESTIONS = 300  # asked one after another
AT_LEAST = 1.0  # seconds of splitting, for a steady figure

LINES = (
    Column("archive", "資料庫"),
    Column("essays", "文章（篇）"),
    Column("megabytes", "文章（MB）"),
    Column("split", "切成文章（MB/s）"),
    Column("add", "加入（MB/s）"),
    Column("add_each", "加入一篇（ms）"),
    Column("add_cpu", "其中處理器時間（ms）", "≤ 10"),
    Column("index_seconds", "建索引（秒）", "≤ 30"),
    Column("index_cpu", "其中處理器秒數"),
    Column("index_each", "建索引，一篇（處理器 ms）", "≤ 3"),
    Column("index_megabytes", "索引（MB）"),
    Column("question_p50", "一題 p50(ms)"),
    Column("question_p99", "一題 p99(ms)", "≤ 300"),
    Column("start_seconds", "冷啟動到第一個回答（秒）", "≤ 3.5"),
    Column("start_memory", "那時的記憶體（MB）"),
    Column("start_small", "一個行程的冷啟動（秒）", "≤ 3.5"),
    Column("webhook_p50", "webhook 到 200 p50(ms)"),
    Column("webhook_p99", "webhook 到 200 p99(ms)", "≤ 100"),
    Column("reply_p50", "webhook 到回覆 p50(ms)"),
    Column("reply_p99", "webhook 到回覆 p99(ms)"),
    Column("answered", f"{SECONDS} 秒內問的都答了"),
    Column("memory", "web 與 worker 的記憶體（MB）", "≤ 380"),
    Column("memory_small", "合在一個行程（--with-worker）的記憶體（MB）", "≤ 270"),
)

Note = Callable[[str], None]


def run(pages: Sequence[Path], count: int, note: Note) -> Report:
    """Measure the bot over the essays of `pages` (the samples, if none), and over `count` synthetic ones made of them."""
    files = expand_paths(pages or [SAMPLES])
    given = [essay for file in files for essay in _split(file)]
    rows = []
    with tempfile.TemporaryDirectory(prefix="luopan-bench") as folder:
        rows.append(measure("頁面", files, given, given, Path(folder) / "pages", note))
        if count:
            archive = open_archive(_settings(Path(folder) / "lexicon"))
            made = list(synthetic(given, count, archive.lexicon))
            rows.append(measure(f"合成 {count:,} 篇", files, made, given, Path(folder) / "synthetic", note))
    return Report("house", LINES, rows)


def measure(
    name: str, files: Sequence[Path], essays: Sequence[Essay], given: Sequence[Essay], folder: Path, note: Note
) -> Row:
    """Measure one archive, from its first essay to a crowd that asks; questions are made of the essays `given`."""
    settings = _settings(folder)
    archive = open_archive(settings)
    at = datetime.now(settings.zone)
    megabytes = sum(len(essay.body.encode()) for essay in essays) / 1e6
    note(f"{name}：加入 {len(essays):,} 篇…")
    started = time.process_time()
    adding = _timed(lambda: archive.add(essays, at, news=False))
    added = time.process_time()
    indexing = _timed(lambda: _index(archive))
    indexed = time.process_time()
    note(f"{name}：提問…")
    asked = questions(given, archive.lexicon, archive.themes)
    asking = _ask(archive, settings, list(islice(cycle(asked), QUESTIONS)), at)
    note(f"{name}：冷啟動，然後 100 人同時問…")
    return {
        "archive": name,
        "essays": len(essays),
        "megabytes": megabytes,
        "split": _splitting(files),
        "add": megabytes / adding,
        "add_each": 1000 * adding / len(essays),
        "add_cpu": 1000 * (added - started) / len(essays),
        "index_seconds": indexing,
        "index_cpu": indexed - added,
        "index_each": 1000 * (indexed - added) / len(essays),
        "index_megabytes": sum(file.stat().st_size for file in settings.index_folder.rglob("*") if file.is_file())
        / 1e6,
        "question_p50": percentile(asking, 0.5),
        "question_p99": percentile(asking, 0.99),
        **_serve(settings, folder, asked),
    }


def _serve(settings: Settings, folder: Path, asked: Sequence[str]) -> Row:
    """Start the bot as the Procfile does, ask it once, then let a crowd ask it; then once more as on a small machine."""
    url = f"http://127.0.0.1:{settings.port}"
    people = crowd()
    platform = Platform(SECRET, TOKEN, f"{url}/callback", persons=people)
    address, stop = start_in_thread(platform)
    small = replace(settings, line_api_base=address, public_url=url)
    with redis_server() as redis:
        settings = replace(small, redis_url=redis)
        start = time.perf_counter()
        with process("serve", "--host", "127.0.0.1", settings=settings, folder=folder) as web:
            wait_until_up(web, url)
            platform.reply_to(platform.say(people[0], people[0], asked[0]), timeout=30)
            started, memory_then = time.perf_counter() - start, memory(web)
            with process("worker", settings=settings, folder=folder) as worker:
                wait_until_idle(worker)
                waits = run_load(platform, people, asked)
                used = memory(web, worker)
    start = time.perf_counter()
    with process("serve", "--host", "127.0.0.1", "--with-worker", settings=small, folder=folder) as both:
        wait_until_up(both, url)
        platform.reply_to(platform.say(people[0], people[0], asked[0]), timeout=30)
        started_small = time.perf_counter() - start
        run_load(platform, people, asked)
        used_small = memory(both)
    stop()
    return {
        "start_seconds": started,
        "start_memory": memory_then,
        "start_small": started_small,
        "webhook_p50": percentile(waits.taken, 0.5),
        "webhook_p99": percentile(waits.taken, 0.99),
        "reply_p50": percentile(waits.replied, 0.5),
        "reply_p99": percentile(waits.replied, 0.99),
        "answered": f"{len(waits.replied)}/{waits.asked}",
        "memory": used,
        "memory_small": used_small,
    }


def _ask(archive: ArchiveResources, settings: Settings, asked: Iterable[str], at: datetime) -> list[float]:
    """Measure the milliseconds of each question, from a kept event to the messages that answer it."""
    bot = build(settings, archive, line=InProcessLine(Platform(SECRET, TOKEN, lambda _body, _headers: 200)))
    _respond(bot, "羅盤", at)  # the first one reads the dictionaries
    return [1000 * _timed(lambda text=text: _respond(bot, text, at)) for text in asked]  # type: ignore[misc]


def _respond(bot: Application, text: str, at: datetime) -> None:
    with UnitOfWork(bot.engine) as work:
        bot.conversation.respond(
            LineEvent("bench", "text", Chat(ASKER, Place.PERSON), ASKER, at.timestamp(), text=text), work
        )


def _index(archive: ArchiveResources) -> None:
    shutil.rmtree(archive.index_folder, ignore_errors=True)
    with UnitOfWork(archive.engine) as work:
        archive.library(work, Audience.EDITOR).wait_for_index()


def _split(file: Path) -> list[Essay]:
    text = read_text(file.read_bytes(), file.name)
    return split(text, "", form_of(text, file.suffix))


def _splitting(files: Sequence[Path]) -> float:
    """Measure how many megabytes of files are split a second."""
    size, seconds = 0, 0.0
    while seconds < AT_LEAST:
        size += sum(file.stat().st_size for file in files)
        seconds += _timed(lambda: [_split(file) for file in files])
    return size / 1e6 / seconds


def _settings(folder: Path) -> Settings:
    return Settings(
        line_channel_secret=SECRET,
        line_channel_access_token=TOKEN,
        database_url=f"sqlite:///{folder}/luopan.db",
        redis_url="",
        luopan_index="",
        luopan_moderators=ASKER,
        luopan_rate=0,
        port=free_port(0),
    )


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
