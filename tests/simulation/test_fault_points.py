"""Whatever operation of a day fails, and in whatever way, nothing is lost and nothing comes twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.simulation.fault_day import live_days
from tests.support.faults import Way

STEP = int(os.environ.get("FAULT_STEP", "401"))  # 1: every single one
PRIMES = {Way.ERROR: 97, Way.LOST: 193, Way.DEATH: 307, Way.POWER: 389}  # so that each way fails elsewhere
LONGEST_DAY = 1200  # operations


@pytest.mark.slow
@pytest.mark.parametrize("way", [way for way in Way if way is not Way.POWER])
def test_whatever_fails_nothing_is_lost_and_nothing_comes_twice(
    database_url: str, redis_url: str, tmp_path: Path, way: Way
) -> None:
    nths = list(range(1 + PRIMES[way] % STEP, LONGEST_DAY, STEP))
    crossed = live_days(tmp_path, database_url, redis_url, way, nths)
    assert crossed["commit"] > 0
    assert crossed["redis"] > 0
    assert crossed["file"] > 0
