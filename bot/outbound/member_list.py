"""Reconcile the paid memberships with the list that the paying platform writes, whenever there is a new one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from corpus.database import UnitOfWork
from handlers.club.club import Club
from handlers.club.member_lists import take_in

AT_REST = timedelta(seconds=30)  # since its last change: a list that is still being written is not read
FEW = 5  # that a list may always end
MOST_ENDED = 0.5  # of the paid memberships: a list that ends more is taken for a broken one

log = structlog.get_logger()


class MemberListReconciler:
    """A chore of the worker. A list decides at the time it was written: what the platform told later holds.

    Reading a list once more changes nothing, so that several workers and a restart do no harm.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._read: datetime | None = None  # when the list was written that was read last
        self._is_missing = False

    def __call__(self, work: UnitOfWork, now: datetime) -> None:
        written = self._written()
        if written is None or written == self._read or now - written < AT_REST:
            return
        self._read = written
        club = Club(work)
        paid = club.paid_memberships.count_running(now)
        rows = list(take_in(club, self.file.read_text("utf-8-sig"), written, whole=True, gives_codes=False))
        ended = sum(row.status == "ended" for row in rows)
        refused = [row.number for row in rows if row.status == "refused"]
        if ended > max(FEW, MOST_ENDED * paid):
            log.error("member_list_refused", ends=ended, of=paid)
            return
        work.commit()
        log.info("member_list_read", rows=len(rows), ended=ended, refused=len(refused), first_refused=refused[:1])

    def _written(self) -> datetime | None:
        try:
            written = self.file.stat().st_mtime
        except OSError as error:
            if not self._is_missing:  # told once, not every two seconds
                log.error("member_list_unreadable", error=type(error).__name__)
            self._is_missing = True
            return None
        self._is_missing = False
        return datetime.fromtimestamp(written, UTC)
