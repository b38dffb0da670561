"""The editor's week over a scripted month: every figure equals a recount of the script, before and after an erasure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.dev.simulator.people import LinePerson, person
from bot.web.reader import COOKIE
from corpus.database import UnitOfWork, connect
from corpus.essay import Block, BlockKind, Essay
from corpus.library import ArchiveResources
from handlers.ask import Ask
from handlers.club.reader_browsers import ReaderBrowsers
from handlers.club.week_figures import FEWEST
from handlers.editing.week import SPAN, Week, editors_week
from handlers.identity import Chat, Place, Role
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import MONDAY
from tests.support.schemas import lay_schema

pytestmark = pytest.mark.slow

PEOPLE = tuple(person(f"讀者{number}") for number in range(9))
OWNER = person("站長")
SUBJECTS = ("石墨烯的量產", "鈣鈦礦的壽命", "核融合的點火")
QUESTIONS = ("鯨豚的聲納", "隕石的拍賣", "風箏的歷史")
THEMES = ("散熱", "電動車", "記憶體")
DAYS, ACTS = 30, 260


@dataclass(frozen=True)
class Act:
    """One line of the script: who did what to which essay or question, and when."""

    at: datetime
    who: LinePerson
    what: str
    which: int


def script(dice: Random) -> list[Act]:
    minutes = sorted(dice.sample(range(DAYS * 24 * 60), ACTS))
    kinds = ("read", "save", "open", "ask", "ask", "theme")
    return [
        Act(MONDAY + timedelta(minutes=minute), dice.choice(PEOPLE), dice.choice(kinds), dice.randrange(3))
        for minute in minutes
    ]


class Month:
    """A town in which the script happens."""

    def __init__(self, folder: Path) -> None:
        database = f"sqlite:///{folder}/town.db"
        lay_schema(database)
        archive = ArchiveResources(connect(database), folder / "index")
        self.town = InProcessBot(folder, MONDAY, persons=(*PEOPLE, OWNER), owners=(OWNER.id,), archive=archive)
        self.essays = [self.town.publish(_essay(number, name), news=False) for number, name in enumerate(SUBJECTS)]
        with UnitOfWork(self.town.bot.engine) as work:
            browsers, now = ReaderBrowsers(work), self.town.clock.now
            self.cookies = {one: f"{COOKIE}={browsers.admit(one.id, one.id, now, now)}" for one in PEOPLE}
            work.commit()

    def play(self, act: Act) -> None:
        self.town.at(act.at)
        essay = self.essays[act.which].id
        typed = {
            "read": f"讀 #{essay}",
            "save": f"收藏 #{essay}",
            "ask": f"沒答到 {QUESTIONS[act.which]}",
            "theme": f"訂閱 {THEMES[act.which]}",
        }
        if act.what == "open":
            client = self.town.bot.app.test_client(use_cookies=False)
            assert client.get(f"/read/{essay}", headers={"Cookie": self.cookies[act.who]}).status_code == 200
        else:
            assert self.town.say(act.who, act.who, typed[act.what])

    def week(self, at: datetime) -> Week:
        self.town.at(at)
        with UnitOfWork(self.town.bot.engine) as work:
            ask = Ask("", Chat(OWNER.id, Place.PERSON), OWNER.id, at, Role.OWNER)
            return editors_week(self.town.bot.conversation.handler_context(ask, work), at)


def _essay(number: int, name: str) -> Essay:
    lines = (
        f"{name}在第{number}座工廠有了進展，良率到了{number + 3}成。",
        f"下一步要看{name}的成本能不能再降{number + 1}成。",
    )
    return Essay(name, tuple(Block(BlockKind.TEXT, line) for line in lines))


def recount(acts: list[Act], at: datetime, gone: LinePerson | None = None) -> dict[str, dict[int, int]]:
    """The same figures from the script alone: people by kind of act and by what it was done to."""
    people: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for act in acts:
        if act.who != gone and act.at <= at and (act.what == "theme" or act.at >= at - SPAN):
            people[act.what][act.which].add(act.who.id)
    return {
        kind: {which: len(who) for which, who in found.items() if len(who) >= FEWEST} for kind, found in people.items()
    }


def told(week: Week, month: Month) -> dict[str, dict[int, int]]:
    """The week's figures in the same form."""
    places = {essay.id: place for place, essay in enumerate(month.essays)}
    figures: dict[str, dict[int, int]] = {
        "read": {places[one.essay.id]: one.asked for one in week.essays if one.asked},
        "open": {places[one.essay.id]: one.opened for one in week.essays if one.opened},
        "save": {places[one.essay.id]: one.saved for one in week.essays if one.saved},
        "ask": {QUESTIONS.index(one.question): one.count for one in week.missed},
        "theme": {THEMES.index(name): count for name, count in week.themes},
    }
    return figures


def test_each_week_of_a_month_is_what_the_script_says_also_after_an_erasure(tmp_path: Path) -> None:
    acts, month = script(Random(11)), Month(tmp_path)
    ends = [MONDAY + timedelta(days=days) for days in (7, 14, 21, 30)]
    waiting, some = list(acts), 0
    for end in ends:
        while waiting and waiting[0].at <= end:
            month.play(waiting.pop(0))
        expected = recount(acts, end)
        found = told(month.week(end), month)
        assert {kind: numbers for kind, numbers in found.items() if numbers} == {
            kind: numbers for kind, numbers in expected.items() if numbers
        }, end
        some += sum(map(len, found.values()))
    assert some > 20, "there was something to count"

    gone = PEOPLE[0]
    heard = month.town.say(gone, gone, "刪除我的資料 確定")
    assert heard
    after = recount(acts, ends[-1], gone)
    found = told(month.week(ends[-1] + timedelta(seconds=1)), month)
    assert {kind: numbers for kind, numbers in found.items() if numbers} == {
        kind: numbers for kind, numbers in after.items() if numbers
    }
    assert after != expected, "the erasure is seen in the figures"
