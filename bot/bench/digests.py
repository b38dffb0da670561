"""`luopan bench digests`: a community's winter on a turned clock, with everything that goes wrong, counted afterwards."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import exp
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select

from bot.bench.gazette import CODES, Gazette, essays_in, sentences_in
from bot.bench.town import Town
from bot.ledger.outbox import PENDING, REPLY, UNKNOWN
from bot.ledger.tables import outbox, runs
from bot.line import Body, Result
from bot.simulator.channel import Call
from bot.simulator.inside import InsideLine
from bot.simulator.people import Group, Person, group, person
from bot.stage import plain
from corpus.database import Work, reading
from corpus.essay import Audience, Essay, Visibility
from handlers.club.club import Club
from handlers.club.timetable import Timetable, read_timetable

TAIPEI = ZoneInfo("Asia/Taipei")
START = datetime(2026, 1, 5, tzinfo=TAIPEI)
TICK = timedelta(minutes=10)
WINDOW = timedelta(hours=6)
RETRIES = (2, 5, 10, 17, 25, 35, 48)  # seconds after a reply that failed
# How much people talk, hour by hour.
TALK = (2, 1, 0, 0, 0, 1, 2, 6, 10, 8, 6, 6, 9, 8, 6, 6, 6, 7, 8, 9, 10, 10, 8, 4)
TIMES = ("每日 08:30",) * 6 + ("每日 12:15", "每日 20:00", "交易日 08:30", "每週一 08:00", "每週六 10:00")
TALKED = ("早", "今天盤勢如何", "午餐吃什麼", "這檔真硬", "哈哈", "謝謝分享", "GG", "大家晚安")
ASKED = ("自選", "我的訂閱", "說明", "今日", "早安", "謝謝", "最新", "本週")


@dataclass(frozen=True, slots=True)
class Community:
    name: str
    groups: tuple[int, ...]  # members of each
    people: int
    limit: int  # messages a month
    essays: int = 16  # a month
    on_time: int = 0  # groups, the smallest ones, that want to be pushed


BIG = Community(
    "20 個群組、200 人",
    (5, 8, 10, 12, 15, 18, 22, 27, 33, 40, 48, 58, 70, 85, 100, 130, 165, 200, 250, 300),
    200,
    3000,
    on_time=1,
)
SMALL = Community("1 個 100 人的群組、30 人", (100,), 30, 200)


class Crash(BaseException):
    """The process ends here."""


class MortalLine(InsideLine):
    """Ends the process at a call when it is told to: before LINE hears it, or after."""

    crash: str = ""

    def _attempt(self, path: str, body: Body, headers: dict[str, str]) -> Result:
        crash, self.crash = self.crash, ""
        if crash == "before":
            raise Crash
        result = super()._attempt(path, body, headers)
        if crash == "after":
            raise Crash
        return result


@dataclass
class Reader:
    """What an onlooker knows of one chat, told apart from what the bot thinks."""

    chat: Person | Group
    table: Timetable
    talk: float  # messages a day
    wants: set[str] = field(default_factory=set)  # keys of subjects; "*" for everything
    member: bool = False
    on_time: bool = False
    paused: bool = False
    gone: bool = False
    told: Counter[int] = field(default_factory=Counter)  # essays, by digests
    shown: Counter[tuple[int, int]] = field(default_factory=Counter)
    heard_at: list[datetime] = field(default_factory=list)  # replies that LINE took, and tokens that came
    changed_at: datetime = START  # when it last paused, left, returned

    @property
    def size(self) -> int:
        return self.chat.size if isinstance(self.chat, Group) else 1


@dataclass
class Tally:
    """What is counted."""

    digests: int = 0
    rode: int = 0
    alone: int = 0
    pushed: int = 0
    price: int = 0  # of pushing each digest
    missed: int = 0
    skipped: int = 0  # the worker was away for the whole window
    silent: int = 0  # nobody spoke and nothing could be pushed within the window
    unclear: int = 0  # LINE never said whether it took it
    doubled: int = 0
    repeated: int = 0
    leaked: int = 0
    spent: Counter[str] = field(default_factory=Counter)  # messages by month
    failures: int = 0
    crashes: int = 0


class Winter:
    """One community for some days. The onlooker sees only what people type and what the platform takes."""

    def __init__(self, community: Community, folder: Path, days: int = 90, seed: int = 1) -> None:
        self.community = community
        self.dice = Random(seed)  # noqa: S311
        self.days = days
        self.tally = Tally()
        self.persons = [person(f"人{number:03}") for number in range(community.people)]
        self.crowds = [
            group(f"群{number:02}", (self.persons[number % len(self.persons)],), size=size)
            for number, size in enumerate(community.groups)
        ]
        self.town = Town(
            folder, START, persons=self.persons, groups=self.crowds, monthly_limit=community.limit, line=MortalLine
        )
        self.readers: dict[str, Reader] = {}
        self.gazette = Gazette.open()
        self.essays: dict[int, tuple[Essay, frozenset[str], datetime]] = {}
        self.withdrawn: set[int] = set()
        self.away: list[tuple[datetime, datetime]] = []  # when no worker runs
        self.outages: list[tuple[datetime, datetime]] = []  # when LINE fails every call
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._journal = 0

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
        self._watch()
        if self._has_pending_reply() and act != self._retry:
            for seconds in RETRIES:
                self._at(self.town.clock.now + timedelta(seconds=seconds), self._retry)

    def _retry(self) -> None:
        """What the pool does each second, at the seconds that matter."""
        self.town.answer()

    def _has_pending_reply(self) -> bool:
        with reading(self.town.bot.engine) as connection:
            pending = (outbox.c.state == PENDING) & (outbox.c.kind == REPLY)
            return connection.execute(select(outbox.c.id).where(pending).limit(1)).first() is not None

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
                with Work(self.town.bot.engine) as work:
                    Club(work).people.grant_membership(one.id, None, self.town.clock.now)
                    work.commit()
            if self.dice.random() < 0.1:
                self.town.say(one, one, "勿擾 22-07")
        self._watch()

    def _reader(self, chat: Person | Group, talk: float) -> Reader:
        reader = self.readers[chat.id] = Reader(chat, Timetable(), talk)
        return reader

    def _settle(self, reader: Reader, say: Callable[[str], object]) -> None:
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
        self.away = [self._span(hours) for hours in (1, 2, 3, 5, 5, 9, 30)]
        self.outages = [self._span(hours) for hours in (1, 2, 3)]
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

    def _talks(self, reader: Reader) -> Iterator[datetime]:
        for day in range(self.days):
            for _ in range(_poisson(reader.talk, self.dice)):
                hour = self.dice.choices(range(24), TALK)[0]
                yield START + timedelta(days=day, hours=hour, seconds=self.dice.uniform(0, 3600))

    def _tick(self) -> None:
        now = self.town.clock.now
        failing = any(start <= now < end for start, end in self.outages)
        self.town.platform.heal()
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
    def line(self) -> MortalLine:
        line = self.town.bot.line
        assert isinstance(line, MortalLine)
        return line

    def _is_away(self, now: datetime) -> bool:
        return any(start <= now < end for start, end in self.away)

    def _publish(self, number: int) -> None:
        visibility = Visibility.MEMBERS if self.dice.random() < 0.2 else Visibility.PUBLIC
        essay = self.gazette.write(number, self.town.clock.now.astimezone(TAIPEI).date(), self.dice, visibility)
        news = self.dice.random() > 0.1
        kept = self.town.publish(essay, news=news)
        with Work(self.town.bot.engine) as work:
            subjects = self.town.archive.library(work, Audience.MEMBER).subjects([kept])[kept.id]
        if news:
            self.essays[number] = (kept, subjects, self.town.clock.now)
        if self.dice.random() < 0.08:
            self._at(
                self.town.clock.now + timedelta(hours=self.dice.uniform(1, 60)), lambda: self._withdraw(number, kept)
            )

    def _withdraw(self, number: int, essay: Essay) -> None:
        with Work(self.town.bot.engine) as work:
            self.town.archive.library(work, Audience.MEMBER).withdraw(essay.id, self.town.clock.now)
            work.commit()
        self.withdrawn.add(number)

    def _talk(self, reader: Reader) -> None:
        if reader.gone:
            return
        chat = reader.chat
        reader.heard_at.append(self.town.clock.now)
        if isinstance(chat, Person):
            self.town.say(chat, chat, self.dice.choice(ASKED))
            return
        who = next(iter(chat.members))
        text = f"羅盤 {self.dice.choice(ASKED[:4])}" if self.dice.random() < 0.03 else self.dice.choice(TALKED)
        self.town.say(chat, who, text)

    def _pause(self, one: Person) -> None:
        reader = self.readers[one.id]
        if reader.gone:
            return
        self.town.say(one, one, "暫停")
        reader.paused, reader.changed_at = True, self.town.clock.now
        self._at(self.town.clock.now + timedelta(days=self.dice.uniform(1, 9)), lambda: self._resume(reader, one))

    def _resume(self, reader: Reader, one: Person) -> None:
        if not reader.gone and reader.paused:
            self.town.say(one, one, "恢復")
            reader.paused, reader.changed_at = False, self.town.clock.now

    def _leave(self, one: Person) -> None:
        reader = self.readers[one.id]
        self.town.platform.unfollow(one)
        reader.gone, reader.changed_at = True, self.town.clock.now
        reader.wants.clear()
        self._at(self.town.clock.now + timedelta(days=self.dice.uniform(2, 20)), lambda: self._return(reader, one))

    def _return(self, reader: Reader, one: Person) -> None:
        """A return starts clean: nothing is told until there is a subscription again."""
        self.town.platform.follow(one)
        reader.gone, reader.paused, reader.changed_at = False, False, self.town.clock.now

    # the onlooker

    def _look_at_slot(self, reader: Reader, slot: datetime) -> None:
        """Note what is due at a slot, and look again when its window is over."""
        due = [number for number in self.essays if self._is_due(reader, number)]
        if due and not (reader.paused or reader.gone):
            self._at(slot + WINDOW + TICK, lambda: self._judge(reader, slot, due))

    def _is_due(self, reader: Reader, number: int) -> bool:
        essay, subjects, came_at = self.essays[number]
        if essay.visibility is Visibility.MEMBERS and not reader.member:
            return False
        wanted = "*" in reader.wants or bool(reader.wants & subjects)
        fresh = came_at > reader.changed_at and number not in self.withdrawn
        return wanted and fresh and not reader.told[number]

    def _judge(self, reader: Reader, slot: datetime, due: list[int]) -> None:
        left = [number for number in due if self._is_due(reader, number)]
        if not left or reader.changed_at > slot:
            return
        if self._is_unclear(reader, left):
            self.tally.unclear += 1
            reader.told.update(left)
            return
        planned = _first_awake(slot, self.away)
        if planned >= slot + WINDOW:
            self.tally.skipped += 1
        elif self._could_have(reader, planned, slot + WINDOW):
            self.tally.missed += 1
        else:
            self.tally.silent += 1

    def _is_unclear(self, reader: Reader, essays: list[int]) -> bool:
        """Did LINE never say whether it took the digest with these? Then it is not repeated, by design."""
        kept = [self.essays[number][0].revision for number in essays]
        ours = (runs.c.chat == reader.chat.id) & (runs.c.state == UNKNOWN)
        with reading(self.town.bot.engine) as connection:
            spans = connection.execute(select(runs.c.since, runs.c.until).where(ours)).all()
        return all(any(since < revision <= until for since, until in spans) for revision in kept)

    def _could_have(self, reader: Reader, start: datetime, end: datetime) -> bool:
        """Did a token come that LINE let us use, or was there money for a push, between the two?"""
        quiet_night = [
            at for at in reader.heard_at if start + TICK < at < end - TICK and 7 <= at.astimezone(TAIPEI).hour < 22
        ]
        usable = [at for at in quiet_night if not any(a <= at < b for a, b in self.outages)]
        if len(usable) > 1:  # one may have met a failure of LINE
            return True
        if isinstance(reader.chat, Group) and not reader.on_time:
            return False
        with Work(self.town.bot.engine) as work:
            budget = self.town.bot.treasury.read(work.reader, self.town.clock())
        in_time = start + timedelta(seconds=1200) < end - timedelta(hours=3.5)
        return in_time and budget.for_digests is not None and budget.for_digests > reader.size

    def _watch(self) -> None:
        calls = self.town.platform.calls
        for call in calls[self._journal :]:
            if call.accepted:
                self._note(call)
        self._journal = len(calls)

    def _note(self, call: Call) -> None:
        reader = self.readers.get(call.to[0])
        if reader is None:
            return
        self.tally.spent[call.at.astimezone(TAIPEI).strftime("%Y-%m")] += call.cost
        texts = [plain(message) for message in call.messages]
        for text in texts:
            self._note_leaks(reader, text)
            self._note_digest(reader, call, text, alone=len(texts) == 1)

    def _note_leaks(self, reader: Reader, text: str) -> None:
        for number, _ in sentences_in(text):
            essay = self.essays.get(number)
            if essay and essay[0].visibility is Visibility.MEMBERS and not reader.member:
                self.tally.leaked += 1

    def _note_digest(self, reader: Reader, call: Call, text: str, *, alone: bool) -> None:
        title = next((line for line in text.splitlines() if not line.startswith("回覆:")), "")
        if title not in ("今日摘要", "本週摘要", "本週", "今日"):
            return
        sentences = sentences_in(text)
        self.tally.repeated += sum(reader.shown[one] > 0 for one in sentences)
        reader.shown.update(sentences)
        if title in ("本週", "今日"):
            reader.told.update(essays_in(text))
            return
        self.tally.digests += 1
        self.tally.price += reader.size
        self.tally.doubled += any(reader.told[number] for number in essays_in(text))
        reader.told.update(essays_in(text))
        if call.kind == "push":
            self.tally.pushed += 1
        elif alone and isinstance(reader.chat, Group):
            self.tally.alone += 1
        else:
            self.tally.rode += 1


def _first_awake(moment: datetime, away: list[tuple[datetime, datetime]]) -> datetime:
    for start, end in sorted(away):
        if start <= moment < end:
            moment = end
    return moment


def _poisson(mean: float, dice: Random) -> int:
    """Arrivals in one day (Knuth's multiplication of uniforms)."""
    limit, product, arrivals = exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        arrivals += 1
    return arrivals


def rows(days: int, seed: int) -> Iterator[tuple[Community, Tally]]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    for community in (BIG, SMALL):
        with tempfile.TemporaryDirectory() as folder:
            yield community, Winter(community, Path(folder), days, seed).run()
