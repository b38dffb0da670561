"""A scripted day in which the N-th thing that can fail fails, for N = 1, 2, ... until a day ends unharmed.

What can fail: each commit and each call to LINE, in three ways: an error, a success whose answer is lost, the end of the
process. Onlookers then check: each question answered or honestly given up, the digest at most once, nothing left pending.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from bot.dev.simulator.inprocess import InProcessLine
from bot.dev.simulator.people import LineGroup, LinePerson, group, person
from bot.dev.simulator.webhooks import WebhookDelivery
from bot.ledger.tables import outbox, runs
from bot.line.client import Ambiguous, Result
from bot.migrate import migrate
from corpus.database import connect, reading
from corpus.library import ArchiveResources
from tests.simulation.inprocess_bot import InProcessBot
from tests.support.digest_bot import MONDAY, cooling

ERROR, LOST, DEATH = "error", "answer lost", "death"
STEP = int(os.environ.get("FAULT_STEP", "25"))  # 1: every single one
HONEST = {"sent", "empty", "skipped", "unknown", "dropped", "stopped"}


class Death(BaseException):
    """The process ends here."""


class Fault:
    """Counts what could fail, and lets the N-th fail."""

    def __init__(self) -> None:
        self.left = -1
        self.way = ERROR

    def arm(self, nth: int, way: str) -> None:
        self.left, self.way = nth, way

    @property
    def has_happened(self) -> bool:
        return self.left <= 0

    def is_now(self) -> bool:
        self.left -= 1
        return self.left == 0


class FaultyLine(InProcessLine):
    """LINE at the other end of a line that may break."""

    fault: Fault

    def _attempt(self, path: str, body: bytes, headers: dict[str, str]) -> Result:
        if not self.fault.is_now():
            return super()._attempt(path, body, headers)
        if self.fault.way == ERROR:
            return Ambiguous("500")
        super()._attempt(path, body, headers)
        if self.fault.way == DEATH:
            raise Death
        return Ambiguous("ReadTimeoutError")


class FaultyBot(InProcessBot):
    """A bot whose web process and worker may break, and are started again."""

    def __init__(self, folder: Path, database_url: str, fault: Fault) -> None:
        engine = connect(database_url)
        migrate(engine)
        super().__init__(
            folder,
            MONDAY,
            archive=ArchiveResources(engine, folder / "index"),
            line=FaultyLine,
            patience=0,
            monthly_limit=None,
        )
        assert isinstance(self.bot.line, FaultyLine)
        self.bot.line.fault = self.fault = fault
        self.questions: list[WebhookDelivery] = []

    def _deliver(self, body: bytes, _headers: Mapping[str, str]) -> int:
        """As the web process: kept or refused, and answered by whoever lives."""
        try:
            if batch := self._sorter.classify(body, self.clock()):
                self.bot.ledger.store(batch)
        except (OperationalError, Death):
            return 503
        self.live(self.answer)
        return 200

    def live(self, act: Callable[[], object]) -> None:
        """Do it, whatever breaks; the next process goes on."""
        with suppress(OperationalError, Death):
            act()

    def ask(self, chat: LinePerson | LineGroup, who: LinePerson, text: str) -> None:
        """Say something; LINE delivers it again when it was not taken, and others go on with what was."""
        post = self.platform.say(chat, who, text)
        self.questions.append(post)
        if not post.taken:
            self.live(lambda: self.platform.redeliver(post.id))
        self.go_on(seconds=40)

    def go_on(self, seconds: int) -> None:
        for _ in range(seconds // 10):
            self.pass_by(seconds=10)
            self.live(self.answer)
            self.live(self.tick)


@contextmanager
def watched(bot: FaultyBot) -> Iterator[None]:
    """Let commits fail, too: before they are done, or with their answer lost."""

    def commit(connection: Any) -> None:
        if connection.get_execution_options().get("reading") or not bot.fault.is_now():
            return
        if bot.fault.way == LOST:
            connection.connection.driver_connection.execute("COMMIT")
        if bot.fault.way == DEATH:
            raise Death
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    event.listen(bot.bot.engine, "commit", commit)
    yield
    event.remove(bot.bot.engine, "commit", commit)


def live_a_day(bot: FaultyBot, who: LinePerson, crowd: LineGroup, number: int) -> None:
    """The script: somebody subscribes, an essay comes, a group asks, the digest goes out, somebody leaves."""
    bot.ask(who, who, "訂閱 散熱")
    bot.ask(who, who, "每日 08:30")
    bot.live(lambda: bot.publish(cooling(f"第{number}天的散熱")))
    bot.ask(crowd, who, "羅盤 最新")
    bot.at(MONDAY.replace(hour=8, minute=30) + timedelta(days=number))
    bot.go_on(seconds=120)
    bot.ask(who, who, "我的訂閱")
    bot.ask(who, who, "全部退訂")


def harm(bot: FaultyBot, who: LinePerson) -> list[str]:
    """What must not be, whatever failed."""
    with reading(bot.bot.engine) as connection:
        ends = dict(connection.execute(select(outbox.c.event_id, outbox.c.state)).all())
        digests = connection.execute(
            select(runs.c.state).where(runs.c.chat == who.id, runs.c.kind == "digest")
        ).scalars()
        found = [f"digest {state}" for state in digests if state not in HONEST]
        found += [f"{event} {state}" for event, state in ends.items() if state in ("pending", "riding")]
    for post in bot.questions:
        if post.id not in bot.platform.channel.replies and ends.get(post.id) not in ("dropped", "unknown"):
            found.append(f"{post.event['message']['text']}: neither answered nor given up")
    pushed = [call for call in bot.platform.calls if call.kind == "push" and call.accepted and call.to == (who.id,)]
    if len({call.retry_key for call in pushed}) < len(pushed):
        found.append("a push was accepted twice")
    if len(pushed) > 1:
        found.append(f"{len(pushed)} digests of one day")
    return found


@pytest.mark.parametrize("way", [ERROR, LOST, DEATH])
def test_whatever_fails_nothing_is_lost_and_nothing_comes_twice(database_url: str, tmp_path: Path, way: str) -> None:
    fault = Fault()
    bot = FaultyBot(tmp_path, database_url, fault)
    days = count(1)
    with watched(bot):
        for nth in count(1, STEP):
            day = next(days)
            who = person(f"人{day}")
            crowd = group(f"群{day}", (who,))
            bot.platform.add(who, crowd)
            bot.questions.clear()
            bot.at(MONDAY + timedelta(days=day))
            fault.arm(nth, way)
            live_a_day(bot, who, crowd, day)
            happened = fault.has_happened
            fault.arm(-1, way)
            bot.go_on(seconds=60)
            assert harm(bot, who) == [], f"{way}, the {nth}th"
            if not happened:
                break
    assert day >= 3
    bot.bot.engine.dispose()
