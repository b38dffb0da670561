"""Reconcile the paid memberships with the list that the paying platform writes, whenever there is a new one."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import safe_fields
from bot.ledger import notice, plan_deliveries
from bot.logs import log
from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.club.member_lists import take_in
from handlers.identity import Role

AT_REST = timedelta(seconds=30)  # since its last change: a list that is still being written is not read
FEW = 5  # memberships that a list may always end
MOST_ENDED = 0.5  # share of the paid memberships: a list that ends more is taken for a broken one
FIRST_PAUSE = timedelta(seconds=10)  # before a read that failed is tried again; each time twice as long
LONGEST_PAUSE = timedelta(hours=1)
STALE = timedelta(days=2)  # without a new list, then the owners hear of it
STALE_WORDS = "收款平台的會員名單從 {day} 起沒有更新，請看看匯出還在不在跑（LUOPAN_MEMBERS_LIST）。"


class MemberListReconciler:
    """A chore of the worker. A list decides at the time it was written: what the platform told later holds.

    Reading a list once more changes nothing, so that several workers and a restart do no harm.
    """

    def __init__(self, file: Path, owners: tuple[str, ...] = (), zone: ZoneInfo | None = None) -> None:
        self.file = file
        self.owners = owners
        self.zone = zone
        self._read: datetime | None = None  # when the list that was read last was written
        self._began: datetime | None = None  # the first look: a list that never was there is as old as that
        self._told: datetime | None = None  # the time of the old list that the owners have heard of; lost without harm
        self._pause = FIRST_PAUSE
        self._next: datetime | None = None  # not before, after a read that failed

    def __call__(self, work: UnitOfWork, now: datetime) -> None:
        self._began = self._began or now
        if self._next is not None and now < self._next:
            return
        try:
            written = datetime.fromtimestamp(self.file.stat().st_mtime, UTC)
            if written != self._read and now - written >= AT_REST:
                self._take_in(work, written, now)
        except (OSError, UnicodeError, csv.Error) as error:
            work.close()
            log.error("member_list_unreadable", **safe_fields(error))
            self._next, self._pause = now + self._pause, min(2 * self._pause, LONGEST_PAUSE)
            self._warn(work, self._read or self._began, now)
            return
        self._next, self._pause = None, FIRST_PAUSE
        self._warn(work, written, now)

    def _take_in(self, work: UnitOfWork, written: datetime, now: datetime) -> None:
        club = Club(work)
        paid = club.paid_memberships.count_running(now)
        text = self.file.read_text("utf-8-sig")
        rows = list(take_in(club, text, written, whole=True, gives_codes=False))
        ended = sum(row.status == "ended" for row in rows)
        refused = [row.number for row in rows if row.status == "refused"]
        if ended > max(FEW, MOST_ENDED * paid):
            log.error("member_list_refused", ends=ended, of=paid)
            work.close()
        else:
            work.commit()
            log.info("member_list_read", rows=len(rows), ended=ended, refused=len(refused), first_refused=refused[:1])
        self._read = written

    def _warn(self, work: UnitOfWork, since: datetime, now: datetime) -> None:
        """Plan a notice to the owners about a list that has not changed for STALE, once for each such list."""
        if now - since < STALE or self._told == since:
            return
        words = STALE_WORDS.format(day=f"{since.astimezone(self.zone):%m/%d %H:%M}")
        name = f"member list {since:%Y-%m-%dT%H:%M:%S}"
        owners = Club(work, self.owners).people.staff(Role.OWNER)
        wanted = [notice(user, name, words) for user, _ in owners]
        if wanted and plan_deliveries(work.writer, wanted, now.timestamp()):
            work.commit()
        self._told = since
