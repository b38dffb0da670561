"""Sending at its edges: whose turn it is, what is tried again and when, and which end is honest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, insert, update

from bot.ledger import (
    PUSH,
    REPLY,
    UNKNOWN,
    Delivery,
    Ledger,
    WebhookBatch,
    chat_with_token,
    create_carrier,
    end_ambiguous,
    plan_deliveries,
    take_token,
)
from bot.ledger.claims import claim_due, start_pushes
from bot.ledger.deliveries import AMBIGUOUS, NOTICE
from bot.ledger.outgoing import DROPPED, PENDING, RIDING, CarriedMessage
from bot.ledger.recipients import chats_with_history, shown_to
from bot.ledger.tables import bubbles, outbox
from bot.line.client import Ambiguous, Refused, Sent
from bot.line.events import LineEvent
from bot.outbound.composer import Composed
from corpus.database import UnitOfWork, reading, writing
from handlers.identity import Chat, Place
from tests.support.kept_events import GROUP, NOW, asked, claim, finish, keep, rows, state, written

BUSY = Refused(429, "The API rate limit has been exceeded.")
USED = Refused(400, "Invalid reply token")


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


def pushed(ledger: Ledger, *chats: Chat, at: float = NOW) -> None:
    """A push to each chat is begun."""
    with writing(ledger.engine) as connection:
        plan_deliveries(connection, [Delivery(NOTICE, chat, "monday", push_at=at) for chat in chats], at)
        claimed = claim_due(connection, at, 3600.0, 10)
        body = Composed(b'{"messages": []}', 1, "", ())
        start_pushes(connection, [(one, body, 1) for one in claimed], at, ledger.lease)


def states(ledger: Ledger) -> list[str]:
    return [row.state for row in rows(ledger, outbox)]


def test_of_two_that_are_due_each_is_taken_once(ledger: Ledger) -> None:
    for number, user in ((1, "U1"), (2, "U2")):
        _, outgoing = written(ledger, asked(number, user))
        ledger.record_result(outgoing, Ambiguous("500"), NOW)
    taken = [ledger.take(REPLY, NOW + 1) for _ in range(3)]
    assert [one and one.user for one in taken] == ["U1", "U2", None]


def test_a_refusal_after_a_busy_line_is_no_riddle(ledger: Ledger) -> None:
    """LINE said that it had not taken the first attempt; it may be answered anew."""
    _, outgoing = written(ledger, asked(1))
    ledger.record_result(outgoing, BUSY, NOW)
    again = ledger.take(REPLY, NOW + 1)
    assert again is not None
    assert ledger.record_result(again, USED, NOW + 1) == DROPPED


def test_of_a_refused_reply_nobody_knows_who_had_asked(ledger: Ledger) -> None:
    kept, outgoing = written(ledger, asked(1))
    ledger.record_result(outgoing, USED, NOW, kept)
    assert "U1" not in str(rows(ledger, outbox))


@pytest.mark.parametrize("handled_late", [True, False])
def test_a_reply_that_a_redelivery_revives_is_as_fresh_as_at_first(ledger: Ledger, handled_late: bool) -> None:
    keep(ledger, asked(1))
    outgoing = finish(ledger, claim(ledger, NOW + 50 * handled_late), at=NOW + 50 * handled_late)
    if outgoing is not None:
        ledger.record_result(outgoing, BUSY, NOW)
    assert ledger.take(REPLY, NOW + 50) is None
    assert state(ledger) == DROPPED
    keep(ledger, asked(1), at=NOW + 70)
    again = ledger.take(REPLY, NOW + 70)
    assert again is not None
    assert not again.is_ambiguous
    assert again.attempts == (1 if handled_late else 2)
    assert ledger.record_result(again, USED, NOW + 70) == DROPPED


def test_a_redelivery_revives_nobody_elses_reply(ledger: Ledger) -> None:
    keep(ledger, asked(1, "U1"), asked(2, "U2"))
    finish(ledger, claim(ledger, NOW + 60), at=NOW + 60)
    keep(ledger, asked(2, "U2"), at=NOW + 70)
    assert ledger.take(REPLY, NOW + 70) is None
    assert state(ledger) == DROPPED


def test_the_last_attempt_is_waited_for_before_a_reply_is_given_up(ledger: Ledger) -> None:
    _, outgoing = written(ledger, asked(1))
    ledger.record_result(outgoing, BUSY, NOW)
    assert ledger.take(REPLY, NOW + 49) is not None
    ledger.take(REPLY, NOW + 63)
    assert state(ledger) == PENDING
    ledger.take(REPLY, NOW + 64)
    assert state(ledger) == UNKNOWN


def test_a_reply_that_arrived_and_a_push_under_way_do_not_end_with_a_late_reply(ledger: Ledger) -> None:
    kept, outgoing = written(ledger, asked(1))
    ledger.record_result(outgoing, Sent(("b1",)), NOW, kept)
    pushed(ledger, Chat("U2", Place.PERSON))
    ledger.take(REPLY, NOW + AMBIGUOUS)
    assert states(ledger) == ["sent", PENDING]


def test_a_carrier_is_its_senders_until_its_lease_ends(ledger: Ledger) -> None:
    with writing(ledger.engine) as connection:
        outgoing = create_carrier(connection, GROUP, "t1", NOW + 50, NOW, ledger.lease)
    assert (outgoing.attempts, outgoing.is_ambiguous) == (1, False)
    assert ledger.take(REPLY, NOW + 14) is None
    again = ledger.take(REPLY, NOW + 15)
    assert again is not None
    assert (again.attempts, again.is_ambiguous) == (2, True)


def test_a_reply_of_which_line_tells_no_ids_has_arrived_with_all_that_it_carries(ledger: Ledger) -> None:
    kept, outgoing = written(ledger, asked(1))
    carrying = replace(outgoing, carried=(CarriedMessage(9, ({"type": "text", "text": "今日摘要"},), "今日", (7,)),))
    assert ledger.record_result(carrying, Sent(()), NOW, kept) == "sent"


def test_a_push_is_tried_again_after_pauses_that_grow_to_five_minutes(ledger: Ledger) -> None:
    pushed(ledger, GROUP)
    [row] = rows(ledger, outbox)
    now, pauses = NOW + 15, list[float]()
    for _ in range(11):
        outgoing = ledger.take(PUSH, now)
        assert outgoing is not None
        ledger.record_result(outgoing, BUSY, now)
        [row] = rows(ledger, outbox)
        pauses.append(row.due_at - now)
        now = row.due_at
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_a_push_is_given_up_after_its_time_and_nothing_else_with_it(ledger: Ledger) -> None:
    """A digest may wait for a ride for longer, and a reply has an end of its own."""
    with writing(ledger.engine) as connection:
        plan_deliveries(connection, [Delivery(NOTICE, GROUP, "waits")], NOW)
    pushed(ledger, *(Chat(user, Place.PERSON) for user in ("U1", "U2", "U3")))
    written(ledger, asked(1, "U4"))
    with writing(ledger.engine) as connection:
        mine = outbox.c.user_id
        connection.execute(update(outbox).where(mine == "U1").values(lease_until=0.0, unclear=True))
        connection.execute(update(outbox).where(mine == "U2").values(lease_until=0.0))
        connection.execute(update(outbox).where(mine == "U3").values(lease_until=NOW + AMBIGUOUS + 5))

    def look(at: float) -> list[str]:
        with UnitOfWork(ledger.engine) as work:
            end_ambiguous(work, at)
            work.commit()
        return states(ledger)

    assert look(NOW + AMBIGUOUS - 1) == ["waiting", PENDING, PENDING, PENDING, PENDING]
    assert look(NOW + AMBIGUOUS) == ["waiting", UNKNOWN, DROPPED, PENDING, PENDING]
    assert look(NOW + AMBIGUOUS + 5) == ["waiting", UNKNOWN, DROPPED, UNKNOWN, PENDING]


def test_free_tokens_are_used_newest_first_while_they_live(ledger: Ledger) -> None:
    for number, at in ((1, NOW), (2, NOW + 10)):
        heard = LineEvent(f"E{number}", "text", GROUP, reply_token=f"t{number}")
        ledger.store(WebhookBatch(at, free_tokens=(heard,)))
    with writing(ledger.engine) as connection:
        assert take_token(connection, GROUP.id, NOW + 60) is None
        taken = [take_token(connection, GROUP.id, NOW + 20) for _ in range(3)]
    assert taken == [("t2", NOW + 60), ("t1", NOW + 50), None]


def test_a_token_is_offered_where_something_waits_as_long_as_it_lives(ledger: Ledger) -> None:
    other = Chat("C2", Place.GROUP)
    ledger.store(WebhookBatch(NOW, free_tokens=(LineEvent("E1", "text", GROUP, reply_token="t1"),)))
    with writing(ledger.engine) as connection:
        plan_deliveries(connection, [Delivery(NOTICE, other, "waits")], NOW)
        assert chat_with_token(connection, NOW) is None
        plan_deliveries(connection, [Delivery(NOTICE, GROUP, "waits")], NOW)
        assert chat_with_token(connection, NOW + 49) == GROUP.id
        assert chat_with_token(connection, NOW + 50) is None
        connection.execute(update(outbox).values(state=RIDING))
        assert chat_with_token(connection, NOW) is None


def test_a_chat_was_shown_an_essay_by_its_own_number_only(ledger: Ledger) -> None:
    with writing(ledger.engine) as connection:
        for number, (chat, essays) in enumerate((("U1", [1]), ("U2", [11]), ("C3", [2, 1]), ("U1", [1, 3]))):
            row = {"message": f"b{number}", "chat": chat, "command": "", "essays": essays, "sent_at": NOW}
            connection.execute(insert(bubbles).values(row))
        assert [chat.id for chat in shown_to(connection, 1)] == ["C3", "U1"]


def test_who_was_heard_or_spoken_to_has_a_history(ledger: Ledger) -> None:
    kept, outgoing = written(ledger, asked(1, "U1"))
    ledger.record_result(outgoing, Sent(("b1",)), NOW, kept)
    room = Chat("Rroom", Place.GROUP)
    keep(ledger, LineEvent("E2", "text", room, "U2", message="m2"))
    with reading(ledger.engine) as connection:
        assert set(chats_with_history(connection)) == {room, Chat("U1", Place.PERSON)}
