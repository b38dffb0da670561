"""Keeps the sources up to date: looks at each when its time has come, and tells an editor of news and failures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.errors import safe_fields
from bot.ledger import notice, plan_deliveries
from bot.logs import log, logged
from bot.outbound.hub_keeper import HubKeeper
from bot.threads import BackgroundThreads
from corpus.database import UnitOfWork, reading
from corpus.intake.errors import IntakeError
from corpus.intake.sources.manners import Manners
from corpus.intake.sources.source import LONG_FAILURE, Source, SourceState
from corpus.library import ArchiveResources
from corpus.storage import source_store
from corpus.storage.source_lock import SourceBusyError
from handlers.club.club import Club
from handlers.editing.source_drafts import SourceDrafts
from handlers.identity import Role

TICK = 20.0  # seconds between two looks for sources that are due
EARLY = timedelta(minutes=1)  # so that new posts can be found before the interval is over


class SourceKeeper:
    """A thread beside the sender: a slow site must not hold up a digest."""

    def __init__(
        self,
        archive: ArchiveResources,
        manners: Manners,
        owners: tuple[str, ...],
        hubs: HubKeeper | None = None,  # None: nobody could call back
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.archive = archive
        self.manners = manners
        self.owners = owners
        self.hubs = hubs
        self.clock = clock
        self._threads = BackgroundThreads(self._run)

    def start(self) -> None:
        """Start in a thread of this process."""
        self._threads.start()

    def stop(self) -> None:
        """End after the post at hand; the walk goes on there next time."""
        self._threads.stop(within=TICK)

    def look(self, now: datetime) -> int:
        """Look at every source that is due at `now` or soon after; return how many are."""
        with reading(self.archive.engine) as connection:
            due = source_store.due(connection, now + EARLY)
        for source in due:
            if not self._threads.stopping.is_set():
                self._look_at(source, now)
        return len(due)

    def _look_at(self, source: Source, now: datetime) -> None:
        from corpus.intake.sources.sync import SourceSync  # its readers are slow to import

        sync, counts = SourceSync(self.archive, self.manners, SourceDrafts(self.owners)), Counter[str]()
        try:
            for report in sync.run(source.id, now):
                counts[report.status] += 1
                if self._threads.stopping.is_set():
                    return
            log.info("source_synced", source=source.id, **counts)
        except SourceBusyError:
            return
        except IntakeError as problem:
            log.warning("source_failed", source=source.id, problem=problem.what)
        except Exception as error:  # one source that fails must not hold up the others
            log.error("source_failed", source=source.id, **safe_fields(error))
            return
        self._tell(source, counts, now)

    def _tell(self, before: Source, counts: Counter[str], now: datetime) -> None:
        """Plan one line to whoever added the source, or to the owner, where there is something to do or to know."""
        with UnitOfWork(self.archive.engine) as work:
            source = source_store.get(work.reader, before.id)
            if source is None:
                return
            words = _words(before, source, counts, now)
            if not words:
                return
            if source.failing_since is not None:
                source_store.keep(work.writer, replace(source, owner_told=True))
            for user in self._hearers(work, source, now):
                name = f"notice source {source.id} {now.isoformat(timespec='minutes')}"
                plan_deliveries(work.writer, [notice(user, name, words)], self.clock())
            work.commit()

    def _hearers(self, work: UnitOfWork, source: Source, now: datetime) -> list[str]:
        people = Club(work, self.owners).people
        if source.added_by and people.role(source.added_by, now) >= Role.EDITOR:
            return [source.added_by]
        return [user for user, _ in people.staff(Role.OWNER)][:1]

    def _run(self) -> None:
        stopping = self._threads.stopping
        while not stopping.is_set():
            with logged("sources_failed"):
                now = datetime.fromtimestamp(self.clock(), UTC)
                self.look(now)
                if self.hubs is not None:
                    self.hubs.tend(now)
            stopping.wait(TICK)


def _words(before: Source, after: Source, counts: Counter[str], now: datetime) -> str:
    """Return the line to say about a source; empty where nothing is worth one."""
    if after.failing_since is not None:
        is_long = now - after.failing_since >= LONG_FAILURE and not after.owner_told
        return (
            f"來源〈{after.title}〉讀不到已經超過一天：{after.problem}。會自己再試，看狀況打「來源 {after.id}」。"
            if is_long
            else ""
        )
    if before.state is SourceState.WALKING:
        refused = f"，沒收 {counts['refused']} 篇" if counts["refused"] else ""
        return f"來源〈{after.title}〉收好了：新增 {counts['added']} 篇{refused}。之後有新文章會跟著更新，打「來源 {after.id}」看。"
    said = [f"{counts['drafted']} 篇新的或改過的放進草稿，打「草稿」看"] if counts["drafted"] else []
    said += [f"{counts['removed']} 篇在網站上拿掉了，這裡還留著"] if counts["removed"] else []
    return f"來源〈{after.title}〉：{'；'.join(said)}。" if said else ""
