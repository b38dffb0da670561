"""Whatever operation of a day fails, and in whatever way, nothing is lost and nothing comes twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.simulation.fault_day import live_days
from tests.simulation.fault_sweep import LONGEST_DAY
from tests.support.faults import Way

STEP = int(os.environ.get("FAULT_STEP", "401"))  # 1: every single one
PRIMES = {Way.ERROR: 97, Way.LOST: 193, Way.DEATH: 307, Way.POWER: 389}  # so that each way fails elsewhere


@pytest.mark.slow
@pytest.mark.parametrize("way", [way for way in Way if way is not Way.POWER])
def test_whatever_fails_nothing_is_lost_and_nothing_comes_twice(
    database_url: str, redis_url: str, tmp_path: Path, way: Way
) -> None:
    assert {"commit", "redis", "file"} <= live_days(tmp_path, database_url, redis_url, way, nths(way)).keys()


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_power_cut_costs_nothing_and_doubles_nothing(database_url: str, tmp_path: Path) -> None:
    """Down to the first operations of all, before anything was ever written down."""
    assert "commit" in live_days(tmp_path, database_url, "", Way.POWER, [1, 2, *nths(Way.POWER)])


def nths(way: Way) -> range:
    return range(1 + PRIMES[way] % STEP, LONGEST_DAY, STEP)
