"""How far what was sent has come: whom it reached, and by which way."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.ledger import DeliveryGroup, reach_of_essays, recent_deliveries, sent_by_way
from bot.ledger.deliveries import ON_DEMAND
from bot.ledger.tables import bubbles, runs
from corpus.database import reading, writing

SINCE = 1_700_000_000.0


@pytest.fixture
def told(engine: Engine) -> Engine:
    """Bubbles in two chats of people and a group, and deliveries of every way; some are older."""
    said = [  # chat, who had asked, what was answered, essays, seconds after SINCE
        ("U1", "U1", "m1", [1, 2], 0),
        ("U1", "U1", "m2", [1], 5),
        ("U2", None, None, [1], 6),
        ("C1", "U3", "m3", [2], 7),
        ("C1", None, None, [2], 8),
        ("U4", "U4", "m4", [1], -1),
    ]
    ended = [
        ("reply", "sent", 0),
        ("alone", "sent", 1),
        ("push", "sent", 2),
        ("push", "dropped", 3),
        ("push", "sent", -1),
    ]
    with writing(engine) as connection:
        for number, (chat, user, answers, essays, after) in enumerate(said):
            about = {"chat": chat, "user_id": user, "answers": answers, "essays": essays, "sent_at": SINCE + after}
            connection.execute(bubbles.insert().values(message=f"b{number}", command="", **about))
        for number, (way, state, after) in enumerate(ended):
            run = {"kind": "digest", "chat": "U1", "place": "person", "name": f"r{number}", "subject": ""}
            connection.execute(runs.insert().values(**run, way=way, state=state, created_at=SINCE + after))
    return engine


def test_people_are_counted_once_and_of_a_group_who_asked(told: Engine) -> None:
    with reading(told) as connection:
        assert reach_of_essays(connection, SINCE) == {1: (2, 1), 2: (2, 2)}


def test_what_went_out_with_a_reply_and_what_was_pushed(told: Engine) -> None:
    with reading(told) as connection:
        assert sent_by_way(connection, SINCE) == (2, 1)
        assert sent_by_way(connection, SINCE + 10) == (0, 0)


def test_the_latest_deliveries_are_listed_by_pages_with_their_ends_and_ways(told: Engine) -> None:
    with writing(told) as connection:
        run = {"chat": "U1", "place": "person", "subject": "", "created_at": SINCE + 9}
        connection.execute(runs.insert().values(**run, kind=ON_DEMAND, name="asked", state="sent", way="asked"))
        connection.execute(runs.insert().values(**run, kind="notice", name="a word", state="planned"))
    with reading(told) as connection:
        first, second = recent_deliveries(connection, 2, 0), recent_deliveries(connection, 2, 2)
    assert first[0] == DeliveryGroup("notice", "a word", "", SINCE + 9, (("planned", "", 1),))
    assert [(group.name, group.ends) for group in first[1:]] == [("r3", (("dropped", "push", 1),))]
    assert [group.ends for group in second] == [(("sent", "push", 1),), (("sent", "alone", 1),)]
