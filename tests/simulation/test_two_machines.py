"""Two machines on one PostgreSQL and one Redis, each with a web process, a worker and an index of its own: one bot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.dev.local import SECRET, TOKEN
from bot.dev.simulator.people import person
from bot.dev.simulator.platform import Platform
from corpus.database import connect
from corpus.library import ArchiveResources
from handlers.routing.follow_up import FORGOTTEN
from tests.simulation.inprocess_bot import Clock, InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, MONDAY, clock, coffee, cooling, pushes, said, seen
from tests.support.schemas import lay_schema

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)

OWNER = person("站長")


class TwoMachines:
    """Behind a load balancer that sends each webhook to the machine it is told to."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        lay_schema(database_url)
        self.clock = Clock(MONDAY)
        self.turn = 0
        self.platform = Platform(
            SECRET, TOKEN, self._deliver, clock=self.clock.aware, persons=(OWNER, ANN, BEN), groups=(CLUB,)
        )
        self.machines = [self._machine(folder / name, database_url, redis_url) for name in ("first", "second")]

    def _machine(self, folder: Path, database_url: str, redis_url: str) -> InProcessBot:
        folder.mkdir()
        archive = ArchiveResources(connect(database_url), folder / "index")
        return InProcessBot(
            folder, MONDAY, platform=self.platform, archive=archive, redis_url=redis_url, owners=(OWNER.id,), patience=0
        )

    def _deliver(self, body: bytes, headers: Mapping[str, str]) -> int:
        return self.machines[self.turn].deliver(body, headers)

    def ask(self, machine: int, chat: str, who: str, text: str) -> str:
        """What comes back when that machine is given the question."""
        self.turn = machine
        return said(self.machines[machine].heard(self.platform.say(chat, who, text)))

    def at(self, hour: int, minute: int) -> None:
        for each in (self.clock, *(machine.clock for machine in self.machines)):
            each.turn(clock(hour, minute))


@pytest.fixture
def house(tmp_path: Path, database_url: str, redis_url: str) -> TwoMachines:
    house = TwoMachines(tmp_path, database_url, redis_url)
    house.machines[0].publish(coffee(), news=False)
    for machine in (0, 1):  # each has answered before: nothing is read for the first time
        assert "咖啡" in house.ask(machine, ANN.id, ANN.id, "咖啡連鎖店的毛利率")
    return house


def test_what_is_published_on_one_is_found_on_the_other_with_the_next_question(house: TwoMachines) -> None:
    assert "滲透率達到三成五" not in house.ask(1, ANN.id, ANN.id, "液冷散熱的滲透率有多少")
    essay = house.machines[0].publish(cooling())
    assert "滲透率達到三成五" in house.ask(1, BEN.id, BEN.id, "液冷散熱的滲透率有多少")
    assert "撤回" in house.ask(1, OWNER.id, OWNER.id, f"撤回 #{essay.id} 確定")
    assert "滲透率達到三成五" not in house.ask(0, BEN.id, BEN.id, "液冷散熱的滲透率")


def test_a_role_that_is_taken_away_on_one_is_refused_on_the_other(house: TwoMachines) -> None:
    applied = house.ask(0, ANN.id, ANN.id, "申請編輯")
    code = next(
        word for word in applied.replace("」", " ").replace("「", " ").split() if len(word) == 10 and word.isascii()
    )
    assert "現在是編輯" in house.ask(1, OWNER.id, OWNER.id, f"核准 {code}")
    assert "要有權限" not in house.ask(0, ANN.id, ANN.id, "發文")
    house.ask(0, ANN.id, ANN.id, "取消")
    assert "解任了" in house.ask(0, OWNER.id, OWNER.id, f"解任 {ANN.id} 確定")
    for machine in (1, 0):
        assert "要有權限的人才能用" in house.ask(machine, ANN.id, ANN.id, "發文")


def test_what_was_spoken_of_with_one_goes_on_with_the_other(house: TwoMachines) -> None:
    for _ in range(4):
        house.machines[0].publish(cooling(), news=False)
    house.ask(0, ANN.id, ANN.id, "散熱")
    assert FORGOTTEN not in house.ask(1, ANN.id, ANN.id, "更多")


def test_a_digest_that_both_workers_see_due_comes_once_and_no_question_is_answered_twice(house: TwoMachines) -> None:
    house.ask(0, ANN.id, ANN.id, "訂閱 散熱")
    essay = house.machines[1].publish(cooling())
    house.at(8, 30)
    for machine in house.machines * 2:
        machine.tick()
        machine.answer()
    assert len(pushes(house.machines[0])) == 1
    assert essay.title in seen(house.machines[0], ANN)
    assert max(len(found) for found in house.platform.channel.replies.values()) == 1
