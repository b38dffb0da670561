"""The sweep: each thing is kept exactly as long as it serves."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, Table

from bot.ledger import REPLY, Ledger, WebhookBatch
from bot.ledger.retention import DAY, HOUR
from bot.ledger.tables import inbox, lanes, outbox, quarantine, tokens
from bot.line.client import Sent
from bot.line.events import LineEvent
from corpus.database import writing
from tests.support.kept_events import GROUP, NOW, asked, claim, finish, keep, rows, written

LAST = NOW + 50  # when the reply tokens of what came NOW run out


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


def answered(ledger: Ledger) -> None:
    kept, outgoing = written(ledger, asked(1))
    ledger.record_result(outgoing, Sent(("b1",)), NOW, kept)


def chattered(ledger: Ledger) -> None:
    ledger.store(WebhookBatch(NOW, free_tokens=(LineEvent("E1", "text", GROUP, reply_token="t1"),)))


def died(ledger: Ledger) -> None:
    """A process that answers somebody ends."""
    keep(ledger, asked(1))
    claim(ledger)


def stumbled(ledger: Ledger) -> None:
    ledger.store(WebhookBatch(NOW, unreadable=(("odd", b"?"),)))


@pytest.mark.parametrize(
    ("happened", "table", "until"),
    [
        (answered, inbox, NOW + 3 * DAY),
        (answered, outbox, LAST + 3 * DAY),
        (chattered, tokens, LAST),
        (died, lanes, NOW + 15),
        (stumbled, quarantine, NOW + 7 * DAY),
    ],
)
def test_what_has_served_is_kept_to_its_time_and_not_a_second_longer(
    ledger: Ledger, happened: object, table: Table, until: float
) -> None:
    happened(ledger)  # type: ignore[operator]
    ledger.sweep(until - 1)
    assert len(rows(ledger, table)) == 1
    ledger.sweep(until)
    assert rows(ledger, table) == []


def late(ledger: Ledger) -> None:
    """A reply is dropped because it is finished at the very moment at which its token runs out."""
    keep(ledger, asked(1))
    assert finish(ledger, claim(ledger, LAST), at=LAST) is None


def test_a_dropped_reply_can_be_revived_for_an_hour_and_then_has_no_words(ledger: Ledger) -> None:
    late(ledger)
    ledger.sweep(LAST + HOUR)
    [row] = rows(ledger, outbox)
    assert (row.body, row.command, row.user_id) == (None, "", None)
    keep(ledger, asked(1), at=LAST + HOUR)
    assert ledger.take(REPLY, LAST + HOUR) is None


def test_within_the_hour_the_sweep_leaves_it_its_words(ledger: Ledger) -> None:
    late(ledger)
    ledger.sweep(LAST + HOUR - 1)
    keep(ledger, asked(1), at=LAST + HOUR - 1)
    assert ledger.take(REPLY, LAST + HOUR - 1) is not None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_deleted_leaves_the_log_of_the_database_too(ledger: Ledger) -> None:
    answered(ledger)
    ledger.sweep(NOW + 31 * DAY)
    assert Path(f"{ledger.engine.url.database}-wal").stat().st_size == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_is_ready_only_where_a_row_can_be_written_and_leaves_none(ledger: Ledger) -> None:
    ledger.try_write(1.0)
    assert rows(ledger, lanes) == []
    with writing(ledger.engine) as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON lanes BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(Exception, match="disk full"):
        ledger.try_write(1.0)
