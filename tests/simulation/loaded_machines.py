"""Two machines under load, as real processes on one PostgreSQL and one Redis: `python -m tests.simulation.loaded_machines`.

Each has web processes, a worker and an index of its own. While people ask, an owner publishes and withdraws on the first and
somebody asks the second; roles are given on one and taken away on the other; digests come due for both workers.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, permutations
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from bot.config import Settings
from bot.dev.bench.processes import process, redis_server, wait_until_up
from bot.dev.bench.report import percentile
from bot.dev.local import SECRET, TOKEN, free_port, plain
from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.people import LinePerson, person
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.webhooks import WebhookDelivery, over_http
from bot.migrate import open_archive
from corpus.intake import essays_in_file
from corpus.search.labelled import SAMPLES
from tests.support.postgres import postgres_schema, postgres_server

OWNER, PROBE, NOVICE = person("站長"), person("試的人"), person("新手")
CROWD = tuple(person(f"讀者{number}") for number in range(200))
READERS = tuple(person(f"訂戶{number}") for number in range(20))  # whose digests come due meanwhile
QUESTIONS = ("2330", "最新", "散熱的瓶頸在哪裡", "主題", "先進封裝的產能", "說明", "液冷", "謝謝")
SUBJECTS = tuple(f"{a}{b}電池" for a, b in permutations("鈉鋰鋅鎂鋁鈣鉀錳鐵", 2))
PATIENCE = 45.0  # seconds, nearly a token's life
LONGEST_WAIT = 600.0  # for the digests
MANUSCRIPT = """{0}的能量密度

2026年3月2日
作者:林怡君

{0}的能量密度今年達到每公斤三百瓦時,{0}的成本是每度電三萬元,循環壽命超過四千次。
{0}的正極材料由三家廠商供應,產能在第三季開出,{0}的散熱要靠液冷,訂單能見度到明年上半年。"""


class Balancer:
    """Sends each webhook to the next machine; a person whom `pinned` names, to that one."""

    def __init__(self, urls: tuple[str, ...]) -> None:
        self._posts = tuple(over_http(f"{url}/callback") for url in urls)
        self._turns = count()
        self.pinned: dict[str, int] = {}

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        who = json.loads(body)["events"][0]["source"]["userId"]
        return self._posts[self.pinned.get(who, next(self._turns) % len(self._posts))](body, headers)


@dataclass
class Town:
    """People, and the two machines that answer them."""

    platform: Platform
    balancer: Balancer

    def ask(self, machine: int, who: LinePerson, text: str) -> str:
        """What that machine answers; nothing after PATIENCE."""
        self.balancer.pinned[who.id] = machine
        delivery = self.platform.say(who, who, text)
        replies = self.platform.channel.replies
        with self.platform.chats.changed:
            self.platform.chats.changed.wait_for(lambda: delivery.id in replies, PATIENCE)
        return "\n".join(plain(bubble.content) for bubble in replies.get(delivery.id, ()))

    def load(self, rate: float, over: Event) -> list[WebhookDelivery]:
        """Let somebody of the crowd ask `rate` times a second until it is `over`."""
        deliveries: list[Future[WebhookDelivery]] = []
        begun = time.monotonic()
        with ThreadPoolExecutor(16) as crowd:
            while not over.wait(max(0.0, begun + len(deliveries) / rate - time.monotonic())):
                who = CROWD[len(deliveries) % len(CROWD)]
                deliveries.append(
                    crowd.submit(self.platform.say, who, who, QUESTIONS[len(deliveries) % len(QUESTIONS)])
                )
        return [delivery.result() for delivery in deliveries]


@contextmanager
def two_machines() -> Iterator[Town]:
    ports = free_port(0), free_port(0)
    urls = tuple(f"http://127.0.0.1:{port}" for port in ports)
    with ExitStack() as house:
        redis, server = house.enter_context(redis_server()), house.enter_context(postgres_server())
        database = house.enter_context(postgres_schema(server))
        balancer = Balancer(urls)
        platform = Platform(
            SECRET, TOKEN, balancer, persons=(OWNER, PROBE, NOVICE, *CROWD, *READERS), groups=(), monthly_limit=100_000
        )
        line, stop = start_in_thread(platform)
        house.callback(stop)
        for number, port in enumerate(ports):
            folder = Path(house.enter_context(tempfile.TemporaryDirectory()))
            settings = Settings(
                line_channel_secret=SECRET,
                line_channel_access_token=TOKEN,
                line_api_base=line,
                database_url=database,
                redis_url=redis,
                port=port,
                luopan_index=str(folder / "index"),
                luopan_moderators=OWNER.id,
                luopan_digest_patience=0,
                luopan_rate=0,
            )
            if not number:
                samples = [essay for page in sorted(SAMPLES.glob("*.md")) for essay in essays_in_file(page)]
                open_archive(settings, serving=True).add(samples, datetime.now(settings.zone), news=False)
            serving = house.enter_context(process("serve", settings=settings, folder=folder))
            wait_until_up(serving, urls[number])
            house.enter_context(process("worker", settings=settings, folder=folder))
        yield Town(platform, balancer)


def publish(town: Town, subject: str) -> str:
    """On the first machine; the essay's number."""
    draft = number_in(town.ask(0, OWNER, "發文"), r"草稿 (\d+)")
    for line in (MANUSCRIPT.format(subject), "完成", f"公開 {draft}"):
        town.ask(0, OWNER, line)
    return number_in(town.ask(0, OWNER, f"發布 {draft} 上架並通知"), r"#(\d+)")


