"""A day with ten deaths: every question is answered once, every digest comes once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.deaths import DeadlyDays


@pytest.mark.slow
def test_a_process_that_dies_ten_times_a_day_owes_nobody_anything(database_url: str, tmp_path: Path) -> None:
    toll = DeadlyDays(tmp_path, database_url).live_a_day()
    assert toll.deaths > 5
    assert (toll.deliveries, toll.lost, toll.doubled) == (100, 0, 0)
