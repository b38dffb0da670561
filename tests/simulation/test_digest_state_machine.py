"""Whatever people, editors, LINE and death do in whatever order: no passage twice, nothing to whom it does not belong."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.dev.local import plain
from bot.dev.simulator.people import LineGroup, LinePerson
from corpus.database import UnitOfWork
from corpus.essay import Audience, Essay, Visibility
from handlers.club.club import Club
from tests.simulation.soak import Crash, CrashingLine
from tests.support.digest_bot import ANN, BEN, CLUB, bot_over, coffee, cooling
from tests.support.memory import memory_folder

T = TypeVar("T")

CHATS: tuple[LinePerson | LineGroup, ...] = (ANN, BEN, CLUB)
TOPICS = ("散熱", "咖啡", "精選", "散熱 不要手機")
chats = st.sampled_from(CHATS)
people = st.sampled_from((ANN, BEN))


class Community(RuleBasedStateMachine):
    """Two people and a group. The model knows only what was done, and what the platform took."""

    @initialize()
    def begin(self) -> None:
        self.town = bot_over(Path(mkdtemp(dir=memory_folder())), patience=600, line=CrashingLine)
        self.journal = 0
        self.subscribed: set[str] = set()  # as far as one can know: a digest may go there
        self.members: set[str] = set()
        self.essays: list[Essay] = []
        self.withdrawn: set[int] = set()
        self.shown: Counter[tuple[str, str]] = Counter()
        self.told: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []

    # people

    @rule(chat=chats, topic=st.sampled_from(TOPICS))
    def subscribe(self, chat: LinePerson | LineGroup, topic: str) -> None:
        self.subscribed.add(chat.id)
        self._say(chat, f"訂閱 {topic}")

    @rule(chat=chats)
    def unsubscribe(self, chat: LinePerson | LineGroup) -> None:
        if self._say(chat, "全部退訂"):
            self.subscribed.discard(chat.id)

    @rule(
        chat=chats,
        word=st.sampled_from(("暫停", "暫停 1天", "恢復", "今日", "本週", "早安", "溫故", "勿擾 22-08", "取消勿擾")),
    )
    def say(self, chat: LinePerson | LineGroup, word: str) -> None:
        self._say(chat, word)

    @rule()
    def chatter(self) -> None:
        self._do(lambda: self.town.say(CLUB, BEN, "哈哈"))

    @rule(person=people)
    def leave(self, person: LinePerson) -> None:
        """And come back, to a clean start."""
        self._do(lambda: self.town.platform.unfollow(person))
        self.subscribed.discard(person.id)
        for seen in (self.shown, self.told):
            for one in [one for one in seen if one[0] == person.id]:
                del seen[one]
        self._do(lambda: self.town.platform.follow(person))

    @rule(person=people)
    def join_or_lapse(self, person: LinePerson) -> None:
        with UnitOfWork(self.town.bot.engine) as work:
            if person.id in self.members:
                Club(work).memberships.end(person.id, self.town.clock.now)
            else:
                Club(work).memberships.grant(person.id, None, self.town.clock.now)
            work.commit()
        self.members ^= {person.id}

    # editors

    @rule(visibility=st.sampled_from([Visibility.PUBLIC, Visibility.MEMBERS]), news=st.booleans())
    def publish(self, visibility: Visibility, news: bool) -> None:
        essay = cooling(visibility=visibility) if visibility == Visibility.MEMBERS or news else coffee()
        self.essays.append(self.town.publish(essay, news=news))

    @precondition(lambda self: self.essays)
    @rule(which=st.integers(0, 100))
    def withdraw(self, which: int) -> None:
        essay = self.essays[which % len(self.essays)]
        with UnitOfWork(self.town.bot.engine) as work:
            self.town.archive.library(work, Audience.MEMBER).withdraw(essay.id, self.town.clock.now)
            work.commit()
        self.withdrawn.add(essay.id)

    # time, LINE and death

    @rule(hours=st.sampled_from((0.1, 0.5, 1.5, 5, 12, 24, 30)))
    def time_passes(self, hours: float) -> None:
        self.town.pass_by(hours=hours)
        self._do(self.town.tick)

    @rule()
    def clock_jumps(self) -> None:
        self.town.pass_by(days=-1)
        self._do(self.town.tick)
        self.town.pass_by(days=1)

    @rule(
        fault=st.sampled_from(("500", "429 rate", "429 monthly", "timeout")),
        after=st.booleans(),
        times=st.integers(1, 3),
    )
    def line_fails(self, fault: str, after: bool, times: int) -> None:
        self.town.platform.fail(fault, next=times, after_accept=after)

    @rule(when=st.sampled_from(("before", "after")))
    def process_dies_at_the_next_call(self, when: str) -> None:
        line = self.town.bot.line
        assert isinstance(line, CrashingLine)
        line.crash = when

    @rule()
    def pool_looks_again(self) -> None:
        self.town.pass_by(seconds=16)
        self._do(self.town.answer)

    # what must hold

    @invariant()
    def nothing_is_wrong(self) -> None:
        self._watch()
        assert self.wrong == []
        assert [passage for passage, times in self.shown.items() if times > 1] == []
        assert [title for title, times in self.told.items() if times > 1] == []

    def teardown(self) -> None:
        """Whatever happened: once LINE is well and somebody speaks, what comes next arrives, and nothing hangs."""
        try:
            self._come_to_rest()
        finally:
            self.town.bot.engine.dispose()
            shutil.rmtree(self.town.archive.index_folder.parent)

    def _come_to_rest(self) -> None:
        self.town.platform.clear_failures()
        self._live()
        for chat in CHATS:
            self.subscribe(chat, "精選")
            for word in ("恢復", "取消勿擾"):
                self._say(chat, word)
        self._live()
        news = self.town.publish(coffee())
        self.essays.append(news)
        self._live()
        self.nothing_is_wrong()
        assert [chat.name for chat in CHATS if not self.told[chat.id, news.title]] == []

    def _live(self) -> None:
        """A day and a little, in which each chat hears a word now and then."""
        for _ in range(7):
            self.town.pass_by(hours=4)
            self._do(self.town.tick)
            for chat in CHATS:
                self._say(chat, "早安")
                self.pool_looks_again()

    def _say(self, chat: LinePerson | LineGroup, text: str) -> bool:
        """True when it was answered; what was not may be done all the same, now or later."""
        who = ANN if chat is CLUB else chat
        assert isinstance(who, LinePerson)
        return bool(self._do(lambda: self.town.say(chat, who, f"羅盤 {text}" if chat is CLUB else text)))

    def _do(self, act: Callable[[], T]) -> T | None:
        with suppress(Crash):
            return act()
        return None

    def _watch(self) -> None:
        calls = self.town.platform.calls
        for call in calls[self.journal :]:
            for message in call.messages if call.accepted else ():
                self._check(call.to[0], plain(message))
        self.journal = len(calls)

    def _check(self, chat: str, text: str) -> None:
        title = next((line for line in text.splitlines() if not line.startswith("回覆：")), "")
        for essay in self.essays:
            quoted = [paragraph.text for paragraph in essay.paragraphs if paragraph.text in text]
            if quoted and essay.visibility == Visibility.MEMBERS and chat not in self.members:
                self.wrong.append(f"members' text to {chat}")
            if title in ("今日摘要", "舊文章", "本週", "今日"):
                self.shown.update((chat, passage) for passage in quoted)
            if title == "今日摘要" and essay.title in text:
                self.told[chat, essay.title] += 1
                if essay.id in self.withdrawn:
                    self.wrong.append(f"withdrawn text to {chat}")
        if title in ("今日摘要", "舊文章") and chat not in self.subscribed:
            self.wrong.append(f"a digest to {chat}")


Community.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestCommunity = Community.TestCase
