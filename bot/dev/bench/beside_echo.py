"""`luopan bench house`: what mixed events cost, beside a bot that only echoes, and how fast everything starts."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.cli.console import app as commands
from bot.config import Settings
from bot.dev.bench.mixed import MixedEvent, MixedLatencies, mixed_events, newcomers, run_mixed
from bot.dev.bench.processes import (
    cpu_seconds,
    memory,
    own_environment,
    process,
    running,
    wait_until_idle,
    wait_until_up,
)
from bot.dev.bench.report import Column, Report, Row, percentile
from bot.dev.local import SECRET, TOKEN, free_port
from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.platform import Platform
from bot.migrate import open_archive
from corpus.search.labelled import labelled_archives, read_questions

ESSAYS = 24
RATES = (25, 50, 100)  # events a second
EVENTS, WARMING = 1_000, 100
ECHO = ("gunicorn", "--workers", "1", "--threads", "8", "bot.dev.bench.echo:create_app()")

COSTS = (
    Column("rate", "事件（每秒）"),
    Column("cpu", "1,000 件的處理器秒數"),
    Column("cpu_echo", "回聲機器人的"),
    Column("ratio", "是它的幾倍", "≤ 2.5"),
    Column("unanswered", "沒回的（件）", "0"),
    Column("unanswered_echo", "回聲機器人的"),
    Column("webhook_p50", "webhook 到 200 p50(ms)"),
    Column("webhook_p99", "webhook 到 200 p99(ms)", "≤ 50"),
    Column("webhook_p99_echo", "回聲機器人的 p99"),
    Column("reply_p50", "webhook 到回覆 p50(ms)"),
    Column("reply_p99", "webhook 到回覆 p99(ms)", "≤ 300"),
    Column("reply_p99_echo", "回聲機器人的 p99"),
    Column("memory", "記憶體，PSS(MB)", "≤ 200"),
    Column("memory_echo", "回聲機器人的"),
)
STARTS = (
    Column("essays", "文章（篇）"),
    Column("first_answer", "啟動到第一個回答（秒）", "≤ 2.5"),
    Column("first_answer_cpu", "其中處理器秒數"),
    Column("help", "luopan --help（秒）", "≤ 0.3"),
    Column("slowest_help", "最慢的子指令 --help（秒）", "≤ 0.3"),
    Column("slowest", "那個子指令"),
    Column("ask", "luopan ask（秒）", "≤ 1"),
)

Note = Callable[[str], None]


def run(note: Note) -> Iterator[Report]:
    """Measure both bots over the same events, each as one process; then the starts."""
    with tempfile.TemporaryDirectory(prefix="luopan-bench") as folder:
        yield from _measure(Path(folder), note)


def _measure(folder: Path, note: Note) -> Iterator[Report]:
    settings = Settings(
        line_channel_secret=SECRET,
        line_channel_access_token=TOKEN,
        database_url=f"sqlite:///{folder}/luopan.db",
        redis_url="",
        luopan_index="",
        luopan_rate=0,
        port=free_port(0),
    )
    essays = [essay for archive in labelled_archives()[::2] for essay in archive.essays()][:ESSAYS]
    open_archive(settings, serving=True).add(essays, datetime.now(settings.zone), news=False)
    asked = _answerable({essay.title for essay in essays})
    note("混合事件：羅盤…")
    with _luopan(settings, folder, asked[0]) as (platform, served, start):
        ours = [_cost(platform, served, asked, rate, lambda event: event.expects_answer) for rate in RATES]
    note("混合事件：回聲機器人…")
    with _echo(settings, folder) as (platform, served):
        echo = [_cost(platform, served, asked, rate, lambda event: event.is_text) for rate in RATES]
    costs = [_beside(rate, mine, other) for rate, mine, other in zip(RATES, ours, echo, strict=True)]
    yield Report(f"house：混合事件，{ESSAYS} 篇，旁邊是只回聲的機器人", COSTS, costs)
    note("指令的啟動…")
    yield Report("house：啟動", STARTS, [{"essays": len(essays), **start, **_commands(settings, folder, asked[0])}])


def _answerable(titles: Set[str]) -> list[str]:
    """Return the labelled questions that one of these essays answers."""
    questions = [question for archive in labelled_archives() for question in read_questions(archive.questions)[0]]
    return [question.text for question in questions if titles & question.grades.keys()]


def _beside(rate: int, ours: Row, echo: Row) -> Row:
    ratio = float(ours["cpu"]) / float(echo["cpu"])
    return {"rate": rate, **ours, "ratio": ratio, **{f"{key}_echo": value for key, value in echo.items()}}


@contextmanager
def _luopan(settings: Settings, folder: Path, question: str) -> Iterator[tuple[Platform, subprocess.Popen[bytes], Row]]:
    platform, address, stop = _platform(settings)
    settings = replace(settings, line_api_base=address)
    begun = time.perf_counter()
    with process("serve", "--host", "127.0.0.1", "--with-worker", settings=settings, folder=folder) as served:
        wait_until_up(served, f"http://127.0.0.1:{settings.port}")
        who, _ = newcomers()
        platform.reply_to(platform.say(who[0], who[0], question), timeout=30)
        start = {"first_answer": time.perf_counter() - begun, "first_answer_cpu": cpu_seconds(served)}
        yield platform, served, start
    stop()


@contextmanager
def _echo(settings: Settings, folder: Path) -> Iterator[tuple[Platform, subprocess.Popen[bytes]]]:
    platform, address, stop = _platform(settings)
    bind = f"127.0.0.1:{settings.port}"
    environment = own_environment(replace(settings, line_api_base=address))
    with running("echo", [sys.executable, "-m", *ECHO, "--bind", bind], environment, folder) as served:
        wait_until_up(served, f"http://{bind}")
        yield platform, served
    stop()


def _platform(settings: Settings) -> tuple[Platform, str, Callable[[], None]]:
    persons, groups = newcomers()
    platform = Platform(SECRET, TOKEN, f"http://127.0.0.1:{settings.port}/callback", persons=persons, groups=groups)
    return platform, *start_in_thread(platform)


def _cost(
    platform: Platform,
    served: subprocess.Popen[bytes],
    asked: Sequence[str],
    rate: float,
    answers: Callable[[MixedEvent], bool],
) -> Row:
    """Measure what a thousand events cost, after a hundred that are not counted."""
    events = mixed_events(asked, WARMING + EVENTS, *newcomers())
    run_mixed(platform, events[:WARMING], rate, answers)
    wait_until_idle(served)
    before = cpu_seconds(served)
    waits = run_mixed(platform, events[WARMING:], rate, answers)
    wait_until_idle(served)
    return _figures(waits) | {
        "cpu": 1_000 * (cpu_seconds(served) - before) / EVENTS,
        "memory": memory(served),
    }


def _figures(waits: MixedLatencies) -> dict[str, str | int | float]:
    return {
        "unanswered": waits.unanswered,
        "webhook_p50": percentile(waits.taken, 0.5),
        "webhook_p99": percentile(waits.taken, 0.99),
        "reply_p50": percentile(waits.replied, 0.5),
        "reply_p99": percentile(waits.replied, 0.99),
    }


def _commands(settings: Settings, folder: Path, question: str) -> Row:
    """Measure the seconds of commands that people wait for; the second time of each, when its files lie in memory."""

    def seconds(*words: str) -> float:
        command = [sys.executable, "-m", "bot.cli", *words]
        for _ in range(2):
            start = time.perf_counter()
            subprocess.run(command, cwd=folder, env=own_environment(settings), check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        return time.perf_counter() - start

    names = [command.name or command.callback.__name__ for command in commands.registered_commands if command.callback]
    helps = {name: seconds(name, "--help") for name in names}
    slowest = max(helps, key=lambda name: helps[name])
    return {
        "help": seconds("--help"),
        "slowest_help": helps[slowest],
        "slowest": slowest,
        "ask": seconds("ask", question),
    }
