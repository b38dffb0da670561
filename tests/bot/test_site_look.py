"""A look at a site waits as long as the site asks, or stops and says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.services import LOOK_SECONDS, find_source
from corpus.intake.allowed import allowed_hosts
from corpus.intake.errors import IntakeError
from corpus.intake.sources.manners import Manners
from tests.support.fake_wordpress import FakeSite, FakeWordPress, Habits


def test_a_site_that_asks_for_long_pauses_is_not_hurried() -> None:
    slept: list[float] = []
    site = FakeSite.of(3)
    site.habits = Habits(robots="User-agent: *\nCrawl-delay: 15\n")
    with FakeWordPress(site) as fake, pytest.raises(IntakeError, match="等很久"):
        find_source(
            fake.url,
            "U1",
            datetime(2026, 11, 23, tzinfo=UTC),
            Manners(allowed=allowed_hosts(fake.host), sleep=slept.append),
        )
    assert sum(slept) <= LOOK_SECONDS
    assert 14 < max(slept) <= 15, "as long as Crawl-delay asks"
