"""What is taken back or erased goes everywhere, and nobody else's goes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, create_engine, select

from bot.ledger import Ledger, SentContext, WebhookBatch, known_erasures, replay_erasures
from bot.ledger.tables import bubbles, inbox, quarantine
from bot.line.client import Sent
from bot.line.events import LineEvent
from corpus.database import UnitOfWork, aware, reading, writing
from handlers.club.club import Club
from handlers.club.drafts import new_draft
from handlers.club.erasure import record
from handlers.club.gaps import Gap
from handlers.club.plans import Plan, PlanKind
from handlers.club.tables import missed_askers, missed_asks
from handlers.club.traces import message_hash, person_hash
from handlers.identity import Chat, Place
from tests.support.kept_events import GROUP, HELLO, NOW, asked, claim, finish, keep, rows

AT = datetime.fromtimestamp(NOW, UTC)
PERSON = Chat("U1", Place.PERSON)


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


def answer(ledger: Ledger, event: LineEvent, command: str, at: float = NOW) -> None:
    """The event is kept, answered and sent as the bubble `b` and its number."""
    keep(ledger, event, at=at)
    kept = claim(ledger, at)
    outgoing = finish(ledger, kept, replace(HELLO, command=command), at)
    assert outgoing is not None
    ledger.record_result(outgoing, Sent((event.id.replace("E", "b"),)), at, kept)


def in_group(number: int, user: str) -> LineEvent:
    return replace(asked(number, user), chat=GROUP)


def take_back(ledger: Ledger, *messages: str, at: float = NOW + 9) -> None:
    ledger.store(WebhookBatch(at, unsent=messages))


def test_what_was_asked_in_vain_waited_for_or_pasted_is_taken_back_with_its_message(ledger: Ledger) -> None:
    """Also where no bubble of ours has answered it."""
    with UnitOfWork(ledger.engine) as work:
        club = Club(work)
        for number in (1, 2):
            club.gaps.note(f"鯨落{number}", Gap.MISS, AT, user="U1", message=f"m{number}")
            club.gaps.add_alert("U1", f"霜葉{number}", 0, AT, f"m{number}")
            club.drafts.begin(new_draft(f"U{number}", AT, pieces=("一段",), messages=(f"m{number}",)))
        work.commit()
    take_back(ledger, "m1")
    with UnitOfWork(ledger.engine) as work:
        club = Club(work)
        assert [one.question for one in club.gaps.grouped()] == ["鯨落2"]
        assert [one.question for one in club.gaps.alerts()] == ["霜葉2"]
        assert [one.pieces for one in club.drafts.alive() if one.pieces] == [("一段",)]


def test_of_a_bubble_whose_question_was_taken_back_nobody_knows_who_had_asked(ledger: Ledger) -> None:
    answer(ledger, asked(1), "找 散熱")
    take_back(ledger, "m1")
    assert [(row.command, row.user_id) for row in rows(ledger, bubbles)] == [("", None)]
    assert ledger.origin(PERSON, "b1") == SentContext("", (3, 5)), "still a bubble of ours"


def test_an_answer_under_way_to_what_was_taken_back_is_still_a_bubble_of_ours(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    kept = claim(ledger)
    outgoing = finish(ledger, kept)
    assert outgoing is not None
    take_back(ledger, "m1")
    assert ledger.record_result(outgoing, Sent(("b1",)), NOW, kept) == "sent"
    assert ledger.origin(PERSON, "b1") == SentContext("", (3, 5))


def test_what_follows_of_the_same_person_in_the_same_chat_is_forgotten_and_nothing_else(ledger: Ledger) -> None:
    answer(ledger, in_group(1, "U1"), "找 前面", NOW - 5)
    answer(ledger, in_group(2, "U1"), "找 散熱")
    answer(ledger, in_group(3, "U1"), "找 散熱 第2頁", NOW + 1)
    answer(ledger, in_group(4, "U2"), "找 散熱", NOW + 2)
    answer(ledger, asked(5, "U1"), "找 散熱", NOW + 3)
    take_back(ledger, "m2")
    assert [row.command for row in rows(ledger, bubbles)] == ["找 前面", "", "", "找 散熱", "找 散熱"]


def test_a_command_of_one_word_is_taken_out_of_what_was_asked_next_too(ledger: Ledger) -> None:
    answer(ledger, asked(1), "2330")
    answer(ledger, asked(2), "2330 第2頁", NOW + 1)
    with UnitOfWork(ledger.engine) as work:
        Club(work).gaps.note("2330 的股利", Gap.MISS, AT, user="U1", message="m2")
        work.commit()
    take_back(ledger, "m1")
    assert rows(ledger, missed_asks) == []


def test_an_edit_withdraws_nobody_elses_question(ledger: Ledger) -> None:
    first = in_group(1, "U1")
    keep(ledger, first, asked(2, "U2"), in_group(3, "U1"))
    keep(ledger, replace(first, id="E9", text="散熱片", said_at=NOW + 1, edited=True))
    heard = []
    while kept := ledger.claim(NOW):
        heard.append(kept.event.id)
        finish(ledger, kept)
        ledger.release(kept)
    assert sorted(heard) == ["E2", "E3", "E9"]


def test_who_is_forgotten_is_still_answered_and_others_are_left_as_they_are(ledger: Ledger) -> None:
    """The event that asks for it waits for its own answer at that moment."""
    answer(ledger, asked(1), "找 散熱")
    keep(ledger, asked(2), asked(3, "U2"))
    ledger.store(WebhookBatch(NOW, unreadable=(("odd", b'{"userId": "U1"}'), ("odd", b'{"userId": "U2"}'))))
    with UnitOfWork(ledger.engine) as work:
        ledger.forget(work, "U1")
        work.commit()
    assert [row.event_id for row in rows(ledger, inbox) if row.state == "waiting"] == ["E2", "E3"]
    assert rows(ledger, bubbles) == []
    assert [row.body for row in rows(ledger, quarantine)] == [b'{"userId": "U2"}']


def test_a_restored_backup_forgets_again_whoever_it_names_in_whatever_place(ledger: Ledger) -> None:
    answer(ledger, asked(1, "U1"), "找 散熱")
    answer(ledger, asked(2, "U2"), "找 散熱")
    keep(ledger, asked(5, "U2"))
    with UnitOfWork(ledger.engine) as work:
        club = Club(work)
        for user in ("U1", "U2"):
            club.gaps.note("鯨落", Gap.MISS, AT, user=user)
        people = (Chat("U3", Place.PERSON), Chat("U2", Place.PERSON))
        club.plans.make(Plan(0, PlanKind.PUSH, AT, "U2", chats=people), AT)
        record(work.writer, person_hash("U9"), AT)
        work.commit()
    with reading(ledger.engine) as connection:
        [(known, at)] = known_erasures(connection)
    gone = {(trace, at) for trace in (known, person_hash("U1"), person_hash("U3"), message_hash("m5"))}
    with writing(ledger.engine) as connection:
        assert replay_erasures(connection, gone) == 2
    with reading(ledger.engine) as connection:
        assert known_erasures(connection) == gone
        assert connection.execute(select(missed_askers.c.id)).all() == [(2,)]
    with UnitOfWork(ledger.engine) as work:
        assert [plan.chats for plan in Club(work).plans.waiting()] == [(people[1],)]
    assert [row.user_id for row in rows(ledger, bubbles)] == ["U2"]
    assert {row.state for row in rows(ledger, inbox)} == {"done"}, "what was taken back is not answered"


def test_a_message_that_was_taken_back_is_remembered_without_saying_which(ledger: Ledger) -> None:
    take_back(ledger, "m1")
    with reading(ledger.engine) as connection:
        [(trace, at)] = known_erasures(connection)
    assert (trace, aware(at)) == (message_hash("m1"), AT + timedelta(seconds=9))


def test_a_database_without_tables_knows_no_erasures() -> None:
    with create_engine("sqlite://").connect() as connection:
        assert known_erasures(connection) == set()
