"""An onlooker: knows what people typed and what the platform took, and judges from that alone what was missed or doubled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.dev.local import plain
from bot.dev.simulator.channel import SendCall
from bot.dev.simulator.people import LineGroup, LinePerson
from bot.ledger.outgoing import UNKNOWN
from bot.ledger.tables import runs
from corpus.database import UnitOfWork, reading
from corpus.essay import Essay, Visibility
from handlers.club.timetable import Timetable
from tests.simulation.essay_factory import essays_in, sentences_in
from tests.simulation.inprocess_bot import InProcessBot

TAIPEI = ZoneInfo("Asia/Taipei")
START = datetime(2026, 1, 5, tzinfo=TAIPEI)
TICK = timedelta(minutes=10)
WINDOW = timedelta(hours=6)
PATIENCE = timedelta(minutes=20)
Spans = list[tuple[datetime, datetime]]


@dataclass
class ExpectedChat:
    """What an onlooker knows of one chat, told apart from what the bot thinks."""

    chat: LinePerson | LineGroup
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
        return self.chat.size if isinstance(self.chat, LineGroup) else 1


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


class DeliveryOracle:
    """Watches one town. `away` and `outages`: when no worker runs, when LINE fails every call."""

    def __init__(self, town: InProcessBot) -> None:
        self.town = town
        self.tally = Tally()
        self.readers: dict[str, ExpectedChat] = {}
        self.essays: dict[int, tuple[Essay, frozenset[str], datetime | None]] = {}  # by number; when it became news
        self.withdrawn: set[int] = set()
        self.away: Spans = []
        self.outages: Spans = []
        self._seen = 0  # calls

    def due(self, reader: ExpectedChat) -> list[int]:
        """The essays that this chat should be told of at the slot that is now."""
        if reader.paused or reader.gone:
            return []
        return [number for number in self.essays if self._is_due(reader, number)]

    def _is_due(self, reader: ExpectedChat, number: int) -> bool:
        essay, subjects, came_at = self.essays[number]
        if came_at is None:
            return False
        if essay.visibility == Visibility.MEMBERS and not reader.member:
            return False
        wanted = "*" in reader.wants or bool(reader.wants & subjects)
        fresh = came_at > reader.changed_at and number not in self.withdrawn
        return wanted and fresh and not reader.told[number]

    def judge(self, reader: ExpectedChat, slot: datetime, due: list[int]) -> None:
        """The window after a slot is over: was it told what was due, and if not, why?"""
        left = [number for number in due if self._is_due(reader, number)]
        if not left or reader.changed_at > slot:
            return
        if self._is_unclear(reader, left):
            self.tally.unclear += 1
            reader.told.update(left)
            return
        planned = _first_awake(slot + PATIENCE, self.away)
        if planned >= slot + WINDOW:
            self.tally.skipped += 1
        elif self._could_have(reader, planned, slot + WINDOW):
            self.tally.missed += 1
        else:
            self.tally.silent += 1

    def _is_unclear(self, reader: ExpectedChat, essays: list[int]) -> bool:
        """Did LINE never say whether it took the digest with these? Then it is not repeated, by design."""
        kept = [self.essays[number][0].revision for number in essays]
        ours = (runs.c.chat == reader.chat.id) & (runs.c.state == UNKNOWN)
        with reading(self.town.bot.engine) as connection:
            spans = connection.execute(select(runs.c.since, runs.c.until).where(ours)).all()
        return all(any(since < revision <= until for since, until in spans) for revision in kept)

    def _could_have(self, reader: ExpectedChat, start: datetime, end: datetime) -> bool:
        """Did a token come that LINE let us use, or was there money for a push, between the two?"""
        quiet_night = [
            at for at in reader.heard_at if start + TICK < at < end - TICK and 7 <= at.astimezone(TAIPEI).hour < 22
        ]
        usable = [at for at in quiet_night if not any(a <= at < b for a, b in self.outages)]
        if len(usable) > 1:  # one may have met a failure of LINE
            return True
        if isinstance(reader.chat, LineGroup) and not reader.on_time:
            return False
        with UnitOfWork(self.town.bot.engine) as work:
            budget = self.town.bot.quota_store.read(work.reader, self.town.clock())
        in_time = start < end - timedelta(hours=3.5)
        return in_time and budget.left_for_digests is not None and budget.left_for_digests > reader.size

    def watch(self) -> None:
        """Look at what the platform took since the last look."""
        calls = self.town.platform.calls
        for call in calls[self._seen :]:
            if call.accepted:
                self._note(call)
        self._seen = len(calls)

    def _note(self, call: SendCall) -> None:
        reader = self.readers.get(call.to[0])
        if reader is None:
            return
        self.tally.spent[call.at.astimezone(TAIPEI).strftime("%Y-%m")] += call.cost
        texts = [plain(message) for message in call.messages]
        for text in texts:
            self._note_leaks(reader, text)
            self._note_digest(reader, call, text, alone=len(texts) == 1)

    def _note_leaks(self, reader: ExpectedChat, text: str) -> None:
        for number, _ in sentences_in(text):
            essay = self.essays.get(number)
            if essay and essay[0].visibility == Visibility.MEMBERS and not reader.member:
                self.tally.leaked += 1

    def _note_digest(self, reader: ExpectedChat, call: SendCall, text: str, *, alone: bool) -> None:
        title = next((line for line in text.splitlines() if not line.startswith("回覆：")), "")
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
        elif alone and isinstance(reader.chat, LineGroup):
            self.tally.alone += 1
        else:
            self.tally.rode += 1


def _first_awake(moment: datetime, away: Spans) -> datetime:
    for start, end in sorted(away):
        if start <= moment < end:
            moment = end
    return moment
