"""Plan alerts: 「有文章再通知我」 becomes one delivery once a new essay answers the question."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.ledger import ALERT, Delivery, plan_deliveries
from corpus.cache import BoundedCache
from corpus.database import UnitOfWork
from corpus.essay import Audience
from corpus.library import ArchiveResources
from handlers.club.gaps import Alert, Gaps
from handlers.club.people import People
from handlers.identity import Chat, Place

MOST_REVISIONS = 500  # entries of the cache of news

News = BoundedCache[tuple[Audience, int], frozenset[int]]  # ids of essays that are open to an audience, or in part

BATCH = 100  # alerts of one look, so that due deliveries do not wait for them
BEST = 3  # hits of a sure answer: a new essay among them answers the alert


class AlertPlanner:
    """Looks at each alert once for every revision with news."""

    def __init__(
        self, archive: ArchiveResources, zone: ZoneInfo, patience: float, owners: tuple[str, ...] = ()
    ) -> None:
        self.archive = archive
        self.zone = zone
        self.patience = patience
        self.owners = owners
        self.batch = BATCH
        self.has_more = False  # there are alerts left for the next look
        self._seen = -1  # the revision at which all alerts were looked at; lost without harm

    def plan(self, work: UnitOfWork, now: datetime, clock: float) -> int:
        """Plan a delivery for every alert of the next batch that an essay answers, each committed; return how many. See `has_more`."""
        revision = self.archive.library(work, Audience.GUEST).revision()
        if revision == self._seen:
            return 0
        planned, known = 0, News(MOST_REVISIONS)
        waiting = Gaps(work).alerts_before(revision, self.batch)
        for alert in waiting:
            essay = self._answered_by(work, alert, revision, now, known)
            if Gaps(work).look_again(alert, revision):
                planned += self._fulfil(work, alert, essay, now, clock) if essay else 0
            work.commit()
        self.has_more = len(waiting) == self.batch
        if not self.has_more:
            self._seen = revision
        return planned

    def _answered_by(self, work: UnitOfWork, alert: Alert, revision: int, now: datetime, known: News) -> int | None:
        """Return the new essay that answers an alert, if the person who waits may see it."""
        library = self.archive.library(work, People(work, self.owners).standing(alert.user, now).audience)

        def read() -> frozenset[int]:
            essays = library.news_since(alert.revision, revision)
            return frozenset(essay.id for essay in essays if not library.is_locked(essay) or essay.open_blocks)

        news = known.remember((library.audience, alert.revision), read)
        if not news:
            return None
        if securities := library.subjects.resolve_security(alert.question):  # only essays that name it count
            told = [place.essay_id for one in securities for place in library.subjects.security(one).places]
            return next((essay for essay in told if essay in news), None)
        finding = library.search(alert.question, now.astimezone(self.zone))
        if finding.outcome != "answer":
            return None
        return next((hit.essay_id for hit in finding.hits[:BEST] if hit.essay_id in news), None)

    def _fulfil(self, work: UnitOfWork, alert: Alert, essay: int, now: datetime, clock: float) -> int:
        run = Delivery(
            kind=ALERT,
            chat=Chat(alert.user, Place.PERSON),
            name=f"wish {alert.id} {essay} {alert.revision}",
            push_at=now.timestamp() + self.patience,
            subject=f"{alert.id} {essay}",
        )
        return plan_deliveries(work.writer, [run], clock)
