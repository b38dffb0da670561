"""What nobody is there to hear any more is ended, and wishes keep nobody else waiting."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.ledger import ESSAY, STOPPED, Delivery, plan_deliveries
from bot.ledger.outgoing import WAITING
from bot.ledger.tables import inbox, outbox, runs
from bot.line.client import LineClient, LineError
from bot.outbound.composer import AGAIN
from bot.outbound.worker import Worker
from bot.services import DisplayNames
from corpus.database import UnitOfWork, reading
from handlers.club.gaps import Gaps
from handlers.identity import Chat, Place
from handlers.subscriptions.alerts import MOST
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, bot_over, cooling, pushes, said, seen

GROUP = Chat(CLUB.id, Place.GROUP)


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> InProcessBot:
    return bot_over(tmp_path, database_url, patience=0)


def confirmed_push(place: InProcessBot) -> None:
    """A moderator sends an essay to the group: it waits for a ride."""
    essay = place.publish(cooling("推播的那篇"), news=False)
    with UnitOfWork(place.bot.engine) as work:
        run = Delivery(ESSAY, GROUP, "push 1", subject=str(essay.id))
        plan_deliveries(work.writer, [run], place.clock())
        work.commit()


def states(place: InProcessBot) -> list[str]:
    with reading(place.bot.engine) as connection:
        return list(connection.execute(select(runs.c.state).where(runs.c.kind == ESSAY)).scalars())


def test_a_group_that_left_is_not_greeted_with_an_old_push(place: InProcessBot) -> None:
    confirmed_push(place)
    place.heard(place.platform.leave(CLUB))
    assert states(place) == [STOPPED]
    place.pass_by(days=365)
    place.platform.join(CLUB)
    assert "推播的那篇" not in seen(place, CLUB)


def test_what_cannot_be_composed_holds_nothing_up_and_is_tried_again(place: InProcessBot) -> None:
    essay, now = place.publish(cooling("推播的那篇"), news=False), place.clock()
    strange = Delivery("unheard of", Chat(BEN.id, Place.PERSON), "strange", push_at=now)
    sound = Delivery(ESSAY, Chat(ANN.id, Place.PERSON), "push 1", subject=str(essay.id), push_at=now)
    with UnitOfWork(place.bot.engine) as work:
        plan_deliveries(work.writer, [strange, sound], now)
        work.commit()
    place.tick()
    assert [call.to for call in pushes(place)] == [(ANN.id,)]
    with reading(place.bot.engine) as connection:
        assert connection.execute(select(outbox.c.push_at).where(outbox.c.state == WAITING)).scalars().all() == [
            now + AGAIN
        ]


def test_a_worker_deletes_what_has_served_its_purpose(place: InProcessBot) -> None:
    place.say(ANN, ANN, "說明")
    place.pass_by(days=5)
    looked, usual = threading.Event(), place.bot.worker
    note = [lambda _work, _now: looked.set()]
    worker = Worker(usual.ledger, usual.schedule, usual.alerts, usual.pusher, note, clock=place.clock)
    worker.start()
    assert looked.wait(60)
    worker.stop()
    with reading(place.bot.engine) as connection:
        assert connection.execute(select(inbox.c.id)).all() == []


def test_nothing_rides_that_has_waited_for_too_long(place: InProcessBot) -> None:
    confirmed_push(place)
    place.pass_by(days=15)
    place.say(CLUB, ANN, "羅盤 說明")
    assert "推播的那篇" not in seen(place, CLUB)
    place.bot.ledger.sweep(place.clock())
    assert states(place) == [STOPPED]
    with reading(place.bot.engine) as connection:
        assert connection.execute(select(outbox.c.id).where(outbox.c.state == "waiting")).first() is None


def test_what_waits_within_its_time_rides(place: InProcessBot) -> None:
    confirmed_push(place)
    place.pass_by(days=13)
    assert "推播的那篇" in said(place.say(CLUB, ANN, "羅盤 說明"))


def test_one_person_waits_for_so_many_things_and_no_more(place: InProcessBot) -> None:
    for number in range(MOST):
        assert "記下了" in said(place.say(ANN, ANN, f"有文章再通知我 第{number}種電池"))
    assert "一次最多等" in said(place.say(ANN, ANN, "有文章再通知我 再一種電池"))
    assert "已經記下了" in said(place.say(ANN, ANN, "有文章再通知我 第3種電池"))


def test_many_wishes_are_looked_at_a_batch_at_a_time(place: InProcessBot) -> None:
    """What is due goes out first, and every wish is looked at in the end."""
    planner = place.bot.worker.alerts
    planner.batch = 10
    with UnitOfWork(place.bot.engine) as work:
        for number in range(25):
            Gaps(work).add_alert(f"U{number}", f"鈉離子電池 {number}", 0, place.clock.now)
        Gaps(work).add_alert(ANN.id, "水冷板", 0, place.clock.now)
        work.commit()
    place.publish(cooling())
    place.tick()
    assert planner.has_more
    assert place.bot.worker.once(place.clock.now) == 0
    assert not planner.has_more
    assert [push.to for push in pushes(place)] == [(ANN.id,)]


class SlowLine(LineClient):
    """Knows a name or two, when it is not stalled."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1", "token")
        self.asked: list[str] = []
        self.stalled = threading.Event()
        self.status = 0

    def profile(self, user: str, group: str | None = None) -> dict[str, Any]:
        self.asked.append(user)
        self.stalled.wait(60)
        if self.status:
            raise LineError(self.status, "")
        return {"displayName": f"名{user}"}


def test_a_page_of_names_waits_for_line_once() -> None:
    line = SlowLine()
    names = DisplayNames(line)
    assert [names.get(f"U{number:04}") for number in range(20)] == [f"…{number:04}" for number in range(20)]
    assert len(line.asked) == 1
    line.stalled.set()


def test_names_go_with_an_erasure_of_any_process() -> None:
    erasures = [1]
    line = SlowLine()
    line.stalled.set()
    names = DisplayNames(line, erasures=lambda: len(erasures))
    for _ in range(2):
        names.forget_erased()
        assert names.get("U1") == "名U1"
    assert line.asked == ["U1"]
    erasures.append(2)
    names.forget_erased()
    assert names.get("U1") == "名U1"
    assert line.asked == ["U1", "U1"], "asked anew: nothing was kept"


def test_a_name_is_kept_and_a_failure_too() -> None:
    now = [0.0]
    line = SlowLine()
    line.stalled.set()
    names = DisplayNames(line, lambda: now[0])
    assert [names.get("U1"), names.get("U1")] == ["名U1", "名U1"]
    line.status = 404
    assert [names.get("U0002"), names.get("U0002")] == ["…0002", "…0002"]
    assert line.asked == ["U1", "U0002"]
    line.status = 500
    assert [names.get("U0003"), names.get("U0004")] == ["…0003", "…0004"]
    assert line.asked == ["U1", "U0002", "U0003"], "LINE is left alone for a while"
    line.status, now[0] = 0, timedelta(minutes=5).total_seconds()
    assert names.get("U0004") == "名U0004"
