"""The Ledger: nothing lost, nothing twice, nothing kept for longer than it serves."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from bot.ledger import (
    PUSH,
    REPLY,
    LeaseLostError,
    Ledger,
    SentContext,
    WebhookBatch,
    take_token,
)
from bot.ledger.outgoing import CarriedMessage
from bot.ledger.retention import DAY, HOUR
from bot.ledger.tables import bubbles, inbox, lanes, outbox, quarantine, tokens
from bot.line.client import Ambiguous, Refused, Sent
from bot.line.events import LineEvent
from corpus.database import UnitOfWork, writing
from handlers.club.tables import missed_asks
from handlers.identity import Chat, Place
from tests.support.kept_events import GROUP, HELLO, NOW, asked, claim, finish, keep, rows, state, written


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


def test_an_event_is_claimed_once_and_comes_back_when_its_lease_ends(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    assert claim(ledger).attempts == 1
    assert ledger.claim(NOW + 14.9) is None
    assert claim(ledger, NOW + 15).attempts == 2


def test_a_known_event_changes_nothing(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    keep(ledger, asked(1, text="別的"))
    assert [row.text for row in rows(ledger, inbox)] == ["散熱"]


def test_a_persons_asks_are_handed_out_in_the_order_they_were_said_one_at_a_time(ledger: Ledger) -> None:
    keep(ledger, asked(2, at=20.0))
    keep(ledger, asked(1, at=10.0), asked(3, at=30.0))
    order = []
    while kept := ledger.claim(NOW):
        assert ledger.claim(NOW) is None, "one at a time"
        order.append(kept.event.id)
        finish(ledger, kept)
        ledger.release(kept)
    assert order == ["E1", "E2", "E3"]


def test_an_earlier_ask_that_comes_late_waits_until_the_person_is_free(ledger: Ledger) -> None:
    keep(ledger, asked(2, at=20.0))
    kept = claim(ledger)
    keep(ledger, asked(1, at=10.0))
    assert ledger.claim(NOW) is None
    ledger.release(kept)
    assert claim(ledger).event.id == "E1"


def test_different_people_are_served_side_by_side(ledger: Ledger) -> None:
    keep(ledger, asked(1, "U1"), asked(2, "U2"))
    assert {claim(ledger).event.user, claim(ledger).event.user} == {"U1", "U2"}


def test_one_person_is_served_side_by_side_in_two_chats(ledger: Ledger) -> None:
    keep(ledger, asked(1), LineEvent("E2", "text", GROUP, "U1"))
    assert {claim(ledger).event.chat.id, claim(ledger).event.chat.id} == {"U1", "C1"}


def test_a_crowd_of_claimers_gets_each_event_once(ledger: Ledger) -> None:
    keep(ledger, *(asked(n, user=f"U{n % 7}") for n in range(28)))
    taken: list[str] = []

    def serve() -> None:
        while kept := ledger.claim(NOW):
            finish(ledger, kept)
            taken.append(kept.event.id)
            ledger.release(kept)

    with ThreadPoolExecutor(6) as crowd:
        for server in [crowd.submit(serve) for _ in range(6)]:
            server.result()
    serve()
    assert sorted(taken) == sorted(f"E{n}" for n in range(28))


def test_of_two_who_finish_the_same_event_one_is_overtaken_and_keeps_nothing(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    slow = claim(ledger)
    quick = claim(ledger, NOW + 16)
    assert finish(ledger, quick, at=NOW + 16)
    with pytest.raises(LeaseLostError):
        finish(ledger, slow, at=NOW + 17)
    assert len(rows(ledger, outbox)) == 1


def test_who_lost_the_lease_does_not_release_the_new_holder(ledger: Ledger) -> None:
    keep(ledger, asked(1), asked(2))
    slow = claim(ledger)
    claim(ledger, NOW + 16)
    ledger.release(slow)
    assert ledger.claim(NOW + 17) is None


def test_the_reply_is_frozen_in_the_handlers_transaction_or_not_at_all(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    with UnitOfWork(ledger.engine) as work:
        ledger.finish(work, claim(ledger), HELLO, NOW)
    assert rows(ledger, outbox) == []
    assert [row.state for row in rows(ledger, inbox)] == ["waiting"]


def test_a_group_reply_is_quiet_and_a_personal_one_is_not(ledger: Ledger) -> None:
    keep(ledger, asked(1), LineEvent("E2", "text", GROUP, "U2", reply_token="token2"))
    for _ in range(2):
        finish(ledger, claim(ledger))
    by_chat = {row.chat: row.body for row in rows(ledger, outbox)}
    assert b"notificationDisabled" in by_chat["C1"]
    assert b"notificationDisabled" not in by_chat["U1"]


def test_nothing_goes_out_for_silence_or_without_a_token(ledger: Ledger) -> None:
    keep(ledger, asked(1), LineEvent("E2", "unfollow", Chat("U2", Place.PERSON), "U2"))
    assert finish(ledger, claim(ledger), None) is None
    assert finish(ledger, claim(ledger), HELLO) is None
    assert rows(ledger, outbox) == []


def test_a_sent_reply_is_remembered_by_its_bubbles(ledger: Ledger) -> None:
    kept, outgoing = written(ledger, asked(1))
    assert ledger.record_result(outgoing, Sent(("b1", "b2")), NOW, kept) == "sent"
    person = kept.event.chat
    for bubble in ("b1", "b2"):
        found = ledger.origin(person, bubble)
        assert found is not None
        assert (found.command, found.essays) == ("找 散熱", (3, 5))
    assert ledger.origin(GROUP, "b1") is None
    assert ledger.origin(person, "b3") is None
    assert rows(ledger, lanes) == []


def test_an_unclear_end_is_tried_again_with_pauses_and_the_same_token_and_body(ledger: Ledger) -> None:
    _, outgoing = written(ledger, asked(1))
    now, pauses = NOW, []
    for _ in range(5):
        assert ledger.record_result(outgoing, Ambiguous("500"), now) == "pending"
        waited = 0.0
        while (again := ledger.take(REPLY, now + waited)) is None:
            waited += 0.5
        assert (again.reply_token, again.body) == (outgoing.reply_token, outgoing.body)
        pauses.append(waited)
        outgoing, now = again, now + waited
    assert pauses == [1.0, 2.0, 4.0, 8.0, 8.0]


def test_a_reply_is_dropped_when_its_token_has_run_out(ledger: Ledger) -> None:
    _, outgoing = written(ledger, asked(1))
    ledger.record_result(outgoing, Refused(429, "The API rate limit has been exceeded."), NOW)
    assert ledger.take(REPLY, NOW + 49.9) is not None
    assert ledger.take(REPLY, NOW + 75) is None
    assert state(ledger) == "unknown", "its second attempt was left in the middle"


def test_a_late_reply_that_nobody_ever_took_is_dropped(ledger: Ledger) -> None:
    _, outgoing = written(ledger, asked(1))
    ledger.record_result(outgoing, Refused(0, "NewConnectionError"), NOW)
    assert ledger.take(REPLY, NOW + 50) is None
    assert state(ledger) == "dropped"


def test_an_event_that_is_handled_too_late_changes_the_club_but_sends_nothing(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    kept = claim(ledger, NOW + 60)
    assert finish(ledger, kept, at=NOW + 60) is None
    assert state(ledger) == "dropped"


@pytest.mark.parametrize(("first", "end"), [(None, "dropped"), (Ambiguous("timeout"), "unknown")])
def test_a_refusal_is_final_and_says_unknown_when_an_earlier_attempt_may_have_arrived(
    ledger: Ledger, first: Ambiguous | None, end: str
) -> None:
    _, outgoing = written(ledger, asked(1))
    if first:
        ledger.record_result(outgoing, first, NOW)
        outgoing = ledger.take(REPLY, NOW + 2) or outgoing
    assert ledger.record_result(outgoing, Refused(400, "Invalid reply token"), NOW + 2) == end
    assert ledger.take(REPLY, NOW + 20) is None


def test_a_reply_left_by_a_dead_sender_is_taken_over_as_unclear(ledger: Ledger) -> None:
    written(ledger, asked(1))
    assert ledger.take(REPLY, NOW + 14) is None
    outgoing = ledger.take(REPLY, NOW + 15)
    assert outgoing is not None
    assert outgoing.is_ambiguous
    assert ledger.record_result(outgoing, Refused(400, "Invalid reply token"), NOW + 15) == "unknown"


def test_a_late_success_corrects_what_a_second_sender_thought(ledger: Ledger) -> None:
    _, slow = written(ledger, asked(1))
    second = ledger.take(REPLY, NOW + 16)
    assert second is not None
    ledger.record_result(second, Refused(400, "Invalid reply token"), NOW + 16)
    ledger.record_result(slow, Sent(("b1",)), NOW + 17)
    assert state(ledger) == "sent"


def test_a_failure_that_is_told_late_does_not_undo_a_success(ledger: Ledger) -> None:
    _, slow = written(ledger, asked(1))
    second = ledger.take(REPLY, NOW + 16)
    assert second is not None
    ledger.record_result(second, Sent(("b1",)), NOW + 16)
    ledger.record_result(slow, Ambiguous("timeout"), NOW + 17)
    assert state(ledger) == "sent"


def test_a_redelivery_revives_the_token_of_a_waiting_event(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    keep(ledger, asked(1), at=NOW + 60)
    assert finish(ledger, claim(ledger, NOW + 60), at=NOW + 60) is not None


def test_a_redelivery_while_the_handler_thinks_counts_too(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    kept = claim(ledger, NOW + 49)
    keep(ledger, asked(1), at=NOW + 50)
    assert finish(ledger, kept, at=NOW + 51) is not None


def test_a_redelivery_revives_a_reply_that_was_dropped_as_late(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    finish(ledger, claim(ledger, NOW + 60), at=NOW + 60)
    keep(ledger, asked(1), at=NOW + 70)
    outgoing = ledger.take(REPLY, NOW + 70)
    assert outgoing is not None
    assert outgoing.messages == list(HELLO.messages)


def test_a_redelivery_of_an_answered_event_sends_nothing(ledger: Ledger) -> None:
    kept, outgoing = written(ledger, asked(1))
    ledger.record_result(outgoing, Sent(), NOW, kept)
    keep(ledger, asked(1), at=NOW + 20)
    assert ledger.claim(NOW + 20) is None
    assert ledger.take(REPLY, NOW + 20) is None


def test_what_was_said_is_erased_once_it_is_answered(ledger: Ledger) -> None:
    kept, outgoing = written(ledger, asked(1, text="我的秘密"))
    assert "秘密" not in str(rows(ledger, inbox))
    ledger.record_result(outgoing, Sent(("b1",)), NOW, kept)
    [row] = rows(ledger, outbox)
    assert (row.body, row.command, row.reply_token) == (None, "", None)


def test_an_unsent_message_is_forgotten_at_every_stage(ledger: Ledger) -> None:
    def take_back(number: int) -> None:
        ledger.store(WebhookBatch(NOW, unsent=(f"m{number}",)))

    keep(ledger, asked(1, text="秘密"))
    take_back(1)
    assert ledger.claim(NOW) is None
    _, pending = written(ledger, asked(2, "U2"))
    ledger.record_result(pending, Ambiguous("500"), NOW)
    take_back(2)
    assert ledger.take(REPLY, NOW + 5) is None
    kept, outgoing = written(ledger, asked(3, "U3"))
    ledger.record_result(outgoing, Sent(("b3",)), NOW, kept)
    take_back(3)
    assert "散熱" not in str([rows(ledger, table) for table in (inbox, outbox, bubbles)])
    assert ledger.origin(kept.event.chat, "b3") is not None, "still a bubble of ours"


def test_an_unsend_while_the_handler_thinks_stops_the_answer(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    kept = claim(ledger)
    ledger.store(WebhookBatch(NOW, unsent=("m1",)))
    with pytest.raises(LeaseLostError):
        finish(ledger, kept)


def test_a_free_token_is_handed_out_once_while_it_lives(ledger: Ledger) -> None:
    def chatter(number: int, at: float) -> None:
        ledger.store(WebhookBatch(at, free_tokens=(LineEvent(f"E{number}", "text", GROUP, reply_token=f"t{number}"),)))

    chatter(1, NOW)
    chatter(2, NOW + 10)
    chatter(2, NOW + 10)

    def take(chat: str, now: float) -> tuple[str, float] | None:
        with writing(ledger.engine) as connection:
            return take_token(connection, chat, now)

    assert take("C2", NOW + 20) is None
    assert take(GROUP.id, NOW + 55) == ("t2", NOW + 60)
    assert take(GROUP.id, NOW + 55) is None


def test_the_kinds_of_letters_do_not_mix(ledger: Ledger) -> None:
    push = {
        "kind": PUSH,
        "state": "pending",
        "chat": "C1",
        "retry_key": "k",
        "body": b"{}",
        "command": "",
        "essays": [],
    }
    times = {"due_at": NOW, "expires_at": NOW + DAY, "lease_until": 0.0, "created_at": NOW}
    with writing(ledger.engine) as connection:
        connection.execute(outbox.insert().values(**push, **times, attempts=0, unclear=False))
    assert ledger.take(REPLY, NOW) is None
    outgoing = ledger.take(PUSH, NOW)
    assert outgoing is not None
    assert (outgoing.chat, outgoing.retry_key) == ("C1", "k")


def test_a_reply_goes_out_as_frozen_and_what_it_carries_comes_last(ledger: Ledger) -> None:
    _, outgoing = written(ledger, asked(1))
    assert outgoing.content == outgoing.body
    digest = CarriedMessage(1, ({"type": "text", "text": "今日摘要"},), "今日", (7,))
    carrying = replace(outgoing, carried=(digest,))
    assert [one["text"] for one in json.loads(carrying.content)["messages"]] == ["好", "今日摘要"]


def test_a_push_is_remembered_by_its_bubbles_unless_its_person_was_erased_meanwhile(ledger: Ledger) -> None:
    common = {"kind": PUSH, "state": "pending", "body": b"{}", "command": "今日", "attempts": 1}
    times = {"due_at": NOW, "expires_at": NOW + DAY, "lease_until": 0.0, "created_at": NOW, "unclear": False}
    for number in (1, 2):
        with writing(ledger.engine) as connection:
            row = {**common, **times, "chat": f"U{number}", "retry_key": f"k{number}", "essays": [number]}
            connection.execute(outbox.insert().values(row))
    pushed = [one for _ in range(2) if (one := ledger.take(PUSH, NOW))]
    with UnitOfWork(ledger.engine) as work:
        work.writer.execute(outbox.delete().where(outbox.c.chat == "U2"))
        ledger.record_push_results(work, [(one, Sent((f"b{one.chat}",))) for one in pushed], NOW)
        work.commit()
    assert ledger.origin(Chat("U1", Place.PERSON), "bU1") == SentContext("今日", (1,))
    assert ledger.origin(Chat("U2", Place.PERSON), "bU2") is None


def test_what_was_asked_next_with_the_words_of_an_unsent_message_is_forgotten_too(ledger: Ledger) -> None:
    commands = {1: "找 散熱", 2: "找 散熱 第2頁", 3: "2330"}
    for number, command in commands.items():
        keep(ledger, asked(number), at=NOW + number)
        kept = claim(ledger, NOW + number)
        letter = finish(ledger, kept, replace(HELLO, command=command), NOW + number)
        assert letter is not None
        ledger.record_result(letter, Sent((f"b{number}",)), NOW + number, kept)
        with writing(ledger.engine) as connection:
            missed = {"key": command, "kind": "ask", "user_id": "U1", "message": f"m{number}", "at": datetime.now(UTC)}
            connection.execute(missed_asks.insert().values(missed))
    ledger.store(WebhookBatch(NOW + 9, unsent=("m1",)))
    assert [row.message for row in rows(ledger, missed_asks)] == ["m3"]


def test_work_is_seen_without_taking_it(ledger: Ledger) -> None:
    nothing, an_event, a_reply = (False, False), (True, False), (False, True)
    assert ledger.has_work(NOW) == nothing
    keep(ledger, asked(1))
    assert ledger.has_work(NOW) == an_event
    kept = claim(ledger)
    assert ledger.has_work(NOW) == nothing
    assert ledger.has_work(NOW + 15) == an_event
    outgoing = finish(ledger, kept)
    assert outgoing is not None
    ledger.record_result(outgoing, Ambiguous("500"), NOW, kept)
    assert ledger.has_work(NOW) == nothing
    assert ledger.has_work(NOW + 1) == a_reply


def test_the_sweep_deletes_what_has_served_and_nothing_else(ledger: Ledger) -> None:
    kept, outgoing = written(ledger, asked(1))
    ledger.record_result(outgoing, Sent(("b1",)), NOW, kept)
    ledger.store(
        WebhookBatch(NOW, (asked(2, "U2"),), (LineEvent("E3", "text", GROUP, reply_token="t"),), (), (("odd", b"?"),))
    )
    ledger.sweep(NOW + HOUR)
    assert [len(rows(ledger, table)) for table in (inbox, outbox, bubbles, tokens, quarantine)] == [2, 1, 1, 0, 1]
    ledger.sweep(NOW + 8 * DAY)
    assert [len(rows(ledger, table)) for table in (inbox, outbox, bubbles, tokens, quarantine)] == [1, 0, 1, 0, 0]
    assert claim(ledger, NOW + 8 * DAY).event.id == "E2", "what nobody answered yet stays"
    ledger.sweep(NOW + 31 * DAY)
    assert rows(ledger, bubbles) == []


def test_a_dropped_reply_loses_its_text_within_the_hour(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    finish(ledger, claim(ledger, NOW + 60), at=NOW + 60)
    ledger.sweep(NOW + 60 + HOUR)
    [row] = rows(ledger, outbox)
    assert (row.body, row.command) == (None, "")


def test_a_person_who_is_forgotten_leaves_no_row(ledger: Ledger) -> None:
    for number, user in ((1, "U1"), (2, "U2")):
        kept, outgoing = written(ledger, asked(number, user))
        ledger.record_result(outgoing, Sent((f"b{number}",)), NOW, kept)
    with UnitOfWork(ledger.engine) as work:
        ledger.forget(work, "U1")
        work.commit()
    assert "U1" not in str([rows(ledger, table) for table in (inbox, outbox, bubbles)])
    assert [row.user_id for row in rows(ledger, bubbles)] == ["U2"]


def test_who_asked_is_not_kept_once_it_is_answered(ledger: Ledger) -> None:
    kept, letter = written(ledger, asked(1, "U1"))
    ledger.record_result(letter, Sent(()), NOW, kept)
    assert "U1" not in str([rows(ledger, table) for table in (inbox, outbox)])


def test_what_a_bubble_answered_is_kept_for_a_day_and_that_it_is_ours_for_thirty(ledger: Ledger) -> None:
    kept, letter = written(ledger, asked(1, "U1"))
    ledger.record_result(letter, Sent(("b1",)), NOW, kept)
    ledger.sweep(NOW + DAY - 1)
    assert ledger.origin(kept.event.chat, "b1").command == "找 散熱"  # type: ignore[union-attr]
    ledger.sweep(NOW + DAY)
    assert ledger.origin(kept.event.chat, "b1") == SentContext("", (3, 5))
    ledger.sweep(NOW + 30 * DAY)
    assert ledger.origin(kept.event.chat, "b1") is None


def test_a_bubble_that_arrives_after_its_question_was_unsent_does_not_tell_it(ledger: Ledger) -> None:
    kept, letter = written(ledger, asked(1))
    ledger.store(WebhookBatch(NOW, unsent=("m1",)))
    ledger.record_result(letter, Sent(("b1",)), NOW, kept)
    assert "散熱" not in str(rows(ledger, bubbles))


@pytest.mark.parametrize("order", [("original", "first", "second"), ("second", "first", "original")])
@pytest.mark.parametrize("answers_each", [True, False])
def test_of_a_message_and_its_edits_the_latest_is_answered_in_whatever_order_they_come(
    ledger: Ledger, order: tuple[str, ...], *, answers_each: bool
) -> None:
    said = {"original": 0.0, "first": 1.0, "second": 2.0}
    answered = []
    for text in order:
        event = replace(asked(1, text=text), id=text, said_at=NOW + said[text], edited=text != "original")
        keep(ledger, event)
        while (answers_each or text == order[-1]) and (kept := ledger.claim(NOW)) is not None:
            answered.append(kept.event.text)
            finish(ledger, kept)
            ledger.release(kept)
    assert answered == (list(order) if answers_each and order[0] == "original" else ["second"])
