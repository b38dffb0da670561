"""A community's winter on a turned clock: people talk, editors publish, LINE fails and processes die."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import exp
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bot.dev.simulator.inprocess import InProcessLine
from bot.dev.simulator.people import LineGroup, LinePerson, group, person
from bot.ledger.outgoing import PENDING, REPLY
from bot.ledger.tables import outbox
from bot.line.client import Result
from corpus.database import UnitOfWork, reading
from corpus.essay import Audience, Essay, Visibility
from handlers.club.club import Club
from handlers.club.timetable import Timetable, read_timetable
from tests.simulation.essay_factory import CODES, EssayFactory
from tests.simulation.inprocess_bot import InProcessBot
from tests.simulation.oracle import START, TAIPEI, TICK, WINDOW, DeliveryOracle, ExpectedChat, Tally

PENDING_REPLY = select(outbox.c.id).where(outbox.c.state == PENDING, outbox.c.kind == REPLY).limit(1)
RETRIES = (2, 5, 10, 17, 25, 35, 48)  # seconds after a reply that failed
# How much people talk, hour by hour.
TALK = (2, 1, 0, 0, 0, 1, 2, 6, 10, 8, 6, 6, 9, 8, 6, 6, 6, 7, 8, 9, 10, 10, 8, 4)
TIMES = ("每日 08:30",) * 6 + ("每日 12:15", "每日 20:00", "交易日 08:30", "每週一 08:00", "每週六 10:00")
TALKED = ("早", "今天盤勢如何", "午餐吃什麼", "這檔真硬", "哈哈", "謝謝分享", "GG", "大家晚安")
ASKED = ("自選", "我的訂閱", "說明", "今日", "早安", "謝謝", "最新", "本週")


@dataclass(frozen=True, slots=True)
class SoakProfile:
    name: str
    groups: tuple[int, ...]  # members of each
    people: int
    limit: int  # messages a month
    essays: int = 16  # a month
    on_time: int = 0  # groups, the smallest ones, that want to be pushed


BIG = SoakProfile(
    "20 個群組、200 人",
    (5, 8, 10, 12, 15, 18, 22, 27, 33, 40, 48, 58, 70, 85, 100, 130, 165, 200, 250, 300),
    200,
    3000,
    on_time=1,
)
HANDFUL = SoakProfile("a handful", (12,), 3, 200, essays=60)  # of whom many lives can be lived
SMALL = SoakProfile("1 個 100 人的群組、30 人", (100,), 30, 200)


class Crash(BaseException):
    """The process ends here."""


class CrashingLine(InProcessLine):
    """Ends the process at a call when it is told to: before LINE hears it, or after."""

    crash: str = ""

    def _attempt(self, path: str, body: bytes, headers: dict[str, str]) -> Result:
        crash, self.crash = self.crash, ""
        if crash == "before":
            raise Crash
        result = super()._attempt(path, body, headers)
        if crash == "after":
            raise Crash
        return result


class SoakTest:
    """One community for some days."""

    def __init__(self, community: SoakProfile, folder: Path, days: int = 90, seed: int = 1) -> None:
        self.community = community
        self.dice = Random(seed)
        self.days = days
        self.persons = [person(f"人{number:03}") for number in range(community.people)]
        self.crowds = [
            group(f"群{number:02}", (self.persons[number % len(self.persons)],), size=size)
            for number, size in enumerate(community.groups)
        ]
        self.town = InProcessBot(
            folder, START, persons=self.persons, groups=self.crowds, monthly_limit=community.limit, line=CrashingLine
        )
        self.onlooker = DeliveryOracle(self.town)
        self.tally = self.onlooker.tally
        self.readers = self.onlooker.readers
        self.gazette = EssayFactory.open()
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def run(self) -> Tally:
        self._subscribe_all()
        self._plan_winter()
        while self._agenda:
            at, _, act = heappop(self._agenda)
            self.town.at(max(at, self.town.clock.now))
            self._live(act)
        return self.tally

    def _live(self, act: Callable[[], None]) -> None:
        """Do it, whatever dies meanwhile, and look at what went out."""
        try:
            act()
        except Crash:
            self.tally.crashes += 1
            self.town.restart()
        self.onlooker.watch()
        if self._has_pending_reply() and act != self._retry:
            for seconds in RETRIES:
                self._at(self.town.clock.now + timedelta(seconds=seconds), self._retry)

    def _retry(self) -> None:
        """What the pool does each second, at the seconds that matter."""
        self.town.answer()

    def _has_pending_reply(self) -> bool:
        with reading(self.town.bot.engine) as connection:
            return connection.execute(PENDING_REPLY).first() is not None

    def _at(self, when: datetime, act: Callable[[], None]) -> None:
        if when < START + timedelta(days=self.days):
            heappush(self._agenda, (when, next(self._order), act))

    # the beginning

    def _subscribe_all(self) -> None:
        for number, crowd in enumerate(self.crowds):
            reader = self._reader(crowd, self.dice.lognormvariate(2.6, 0.9))
            founder = self.persons[number % len(self.persons)]
            self._settle(reader, lambda text, c=crowd, f=founder: self.town.say(c, f, f"羅盤 {text}"))  # type: ignore[misc]
            if number < self.community.on_time:
                self.town.say(crowd, founder, "羅盤 準時送")
                reader.on_time = True
        for one in self.persons:
            reader = self._reader(one, self.dice.uniform(0.05, 0.5))
            self._settle(reader, lambda text, p=one: self.town.say(p, p, text))  # type: ignore[misc]
            if self.dice.random() < 0.25:
                reader.member = True
                with UnitOfWork(self.town.bot.engine) as work:
                    Club(work).memberships.grant(one.id, None, self.town.clock.now)
                    work.commit()
            if self.dice.random() < 0.1:
                self.town.say(one, one, "勿擾 22-07")
        self.onlooker.watch()

    def _reader(self, chat: LinePerson | LineGroup, talk: float) -> ExpectedChat:
        reader = self.readers[chat.id] = ExpectedChat(chat, Timetable(), talk)
        return reader

    def _settle(self, reader: ExpectedChat, say: Callable[[str], object]) -> None:
        """Subscribe to a few things, at some time."""
        if self.dice.random() < 0.15:
            say("訂閱 精選")
            reader.wants.add("*")
        else:
            for theme in self.dice.sample(list(self.gazette.themes), self.dice.randint(2, 6)):
                say(f"訂閱 {theme.name}")
                reader.wants.add(theme.key)
        for code in self.dice.sample(CODES, self.dice.randint(0, 2)):
            say(f"追蹤 {code}")
            reader.wants.add(f"{code}.TWSE")
        line = self.dice.choice(TIMES)
        say(line)
        reader.table = read_timetable(line) or reader.table
        reader.paused = reader.gone = False

    # the winter

    def _plan_winter(self) -> None:
        end = START + timedelta(days=self.days)
        self.onlooker.away = [self._span(hours) for hours in (1, 2, 3, 5, 5, 9, 30)]
        self.onlooker.outages = [self._span(hours) for hours in (1, 2, 3)]
        for number in range(1, round(self.community.essays * self.days / 30) + 1):
            self._at(self._moment(working=True), lambda n=number: self._publish(n))  # type: ignore[misc]
        for reader in self.readers.values():
            for at in self._talks(reader):
                self._at(at, lambda r=reader: self._talk(r))  # type: ignore[misc]
            for slot in reader.table.slots(START, end, TAIPEI):
                self._at(slot, lambda r=reader, s=slot: self._look_at_slot(r, s))  # type: ignore[misc]
        for one in self.dice.sample(self.persons, len(self.persons) // 10):
            self._at(self._moment(), lambda p=one: self._pause(p))  # type: ignore[misc]
        for one in self.dice.sample(self.persons, len(self.persons) // 12):
            self._at(self._moment(), lambda p=one: self._leave(p))  # type: ignore[misc]
        at = START
        while at < end:
            at += TICK if 6 <= at.hour < 23 else 6 * TICK
            self._at(at, self._tick)

    def _moment(self, working: bool = False) -> datetime:
        at = START + timedelta(days=self.dice.uniform(1, self.days - 2))
        return at.replace(hour=self.dice.randint(9, 21)) if working else at

    def _span(self, hours: float) -> tuple[datetime, datetime]:
        start = self._moment()
        return start, start + timedelta(hours=hours)

    def _talks(self, reader: ExpectedChat) -> Iterator[datetime]:
        for day in range(self.days):
            for _ in range(_poisson(reader.talk, self.dice)):
                hour = self.dice.choices(range(24), TALK)[0]
                yield START + timedelta(days=day, hours=hour, seconds=self.dice.uniform(0, 3600))

    def _tick(self) -> None:
        now = self.town.clock.now
        failing = any(start <= now < end for start, end in self.onlooker.outages)
        self.town.platform.clear_failures()
        if failing:
            self.town.platform.fail("500", next=100_000)
        elif self.dice.random() < 0.03:
            fault = self.dice.choice(("500", "429 rate", "timeout"))
            after, on = self.dice.random() < 0.5, self.dice.choice(("push", "reply"))
            self.town.platform.fail(fault, next=self.dice.randint(1, 3), after_accept=after, on=on)
            self.tally.failures += 1
        elif self.dice.random() < 0.01:
            self.line.crash = self.dice.choice(("before", "after"))
        if not self._is_away(now):
            self.town.tick()
        self.town.answer()

    @property
    def line(self) -> CrashingLine:
        line = self.town.bot.line
        assert isinstance(line, CrashingLine)
        return line

    def _is_away(self, now: datetime) -> bool:
        return any(start <= now < end for start, end in self.onlooker.away)

    def _publish(self, number: int) -> None:
        visibility = Visibility.MEMBERS if self.dice.random() < 0.2 else Visibility.PUBLIC
        essay = self.gazette.write(number, self.town.clock.now.astimezone(TAIPEI).date(), self.dice, visibility)
        news = self.dice.random() > 0.1
        kept = self.town.publish(essay, news=news)
        with UnitOfWork(self.town.bot.engine) as work:
            subjects = self.town.archive.library(work, Audience.MEMBER).subjects.subject_keys([kept])[kept.id]
        self.onlooker.essays[number] = (kept, subjects, self.town.clock.now if news else None)
        if self.dice.random() < 0.08:
            self._at(
                self.town.clock.now + timedelta(hours=self.dice.uniform(1, 60)), lambda: self._withdraw(number, kept)
            )

    def _withdraw(self, number: int, essay: Essay) -> None:
        with UnitOfWork(self.town.bot.engine) as work:
            self.town.archive.library(work, Audience.MEMBER).withdraw(essay.id, self.town.clock.now)
            work.commit()
        self.onlooker.withdrawn.add(number)

    def _talk(self, reader: ExpectedChat) -> None:
        if reader.gone:
            return
        chat = reader.chat
        reader.heard_at.append(self.town.clock.now)
        if isinstance(chat, LinePerson):
            self.town.say(chat, chat, self.dice.choice(ASKED))
            return
        who = next(iter(chat.members))
        text = f"羅盤 {self.dice.choice(ASKED[:4])}" if self.dice.random() < 0.03 else self.dice.choice(TALKED)
        self.town.say(chat, who, text)

    def _look_at_slot(self, reader: ExpectedChat, slot: datetime) -> None:
        """Let the onlooker note what is due, and look again when the window is over."""
        if due := self.onlooker.due(reader):
            self._at(slot + WINDOW + TICK, lambda: self.onlooker.judge(reader, slot, due))

    def _pause(self, one: LinePerson) -> None:
        reader = self.readers[one.id]
        if reader.gone:
            return
        reader.paused, reader.changed_at = True, self.town.clock.now  # before it is said, for the process may die of it
        self._at(self.town.clock.now + timedelta(days=self.dice.uniform(1, 9)), lambda: self._resume(reader, one))
        self.town.say(one, one, "暫停")

    def _resume(self, reader: ExpectedChat, one: LinePerson) -> None:
        if not reader.gone and reader.paused:
            reader.paused, reader.changed_at = False, self.town.clock.now
            self.town.say(one, one, "恢復")

    def _leave(self, one: LinePerson) -> None:
        reader = self.readers[one.id]
        reader.gone, reader.changed_at = True, self.town.clock.now
        reader.wants.clear()
        self._at(self.town.clock.now + timedelta(days=self.dice.uniform(2, 20)), lambda: self._return(reader, one))
        self.town.platform.unfollow(one)

    def _return(self, reader: ExpectedChat, one: LinePerson) -> None:
        """A return starts clean: nothing is told until there is a subscription again."""
        reader.gone, reader.paused, reader.changed_at = False, False, self.town.clock.now
        self.town.platform.follow(one)


def harmful_seeds(seeds: Iterable[int]) -> Iterator[tuple[int, Tally]]:
    """Live three days of a handful of people for each seed; those in which something went wrong."""
    for seed in seeds:
        with TemporaryDirectory() as folder:
            tally = SoakTest(HANDFUL, Path(folder), days=3, seed=seed).run()
        if tally.missed or tally.doubled or tally.repeated or tally.leaked:
            yield seed, tally


def _poisson(mean: float, dice: Random) -> int:
    """Arrivals in one day (Knuth's multiplication of uniforms)."""
    limit, product, arrivals = exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        arrivals += 1
    return arrivals
