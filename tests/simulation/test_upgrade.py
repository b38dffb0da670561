"""A process that is told to stop finishes what it has in hand, and the next one answers the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.simulation.upgrade import upgrade_under_load

pytestmark = pytest.mark.kill


def test_an_upgrade_while_people_ask_costs_no_answer_and_doubles_none(tmp_path: Path) -> None:
    seen = upgrade_under_load(tmp_path, sys.executable, sys.executable, rate=20, questions=120)
    assert set(seen.times) == {1}, str(seen)
    assert seen.turned_away, "the change came while people asked"
    assert (seen.status, seen.stopping < 30) == (0, True), str(seen)
