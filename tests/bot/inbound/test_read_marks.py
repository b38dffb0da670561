"""With 聊天 on, LINE's own inbox shows the editors exactly what was not answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.dev.local import LocalBot
from bot.ledger import FrozenReply
from bot.ledger.retention import DAY
from bot.ledger.tables import inbox, left_unread, outbox
from bot.line.client import Ambiguous, Refused, Result, Sent
from bot.line.events import LineEvent
from bot.line.signs import REST_SECONDS
from corpus.database import UnitOfWork
from handlers.routing.ask_editor import LEFT, NOTED
from tests.support.line_events import BEN, GROUP, Rooms, echo, said
from tests.support.phones import Cast, Phone
from tests.support.sample_stage import sample_stage


@pytest.fixture(scope="module")
def read_inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBot]:
    """A bot of which somebody reads LINE's own inbox, too."""
    with sample_stage(tmp_path_factory.mktemp("inbox"), has_inbox=True) as stage:
        stage.bot.line.learn_about_itself()
        yield stage


def unread(phone: Phone) -> list[str]:
    phone.stage.bot.pool.stop()  # the marks come after the answers
    return [bubble.content.get("text", "") for bubble in phone.stage.platform.unread(phone.chat_id)]


def test_what_was_answered_is_read_and_what_was_not_is_left(read_inbox: LocalBot) -> None:
    answered, missed = Cast(read_inbox).person(), Cast(read_inbox).person()
    answered("散熱")
    answered("謝謝")
    assert unread(answered) == []
    assert "還沒寫到" in missed("鯨魚的遷徙路線")
    assert unread(missed) == ["鯨魚的遷徙路線"]


def test_a_question_for_the_editor_stays_unread_and_the_answers_after_it_too(read_inbox: LocalBot) -> None:
    chat = Cast(read_inbox).person()
    assert LEFT in chat("問編輯 下個月寫什麼")
    chat("散熱")  # LINE would mark all before it along with it
    assert unread(chat) == ["問編輯 下個月寫什麼", "散熱"]


def test_without_an_inbox_the_question_for_the_editor_is_noted(chat: Phone) -> None:
    assert NOTED in chat("問編輯 下個月寫什麼")
    heard = chat("問編輯")
    assert heard.actions["問編輯"]["fillInText"].startswith("問編輯")
    assert "問編輯" in chat.press(heard, "問編輯")


def test_a_miss_offers_to_ask_the_editor_with_the_question_in_the_keyboard(chat: Phone) -> None:
    assert chat("鯨魚的遷徙路線").actions["問編輯"]["fillInText"] == "問編輯 鯨魚的遷徙路線"


def test_to_a_group_it_is_said_to_be_for_one_to_one(crowd: Phone) -> None:
    assert "一對一" in crowd("羅盤 問編輯 下個月寫什麼")
    assert "問編輯" not in crowd("羅盤 鯨魚的遷徙路線").actions


class Marks:
    """A LINE that takes marks down, and answers them with the next of `ends`."""

    def __init__(self, rooms: Rooms) -> None:
        self.tokens: list[str] = []
        self.ends: list[Result] = []
        rooms.line.mark_read = self.mark_read  # type: ignore[method-assign]

    def mark_read(self, token: str) -> Result:
        self.tokens.append(token)
        return self.ends.pop(0) if self.ends else Sent()


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    return Rooms(engine, has_inbox=lambda: True)


@pytest.fixture
def marks(rooms: Rooms) -> Marks:
    return Marks(rooms)


def test_an_answer_marks_its_question_once_it_is_sent(rooms: Rooms, marks: Marks) -> None:
    rooms.line.ends = [Ambiguous("500")]
    rooms.deliver(said("散熱", markAsReadToken="r1"))
    rooms.answer()
    assert marks.tokens == []
    rooms.clock.now += 2
    rooms.answer()
    assert marks.tokens == ["r1"]
    assert [row.read_token for table in (inbox, outbox) for row in rooms.rows(table)] == [None, None]


def test_an_answer_that_line_refused_marks_nothing(rooms: Rooms, marks: Marks) -> None:
    rooms.line.ends = [Refused(400, "Invalid reply token")]
    rooms.deliver(said("散熱", markAsReadToken="r1"))
    rooms.answer()
    assert marks.tokens == []


def test_without_a_token_or_an_inbox_no_call_is_made(engine: Engine, rooms: Rooms, marks: Marks) -> None:
    rooms.deliver(said("散熱"))
    rooms.answer()
    closed = Rooms(engine)
    others = Marks(closed)
    closed.deliver(said("散熱", markAsReadToken="r1"))
    closed.answer()
    assert marks.tokens == others.tokens == []


def test_a_failed_mark_disturbs_no_answer_and_is_not_tried_again(rooms: Rooms, marks: Marks) -> None:
    marks.ends = [Ambiguous("timeout"), Sent()]
    rooms.deliver(said("散熱", markAsReadToken="r1"), said("2330", markAsReadToken="r2"))
    assert len(rooms.answer()) == 2
    assert marks.tokens == ["r1"]
    rooms.clock.now += REST_SECONDS
    rooms.deliver(said("說明", markAsReadToken="r3"))
    rooms.answer()
    assert marks.tokens == ["r1", "r3"]  # which marks what came before, too


def test_a_mark_that_line_refuses_is_one_messages_own_trouble(rooms: Rooms, marks: Marks) -> None:
    marks.ends = [Refused(400, "Invalid markAsReadToken")]
    rooms.deliver(said("散熱", markAsReadToken="r1"), said("2330", markAsReadToken="r2"))
    rooms.answer()
    assert marks.tokens == ["r1", "r2"]


def test_who_got_an_apology_stays_unread(rooms: Rooms, marks: Marks) -> None:
    def stumble(_heard: LineEvent, _work: UnitOfWork) -> FrozenReply | None:
        raise ValueError

    rooms.respond = stumble
    rooms.deliver(said("散熱", markAsReadToken="r1"))
    assert len(rooms.answer()) == 1
    assert marks.tokens == []


def test_what_waits_for_an_editor_holds_its_own_chat_for_a_day(rooms: Rooms, marks: Marks) -> None:
    rooms.respond = lambda heard, work: (
        FrozenReply(({"type": "text", "text": "還沒寫到"},), is_answer=False)
        if heard.text == "?"
        else echo(heard, work)
    )
    rooms.deliver(said("?", markAsReadToken="r1"), said("散熱", markAsReadToken="r2"))
    rooms.deliver(said("散熱", user=BEN, markAsReadToken="b1"), said("羅盤散熱", group=GROUP, markAsReadToken="g1"))
    rooms.answer()
    assert marks.tokens == ["b1", "g1"]
    rooms.clock.now += DAY
    rooms.deliver(said("散熱", markAsReadToken="r3"))
    rooms.answer()
    assert marks.tokens == ["b1", "g1", "r3"]
    rooms.ledger.sweep(rooms.clock.now)
    assert rooms.rows(left_unread) == []
