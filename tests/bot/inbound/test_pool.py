"""The pool: each kept event is answered in order, in its own transaction, whatever happens to its neighbours."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Event, Timer
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select

from bot.inbound.pool import AnswerWorkers
from bot.ledger import ClaimedEvent, FrozenReply
from bot.ledger.tables import inbox, lanes, outbox
from bot.line.client import Ambiguous, Refused, Result, Sent
from bot.line.events import LineEvent
from bot.metrics import ANSWERING
from corpus.database import UnitOfWork, reading
from handlers.club.tables import saved
from tests.support.line_events import ANN, BEN, GROUP, Rooms, echo, event, said, source
from tests.support.log_lines import kept_by

SORRY = "抱歉，我這邊出了點狀況，這一題沒能答上來。請再試一次。"


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    return Rooms(engine)


def saving(heard: LineEvent, work: UnitOfWork) -> FrozenReply | None:
    """A handler that writes into the Club before it speaks, and trips over 「壞」."""
    number = work.reader.execute(select(func.count()).select_from(saved)).scalar_one()
    work.writer.execute(insert(saved).values(user_id=heard.user, essay_id=number, at=datetime.now(UTC)))
    if heard.text == "壞":
        raise ValueError(heard.text)
    return echo(heard, work)


def essays_saved(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(saved)).scalar_one())


def test_answers_go_out_with_the_token_of_their_question(rooms: Rooms) -> None:
    first, second = said("散熱"), said("2330")
    rooms.deliver(first, second)
    assert rooms.answer() == ["你說「散熱」", "你說「2330」"]
    assert [token for token, _ in rooms.line.replies] == [first["replyToken"], second["replyToken"]]


def test_group_answers_do_not_ring(rooms: Rooms) -> None:
    rooms.deliver(said("羅盤散熱", group=GROUP), said("散熱"))
    rooms.answer()
    assert [body.get("notificationDisabled", False) for _, body in rooms.line.replies] == [True, False]


def test_a_handler_sees_what_was_said_and_how_to_quote_it(rooms: Rooms) -> None:
    heard: list[LineEvent] = []
    rooms.respond = lambda one, _work: heard.append(one)
    question = said("羅盤散熱", group=GROUP, quotedMessageId="b1", quoteToken="q1")
    rooms.deliver(question, event("follow", source(BEN)))
    assert rooms.answer() == []
    [asked, follow] = heard
    assert (asked.kind, asked.text, asked.user, asked.chat.id) == ("text", "散熱", ANN, GROUP)
    assert (asked.quoted, asked.quote_token, asked.message) == ("b1", "q1", question["message"]["id"])
    assert asked.said_at == question["timestamp"] / 1000
    assert (follow.kind, follow.chat.id) == ("follow", BEN)


def test_a_handler_that_fails_apologises_keeps_nothing_and_silences_nobody(rooms: Rooms) -> None:
    rooms.respond = saving
    rooms.deliver(said("散熱"), said("壞"), said("2330"))
    assert rooms.answer() == ["你說「散熱」", SORRY, "你說「2330」"]
    assert essays_saved(rooms.engine) == 2


def test_a_failure_is_logged_by_event_id_without_what_was_said(rooms: Rooms) -> None:
    rooms.respond = saving
    question = said("壞")
    rooms.deliver(question)
    logs: list[dict[str, Any]] = []
    with kept_by(logs.append):
        rooms.answer()
    [failure] = [line for line in logs if line["event"] == "event_failed"]
    assert (failure["event_id"], failure["error"]) == (question["webhookEventId"], "ValueError")
    assert "test_pool.py" in failure["calls"]
    assert "壞" not in str(logs)
    assert question["replyToken"] not in str(logs)


def test_an_event_that_keeps_ending_its_process_is_given_up(rooms: Rooms) -> None:
    rooms.deliver(said("散熱"))
    for _ in range(3):
        rooms.ledger.claim(rooms.clock.now)  # by processes that die of it
        rooms.clock.now += 15
    rooms.deliver(said("2330"))
    assert rooms.answer() == [SORRY, "你說「2330」"]


def test_an_event_whose_process_ended_twice_is_answered_by_the_third(rooms: Rooms) -> None:
    rooms.deliver(said("散熱"))
    for _ in range(2):
        rooms.ledger.claim(rooms.clock.now)
        rooms.clock.now += 15
    assert rooms.answer() == ["你說「散熱」"]


def test_answers_do_not_wait_for_one_another(rooms: Rooms) -> None:
    began = time.monotonic()
    rooms.deliver(*(said("散熱", user=f"U{number}") for number in range(6)))
    assert len(rooms.answer()) == 6
    assert time.monotonic() - began < 5, "seconds; each that waits in vain waits for one"


def test_how_long_a_person_waited_is_measured(rooms: Rooms) -> None:
    before = ANSWERING._sum.get()
    rooms.deliver(said("散熱"))
    rooms.clock.now += 3
    rooms.answer()
    assert ANSWERING._sum.get() - before == pytest.approx(3)


def test_an_unclear_end_is_tried_again_with_the_same_words(rooms: Rooms) -> None:
    rooms.line.ends = [Ambiguous("500"), Refused(429, "The API rate limit has been exceeded.")]
    rooms.deliver(said("散熱"))
    rooms.answer()
    for _ in range(4):
        rooms.clock.now += 1
        rooms.answer()
    assert len(rooms.line.replies) == 3
    assert rooms.line.replies[0] == rooms.line.replies[1] == rooms.line.replies[2]
    assert [row.state for row in rooms.rows(outbox)] == ["sent"]


def test_a_refused_reply_is_let_go(rooms: Rooms) -> None:
    rooms.line.ends = [Refused(400, "Invalid reply token")]
    rooms.deliver(said("散熱"))
    rooms.answer()
    rooms.clock.now += 10
    assert len(rooms.answer()) == 1
    assert [row.state for row in rooms.rows(outbox)] == ["dropped"]


def test_a_stale_token_is_never_tried(rooms: Rooms) -> None:
    rooms.deliver(said("散熱"))
    rooms.clock.now += 50
    assert rooms.answer() == []


def test_the_next_ask_waits_until_the_answer_before_it_was_tried(rooms: Rooms) -> None:
    rooms.deliver(said("散熱"), said("2330"))
    kept = rooms.ledger.claim(rooms.clock.now)
    assert kept is not None
    assert not rooms.pool.answer_next()
    rooms.ledger.release(kept)
    assert rooms.answer() == ["你說「散熱」", "你說「2330」"]
    assert rooms.rows(lanes) == []


def test_a_question_unsent_while_it_is_answered_gets_no_answer_and_frees_the_lane(rooms: Rooms) -> None:
    secret = said("秘密")

    def take_back(heard: LineEvent, work: UnitOfWork) -> FrozenReply | None:
        if heard.text == "秘密":
            rooms.deliver(event("unsend", source(), unsend={"messageId": secret["message"]["id"]}))
        return echo(heard, work)

    rooms.respond = take_back
    rooms.deliver(secret, said("2330"))
    assert rooms.answer() == ["你說「2330」"]


def test_threads_serve_people_side_by_side(engine: Engine) -> None:
    rooms = Rooms(engine)
    both = Barrier(2, timeout=60)

    def meet(heard: LineEvent, work: UnitOfWork) -> FrozenReply | None:
        both.wait()  # returns only when two handlers are at work at once
        return echo(heard, work)

    rooms.respond = meet
    pool = AnswerWorkers(rooms.ledger, rooms.line, meet, threads=2, clock=rooms.clock)
    rooms.deliver(said("散熱", user=ANN), said("2330", user=BEN))
    pool.notify(2)
    while len(rooms.line.replies) < 2:
        pass
    pool.stop()
    assert sorted(rooms.line.texts) == ["你說「2330」", "你說「散熱」"]
    assert {row.state for row in rooms.rows(inbox)} == {"done"}


def test_what_a_dead_process_left_is_found_without_being_called(engine: Engine) -> None:
    """A question, and an answer that was not sent; names that were erased elsewhere are forgotten."""
    rooms, forgotten = Rooms(engine), Event()
    rooms.line.ends = [Ambiguous("500")]
    rooms.deliver(said("2330", user=BEN))
    rooms.pool.answer_next()
    rooms.clock.now += 1
    rooms.deliver(said("散熱"))
    pool = AnswerWorkers(
        rooms.ledger, rooms.line, echo, threads=1, clock=rooms.clock, tick=0.01, forget_names=forgotten.set
    )
    pool.start()
    while len(rooms.line.replies) < 3:
        time.sleep(0.01)
    assert forgotten.wait(60)
    pool.stop()
    assert sorted(rooms.line.texts) == ["你說「2330」", "你說「2330」", "你說「散熱」"]


def test_one_call_answers_all_that_a_person_asked_and_then_rests(engine: Engine) -> None:
    rooms, looks = Rooms(engine), list[float]()
    claim = rooms.ledger.claim

    def look(now: float) -> ClaimedEvent | None:
        looks.append(now)
        return claim(now)

    rooms.ledger.claim = look  # type: ignore[method-assign]
    pool = AnswerWorkers(rooms.ledger, rooms.line, echo, threads=1, clock=rooms.clock, tick=60)
    rooms.deliver(said("散熱"), said("2330"))
    pool.notify(1)
    while len(rooms.line.replies) < 2 or len(looks) < 3:
        time.sleep(0.01)
    time.sleep(0.1)
    pool.stop()
    assert len(looks) == 3, "the last one finds nothing"


def test_who_stops_idle_stops_at_once(engine: Engine) -> None:
    rooms = Rooms(engine)
    pool = AnswerWorkers(rooms.ledger, rooms.line, echo, threads=2, clock=rooms.clock, tick=60)
    pool.start()
    began = time.monotonic()
    pool.stop()
    assert time.monotonic() - began < 6, "seconds; a platform kills who takes twelve and more"


def test_who_stops_ends_the_answer_at_hand(engine: Engine) -> None:
    rooms, begun, may_go_on = Rooms(engine), Event(), Event()

    def slow(heard: LineEvent, work: UnitOfWork) -> FrozenReply | None:
        begun.set()
        assert may_go_on.wait(60)
        return echo(heard, work)

    pool = AnswerWorkers(rooms.ledger, rooms.line, slow, threads=1, clock=rooms.clock, tick=60)
    rooms.deliver(said("散熱"))
    pool.notify(1)
    assert begun.wait(60)
    Timer(0.2, may_go_on.set).start()
    pool.stop()
    assert rooms.line.texts == ["你說「散熱」"]


def test_old_rows_are_swept_once_in_ten_minutes_not_at_every_look(engine: Engine) -> None:
    rooms, swept, looked, learnt = Rooms(engine), list[float](), Event(), list[float]()
    rooms.ledger.sweep = swept.append  # type: ignore[method-assign, assignment]
    rooms.line.learn_about_itself = lambda: learnt.append(rooms.clock.now)  # type: ignore[method-assign]

    def count(now: float) -> tuple[bool, bool]:
        rooms.clock.now += 150
        if rooms.clock.now > begun + 1_300:
            looked.set()
        return False, False

    begun = rooms.clock.now
    rooms.ledger.has_work = count  # type: ignore[method-assign]
    pool = AnswerWorkers(rooms.ledger, rooms.line, echo, threads=1, clock=rooms.clock, tick=0.01)
    pool.start()
    assert looked.wait(60)
    pool.stop()
    assert [at - begun for at in swept if at < begun + 1_300] == [150, 750]
    assert learnt == swept, "and LINE is asked then what it has been told of us meanwhile"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_erased_leaves_the_log_of_the_database_too_once_nobody_reads_it(engine: Engine) -> None:
    rooms = Rooms(engine)
    log = Path(f"{engine.url.database}-wal")
    rooms.respond = lambda heard, work: FrozenReply(({"type": "text", "text": "刪好了"},), erased=True)
    with reading(engine) as reader:
        reader.execute(select(inbox)).all()
        rooms.deliver(said("刪除我的資料"))
        rooms.answer()
        assert log.stat().st_size
    rooms.pool._look()
    assert log.stat().st_size == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_erased_leaves_the_log_at_once_where_nobody_reads_it(engine: Engine) -> None:
    rooms = Rooms(engine)
    rooms.respond = lambda heard, work: FrozenReply(({"type": "text", "text": "刪好了"},), erased=True)
    rooms.deliver(said("刪除我的資料"))
    rooms.answer()
    assert Path(f"{engine.url.database}-wal").stat().st_size == 0


class Dots:
    """A LINE that takes down in which chats the dots run."""

    def __init__(self, rooms: Rooms) -> None:
        self.chats: list[str] = []
        self.ends: list[Result] = []
        rooms.line.loading = self.loading  # type: ignore[method-assign]

    def loading(self, user: str, seconds: int = 20) -> Result:
        self.chats.append(user)
        return self.ends.pop(0) if self.ends else Sent()


def taking(rooms: Rooms, seconds: float) -> None:
    """Let each answer take so long, with a look every second."""

    def respond(heard: LineEvent, work: UnitOfWork) -> FrozenReply | None:
        for _ in range(int(seconds)):
            rooms.clock.now += 1
            rooms.pool.show_loading()
        return echo(heard, work)

    rooms.respond = respond


def test_who_waits_over_a_second_one_to_one_is_shown_it_once(rooms: Rooms) -> None:
    dots = Dots(rooms)
    taking(rooms, 3)
    rooms.deliver(said("散熱"))
    rooms.answer()
    assert dots.chats == [ANN]
    rooms.pool.show_loading()
    assert dots.chats == [ANN]  # it has been answered


def test_a_quick_answer_and_a_group_are_shown_no_dots(rooms: Rooms) -> None:
    dots = Dots(rooms)
    taking(rooms, 0)
    rooms.deliver(said("散熱"))
    rooms.answer()
    taking(rooms, 3)
    rooms.deliver(said("羅盤散熱", group=GROUP))
    rooms.answer()
    assert dots.chats == []


def test_the_dots_come_after_a_whole_second_and_not_after_the_answer(rooms: Rooms) -> None:
    dots, seen = Dots(rooms), list[int]()

    def respond(heard: LineEvent, work: UnitOfWork) -> FrozenReply | None:
        for moment in (0.5, 0.25, 0.25)[: 2 if heard.text == "快" else 3]:
            rooms.clock.now += moment
            rooms.pool._look()
            seen.append(len(dots.chats))
        return echo(heard, work)

    rooms.respond = respond
    rooms.deliver(said("快"))
    rooms.answer()
    rooms.clock.now += 5
    rooms.pool._look()
    assert seen == [0, 0]
    assert dots.chats == []
    rooms.deliver(said("慢"))
    rooms.answer()
    assert seen == [0, 0, 0, 0, 1]


def test_dots_that_line_did_not_take_disturb_no_answer_and_are_not_tried_again_for_a_while(rooms: Rooms) -> None:
    dots = Dots(rooms)
    dots.ends = [Ambiguous("timeout")]
    taking(rooms, 2)
    rooms.deliver(said("散熱"), said("2330", user=BEN))
    assert len(rooms.answer()) == 2
    assert dots.chats == [ANN]
