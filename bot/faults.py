"""Named points where a test may let the process die: `LUOPAN_FAULT=before_send:3` ends it at the third send."""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import count

AFTER_INBOX_COMMIT = "after_inbox_commit"
BEFORE_REPLY_COMMIT = "before_reply_commit"
AFTER_REPLY_COMMIT = "after_reply_commit"
BEFORE_SEND = "before_send"
AFTER_SEND = "after_send"
POINTS = (AFTER_INBOX_COMMIT, BEFORE_REPLY_COMMIT, AFTER_REPLY_COMMIT, BEFORE_SEND, AFTER_SEND)

KILLED = 137  # the exit status of a process that was sent SIGKILL


class _Fault:
    def __init__(self, setting: str) -> None:
        self.point, _, nth = setting.partition(":")
        self.nth = int(nth or 1)
        self.visits = count(1)


@lru_cache(maxsize=1)
def _armed() -> _Fault:
    return _Fault(os.environ.get("LUOPAN_FAULT", ""))


def crash_point(point: str) -> None:
    """Go on, unless this visit of `point` is the one that was asked for: then die as by SIGKILL, nothing flushed."""
    fault = _armed()
    if fault.point == point and next(fault.visits) == fault.nth:
        os._exit(KILLED)
