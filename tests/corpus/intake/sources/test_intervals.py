"""How often a source is looked at: as it writes, less and less while it fails, and never by two workers at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.outbound.source_keeper import SourceKeeper
from corpus.database import connect, reading, writing
from corpus.intake.allowed import allowed_hosts
from corpus.intake.sources.client import SourceClient
from corpus.intake.sources.discovery import discover, new_source
from corpus.intake.sources.manners import Manners
from corpus.intake.sources.source import (
    LONGEST,
    SHORTEST,
    Source,
    SourceRule,
    SourceState,
    pause_after_failures,
    pause_after_success,
)
from corpus.library import ArchiveResources
from corpus.storage import source_store
from corpus.storage.source_lock import SourceBusyError, hold_source
from tests.support.fake_wordpress import TAIPEI, FakeSite, FakeWordPress, make_post

NOW = datetime(2026, 11, 28, 12, tzinfo=TAIPEI)


@dataclass
class Post:
    """A keeper of one source, and the site that it looks at."""

    engine: Engine
    folder: Path
    fake: FakeWordPress

    def keeper(self, name: str = "first", engine: Engine | None = None) -> SourceKeeper:
        archive = ArchiveResources(engine or self.engine, self.folder / "index")
        manners = Manners(name, allowed_hosts(self.fake.host), sleep=lambda _: None)
        return SourceKeeper(archive, manners, ("Uowner",))

    def add(self) -> Source:
        manners = Manners(allowed=allowed_hosts(self.fake.host), sleep=lambda _: None)
        found = discover(self.fake.url, SourceClient(manners))
        source = new_source(self.fake.url, found, SourceRule.SHELVE, NOW, is_ours=False)
        self.fake.site.agents.clear()
        with writing(self.engine) as connection:
            return source_store.add(connection, replace(source, state=SourceState.WALKING))

    def kept(self, source: Source) -> Source:
        with reading(self.engine) as connection:
            return source_store.get(connection, source.id) or source


@pytest.fixture
def post(engine: Engine, tmp_path: Path) -> Iterator[Post]:
    with FakeWordPress(FakeSite({})) as fake:
        yield Post(engine, tmp_path, fake)


def write(post: Post, count: int, days: float) -> None:
    """So many posts, the oldest so many days ago."""
    step = timedelta(days=days) / count
    post.fake.site.posts.update({n: make_post(n, NOW - step * n) for n in range(1, count + 1)})


@pytest.mark.parametrize(
    ("posts_a_month", "minutes"), [(0, 360), (1, 360), (7, 360), (16, 168.75), (30, 90), (180, 15), (5_000, 15)]
)
def test_the_interval_follows_how_much_a_site_writes(posts_a_month: int, minutes: float) -> None:
    assert pause_after_success(posts_a_month) == timedelta(minutes=minutes)


def test_the_pauses_after_failures_grow_to_six_hours() -> None:
    hours = [pause_after_failures(failures) / timedelta(hours=1) for failures in range(1, 9)]
    assert hours == [0.25, 0.5, 1, 2, 4, 6, 6, 6]
    assert pause_after_failures(1_000_000) == LONGEST


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("count", "days", "minutes"), [(3, 90, 360), (12, 20, 225), (30, 20, 90)])
def test_a_site_is_looked_at_as_often_as_it_writes(post: Post, count: int, days: float, minutes: int) -> None:
    write(post, count, days)
    source = post.add()
    assert post.keeper().look(NOW) == 1
    assert post.kept(source).next_at - NOW == timedelta(minutes=minutes)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_site_that_fails_is_asked_less_and_less_and_as_before_when_it_is_back(post: Post) -> None:
    write(post, 3, 90)
    source, keeper = post.add(), post.keeper()
    keeper.look(NOW)
    post.fake.site.trouble.is_down = True
    looked, at = [], NOW + LONGEST
    while at < NOW + timedelta(hours=48):
        if keeper.look(at):
            looked.append(at)
        at += SHORTEST
    pauses = [later - earlier for earlier, later in pairwise(looked)]
    assert pauses[:6] == [timedelta(hours=hours) for hours in (0.25, 0.5, 1, 2, 4, 6)]
    assert set(pauses[6:]) == {LONGEST}
    post.fake.site.trouble.is_down = False
    keeper.look(at + LONGEST)
    kept = post.kept(source)
    assert (kept.failures, kept.problem, kept.failing_since) == (0, "", None)
    assert kept.next_at == at + 2 * LONGEST


@pytest.mark.slow
def test_two_workers_never_walk_the_same_source_at_once(post: Post, engine: Engine, database_url: str) -> None:
    write(post, 3, 90)
    source, other = post.add(), connect(database_url)
    with hold_source(engine, source.id, post.folder / "index"):
        assert post.keeper("second", other).look(NOW) == 1
        assert post.fake.site.agents == set(), "it is the first one's"
        with pytest.raises(SourceBusyError), hold_source(other, source.id, post.folder / "index"):
            pass
        with hold_source(other, source.id + 1, post.folder / "index"):
            pass
    post.keeper("second", other).look(NOW)
    assert post.fake.site.agents == {"second"}
    assert post.kept(source).state is SourceState.KEPT
    other.dispose()
