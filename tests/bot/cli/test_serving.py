"""`luopan serve` and `luopan worker` as processes beside one another: what their figures say, and a database that comes later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3

from bot.config import Settings
from bot.dev.bench.processes import process, wait_until_up
from bot.dev.local import SECRET, TOKEN, free_port
from bot.dev.simulator.app import start_in_thread
from bot.dev.simulator.people import person
from bot.dev.simulator.platform import Platform
from bot.migrate import open_archive
from tests.support.digest_bot import MONDAY, cooling
from tests.support.postgres import address_of, own_server

pytestmark = pytest.mark.kill

ANN = person("安")


@contextmanager
def town(folder: Path, **given: Any) -> Iterator[tuple[Platform, Settings, str]]:
    """LINE on this machine, the settings of a bot that it delivers to, and that bot's address."""
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    platform = Platform(SECRET, TOKEN, f"{url}/callback", persons=(ANN,))
    line, stop = start_in_thread(platform)
    settings = Settings(
        line_channel_secret=SECRET,
        line_channel_access_token=TOKEN,
        line_api_base=line,
        port=port,
        luopan_index=str(folder / "index"),
        luopan_digest_patience=0,
        luopan_rate=0,
        **given,
    )
    yield platform, settings, url
    stop()


def figure(url: str, line: str) -> float:
    page = urllib3.request("GET", f"{url}/metrics", headers={"Connection": "close"}).data.decode()
    return sum(float(row.split()[-1]) for row in page.splitlines() if row.startswith(line))


def test_the_figures_of_all_processes_are_the_same_whichever_is_asked(
    tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two web processes add theirs up, and what the worker sent is in them."""
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    database = f"sqlite:///{tmp_path}/luopan.db"
    with (
        town(tmp_path, database_url=database, redis_url=redis_url) as (line, settings, url),
        process("serve", settings=settings, folder=tmp_path) as serving,
    ):
        wait_until_up(serving, url)
        asked = [line.say(ANN, ANN, f"訂閱 {what}").taken for what in ("散熱", "電池", "光通訊") * 7]
        assert asked == [True] * 21
        assert {figure(url, "luopan_events_kept_total") for _ in range(20)} == {21.0}

        open_archive(settings).add([cooling()], MONDAY)
        assert figure(url, 'luopan_outbox{kind="push",state="sent"}') == 0
        next_year = f"{MONDAY.replace(year=MONDAY.year + 1):%Y-%m-%dT09:00}"
        with process("worker", "--once", "--now", next_year, settings=settings, folder=tmp_path) as worker:
            assert worker.wait() == 0
        for name in ('luopan_outbox{kind="push",state="sent"}', 'luopan_digests{state="sent"}'):
            assert {figure(url, name) for _ in range(6)} == {1.0}, name


@pytest.mark.postgres
def test_who_serves_waits_for_a_database_that_starts_later(tmp_path: Path) -> None:
    """As a machine starts everything at once."""
    with own_server() as server, town(tmp_path, database_url=address_of(server)) as (_, settings, url):
        server.stop()
        with process("serve", settings=settings, folder=tmp_path) as serving:
            log = tmp_path / "serve.log"
            while "database_away" not in log.read_text():
                assert serving.poll() is None, log.read_text()
            server.start()
            wait_until_up(serving, url)
        assert "Traceback" not in log.read_text()
        assert len(log.read_text().splitlines()) < 30


def test_with_the_worker_one_process_serves_and_the_command_line_does_not_stay_in_memory(
    tmp_path: Path, redis_url: str
) -> None:
    database = f"sqlite:///{tmp_path}/luopan.db"
    with (
        town(tmp_path, database_url=database, redis_url=redis_url) as (_, settings, url),
        process("serve", "--with-worker", settings=settings, folder=tmp_path) as serving,
    ):
        wait_until_up(serving, url)
        at = Path(f"/proc/{serving.pid}")
        [child] = (at / f"task/{serving.pid}/children").read_text().split()
        for maps in (at / "maps", Path(f"/proc/{child}/maps")):
            assert "pydantic" not in maps.read_text()
