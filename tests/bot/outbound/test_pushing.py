"""Pushes and rides at their edges: what LINE refused is told again and given back, and nothing is told twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.ledger import ClaimedEvent, Delivery, notice, plan_deliveries
from bot.ledger.deliveries import ESSAY
from bot.ledger.tables import runs
from bot.line.client import Refused
from bot.line.events import LineEvent
from bot.outbound.composer import AGAIN
from bot.outbound.member_list import MemberListReconciler
from bot.outbound.pusher import GONE
from bot.outbound.sender import build_sender
from bot.outbound.worker import Worker
from corpus.database import UnitOfWork, reading
from corpus.essay import Audience, Essay
from handlers.club.club import Club
from handlers.identity import Chat, Place
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import ANN, BEN, CLUB, bot_over, clock, cooling, pushes, said, seen

WRONG = Refused(400, "The request body has 1 error(s)")


@pytest.fixture
def place(tmp_path: Path) -> InProcessBot:
    """ANN wants to hear of cooling, there is news, and a due digest is pushed at once."""
    return told(bot_over(tmp_path, patience=0))


@pytest.fixture
def patient(tmp_path: Path) -> InProcessBot:
    """The same where a due digest waits twenty minutes for a ride."""
    return told(bot_over(tmp_path))


def told(place: InProcessBot) -> InProcessBot:
    place.say(ANN, ANN, "訂閱 散熱")
    place.publish(cooling())
    return place


def go(place: InProcessBot, hour: int = 8, minute: int = 30, day: int = 2, second: int = 0) -> None:
    place.at(clock(hour, minute, day) + timedelta(seconds=second))
    place.tick()


def ends(place: InProcessBot) -> list[str]:
    with reading(place.bot.engine) as connection:
        return list(connection.execute(select(runs.c.state).order_by(runs.c.id)).scalars())


def used(place: InProcessBot) -> int:
    """What our own book says of the month."""
    with reading(place.bot.engine) as connection:
        return place.bot.quota_store.read(connection, place.clock()).used


def refusing(place: InProcessBot, refusal: Refused = WRONG) -> Any:
    """LINE refuses every push from now on; what undoes it."""
    push = place.bot.line.push
    place.bot.line.push = lambda _to, _body, _key: refusal  # type: ignore[method-assign]

    def undo() -> None:
        place.bot.line.push = push  # type: ignore[method-assign]

    return undo


def test_what_a_push_costs_is_booked_and_given_back_only_if_it_is_refused(place: InProcessBot) -> None:
    undo = refusing(place)
    go(place)
    assert (ends(place), used(place)) == (["dropped"], 0)
    undo()
    place.publish(cooling())
    go(place, day=3)
    assert (ends(place)[-1], used(place)) == ("sent", 1)
    assert "新上架 2 篇" in seen(place, ANN), "the news of the refused one comes with the next"


def test_a_push_is_tried_again_after_one_two_and_four_seconds(place: InProcessBot) -> None:
    place.platform.fail("500", next=3, on="push")
    tried = []
    for second in range(9):
        go(place, second=second)
        tried.append(sum(call.kind == "push" for call in place.platform.calls))
    assert tried == [1, 2, 2, 3, 3, 3, 3, 4, 4]
    assert (ends(place), used(place)) == (["sent"], 1)


def test_a_refusal_after_a_busy_line_is_no_riddle(place: InProcessBot) -> None:
    place.platform.fail("429 rate", next=1, on="push")
    go(place)
    refusing(place)
    go(place, second=5)
    assert ends(place) == ["dropped"]


def test_a_month_that_ends_after_an_unclear_attempt_leaves_it_unknown(place: InProcessBot) -> None:
    place.platform.fail("timeout", next=1, after_accept=True, on="push")
    go(place)
    refusing(place, Refused(429, "You have reached your monthly limit."))
    go(place, second=5)
    assert ends(place)[0] == "unknown"
    place.say(ANN, ANN, "早安")
    assert seen(place, ANN).count("今日摘要") == 1


def test_a_receiver_who_is_gone_is_left_with_all_that_waits(place: InProcessBot) -> None:
    with UnitOfWork(place.bot.engine) as work:
        plan_deliveries(work.writer, [notice(ANN.id, "a word", "記得投票")], place.clock())
        work.commit()
    refusing(place, Refused(400, GONE))
    go(place)
    assert sorted(ends(place)) == ["dropped", "stopped"]


def test_a_group_that_line_does_not_count_is_pushed_once_it_does(place: InProcessBot) -> None:
    place.say(CLUB, ANN, "羅盤 訂閱 散熱")
    place.say(CLUB, ANN, "羅盤 準時送")
    place.publish(cooling())
    place.platform.fail("500", next=1, on="count")
    go(place)
    assert [push.to for push in pushes(place)] == [(ANN.id,)]
    place.pass_by(seconds=AGAIN - 1)
    place.tick()
    assert len(pushes(place)) == 1
    place.pass_by(seconds=1)
    place.tick()
    assert [push.to for push in pushes(place)] == [(ANN.id,), (CLUB.id,)]


@pytest.mark.parametrize(("seconds", "is_sent"), [(5, True), (6, False)])
def test_a_push_whose_call_ends_with_its_lease_may_still_begin(
    place: InProcessBot, seconds: int, is_sent: bool
) -> None:
    place.bot.worker._plan_digests(UnitOfWork(place.bot.engine), clock(8, 30))
    place.at(clock(8, 30))
    pusher = place.bot.worker.pusher
    [outgoing] = pusher._claim(clock(8, 30))[1]
    place.pass_by(seconds=seconds)
    pusher._finish(pusher._start([outgoing]))
    assert bool(pushes(place)) == is_sent


def test_what_was_begun_is_recorded_when_the_worker_is_told_to_stop(place: InProcessBot) -> None:
    go(place, 8, 29)
    worker, answers = place.bot.worker, iter((False, True))
    worker._plan_digests(UnitOfWork(place.bot.engine), clock(8, 30))
    worker.pusher.push_all(clock(8, 30), lambda: next(answers))
    assert ends(place) == ["sent"]


def test_a_single_run_leaves_to_others_what_line_does_not_take(place: InProcessBot) -> None:
    place.platform.fail("500", next=10_000, on="push")

    def passing() -> float:
        place.pass_by(seconds=30)
        return place.clock()

    place.bot.worker.clock = passing
    assert place.bot.worker.once(clock(8, 30)) == 1


# rides


def test_a_ride_that_was_refused_is_pushed_in_its_time(patient: InProcessBot) -> None:
    go(patient)
    reply = patient.bot.line.reply
    patient.bot.line.reply = lambda _token, _body: WRONG  # type: ignore[method-assign]
    patient.say(ANN, ANN, "早安")
    patient.bot.line.reply = reply  # type: ignore[method-assign]
    assert "今日摘要" not in seen(patient, ANN)
    go(patient, 8, 50)
    assert len(pushes(patient)) == 1


@pytest.mark.parametrize(("messages", "rides"), [(4, True), (5, False)])
def test_a_digest_rides_where_there_is_just_room_for_it(patient: InProcessBot, messages: int, rides: bool) -> None:
    go(patient)
    respond = patient.bot.pool.respond

    def talkative(event: Any, work: UnitOfWork) -> Any:
        reply = respond(event, work)
        return reply and replace(reply, messages=reply.messages[:1] * messages)

    patient.bot.pool.respond = talkative
    assert ("今日摘要" in said(patient.say(ANN, ANN, "早安"))) == rides


@pytest.mark.parametrize(("token", "seconds", "rides"), [("t1", 49, True), ("t1", 50, False), (None, 0, False)])
def test_a_digest_rides_on_a_living_token_only(
    patient: InProcessBot, token: str | None, seconds: float, rides: bool
) -> None:
    go(patient)
    carrier, now = patient.bot.pool.rides, patient.clock()
    heard = LineEvent("E1", "follow", Chat(ANN.id, Place.PERSON), ANN.id, reply_token=token)
    kept = ClaimedEvent(0, heard, now, now + 50, 1, now + 15)
    assert carrier is not None
    with UnitOfWork(patient.bot.engine) as work:
        outgoing = carrier.attach_to_reply(work, kept, None, now + seconds)
    assert bool(outgoing) == rides


def test_a_today_that_is_dropped_takes_nobody_elses_answer_with_it(place: InProcessBot) -> None:
    place.platform.fail("429 rate", next=1_000, on="reply")
    place.say(ANN, ANN, "今日")
    place.pass_by(seconds=40)
    other = place.platform.say(BEN, BEN, "說明")
    for _ in range(2):
        place.pass_by(seconds=8)
        place.answer()
    place.platform.clear_failures()
    place.pass_by(seconds=8)
    place.answer()
    assert "直接打公司" in said(place.heard(other))


# alerts


def wish(place: InProcessBot) -> Essay:
    place.say(BEN, BEN, "有文章再通知我 鉬銅均熱片")
    return place.publish(cooling("均熱片的一年", word="鉬銅均熱片"))


def wishes(place: InProcessBot) -> int:
    with UnitOfWork(place.bot.engine) as work:
        return len(Club(work).gaps.alerts(BEN.id))


def test_an_alert_is_pushed_at_the_look_that_finds_it(place: InProcessBot) -> None:
    wish(place)
    place.tick()
    assert [push.to for push in pushes(place)] == [(BEN.id,)]
    assert wishes(place) == 0


def test_an_alert_that_rides_is_fulfilled(patient: InProcessBot) -> None:
    essay = wish(patient)
    patient.tick()
    assert wishes(patient) == 1
    patient.say(BEN, BEN, "早安")
    assert essay.title in seen(patient, BEN)
    assert wishes(patient) == 0


def test_an_alert_whose_essay_was_withdrawn_meanwhile_ends(patient: InProcessBot) -> None:
    essay = wish(patient)
    patient.tick()
    with UnitOfWork(patient.bot.engine) as work:
        patient.archive.library(work, Audience.MEMBER).withdraw(essay.id, patient.clock.now)
        work.commit()
    patient.pass_by(minutes=20)
    patient.tick()
    assert ends(patient) == ["stopped"]
    assert pushes(patient) == []


def test_a_push_of_an_essay_that_was_withdrawn_ends(place: InProcessBot) -> None:
    essay, now = place.publish(cooling()), place.clock()
    with UnitOfWork(place.bot.engine) as work:
        place.archive.library(work, Audience.MEMBER).withdraw(essay.id, place.clock.now)
        run = Delivery(ESSAY, Chat(BEN.id, Place.PERSON), "push 1", subject=str(essay.id), push_at=now)
        plan_deliveries(work.writer, [run], now)
        work.commit()
    place.tick()
    assert ends(place) == ["stopped"]


def test_quiet_hours_that_end_at_midnight_end_then(place: InProcessBot) -> None:
    place.say(ANN, ANN, "訂閱 散熱 每日 23:30")
    place.say(ANN, ANN, "勿擾 22-00")
    go(place, 23, 30)
    go(place, 23, 59)
    assert pushes(place) == []
    go(place, 0, 0, day=3)
    assert len(pushes(place)) == 1


# the worker


class Keeper:
    """Notes whether it runs."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def start(self) -> None:
        self.heard.append("start")

    def stop(self) -> None:
        self.heard.append("stop")


def test_a_worker_keeps_the_sources_up_as_long_as_it_runs(place: InProcessBot) -> None:
    usual, keeper, looked = place.bot.worker, Keeper(), threading.Event()
    note = [lambda _work, _now: looked.set()]
    worker = Worker(
        usual.ledger,
        usual.schedule,
        usual.alerts,
        usual.pusher,
        note,
        keeper=keeper,  # type: ignore[arg-type]
        clock=place.clock,
    )
    worker.start()
    assert looked.wait(60)
    assert keeper.heard == ["start"]
    worker.stop()
    assert keeper.heard == ["start", "stop"]


def test_a_sender_reads_the_members_list_where_there_is_one(place: InProcessBot, tmp_path: Path) -> None:
    settings = replace(place.settings, luopan_members_list=str(tmp_path / "members.csv"))
    for given, lists in ((place.settings, 0), (settings, 1)):
        parts = build_sender(given, place.archive, line=place.bot.line, clock=place.clock)
        assert parts.archive is place.archive
        assert parts.line is place.bot.line
        assert sum(isinstance(chore, MemberListReconciler) for chore in parts.worker.chores) == lists
