"""The web process: who is slow to send takes nobody else's turn, and who is quick is answered at once."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3
from flask import Flask, request

from bot.config import WEBHOOK_BYTES
from bot.web.buffering_worker import BufferedServer

THREADS = 4
FOREVER = 3600.0  # seconds: whatever waits for that long fails the test
HEAD = b"POST /callback HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"


class Served:
    """An app that is served on this machine, with few threads."""

    def __init__(self, app: Flask, read_seconds: float = FOREVER) -> None:
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.server = BufferedServer(app, [listener], THREADS, read_seconds=read_seconds)
        self._going = threading.Event()
        self._going.set()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while self._going.is_set():
            self.server.turn()

    def stop(self) -> None:
        self._going.clear()
        self._thread.join()

    def get(self, path: str = "/healthz") -> int:
        """The status."""
        return urllib3.request("GET", self.address + path, timeout=60, retries=False).status

    def begin(self, words: bytes) -> socket.socket:
        """A connection that sends this much and then keeps quiet."""
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.sendall(words)
        return connection


@pytest.fixture
def gate() -> threading.Event:
    """What a slow page waits for."""
    return threading.Event()


@pytest.fixture
def pages(gate: threading.Event) -> Flask:
    app = Flask("served")
    app.add_url_rule("/healthz", view_func=lambda: "ok")
    app.add_url_rule("/slow", "slow", view_func=lambda: "ok" if gate.wait(60) else "late")
    app.add_url_rule("/callback", "callback", view_func=lambda: str(len(request.get_data())), methods=["POST"])
    return app


@pytest.fixture
def served(pages: Flask) -> Iterator[Served]:
    running = Served(pages)
    yield running
    running.stop()
    running.server.close()


@pytest.mark.parametrize("words", [b"", b"POST /callback HT", HEAD, HEAD + b"\r\n" + b"x" * 10])
def test_connections_that_never_finish_silence_nobody(served: Served, words: bytes) -> None:
    """No byte, half a line, headers without an end, a body without an end: many times more than there are threads."""
    held = [served.begin(words) for _ in range(10 * THREADS)]
    assert [served.get() for _ in range(3)] == [200, 200, 200], "although none of them is let go"
    for connection in held:
        connection.close()


def test_who_drips_byte_by_byte_is_let_go(pages: Flask) -> None:
    served = Served(pages, read_seconds=0.5)
    dripping = served.begin(HEAD + b"\r\n")
    dripping.settimeout(0.05)
    with pytest.raises(OSError):
        for _ in range(900):  # bytes; it would take a thousand
            dripping.sendall(b"x")
            try:
                if not dripping.recv(1):
                    raise ConnectionResetError
            except TimeoutError:
                continue
    assert served.get() == 200
    served.stop()
    served.server.close()


def test_a_webhook_that_is_too_large_is_refused_before_it_is_read(served: Served) -> None:
    large = f"POST /callback HTTP/1.1\r\nHost: x\r\nContent-Length: {WEBHOOK_BYTES + 1}\r\n\r\n".encode()
    with served.begin(large) as connection:
        connection.settimeout(60)
        assert b" 413 " in connection.recv(100)
    body = b"x" * WEBHOOK_BYTES
    assert urllib3.request("POST", f"{served.address}/callback", body=body).data == str(len(body)).encode()


def test_what_is_under_way_is_finished_before_the_end(served: Served, gate: threading.Event) -> None:
    with ThreadPoolExecutor(1) as crowd:
        asked = crowd.submit(served.get, "/slow")
        while not any(channel.requests for one in served.server._servers for channel in one.active_channels.values()):
            time.sleep(0.01)
        served.stop()
        served.server.refuse_new()
        gate.set()
        while served.server.is_busy:
            served.server.turn()
        assert asked.result() == 200


def test_threads_start_as_requests_need_them(served: Served, gate: threading.Event) -> None:
    assert [served.get() for _ in range(3)] == [200, 200, 200]
    assert 0 < len(served.server._dispatcher.threads) < THREADS
    with ThreadPoolExecutor(THREADS + 2) as crowd:
        asked = [crowd.submit(served.get, "/slow") for _ in range(THREADS + 2)]
        while len(served.server._dispatcher.threads) < THREADS or len(served.server._dispatcher.queue) < 2:
            time.sleep(0.01)
        gate.set()
        assert [one.result() for one in asked] == [200] * (THREADS + 2)
    assert len(served.server._dispatcher.threads) == THREADS, "and no more than there may be"