def publish_here_ask_there(town: Town, subjects: tuple[str, ...]) -> Iterator[str]:
    """An essay is found elsewhere with the next question, and once withdrawn it is not."""
    answers, gone, seconds = [], [], []
    for subject in subjects:
        essay = publish(town, subject)
        begun = time.monotonic()
        answers.append(town.ask(1, PROBE, f"{subject}的能量密度"))
        seconds.append(time.monotonic() - begun)
        town.ask(0, OWNER, f"撤回 #{essay} 確定")
        gone.append(f"{subject}的成本是" not in town.ask(1, PROBE, f"{subject}的成本"))
    found = [f"{subject}的能量密度今年" in answer for subject, answer in zip(subjects, answers, strict=True)]
    yield f"published on one, found on the other with the next question: {tries(found)}, after {max(seconds):.1f} s at most"
    yield from (f"  not found: {answer!r}" for answer, is_found in zip(answers, found, strict=True) if not is_found)
    yield f"withdrawn on one, gone on the other with the next question: {tries(gone)}"


def appoint_here_dismiss_there(town: Town, times: int) -> Iterator[str]:
    """A role holds on the other machine at once, and at once no more."""
    held, refused = [], []
    for _ in range(times):
        code = re.findall(r"核准 (\w+)", town.ask(1, NOVICE, "申請編輯"))
        town.ask(0, OWNER, f"核准 {code[0] if code else ''}")
        held.append("草稿" in town.ask(1, NOVICE, "發文"))
        town.ask(1, NOVICE, "取消")
        town.ask(0, OWNER, f"解任 {NOVICE.id} 確定")
        refused.append("要有權限的人才能用" in town.ask(1, NOVICE, "發文"))
    yield f"appointed on one, an editor on the other: {tries(held)}"
    yield f"dismissed on one, refused on the other: {tries(refused)}"


def number_in(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    return found[1] if found else "0"


def tries(found: list[bool]) -> str:
    return f"{found.count(True)} of {len(found)}"


def fate_of(town: Town, deliveries: list[WebhookDelivery]) -> Iterator[str]:
    """What became of the crowd's questions, and of the digests."""
    replies = town.platform.channel.replies
    with town.platform.chats.changed:
        town.platform.chats.changed.wait_for(
            lambda: all(delivery.id in replies for delivery in deliveries if delivery.taken), PATIENCE
        )
    taken = [delivery for delivery in deliveries if delivery.taken]
    counts = [len({bubble.at for bubble in replies.get(delivery.id, ())}) for delivery in taken]
    late = [(replies[delivery.id][0].at - delivery.at).total_seconds() for delivery in taken if delivery.id in replies]
    kept = [delivery.seconds for delivery in taken]
    ends = f"{counts.count(1)} answered once, {counts.count(0)} never, {sum(map((1).__lt__, counts))} twice"
    yield f"{len(deliveries)} questions, {len(taken)} taken, {ends}"
    waited = f"answer p50 {percentile(late, 0.5):.2f} s, p99 {percentile(late, 0.99):.2f} s"
    yield f"webhook p99 {1000 * percentile(kept, 0.99):.0f} ms, {waited}"
    times = digests(town)
    ends = f"{times.count(1)} got one, {times.count(0)} none, {sum(map((1).__lt__, times))} several"
    yield f"of {len(READERS)} whose digest came due {ends}"


def digests(town: Town) -> list[int]:
    """How many each reader was pushed."""
    pushed = [call.to[0] for call in town.platform.calls if call.accepted and call.kind == "push"]
    return [pushed.count(reader.id) for reader in READERS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=20.0, help="questions a second")
    parser.add_argument("--rounds", type=int, default=10)
    wanted = parser.parse_args()
    os.environ.setdefault("WEB_CONCURRENCY", "2")
    over = Event()
    with two_machines() as town, ThreadPoolExecutor(1) as beside:
        due = datetime.now(ZoneInfo("Asia/Taipei")) + timedelta(
            minutes=6
        )  # an essay is told from three minutes after its release on
        for reader in READERS:
            town.ask(0, reader, "訂閱 電池")
            subscribed = town.ask(1, reader, "2")  # the word itself, of what it may mean
            assert "已訂閱" in subscribed, subscribed
            town.ask(1, reader, f"每日 {due:%H:%M}")
        publish(town, "銅鈦電池")
        deliveries = beside.submit(town.load, wanted.rate, over)
        try:
            for line in publish_here_ask_there(town, SUBJECTS[: wanted.rounds]):
                print(line, flush=True)
            for line in appoint_here_dismiss_there(town, wanted.rounds):
                print(line, flush=True)
            with town.platform.chats.changed:
                town.platform.chats.changed.wait_for(lambda: all(digests(town)), LONGEST_WAIT)
        finally:
            over.set()
        for line in fate_of(town, deliveries.result()):
            print(line, flush=True)


if __name__ == "__main__":
    main()
