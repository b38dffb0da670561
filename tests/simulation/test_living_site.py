"""The simulation behind the sources' figures in docs/reliability.md, in small: four days of a site with all that goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.simulation.living_site import DAYS, LivingSite

pytestmark = pytest.mark.kill


def test_a_living_site_is_kept_up_through_kills(engine: Engine, database_url: str, tmp_path: Path) -> None:
    tally = LivingSite(DAYS, engine, database_url, tmp_path).run()
    assert tally.broken() == {}
    assert tally.kills == DAYS.kills
    assert tally.failures > 0
    assert (tally.owner_lines, tally.long_outages) == (1, 1)
