"""The simulation behind docs/digests.md, in small: a week of a little community, with all that goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.communities import MEMBERS, measure
from tests.simulation.digest_load import run_digest_load
from tests.simulation.fault_sweep import sqlite_file
from tests.simulation.soak import HANDFUL, SoakProfile, SoakTest

HAMLET = SoakProfile("a hamlet", (12, 40), 8, 200, essays=60)
SEEDS = range(2, 22)


def test_a_week_passes_without_a_missed_doubled_repeated_or_leaked_passage(tmp_path: Path) -> None:
    tally = SoakTest(HAMLET, tmp_path, days=7).run()
    assert tally.digests > 5
    assert tally.failures > 0
    assert (tally.missed, tally.doubled, tally.repeated, tally.leaked) == (0, 0, 0, 0)
    assert sum(tally.spent.values()) < tally.price
    assert max(tally.spent.values()) <= 200


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_three_days_pass_whatever_the_seed(tmp_path: Path, seed: int) -> None:
    """In 6 and 13 a group asks for the news shortly before its digest."""
    tally = SoakTest(HANDFUL, tmp_path, days=3, seed=seed).run()
    assert (tally.missed, tally.doubled, tally.repeated, tally.leaked) == (0, 0, 0, 0)


@pytest.mark.slow
def test_a_seed_lives_the_same_days_again(tmp_path: Path) -> None:
    lived = [SoakTest(HANDFUL, tmp_path / name, days=3, seed=1) for name in ("first", "again")]
    assert lived[0].run() == lived[1].run()


def test_two_communities_in_one_database_are_answered_in_full() -> None:
    found = measure(2, 20, sqlite_file)
    assert (found["members"], found["unanswered"]) == (2 * MEMBERS, 0)


def test_a_rush_is_sent_in_full_over_http() -> None:
    found = run_digest_load(120)
    assert (found.sent, found.arrived, found.doubled, found.unheard, found.bubbles) == (120, 120, 0, (), 120)
