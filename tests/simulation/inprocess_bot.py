"""A town within one process: people, groups, the platform, the bot and its worker, all on a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import build
from bot.config import Settings
from bot.dev.local import SECRET, TOKEN
from bot.dev.simulator.inprocess import InProcessLine
from bot.dev.simulator.people import LineGroup, LinePerson
from bot.dev.simulator.platform import Platform
from bot.dev.simulator.webhooks import WebhookDelivery
from bot.inbound.webhook import EventClassifier
from bot.migrate import open_archive
from corpus.database import connect
from corpus.essay import Essay
from corpus.library import ArchiveResources


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def __call__(self) -> float:
        return self.now.timestamp()

    def aware(self) -> datetime:
        return self.now

    def turn(self, to: datetime) -> None:
        self.now = to.astimezone(UTC)


class InProcessBot:
    """What happens, happens at once: an event is answered before the call that brought it returns."""

    def __init__(
        self,
        folder: Path,
        now: datetime,
        *,
        persons: Sequence[LinePerson] = (),
        groups: Sequence[LineGroup] = (),
        monthly_limit: int | None = 200,
        patience: int = 1200,
        owners: Sequence[str] = (),
        archive: ArchiveResources | None = None,
        join: str = "",
        line: type[InProcessLine] = InProcessLine,
        redis_url: str = "",
        platform: Platform | None = None,
    ) -> None:
        """`platform`: the one of another machine, which it serves, too."""
        self.clock = Clock(now)
        self.settings = settings = Settings(
            line_channel_secret=SECRET,
            line_channel_access_token=TOKEN,
            database_url=f"sqlite:///{folder}/town.db",
            redis_url=redis_url,
            public_url="https://luopan.example",
            luopan_digest_patience=patience,
            luopan_moderators=",".join(owners),
            luopan_rate=0,
            luopan_join=join,
            luopan_tz="Asia/Taipei",
        )
        self.zone = settings.zone
        clock = self.clock.aware
        self.platform = platform or Platform(
            SECRET, TOKEN, self.deliver, clock=clock, persons=persons, groups=groups, monthly_limit=monthly_limit
        )
        self._line = line
        self.start(archive or open_archive(settings))

    def start(self, archive: ArchiveResources) -> None:
        """Begin a life of the process."""
        self.archive = archive
        self.bot = build(self.settings, archive, line=self._line(self.platform), clock=self.clock)
        self._sorter = EventClassifier(self.bot.gate, self.bot.ledger.has_waiting_delivery)

    def restart(self) -> None:
        """End the process and begin another: what it had in memory is gone."""
        url, folder = self.bot.engine.url, self.archive.index_folder
        self.bot.engine.dispose()
        self.start(ArchiveResources(connect(url.render_as_string(hide_password=False)), folder))

    def at(self, to: datetime) -> None:
        """Turn the clock."""
        self.clock.turn(to)

    def pass_by(self, **span: float) -> None:
        self.clock.turn(self.clock.now + timedelta(**span))

    def tick(self) -> None:
        """A look of the worker."""
        self.bot.worker.tick(self.clock.now)

    def publish(self, essay: Essay, *, news: bool = True) -> Essay:
        """An essay comes into the archive now."""
        [added] = self.archive.add([essay], self.clock.now.astimezone(self.zone), news=news)
        return added.essay

    def say(self, chat: LineGroup | LinePerson | str, person: LinePerson | str, text: str) -> list[dict[str, Any]]:
        """The messages that come back; none where the bot keeps silent or LINE fails."""
        return self.heard(self.platform.say(chat, person, text))

    def heard(self, delivery: WebhookDelivery) -> list[dict[str, Any]]:
        return [bubble.content for bubble in self.platform.channel.replies.get(delivery.id, ())]

    def answer(self) -> None:
        """Let the pool do all that is due now."""
        pool, ledger = self.bot.pool, self.bot.ledger
        while any(has_work := ledger.has_work(self.clock())):
            answered, sent = has_work[0] and pool.answer_next(), has_work[1] and pool.send_next()
            if not (answered or sent):
                break

    def deliver(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Take a webhook call; the HTTP status."""
        batch = self._sorter.classify(body, self.clock())
        if batch:
            self.bot.ledger.store(batch)
            self.answer()
        return 200
