"""Planned and claimed deliveries at their edges: what is merged, what is too late, what another holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, select, text, update

from bot.ledger import claims, count_unsent, deliveries, has_in_flight
from bot.ledger.claims import LONGEST_WAIT
from bot.ledger.deliveries import NOTICE, PLANNED, SKIPPED, SUPERSEDED, Delivery
from bot.ledger.digest_plans import DigestSlot, next_chats, plan_digests
from bot.ledger.outgoing import DROPPED, PENDING, REPLY, SENT, UNKNOWN, WAITING
from bot.ledger.tables import outbox, runs
from corpus.database import reading, writing
from handlers.club.digest_tables import mailings
from handlers.club.timetable import Timetable
from handlers.identity import Chat, Place

NOW, WINDOW = 1_700_000_000.0, 6 * 3600.0
ANN, BEN, CLUB = Chat("Uann", Place.PERSON), Chat("Uben", Place.PERSON), Chat("Cclub", Place.GROUP)


def to(chat: str, name: str, kind: str = NOTICE, state: str = PLANNED, push_at: float | None = NOW) -> Delivery:
    return Delivery(kind, Chat(chat, Place.PERSON), name, state, push_at=push_at)


def plan(engine: Engine, *wanted: Delivery, at: float = NOW) -> int:
    with writing(engine) as connection:
        return deliveries.plan_deliveries(connection, wanted, at)


def due(engine: Engine, at: float = NOW) -> list[str]:
    with writing(engine) as connection:
        return [claimed.name for claimed in claims.claim_due(connection, at, WINDOW, 10)]


def unsent(connection: Connection, at: float) -> int:
    return count_unsent(connection, datetime.fromtimestamp(at, UTC), timedelta(seconds=WINDOW))


def states(engine: Engine) -> dict[str, str]:
    with reading(engine) as connection:
        found: Sequence[tuple[str, str]] = connection.execute(select(runs.c.name, runs.c.state)).all()  # type: ignore[assignment]
    return dict(found)


def subscribe(engine: Engine, chat: str, minute: int) -> None:
    usual = {"place": "person", "days": "daily", "on_time": False, "archive": False, "covered": 0, "since": 0.0}
    with writing(engine) as connection:
        connection.execute(insert(mailings).values(chat=chat, minute=minute, **usual))


def plan_slot(engine: Engine, name: str, minute: int, *, too_late: bool = False) -> int:
    at = datetime.fromtimestamp(NOW, UTC)
    slot = DigestSlot(Timetable("daily", minute), name, at, at, too_late, patience=0.0)
    with writing(engine) as connection:
        end = next_chats(connection, slot, "")
        return plan_digests(connection, slot, "", end, news=1, revision=1, clock=NOW) if end else 0


def test_only_a_digest_that_goes_out_takes_the_place_of_one_that_waits(engine: Engine) -> None:
    subscribe(engine, "Uann", 480)
    subscribe(engine, "Uben", 540)
    assert (
        plan_slot(engine, "monday", 480) == plan_slot(engine, "monday", 540) == plan(engine, to("Uann", "a word")) == 1
    )
    assert plan_slot(engine, "missed", 540, too_late=True) == 0
    assert sorted(due(engine)) == ["a word", "monday", "monday"]
    assert plan_slot(engine, "tuesday", 480) == 1
    assert plan_slot(engine, "tuesday", 480) == 0
    assert sorted(due(engine)) == ["a word", "monday", "tuesday"]
    assert (states(engine)["missed"], states(engine)["tuesday"]) == (SKIPPED, PLANNED)
    with reading(engine) as connection:
        assert list(connection.scalars(select(runs.c.chat).where(runs.c.state == SUPERSEDED))) == ["Uann"]


def test_what_is_known_is_not_planned_again(engine: Engine) -> None:
    assert plan(engine, to("Uann", "monday")) == 1
    assert plan(engine, to("Uann", "monday"), to("Uben", "monday")) == 1
    assert due(engine) == ["monday", "monday"]


def test_all_of_many_are_planned(engine: Engine) -> None:
    many = [to(f"U{number}", "monday") for number in range(2 * deliveries.BATCH + 1)]
    assert plan(engine, *many) == len(many)
    with reading(engine) as connection:
        assert len(connection.execute(select(outbox.c.id).where(outbox.c.state == WAITING)).all()) == len(many)


@pytest.mark.parametrize(
    ("at", "found"),
    [(NOW - 1, []), (NOW, ["monday"]), (NOW + WINDOW - 1, ["monday"]), (NOW + WINDOW, [])],
    ids=["a second early", "on time", "nearly too late", "too late"],
)
def test_a_push_has_its_window(engine: Engine, at: float, found: list[str]) -> None:
    plan(engine, to("Uann", "monday"), to("Uann", "with a reply only", NOTICE, push_at=None))
    assert due(engine, at) == found
    with reading(engine) as connection:
        assert claims.is_push_due(connection, at, WINDOW) == bool(found)
        assert unsent(connection, at) == len(found)
        assert has_in_flight(connection, datetime.fromtimestamp(at, UTC), timedelta(seconds=WINDOW)) == bool(found)


@pytest.mark.parametrize(
    ("at", "left"),
    [(NOW - 1, 0), (NOW, 4), (NOW + WINDOW - 1, 4), (NOW + WINDOW, 0)],
    ids=["a second early", "on time", "nearly too late", "too late"],
)
def test_what_ended_ill_or_waits_for_a_ride_only_is_unsent_within_its_window(
    engine: Engine, at: float, left: int
) -> None:
    endings = {state: replace(to("Uann", state), slot=NOW) for state in (DROPPED, UNKNOWN, SENT)}
    refused = [Delivery(NOTICE, chat, "refused", slot=NOW) for chat in (ANN, BEN, CLUB)]
    plan(engine, *endings.values(), *refused)
    with writing(engine) as connection:
        for state in endings:
            connection.execute(update(runs).where(runs.c.name == state).values(state=state))
        connection.execute(update(outbox).where(outbox.c.push_at.is_not(None)).values(state=SENT))
    with reading(engine) as connection:
        assert unsent(connection, at) == left


def test_a_push_to_be_tried_again_is_unsent_and_a_reply_is_not(engine: Engine) -> None:
    plan(engine, to("Uann", "monday"), to("Uben", "monday"), to("Ueve", "monday"))
    with writing(engine) as connection:
        connection.execute(update(outbox).values(state=PENDING))
        connection.execute(update(outbox).where(outbox.c.chat == "Ueve").values(kind=REPLY))
        assert unsent(connection, NOW) == 2


@pytest.mark.parametrize(("age", "rides"), [(LONGEST_WAIT - 1, True), (LONGEST_WAIT, False)])
def test_a_ride_is_waited_for_no_longer_than_somebody_wants_it(engine: Engine, age: float, rides: bool) -> None:
    plan(engine, to("Uann", "monday"))
    with writing(engine) as connection:
        found = claims.claim_for_chat(connection, "Uann", NOW + age, 5)
        claims.cancel_stale(connection, NOW + age)
    assert [claimed.name for claimed in found] == (["monday"] if rides else [])
    with reading(engine) as connection:
        assert claims.has_waiting_delivery(connection, "Uann") == rides
        assert not claims.has_waiting_delivery(connection, "Uben")


def test_chats_in_which_another_is_under_way_do_not_keep_the_others_waiting(engine: Engine) -> None:
    plan(engine, to("Uann", "monday"), to("Uben", "monday"))
    with writing(engine) as connection:
        connection.execute(update(outbox).values(state=PENDING))
    plan(engine, to("Uann", "news"), to("Uben", "news"), to("Ueve", "news", push_at=NOW + 1))
    with writing(engine) as connection:
        [claimed] = claims.claim_due(connection, NOW + 1, WINDOW, 1)
    assert claimed.chat.id == "Ueve"


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_claim_on_postgres_does_not_read_all_that_waits(engine: Engine) -> None:
    plan(engine, *(to(f"U{number}", "monday") for number in range(2_000)))
    read = text("SELECT idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'outbox'")
    with writing(engine) as connection:
        assert len(claims.claim_due(connection, NOW, WINDOW, 10)) == 10
        assert connection.execute(read).scalar_one() < 100


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_who_claims_does_not_wait_for_what_another_holds(engine: Engine) -> None:
    plan(engine, to("Uann", "monday"), to("Uben", "monday"))
    with writing(engine) as first:
        [held] = claims.claim_due(first, NOW, WINDOW, 1)
        with writing(engine) as second:
            second.execute(text("SET LOCAL lock_timeout TO 100"))
            [other] = claims.claim_due(second, NOW, WINDOW, 2)
    assert {held.chat.id, other.chat.id} == {"Uann", "Uben"}
