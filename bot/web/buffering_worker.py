"""The web process: a gunicorn worker whose loop reads each request whole before a thread sees it, by waitress.

A connection that is slow to send costs a socket, never a thread: with a thread for each connection, eight of them silence
the bot for as long as they like.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from copy import copy
from socket import socket
from threading import Lock
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from bot.config import WEBHOOK_BYTES

READ_SECONDS = 10.0  # from a request's first byte, or a connection's beginning, to its last
IDLE_SECONDS = 75.0  # between two requests of one connection
CONNECTIONS = 800  # at once; the oldest unfinished ones make room for new ones
LARGEST_BODY = 32 * 2**20  # of anything; the admin pages set limits of their own
LOOP_SECONDS = 0.5


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses a webhook's body that is too large before it is read."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.path == "/callback":
            self.adj: Any = copy(self.adj)
            self.adj.max_request_body_size = WEBHOOK_BYTES + 1


class _Channel(HTTPChannel):  # type: ignore[misc]
    """One connection; knows since when it owes the rest of a request."""

    parser_class = _Parser

    def __init__(self, *args: Any, **more: Any) -> None:
        self.unfinished_since: float | None = time.time()
        super().__init__(*args, **more)

    def received(self, data: bytes) -> bool:
        was_reading = self.request is not None
        taken = bool(super().received(data))
        if self.request is None:
            self.unfinished_since = None
        elif not was_reading or self.unfinished_since is None:
            self.unfinished_since = self.unfinished_since or time.time()
        return taken


class _Server(TcpWSGIServer):  # type: ignore[misc]
    channel_class = _Channel
    read_seconds = READ_SECONDS

    def maintenance(self, now: float) -> None:
        """Close what has been unfinished or idle for too long; where connections run short, the oldest of these."""
        waiting = [channel for channel in self.active_channels.values() if not channel.requests]
        for channel in waiting:
            since = channel.unfinished_since
            if (since is not None and since < now - self.read_seconds) or channel.last_activity < now - IDLE_SECONDS:
                channel.will_close = True
        if len(self.active_channels) > CONNECTIONS * 0.8:
            unfinished = [channel for channel in waiting if channel.unfinished_since is not None]
            for channel in sorted(unfinished, key=lambda one: one.unfinished_since or 0.0)[: CONNECTIONS // 4]:
                channel.will_close = True


class _Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Starts a thread when a request finds none idle, up to `most`: those that take turns keep a stack each."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._growing = Lock()

    def add_task(self, task: Any) -> None:
        super().add_task(task)
        with self._growing:
            if len(self.queue) > len(self.threads) - self.active_count and not self.stop_count:
                self.set_thread_count(min(len(self.threads) + 1, self._most))


class BufferedServer:
    """waitress over listening sockets, one turn of its loop at a time. `read_seconds`: how long a request may be unfinished."""

    def __init__(
        self, app: Any, listeners: Sequence[socket], threads: int, *, read_seconds: float = READ_SECONDS
    ) -> None:
        self._sockets: dict[int, Any] = {}
        self._dispatcher = _Dispatcher(threads)
        limits = Adjustments(
            sockets=list(listeners),
            connection_limit=CONNECTIONS,
            cleanup_interval=1,
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=32 * 2**10,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,  # nothing believes them; /metrics asks whether there are any
            ident=None,
        )
        self._servers = [
            _Server(
                app,
                self._sockets,
                True,
                one,
                self._dispatcher,
                limits,
                (one.family, one.type, one.proto),
                bind_socket=False,
            )
            for one in listeners
        ]
        for server in self._servers:
            server.read_seconds = read_seconds

    def turn(self) -> None:
        """Read and write what can be read and written; return after half a second of nothing."""
        wasyncore.loop(timeout=LOOP_SECONDS, use_poll=True, map=self._sockets, count=1)

    def refuse_new(self) -> None:
        """Take no new connection; let what is under way go on."""
        for server in self._servers:
            server.del_channel()

    @property
    def is_busy(self) -> bool:
        """True while some request is under way; connections that wait for another one are let go."""
        channels = [channel for server in self._servers for channel in list(server.active_channels.values())]
        for channel in channels:
            channel.will_close |= not channel.requests and not channel.total_outbufs_len
        return bool(channels)

    def close(self) -> None:
        self._dispatcher.shutdown(timeout=1)
        for server in self._servers:
            server.trigger.close()


class BufferingWorker(Worker):  # type: ignore[misc]
    """The worker that gunicorn starts, watches and stops; `threads` of the settings answer what has come in whole."""

    def run(self) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        server = BufferedServer(self.wsgi, [one.sock for one in self.sockets], self.cfg.threads)
        while self.alive:
            self.notify()
            server.turn()
        server.refuse_new()
        ends = time.monotonic() + self.cfg.graceful_timeout / 2
        while server.is_busy and time.monotonic() < ends:
            self.notify()
            server.turn()
        server.close()
        self.wsgi.extensions["luopan"].stop()
