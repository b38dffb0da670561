"""What the worker looks for again and again costs by what is due, not by how much there is."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.support.newsroom import newsroom

pytestmark = pytest.mark.slow

# They hold a row for what is under way at this moment, or for each person who was erased; `held` is what its indexes found.
SMALL = {"archive", "erasures", "free_tokens", "lanes", "left_unread", "quarantine", "held", "CONSTANT"}


def test_no_table_that_grows_is_read_from_end_to_end(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        bot, said = room.stage.bot, set[str]()

        def listen(driver: Any, _record: Any) -> None:
            driver.set_trace_callback(said.add)

        bot.engine.dispose()
        event.listen(bot.engine, "connect", listen)
        bot.worker.tick(datetime.now(UTC))
        bot.ledger.sweep(time.time())
        event.remove(bot.engine, "connect", listen)
        bot.engine.dispose()
        with bot.engine.connect() as connection:
            looks = [sql for sql in said if sql.startswith(("SELECT", "UPDATE", "DELETE"))]
            plans = {sql: connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all() for sql in looks}
    scans = {(step[3].split()[1], sql) for sql, plan in plans.items() for step in plan if step[3].startswith("SCAN")}
    assert len(looks) > 30
    assert {(table, sql) for table, sql in scans if table not in SMALL and not table.startswith("(")} == set()
