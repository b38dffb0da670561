"""The Ledger in figures: what an operator is alarmed by, and what not."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert

from bot.ledger import DIGEST, NOTICE, Delivery, Ledger, WebhookBatch, plan_deliveries
from bot.ledger.retention import DAY
from bot.ledger.tables import runs
from bot.line.client import Sent
from corpus.database import writing
from corpus.storage.schema import archive, backups
from handlers.identity import Chat, Place
from tests.support.kept_events import NOW, asked, claim, finish, keep

Figures = dict[tuple[str, ...], float]


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


def figures(ledger: Ledger, at: float = NOW, index: int = 0) -> Figures:
    """Every figure, under its name without ours and the values of its labels."""
    found = ledger.figures(at, index)
    return {(name.removeprefix("luopan_"), *labels.values()): value for name, _, labels, value in found}


def test_of_nothing_every_figure_is_nothing_and_there_was_no_backup(ledger: Ledger) -> None:
    found = figures(ledger)
    assert found.pop(("backup_age_seconds",)) == -1
    assert set(found.values()) == {0}
    assert ("outbox_oldest_seconds", "push", "waiting") in found
    assert ("outbox_oldest_seconds", "push", "sent") not in found, "how old it is alarms nobody"


def test_the_oldest_question_that_waits_is_told_and_who_is_being_answered(ledger: Ledger) -> None:
    keep(ledger, asked(1, "U1"), at=NOW - 30)
    keep(ledger, asked(2, "U2"), at=NOW - 10)
    found = figures(ledger)
    assert (found["inbox_waiting",], found["inbox_oldest_seconds",], found["inbox_answering",]) == (2, 30, 0)
    finish(ledger, claim(ledger))
    found = figures(ledger, NOW + 14)
    assert (found["inbox_waiting",], found["inbox_oldest_seconds",], found["inbox_answering",]) == (1, 24, 1)
    assert figures(ledger, NOW + 15)["inbox_answering",] == 0, "its lease has ended"


def test_an_answer_that_is_not_sent_grows_old_until_it_is(ledger: Ledger) -> None:
    keep(ledger, asked(1))
    kept = claim(ledger)
    outgoing = finish(ledger, kept)
    assert outgoing is not None
    found = figures(ledger, NOW + 7)
    assert (found["outbox", "reply", "pending"], found["outbox_oldest_seconds", "reply", "pending"]) == (1, 7)
    ledger.record_result(outgoing, Sent(("b1",)), NOW + 8, kept)
    found = figures(ledger, NOW + 9)
    assert (found["outbox", "reply", "pending"], found["outbox_oldest_seconds", "reply", "pending"]) == (0, 0)
    assert found["outbox", "reply", "sent"] == 1


def test_digests_are_counted_for_a_day_and_notices_are_not(ledger: Ledger) -> None:
    planned = [Delivery(kind, Chat(user, Place.PERSON), "monday") for kind, user in ((DIGEST, "U1"), (NOTICE, "U2"))]
    with writing(ledger.engine) as connection:
        plan_deliveries(connection, planned, NOW)
        missed = {"kind": DIGEST, "chat": "U3", "place": "person", "name": "monday", "subject": "", "created_at": NOW}
        connection.execute(insert(runs).values(**missed, state="skipped"))
    found = figures(ledger, NOW + DAY - 1)
    assert (found["digests", "planned"], found["digests", "skipped"], found["digests", "sent"]) == (1, 1, 0)
    assert figures(ledger, NOW + DAY)["digests", "planned"] == 0


def test_what_could_not_be_read_how_far_the_index_is_behind_and_the_last_backup(ledger: Ledger) -> None:
    ledger.store(WebhookBatch(NOW, unreadable=(("odd", b"?"), ("odd", b"!"))))
    with writing(ledger.engine) as connection:
        connection.execute(insert(archive).values(id=1, revision=5))
        for age in (50.0, 90.0):
            made = {"made_at": NOW - age, "name": f"{age}.gz", "essays": 1, "rows": 1, "checked": True}
            connection.execute(insert(backups).values(made))
    found = figures(ledger, index=3)
    assert (found["quarantined",], found["index_behind",], found["backup_age_seconds",]) == (2, 2, 50)
