"""A site that lives on while it is kept up: it writes, edits, removes, fails, closes doors, changes its looks and moves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, func, select

from bot.ledger.tables import runs
from bot.outbound.source_keeper import TICK
from corpus.database import UnitOfWork, connect, reading, writing
from corpus.essay import Audience, Essay
from corpus.intake.allowed import allowed_hosts
from corpus.intake.sources.client import SourceClient
from corpus.intake.sources.discovery import discover, new_source
from corpus.intake.sources.manners import Manners
from corpus.intake.sources.source import LONGEST, SHORTEST, Source, SourceRule, SourceState
from corpus.library import ArchiveResources
from corpus.storage import essay_store, source_store
from corpus.storage.schema import essays
from tests.simulation.mortal_keeper import MortalKeeper
from tests.support.fake_wordpress import TAIPEI, FakePost, FakeSite, FakeWordPress, Trouble, make_post
from tests.support.postgres import postgres_schema, postgres_server
from tests.support.schemas import lay_schema

START = datetime(2026, 6, 1, 8, tzinfo=TAIPEI)
A_TICK = timedelta(seconds=TICK)
LONGEST_WALK = timedelta(
    minutes=1
)  # of a look, which after trouble or a kill is promised to begin, and otherwise to be over
DEADLIEST = 40  # statements: the last one before which a keeper is killed
LONG = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """How a site lives: posts a day for so many days each, and hours of each kind of trouble."""

    name: str
    archive: int  # posts before it is known
    seasons: tuple[tuple[int, float], ...]
    kills: int
    outages: tuple[float, ...]
    busy: tuple[float, ...]
    closed: tuple[float, ...]  # hours in which its REST door is closed

    @property
    def days(self) -> int:
        return sum(days for days, _ in self.seasons)


DAYS = SiteProfile("四天", 8, ((4, 1.5),), 5, (34,), (4,), (8,))
QUARTER = SiteProfile(
    "九十天",
    40,
    ((76, 0.25), (14, 14.0)),  # from a post in four days to so many that the shortest interval is reached
    200,
    (0.5, 1, 1, 2, 3, 5, 9, 34, 50),
    (5, 10, 20, 40),
    (12, 60, 150),
)


@dataclass
class SiteTally:
    """What came of it."""

    written: int = 0
    edited: int = 0
    removed: int = 0
    looks: int = 0
    failures: int = 0
    kills: int = 0
    requests: int = 0
    shortest: timedelta = LONGEST  # the shortest interval that was kept
    slowest_at_busiest: timedelta = timedelta(0)  # from a new post to being findable, at that interval
    slowest: timedelta = timedelta(0)  # the same of all posts that no trouble of the site held up
    late: list[str] = field(default_factory=list)  # findable only after the look that was promised
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)  # not as the site has them at the end
    wrongly_told: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    removals_missed: list[str] = field(default_factory=list)
    long_outages: int = 0
    owner_lines: int = 0

    def broken(self) -> dict[str, list[str]]:
        """The promises that were not kept."""
        names = ("late", "lost", "doubled", "stale", "wrongly_told", "untold", "removals_missed")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


class LivingSite:
    """One site for some days, and the bot that keeps it up."""

    def __init__(self, profile: SiteProfile, engine: Engine, url: str, folder: Path, seed: int = 1) -> None:
        self.profile = profile
        self.engine = engine
        self.dice = Random(seed)
        self.end = START + timedelta(days=profile.days)
        self.site = FakeSite.of(profile.archive, START - timedelta(days=1), seed)
        self.fakes = [FakeWordPress(self.site), FakeWordPress(replace(self.site, trouble=Trouble()))]
        self.home = 0  # which of the two hosts it lives on
        allowed = ",".join(fake.host for fake in self.fakes)
        self.keeper = MortalKeeper(url, folder, allowed)
        self.manners = Manners(allowed=allowed_hosts(allowed), sleep=lambda _: None)
        self.archive = ArchiveResources(engine, folder / "index")
        self.tally = SiteTally()
        self.troubles: set[str] = set()
        self.promised: dict[int, tuple[datetime, timedelta, datetime, bool]] = {}
        self.news: set[int] = set()
        self.gone: dict[int, FakePost] = {}
        self.revision = -1
        self.numbers = count(profile.archive + 1)
        self.old_numbers = count(90_000)
        self.kills: list[datetime] = []
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def run(self) -> SiteTally:
        """Live it from the first day to the last."""
        try:
            self.source = self._take_in()
            self._plan()
            now = START
            while now < self.end:
                self._let_happen(now)
                self._look(now)
                now = self._next_look(now)
            self._let_happen(self.end)
            self._settle()
        finally:
            self.keeper.close()
            for fake in self.fakes:
                fake.close()
        return self.tally

    @property
    def fake(self) -> FakeWordPress:
        return self.fakes[self.home]

    # the bot's side

    def _take_in(self) -> Source:
        found = discover(self.fake.url, SourceClient(self.manners))
        source = new_source(self.fake.url, found, SourceRule.PUBLISH, START, is_ours=False)
        with writing(self.engine) as connection:
            return source_store.add(connection, replace(source, state=SourceState.WALKING))

    def _next_look(self, now: datetime) -> datetime:
        """The worker's next tick at which there is something to do: the keeper itself knows what is due."""
        ticks = max((self.source.next_at - timedelta(minutes=5) - now) // A_TICK, 1)
        return now + ticks * A_TICK

    def _look(self, now: datetime) -> None:
        die_at = self.dice.randint(1, DEADLIEST) if self.kills and self.kills[0] <= now else 0
        before = self.source
        looked = self.keeper.look(now, die_at)
        with reading(self.engine) as connection:
            self.source = source_store.get(connection, self.source.id) or self.source
        if looked is None:
            self.kills.pop(0)
            self.tally.kills += 1
            self._hold_up(None)
        if self.source.failures > before.failures:
            self.tally.failures += 1
            self._hold_up(self.source.next_at)
        elif self.source.synced_at != before.synced_at:
            self.tally.looks += 1
            self.tally.shortest = min(self.tally.shortest, self._interval)
        self._note_findable(now + timedelta(seconds=looked.slept if looked else 0))

    def _hold_up(self, until: datetime | None) -> None:
        """A kill, or trouble of the site that lasts until the next look: what is waited for may come that much later."""
        self.promised = {
            number: (at, interval, until or promise, True)
            for number, (at, interval, promise, _) in self.promised.items()
        }

    @property
    def _interval(self) -> timedelta:
        return self.source.next_at - (self.source.synced_at or self.source.added_at)

    def _note_findable(self, now: datetime) -> None:
        """Ask for every new post that has come to the shelf, as a member would."""
        with UnitOfWork(self.engine) as work:
            if (revision := essay_store.revision(work.reader)) == self.revision:
                return
            self.revision = revision
            shelved = {_number(row.url) for row in work.reader.execute(select(essays.c.url))}
            library = self.archive.library(work, Audience.MEMBER)
            for number in sorted(shelved & self.promised.keys()):
                hits = library.search(self.site.posts[number].title, now, limit=20).hits
                if number in {_number(essay.url) for essay in library.read([hit.essay_id for hit in hits]).values()}:
                    self._is_findable(number, now)

    def _is_findable(self, number: int, now: datetime) -> None:
        written, interval, promise, was_held_up = self.promised.pop(number)
        if now > promise + (LONGEST_WALK if was_held_up else timedelta(0)):
            self.tally.late.append(f"{number}: {written} → {now}, promised {promise}")
        if was_held_up:
            return
        self.tally.slowest = max(self.tally.slowest, now - written)
        if interval == SHORTEST:
            self.tally.slowest_at_busiest = max(self.tally.slowest_at_busiest, now - written)

    # the site's side

    def _let_happen(self, until: datetime) -> None:
        while self._agenda and self._agenda[0][0] <= until:
            self.at, _, act = heappop(self._agenda)
            act()

    def _at(self, when: datetime, act: Callable[[], None]) -> None:
        heappush(self._agenda, (when, next(self._order), act))

    def _plan(self) -> None:
        day = START + timedelta(hours=1)
        for days, rate in self.profile.seasons:
            for _ in range(round(days * rate)):
                self._at(day + timedelta(days=self.dice.uniform(0, days)), self._write)
            day += timedelta(days=days)
        for _ in range(self.profile.days // 2):
            self._at(self._moment(), self._edit)
        for _ in range(-(-self.profile.days // 7)):
            self._at(self._moment(), self._remove)
            self._at(self._moment(), self._dig_out)
        for name, spans in (("down", self.profile.outages), ("busy", self.profile.busy), ("rest", self.profile.closed)):
            for number, hours in enumerate(spans):
                self._plan_trouble(f"{name} {number}", timedelta(hours=hours))
        self._at(START + timedelta(days=0.5 * self.profile.days), self._change_theme)
        self._at(START + timedelta(days=0.65 * self.profile.days), self._move)
        self._at(START + timedelta(days=0.8 * self.profile.days), lambda: self._begin("old host"))
        happenings = [when for when, _, _ in self._agenda]
        self.kills = sorted([START] + [self.dice.choice(happenings) for _ in range(self.profile.kills - 1)])

    def _moment(self) -> datetime:
        return START + timedelta(days=self.dice.uniform(0.5, self.profile.days - 1))

    def _plan_trouble(self, name: str, long: timedelta) -> None:
        begin = START + (self.end - START - long - LONG) * self.dice.uniform(0.05, 1)
        self._at(begin, lambda: self._begin(name))
        self._at(begin + long, lambda: self._cease(name))
        self.tally.long_outages += name.startswith("down") and long > LONG

    def _begin(self, trouble: str) -> None:
        self.troubles.add(trouble)
        self._trouble()

    def _cease(self, trouble: str) -> None:
        self.troubles.discard(trouble)
        self._trouble()

    def _trouble(self) -> None:
        kinds = {name.split()[0] for name in self.troubles}
        moved = self.fakes[1].url if self.home else ""
        theme = self.fake.site.trouble.theme_changes_after
        now = Trouble(7 * ("busy" in kinds), 11 * ("busy" in kinds), theme, "down" in kinds)
        self.fake.site.trouble = now
        if self.home:
            self.site.trouble = Trouble(is_down="old" in kinds, moved_to=moved)
        for fake in self.fakes:
            fake.site.rest = "rest" not in kinds

    def _write(self) -> None:
        number = next(self.numbers)
        self._put(make_post(number, self.at.replace(microsecond=0), seed=3))
        self.news.add(number)
        self.promised[number] = (self.at, self._interval, self.source.next_at, bool(self.source.failures))
        self.tally.written += 1

    def _dig_out(self) -> None:
        """An old post that was hidden is shown again, with its old date."""
        number = next(self.old_numbers)
        old = make_post(number, START - timedelta(days=self.dice.randint(30, 900)), seed=4)
        self._put(replace(old, modified=self.at.replace(microsecond=0)))

    def _put(self, post: FakePost) -> None:
        self.site.posts[post.number] = replace(post, title=f"{post.title} {post.number}")

    def _edit(self) -> None:
        number = self.dice.choice(self._settled())
        self.tally.edited += 1
        text = f"<p>第 {self.tally.edited} 次改寫：客戶把訂單往後延了兩季。</p>"
        self.site.edit(number, self.site.posts[number].html + text, self.at.replace(microsecond=0))

    def _remove(self) -> None:
        number = self.dice.choice(self._settled())
        self.gone[number] = self.site.posts.pop(number)
        self.tally.removed += 1

    def _settled(self) -> list[int]:
        """The posts that can be found already."""
        return sorted(self.site.posts.keys() - self.promised.keys() - set(range(90_000, 99_000)))

    def _change_theme(self) -> None:
        for fake in self.fakes:
            fake.site.trouble.theme_changes_after = 1

    def _move(self) -> None:
        self.home = 1
        self.fake.site.trouble = self.site.trouble
        self._trouble()

    # the end

    def _settle(self) -> None:
        """One more look, a day later, in peace; then everything is as the site has it."""
        self.troubles = {name for name in self.troubles if name == "old host"}
        self._trouble()
        self.kills = []
        for hours in (7, 14, 21, 28):
            self._look(self.end + timedelta(hours=hours))
        tally = self.tally
        tally.requests = sum(fake.site.requests for fake in self.fakes)
        with reading(self.engine) as connection:
            held = essay_store.latest(connection, 100_000)
            told = {_number(url) for url in connection.execute(select(essays.c.url).where(essays.c.born > 0)).scalars()}
            posts = {_number(post.address): post for post in source_store.posts(connection, self.source.id)}
            lines = runs.c.subject.contains("超過一天")
            tally.owner_lines = connection.execute(select(func.count()).select_from(runs).where(lines)).scalar_one()
        by_number: dict[int, list[Essay]] = {}
        for essay in held:
            by_number.setdefault(_number(essay.url), []).append(essay)
        tally.doubled += [f"{number}" for number, same in by_number.items() if len(same) > 1]
        tally.lost += [f"{number}" for number in {**self.site.posts, **self.gone} if number not in by_number]
        tally.lost += [f"{number}, not findable" for number in self.promised]
        for number, post in self.site.posts.items():
            if number in by_number and (wrong := self._difference(by_number[number][0], post)):
                tally.stale.append(f"{number}: {wrong}")
        tally.wrongly_told += [f"{number}" for number in told - self.news]
        tally.untold += [f"{number}" for number in self.news - told]
        tally.removals_missed += [f"{number}" for number in self.gone if posts[number].state != "removed"]

    def _difference(self, essay: Essay, post: FakePost) -> str:
        is_at = essay.url == self.fake.url.rstrip("/") + post.path
        has = (essay.title, essay.published, essay.author, set(essay.tags))
        wanted = (post.title, post.written.astimezone(TAIPEI).date(), post.author, set(post.tags))
        edits = re.findall(r"第 \d+ 次改寫", post.html)
        if not all(edit in essay.body for edit in edits):
            return f"an edit is missing: {edits}"
        return "" if has == wanted and is_at else f"{has}, {essay.url}"


def _number(address: str | None) -> int:
    """The post's own number, out of its address."""
    found = re.search(r"/p(\d+)/?$", address or "")
    return int(found[1]) if found else 0


def live_on_both(profile: SiteProfile) -> Iterator[tuple[str, SiteTally]]:
    """The same life on SQLite and on PostgreSQL."""
    with TemporaryDirectory() as folder:
        yield "SQLite", _live(profile, f"sqlite:///{folder}/luopan.db", Path(folder))
    with TemporaryDirectory() as folder, postgres_server() as server, postgres_schema(server) as url:
        yield "PostgreSQL", _live(profile, url, Path(folder))


def _live(profile: SiteProfile, url: str, folder: Path) -> SiteTally:
    lay_schema(url)
    engine = connect(url)
    try:
        return LivingSite(profile, engine, url, folder).run()
    finally:
        engine.dispose()
