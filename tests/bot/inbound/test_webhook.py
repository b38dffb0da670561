"""The webhook: kept before it is answered 200, each event on its own, once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Semaphore
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.config import WEBHOOK_BYTES, WEBHOOKS_AT_ONCE
from bot.inbound.webhook import MOST_UNREADABLE, WRITERS, sign
from bot.ledger.tables import inbox, outbox, quarantine, tokens
from bot.line.events import LineEvent, MalformedEvent, read
from bot.metrics import REDELIVERIES
from tests.support.line_events import ANN, BEN, GROUP, SECRET, Rooms, event, said, source


@pytest.fixture
def rooms(engine: Engine) -> Rooms:
    return Rooms(engine)


def test_a_question_is_kept_then_answered(rooms: Rooms) -> None:
    assert rooms.deliver(said("散熱")) == 200
    assert rooms.wakes == [1]
    assert rooms.answer() == ["你說「散熱」"]


def test_the_verify_button_gets_its_200(rooms: Rooms) -> None:
    assert rooms.deliver() == 200
    assert rooms.wakes == []


def test_unsigned_and_forged_calls_are_turned_away(rooms: Rooms) -> None:
    body = json.dumps({"events": [said("散熱")]}).encode()
    assert rooms.web.post("/callback", data=body).status_code == 401
    for forged in ("", "x", "é", sign("another secret", body), sign(SECRET, body + b" "), sign(SECRET, body)[:-1]):
        assert rooms.post(body, **{"x-line-signature": forged}).status_code == 401
    assert rooms.rows(inbox) == []


def test_the_signature_header_may_be_written_in_any_case(rooms: Rooms) -> None:
    body = json.dumps({"events": []}).encode()
    for name in ("X-Line-Signature", "x-line-signature", "X-LINE-SIGNATURE"):
        assert rooms.web.post("/callback", data=body, headers={name: sign(SECRET, body)}).status_code == 200


def test_a_body_of_one_mebibyte_is_read_and_a_larger_one_is_not(rooms: Rooms) -> None:
    body = json.dumps({"events": []}).encode()
    assert rooms.post(body.ljust(WEBHOOK_BYTES)).status_code == 200
    assert rooms.post(body.ljust(WEBHOOK_BYTES + 1)).status_code == 413


def test_a_redelivered_event_is_answered_once(rooms: Rooms) -> None:
    question = said("散熱")
    counted = REDELIVERIES._value.get()
    rooms.deliver(question)
    rooms.deliver(question, redelivered=True)
    rooms.answer()
    rooms.deliver(question, redelivered=True)
    assert rooms.answer() == ["你說「散熱」"]
    assert len(rooms.rows(inbox)) == 1
    assert REDELIVERIES._value.get() - counted == 2


def test_the_same_event_twice_in_one_call_is_answered_once(rooms: Rooms) -> None:
    question = said("散熱")
    rooms.deliver(question, question)
    assert rooms.answer() == ["你說「散熱」"]


def test_an_event_without_an_id_is_still_answered_once(rooms: Rooms) -> None:
    question = said("散熱")
    del question["webhookEventId"]
    rooms.deliver(question)
    rooms.deliver(question, redelivered=True)
    assert rooms.answer() == ["你說「散熱」"]


ODD: list[tuple[str, Any]] = [
    ("a number", 7),
    ("nothing", None),
    ("a list", []),
    ("an empty object", {}),
    ("no source", {"type": "message", "webhookEventId": "E1"}),
    ("a source that is text", {**said("x"), "source": "U1"}),
    ("an unknown type", event("holographicCall", source())),
    ("an unknown message type", event("message", source(), message={"type": "smell", "id": "1"})),
    ("a message without text", event("message", source(group=GROUP), message={"type": "text", "id": "1"})),
    ("a message that is a list", event("message", source(group=GROUP), message=[1])),
    ("an unknown mode", {**said("x"), "mode": "asleep"}),
    ("a mode that is an object", {**said("x"), "mode": {}}),
    ("mentions of the wrong shape", said("x", group=GROUP, mention={"mentionees": {"a": 1}})),
    ("a mention without a place", said("x", group=GROUP, mention={"mentionees": [{"isSelf": True}, 3]})),
    ("an unsend of nothing", event("unsend", source(), unsend={})),
    ("an endless id", {**said("x", group=GROUP), "webhookEventId": "E" * 9_000}),
]


@pytest.mark.parametrize("odd", [odd for _, odd in ODD], ids=[name for name, _ in ODD])
def test_an_odd_event_does_not_cost_its_neighbours(rooms: Rooms, odd: Any) -> None:
    assert rooms.deliver(said("散熱", user=ANN), odd, said("2330", user=BEN)) == 200
    assert rooms.answer() == ["你說「散熱」", "你說「2330」"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b'{"events": {}}', b"7", b"[" * 100_000])
def test_a_signed_body_that_cannot_be_read_is_quarantined(rooms: Rooms, body: bytes) -> None:
    assert rooms.post(body).status_code == 200
    assert [row.body for row in rooms.rows(quarantine)] == [body]


def test_an_unreadable_event_is_quarantined_and_an_unknown_one_is_not(rooms: Rooms) -> None:
    rooms.deliver({"webhookEventId": "E1"}, event("holographicCall", source()))
    assert [row.reason for row in rooms.rows(quarantine)] == ["an event without type or source"]


@pytest.mark.parametrize(("unreadable", "kept"), [(MOST_UNREADABLE, MOST_UNREADABLE), (MOST_UNREADABLE + 1, 1)])
def test_a_call_full_of_what_cannot_be_read_is_kept_as_a_whole(rooms: Rooms, unreadable: int, kept: int) -> None:
    assert rooms.deliver(*[{}] * unreadable) == 200
    found = rooms.rows(quarantine)
    assert len(found) == kept
    if kept == 1:
        assert found[0].reason == f"{unreadable} events: an event without type or source"
        assert found[0].body.count(b"{}") == unreadable


def test_text_that_no_database_takes_is_answered_all_the_same(rooms: Rooms) -> None:
    rooms.deliver(said("散\0熱\ud83d!"))
    assert rooms.answer() == ["你說「散\ufffd熱\ufffd!」"]


def test_unaddressed_group_talk_leaves_no_trace(rooms: Rooms) -> None:
    rooms.deliver(said("大量 GG 2330", group=GROUP))
    assert [rooms.rows(table) for table in (inbox, outbox, quarantine, tokens)] == [[], [], [], []]


def test_of_unaddressed_talk_only_the_token_is_kept_when_a_digest_waits(engine: Engine) -> None:
    rooms = Rooms(engine, ride_waits=lambda chat: chat.id == GROUP)
    rooms.deliver(said("早安", group=GROUP), said("晚安", group="Cother"))
    assert [(row.chat, row.expires_at) for row in rooms.rows(tokens)] == [(GROUP, rooms.clock.now + 50)]
    assert rooms.rows(inbox) == []


def test_a_digest_that_waits_takes_no_event_without_a_living_token(engine: Engine) -> None:
    rooms = Rooms(engine, ride_waits=lambda _chat: True)
    elsewhere = {**said("早安", group=GROUP), "mode": "standby"}
    left = event("memberLeft", source(group=GROUP), replyToken=None)
    assert rooms.deliver(elsewhere, left) == 200
    assert rooms.rows(tokens) == []


def test_who_took_a_message_back_is_told_to_whoever_remembers_more(engine: Engine) -> None:
    told = list[tuple[str, str | None]]()
    rooms = Rooms(engine, forget=lambda chat, user: told.append((chat.id, user)))
    rooms.deliver(event("unsend", source(group=GROUP), unsend={"messageId": "m1"}))
    assert told == [(GROUP, ANN)]


def test_a_call_gives_its_place_back(engine: Engine) -> None:
    rooms = Rooms(engine, capacity=1)
    assert [rooms.deliver(said("散熱")) for _ in range(WRITERS + 1)] == [200] * (WRITERS + 1)


def test_an_unsent_question_is_not_answered_and_its_text_is_gone(rooms: Rooms) -> None:
    question = said("我的秘密")
    rooms.deliver(question)
    rooms.deliver(event("unsend", source(), unsend={"messageId": question["message"]["id"]}, replyToken=None))
    assert rooms.answer() == []
    assert "秘密" not in str(rooms.rows(inbox))


def test_an_edited_question_takes_the_place_of_the_one_that_waits(rooms: Rooms) -> None:
    first = said("羅盤 散熟", group=GROUP)
    edited = {**said("羅盤 散熱", group=GROUP, id=first["message"]["id"]), "type": "messageEdited"}
    rooms.deliver(first, edited)
    assert rooms.answer() == ["你說「散熱」"]


def test_of_edits_only_the_latest_is_answered_in_whatever_order_they_come(rooms: Rooms) -> None:
    first = said("羅盤 散", group=GROUP)
    again = {"type": "messageEdited"}
    older = {
        **said("羅盤 散熟", group=GROUP, id=first["message"]["id"]),
        **again,
        "timestamp": first["timestamp"] + 1000,
    }
    newer = {
        **said("羅盤 散熱", group=GROUP, id=first["message"]["id"]),
        **again,
        "timestamp": first["timestamp"] + 2000,
    }
    rooms.deliver(newer)
    rooms.deliver(older)
    rooms.deliver(first)
    assert rooms.answer() == ["你說「散熱」"]


def test_standby_events_are_not_answered(rooms: Rooms) -> None:
    rooms.deliver({**said("散熱"), "mode": "standby", "replyToken": None})
    assert rooms.answer() == []


def test_a_database_that_refuses_means_503_and_the_redelivery_is_answered(engine: Engine) -> None:
    rooms = Rooms(engine)
    question = said("散熱")
    inbox.drop(engine)
    assert rooms.deliver(question) == 503
    inbox.create(engine)
    assert rooms.deliver(question, redelivered=True) == 200
    assert rooms.answer() == ["你說「散熱」"]


def test_a_gate_that_trips_over_one_event_lets_the_others_through(rooms: Rooms) -> None:
    del rooms.modes
    rooms.deliver(said("羅盤散熱", group=GROUP), said("2330"))
    assert rooms.answer() == ["你說「2330」"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_never_fewer_than_64_requests_at_once_and_503_beyond_capacity(engine: Engine) -> None:
    assert WEBHOOKS_AT_ONCE >= 64
    everybody = Barrier(64, timeout=60)
    rooms = Rooms(engine, capacity=64, ride_waits=lambda _chat: everybody.wait() >= 0)
    full = said("早安", group=GROUP)
    with ThreadPoolExecutor(64) as crowd:
        inside = [crowd.submit(rooms.deliver, full) for _ in range(63)]
        while everybody.n_waiting < 63:
            pass
        turned_away = Rooms(engine, capacity=0)
        assert turned_away.deliver(full) == 503
        inside.append(crowd.submit(rooms.deliver, full))
        assert {call.result() for call in inside} == {200}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_finds_no_turn_to_write_is_told_503_and_what_is_kept_is_told_200(engine: Engine) -> None:
    rooms, inside, may_go_on = Rooms(engine), Semaphore(0), Event()
    store = rooms.ledger.store

    def slowly(*batch: Any) -> None:
        inside.release()
        assert may_go_on.wait(60)
        store(*batch)

    rooms.ledger.store = slowly  # type: ignore[method-assign]
    with ThreadPoolExecutor(WRITERS) as crowd:
        calls = [crowd.submit(rooms.deliver, said("散熱")) for _ in range(WRITERS)]
        assert all(inside.acquire(timeout=60) for _ in range(WRITERS))
        assert rooms.deliver(said("散熱")) == 503
        may_go_on.set()
        assert {call.result() for call in calls} == {200}
    assert len(rooms.rows(inbox)) == WRITERS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*said("x"), "id", "text", "userId"]), inner),
    max_leaves=20,
)


@given(st.lists(JSON))
@settings(max_examples=50, deadline=None)
def test_whatever_json_comes_each_event_is_read_or_called_unreadable(events: list[Any]) -> None:
    found = read(json.dumps({"events": events}).encode())
    assert len(found) == len(events)
    assert all(isinstance(one, LineEvent | MalformedEvent) for one in found)
