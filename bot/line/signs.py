"""Small signs beside an answer: the loading animation, and the mark that a message is read."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.line.client import LineClient, Refused, Result, Sent

REST_SECONDS = 60.0  # for which no sign is tried after LINE did not take one


class ChatSigns:
    """Each sign is tried once: an answer never waits for one, and one that failed is not missed."""

    def __init__(self, line: LineClient, clock: Callable[[], float] = time.time) -> None:
        self.line = line
        self.clock = clock
        self._rests_until = 0.0

    def show_loading(self, user: str) -> None:
        """Show the loading animation in a one-to-one chat until the answer comes."""
        self._try(lambda: self.line.loading(user))

    def mark_read(self, token: str) -> None:
        """Mark a message as read, and all before it in that chat."""
        self._try(lambda: self.line.mark_read(token))

    def _try(self, give: Callable[[], Result]) -> None:
        if self.clock() < self._rests_until:
            return
        result = give()
        is_heard = isinstance(result, Sent) or (isinstance(result, Refused) and result.permanent)
        if not is_heard:
            self._rests_until = self.clock() + REST_SECONDS
