"""The wiring of a sender: schedule, composer, pusher and keepers. It needs no web and no router."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.config import Settings
from bot.errors import SettingsError
from bot.ledger import Ledger
from bot.line.client import LineClient, line_client
from bot.messages.links import Links
from bot.messages.template import AnswerRenderer
from bot.migrate import open_archive
from bot.outbound.alerts import AlertPlanner
from bot.outbound.composer import DeliveryComposer
from bot.outbound.friend_counts import FriendCounter
from bot.outbound.hub_keeper import CALLBACKS, HubKeeper
from bot.outbound.member_list import MemberListReconciler
from bot.outbound.menu_keeper import MenuKeeper
from bot.outbound.pusher import Pusher
from bot.outbound.quota import QuotaStore
from bot.outbound.reminders import MembershipReminders
from bot.outbound.review_notices import ReviewNotices
from bot.outbound.run_plans import run_due_plans
from bot.outbound.schedule import Schedule
from bot.outbound.source_keeper import SourceKeeper
from bot.outbound.worker import Chore, Worker
from corpus.database import UnitOfWork
from corpus.intake.sources.manners import Manners, agent_name
from corpus.library import ArchiveResources


@dataclass(frozen=True, slots=True)
class SenderParts:
    """The parts that a worker runs and a web process shares: waiting deliveries go along with its replies."""

    archive: ArchiveResources
    ledger: Ledger
    line: LineClient
    links: Links
    quota_store: QuotaStore
    composer: DeliveryComposer
    worker: Worker


def build_sender(
    settings: Settings,
    archive: ArchiveResources | None = None,
    *,
    line: LineClient | None = None,
    clock: Callable[[], float] = time.time,
) -> SenderParts:
    """Wire the parts of a sender. Raises SettingsError naming all that is missing or contradictory."""
    if problems := settings.line_problems():
        raise SettingsError("\n".join(problems))
    archive = archive or open_archive(settings)
    ledger = Ledger(archive.engine, kept=settings.retention)
    line = line or line_client(settings)
    links = Links(settings.line_channel_secret, clock)
    quota_store = QuotaStore(archive.engine, line, settings.zone)
    composer = DeliveryComposer(
        archive, AnswerRenderer(links, settings.public_url, lambda: line.basic_id), settings.zone, settings.owners
    )
    pusher = Pusher(ledger, line, composer, quota_store, clock=clock)
    worker = _worker(settings, archive, ledger, line, pusher, clock)
    return SenderParts(archive, ledger, line, links, quota_store, composer, worker)


def _worker(
    settings: Settings,
    archive: ArchiveResources,
    ledger: Ledger,
    line: LineClient,
    pusher: Pusher,
    clock: Callable[[], float],
) -> Worker:
    zone, patience, owners = settings.zone, settings.luopan_digest_patience, settings.owners

    def publish(_work: UnitOfWork, now: datetime) -> None:
        run_due_plans(archive, now, owners)

    alert_planner = AlertPlanner(archive, zone, patience, owners)
    chores: list[Chore] = [
        publish,
        MembershipReminders().plan,
        ReviewNotices(owners).plan,
        MenuKeeper(line, owners).keep,
        FriendCounter(line),
    ]
    if settings.luopan_members_list:
        chores.append(MemberListReconciler(Path(settings.luopan_members_list), owners, zone))
    hubs = None
    if settings.public_url.startswith("https://"):
        hubs = HubKeeper(archive.engine, f"{settings.public_url.rstrip('/')}{CALLBACKS}", settings.fetch_allowed)
    keeper = SourceKeeper(archive, manners_of(settings), owners, hubs, clock=clock)
    return Worker(ledger, Schedule(zone, patience), alert_planner, pusher, chores, keeper=keeper, clock=clock)


def manners_of(settings: Settings) -> Manners:
    """Return the manners of this community's bot on other people's sites."""
    return Manners(agent_name(settings.public_url), settings.fetch_allowed)
