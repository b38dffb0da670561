"""What the keeper of sources says and to whom, and that its thread looks, tends and ends."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.ledger.tables import runs
from bot.outbound.source_keeper import EARLY, SourceKeeper, _words
from corpus.database import UnitOfWork, reading, writing
from corpus.intake.allowed import allowed_hosts
from corpus.intake.sources.client import SourceClient
from corpus.intake.sources.discovery import discover, new_source
from corpus.intake.sources.manners import Manners
from corpus.intake.sources.source import Source, SourceDoors, SourceRule, SourceState
from corpus.library import ArchiveResources
from corpus.storage import source_store
from handlers.club.club import Club
from handlers.identity import Role
from tests.support.fake_wordpress import FakeSite, FakeWordPress

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KEPT = Source("https://example.com", "某站", SourceDoors("https://example.com"), SourceRule.DRAFT, NOW, NOW)
KEPT = replace(KEPT, id=7, state=SourceState.KEPT)
WALKING = replace(KEPT, state=SourceState.WALKING)
FAILING = replace(KEPT, failing_since=NOW - DAY, problem="回了 500")


@pytest.mark.parametrize(
    ("before", "after", "counts", "said"),
    [
        (KEPT, KEPT, {"unchanged": 9}, ""),
        (KEPT, KEPT, {"drafted": 2}, "來源〈某站〉：2 篇新的或改過的放進草稿，打「草稿」看。"),
        (KEPT, KEPT, {"removed": 3}, "來源〈某站〉：3 篇在網站上拿掉了，這裡還留著。"),
        (WALKING, KEPT, {"added": 5}, "收好了：新增 5 篇。之後"),
        (WALKING, KEPT, {"added": 5, "refused": 2}, "收好了：新增 5 篇，沒收 2 篇。之後"),
        (KEPT, FAILING, {}, "來源〈某站〉讀不到已經超過一天：回了 500。"),
        (KEPT, replace(FAILING, failing_since=NOW - DAY + timedelta(seconds=1)), {}, ""),
        (KEPT, replace(FAILING, owner_told=True), {}, ""),
        (KEPT, KEPT, {"drafted": 1, "removed": 1}, "打「草稿」看；1 篇在網站上拿掉了"),
    ],
)
def test_a_word_is_said_only_where_there_is_something_to_do_or_to_know(
    before: Source, after: Source, counts: dict[str, int], said: str
) -> None:
    words = _words(before, after, Counter(counts), NOW)
    assert said in words
    assert bool(words) == bool(said)


class Looking(SourceKeeper):
    """Notes its looks."""

    def __init__(self, engine: Engine, folder: Path, **more: Any) -> None:
        super().__init__(
            ArchiveResources(engine, folder / "index"), Manners("Luopan/1.0"), ("Uowner", "Uother"), **more
        )
        self.looked = list[datetime]()
        self.seen = list[int]()
        self.fails = 0

    def look(self, now: datetime) -> int:
        self.looked.append(now)
        if len(self.looked) <= self.fails:
            raise RuntimeError("trouble that nobody planned")
        return super().look(now)

    def _look_at(self, source: Source, now: datetime) -> None:
        self.seen.append(source.id)


class Hubs:
    def __init__(self) -> None:
        self.tended = threading.Event()

    def tend(self, _now: datetime) -> None:
        self.tended.set()


def test_its_thread_looks_once_a_tick_tends_the_hubs_and_ends(engine: Engine, tmp_path: Path) -> None:
    hubs: Any = Hubs()
    keeper = Looking(engine, tmp_path, hubs=hubs, clock=NOW.timestamp)
    keeper.start()
    assert hubs.tended.wait(60)
    time.sleep(0.1)
    assert keeper.looked == [NOW], "and then it waits"
    keeper.stop()
    assert not any(thread.is_alive() for thread in keeper._threads._threads)


def test_what_is_due_within_a_minute_is_looked_at_and_nothing_once_it_is_to_stop(
    engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        for number, wait in enumerate((-EARLY, EARLY, EARLY + timedelta(seconds=1))):
            address = f"https://example.com/{number}"
            source_store.add(connection, replace(KEPT, address=address, next_at=NOW + wait))
    keeper = Looking(engine, tmp_path)
    assert keeper.look(NOW) == 2
    assert keeper.seen == [1, 2]
    keeper._threads.stopping.set()
    keeper.look(NOW)
    assert keeper.seen == [1, 2]


def test_what_a_walk_brought_is_counted_and_said_and_after_it_only_what_is_new(engine: Engine, tmp_path: Path) -> None:
    with FakeWordPress(FakeSite.of(3)) as fake:
        manners = Manners(allowed=allowed_hosts(fake.host), sleep=lambda _: None)
        archive = ArchiveResources(engine, tmp_path / "index")
        source = new_source(fake.url, discover(fake.url, SourceClient(manners)), SourceRule.SHELVE, NOW, is_ours=False)
        with writing(engine) as connection:
            source_store.add(connection, replace(source, state=SourceState.WALKING))
        keeper = SourceKeeper(archive, manners, ("Uowner",), clock=NOW.timestamp)
        for days in (0, 1):
            assert keeper.look(NOW + timedelta(days=days)) == 1
    with reading(engine) as connection:
        [said] = connection.execute(select(runs.c.subject)).scalars()
    assert "收好了：新增 3 篇。之後" in said


@pytest.mark.parametrize(
    ("added_by", "role", "heard_by"),
    [("Ueditor", Role.EDITOR, "Ueditor"), ("Ueditor", Role.MEMBER, "Uowner"), (None, Role.EDITOR, "Uowner")],
)
def test_who_added_a_source_hears_of_it_and_else_an_owner(
    engine: Engine, tmp_path: Path, added_by: str | None, role: Role, heard_by: str
) -> None:
    with UnitOfWork(engine) as work:
        Club(work).people.set_role("Ueditor", role, NOW)
        failing = source_store.add(work.writer, replace(FAILING, added_by=added_by, failing_since=NOW - DAY))
        work.commit()
    keeper = Looking(engine, tmp_path, clock=NOW.timestamp)
    for _ in range(2):
        keeper._tell(failing, Counter(), NOW)
    with reading(engine) as connection:
        assert connection.execute(select(runs.c.chat)).scalars().all() == [heard_by], "once"
        kept = source_store.get(connection, failing.id)
        assert kept is not None
        assert kept.owner_told
