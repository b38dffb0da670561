"""A new version takes an old one's place while people ask: `python -m tests.simulation.upgrade OLD NEW`.

OLD and NEW are Pythons, each with a luopan of its own, say from a wheel. The old one serves and is told to stop; the new one's
`serve`, which brings the schema up to date, follows at once, as docs/operations.md has it. LINE delivers again each second what
nobody took.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bot.config import Settings
from bot.dev.bench.processes import own_environment, running, wait_until_up
from bot.dev.local import SECRET, TOKEN, free_port
from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.people import person
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.webhooks import WebhookDelivery
from corpus.search.labelled import SAMPLES

CROWD = tuple(person(f"讀者{number}") for number in range(200))
QUESTIONS = ("2330", "最新", "散熱的瓶頸在哪裡", "主題", "先進封裝的產能", "說明", "液冷", "謝謝")
PATIENCE = 45.0  # seconds, nearly a token's life


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What became of the questions, and how long it took."""

    times: list[int]  # how often each was answered
    turned_away: int  # of them, at their first delivery
    untaken: int  # of them, however often they were delivered
    status: int  # with which the old one ended
    stopping: float  # seconds until it had
    silence: float  # seconds in which no webhook was taken, at most
    version: str  # of what answers in the end

    def __str__(self) -> str:
        count = self.times.count
        ends = f"{count(1)} answered once, {count(0)} never, {sum(map((1).__lt__, self.times))} twice"
        took = f"stopped after {self.stopping:.1f} s with {self.status}, nobody there for {self.silence:.1f} s"
        return f"{len(self.times)} questions: {ends}; {self.turned_away} came again, {self.untaken} were never taken; {took}; now {self.version}"


def upgrade_under_load(folder: Path, old: str, new: str, rate: float, questions: int) -> Upgrade:
    """Ask so many questions, `rate` a second; the upgrade begins after a third of them."""
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    platform = Platform(SECRET, TOKEN, f"{url}/callback", persons=CROWD, groups=(), redelivery=[1.0] * 60)
    line, stop = start_in_thread(platform)
    settings = Settings(
        line_channel_secret=SECRET,
        line_channel_access_token=TOKEN,
        line_api_base=line,
        database_url=f"sqlite:///{folder}/luopan.db",
        port=port,
        luopan_rate=0,
    )
    environment = own_environment(settings) | {"PYTHONPATH": ""}

    def run(python: str, *command: str) -> str:
        arguments = [python, "-m", "bot.cli", *command]
        return subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout

    @contextmanager
    def serving(python: str) -> Iterator[subprocess.Popen[bytes]]:
        command = [python, "-m", "bot.cli", "serve", "--with-worker"]
        with running(f"serve-{int(python == new)}", command, environment, folder) as process:
            wait_until_up(process, url)
            yield process

    def ask(number: int) -> WebhookDelivery:
        who = CROWD[number % len(CROWD)]
        return platform.say(who, who, QUESTIONS[number % len(QUESTIONS)])

    def ask_all(crowd: ThreadPoolExecutor) -> list[WebhookDelivery]:
        begun, asked = time.monotonic(), []
        for number in range(questions):
            time.sleep(max(0.0, begun + number / rate - time.monotonic()))
            asked.append(crowd.submit(ask, number))
        return [one.result() for one in asked]

    run(old, "add", *map(str, sorted(SAMPLES.glob("*.md"))))
    with ThreadPoolExecutor(64) as crowd, ThreadPoolExecutor(1) as beside:
        with serving(old) as process:
            asking = beside.submit(ask_all, crowd)
            time.sleep(questions / rate / 3)
            process.terminate()
            told = time.monotonic()
            status = process.wait()
            stopping = time.monotonic() - told
        with serving(new):
            deliveries = asking.result()
            replies = platform.channel.replies
            with platform.chats.changed:
                platform.chats.changed.wait_for(lambda: all(one.id in replies for one in deliveries), PATIENCE)
            version = run(new, "--version").strip()
    stop()
    takings = [one for one in platform.deliveries if one.taken]
    taken = sorted(one.at.timestamp() for one in takings)
    return Upgrade(
        times=[len({bubble.at for bubble in replies.get(one.id, ())}) for one in deliveries],
        turned_away=sum(not one.taken for one in deliveries),
        untaken=len({one.id for one in deliveries} - {one.id for one in takings}),
        status=status,
        stopping=stopping,
        silence=max(after - before for before, after in pairwise(taken)),
        version=version,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", nargs="?", default=sys.executable)
    parser.add_argument("new", nargs="?", default=sys.executable)
    parser.add_argument("--rate", type=float, default=50.0, help="questions a second")
    parser.add_argument("--questions", type=int, default=1_500)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = upgrade_under_load(Path(folder), wanted.old, wanted.new, wanted.rate, wanted.questions)
    print(seen)
    sys.exit(int(set(seen.times) != {1}))


if __name__ == "__main__":
    main()
