"""One index under several processes of a host: whatever happens to it, the next question anywhere is answered rightly."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.database import UnitOfWork, connect
from corpus.essay import Audience
from corpus.library import ArchiveResources
from tests.support.schemas import create_tables
from tests.support.small_archive import essay

SERVER = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from corpus.database import UnitOfWork, connect
from corpus.essay import Audience
from corpus.library import ArchiveResources

archive = ArchiveResources(connect(sys.argv[1]), Path(sys.argv[2]))
for line in sys.stdin:
    with UnitOfWork(archive.engine) as work:
        finding = archive.library(work, Audience.GUEST).search(line.strip(), datetime.now(UTC))
    print(json.dumps([hit.essay_id for hit in finding.hits]), flush=True)
"""


class Server:
    """A process that answers questions, as one of several web processes does."""

    def __init__(self, url: str, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, url, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
            env=os.environ | {"PYTHONPATH": "."},
        )

    def hear(self, question: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{question}\n")
        self.process.stdin.flush()

    def answer(self) -> list[int]:
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said, f"the process has died: {self.process.wait()}"
        return [int(number) for number in json.loads(said)]

    def ask(self, question: str) -> list[int]:
        self.hear(question)
        return self.answer()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Host:
    """The editors' process and the web processes beside it, over one database and one index."""

    def __init__(self, folder: Path) -> None:
        self.url, self.index = f"sqlite:///{folder}/luopan.db", folder / "index"
        engine = connect(self.url)
        create_tables(engine)
        self.archive = ArchiveResources(engine, self.index)
        self.cooling = self.publish("散熱", "液冷板的訂單排到明年,散熱廠擴產。")
        self.servers = [Server(self.url, self.index) for _ in range(2)]

    def publish(self, title: str, text: str) -> int:
        return self.archive.add([essay(title, text)], datetime.now(UTC))[0].essay.id

    def withdraw(self, number: int) -> None:
        with UnitOfWork(self.archive.engine) as work:
            self.archive.library(work, Audience.MEMBER).withdraw(number, datetime.now(UTC))
            work.commit()

    def ask(self, question: str) -> list[list[int]]:
        """What each process answers, all asked at once."""
        for server in self.servers:
            server.hear(question)
        return [server.answer() for server in self.servers]

    @property
    def generations(self) -> list[Path]:
        return [path for path in self.index.iterdir() if path.is_dir()]

    @property
    def files(self) -> list[Path]:
        return [path for path in self.index.rglob("*") if path.suffix in (".store", ".idx", ".term", ".pos", ".fast")]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    host = Host(tmp_path_factory.mktemp("host"))
    yield host
    for server in host.servers:
        server.kill()


pytestmark = pytest.mark.kill


def test_two_first_builds_at_once_leave_one_sound_index(host: Host) -> None:
    assert host.ask("散熱") == [[host.cooling]] * 2
    assert len(host.generations) == 1


def test_a_new_essay_is_found_by_the_next_question_everywhere_and_a_withdrawn_one_by_none(host: Host) -> None:
    robots = host.publish("人形機器人", "人形機器人的關節要用行星滾柱螺桿。")
    assert host.ask("人形機器人 關節") == [[robots]] * 2
    host.withdraw(robots)
    assert host.ask("人形機器人 關節") == [[]] * 2


def test_essays_published_while_questions_are_served_are_found_at_once(host: Host) -> None:
    for metal in ("鎢礦", "鈷礦", "鋰礦", "鎳礦", "錫礦", "鉬礦"):
        host.servers[0].hear("散熱")
        number = host.publish(f"{metal}的價格", f"{metal}今年漲了三成,供應集中在少數國家。")
        assert host.servers[0].answer() == [host.cooling]
        assert [found[0] for found in host.ask(metal)] == [number] * 2


def test_a_deleted_folder_is_made_again_by_processes_that_go_on_answering(host: Host) -> None:
    shutil.rmtree(host.index)
    assert host.ask("散熱") == [[host.cooling]] * 2
    assert len(host.generations) == 1


def test_a_truncated_file_kills_no_process_and_spoils_no_answer(host: Host) -> None:
    for file in host.files:
        os.truncate(file, file.stat().st_size // 2)
    assert host.ask("散熱") == [[host.cooling]] * 2


def test_a_process_killed_while_it_writes_leaves_the_others_an_index(host: Host) -> None:
    for round_ in range(3):
        number = host.publish(f"第{round_}篇鈣鈦礦", f"鈣鈦礦電池第{round_}次送樣,效率又高了一點。")
        writer = host.servers.pop(0)
        writer.hear("鈣鈦礦")
        writer.kill()
        assert number in host.servers[0].ask("鈣鈦礦")
        host.servers.append(Server(host.url, host.index))
    assert host.ask("散熱") == [[host.cooling]] * 2
