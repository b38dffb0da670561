"""A web that exists in this process only: names mean what a test says, and whoever connects reaches a script."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from threading import Event, Thread

from ssrfguard import Address

PUBLIC = "93.184.215.14"
PUBLIC_6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


class Web:
    """`resolve` and `connect` for `fetch`, which write down what was asked of them.

    `names`: each name's answers, one for each look-up, the last one for good; what is not in it is public. Each connection is
    answered by the next of `answers`, which may be endless; with none left it is refused.
    """

    def __init__(self, *answers: Iterable[bytes], names: dict[str, Sequence[Sequence[str]]] | None = None) -> None:
        self.answers: Iterator[Iterable[bytes]] = iter(answers)
        self.names = names or {}
        self.looked_up: list[str] = []
        self.connected: list[str] = []
        self.received: list[bytes] = []
        self.ended = Event()

    def resolve(
        self, host: str, port: int, *_how: int
    ) -> list[tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]]:
        """As the system's resolver does it: it also reads numbers as addresses in the oldest ways."""
        times = self.looked_up.count(host)
        self.looked_up.append(host)
        with suppress(OSError):
            return [_row(socket.inet_ntoa(socket.inet_aton(host)), port)]
        if ":" in host:
            return [_row(host, port)]
        answers = self.names.get(host, [[PUBLIC]])
        return [_row(address, port) for address in answers[min(times, len(answers) - 1)]]

    def connect(self, addresses: Sequence[Address], _seconds: float) -> socket.socket:
        """One end of a pair of sockets; nothing leaves this process."""
        self.connected.append(str(addresses[0].ip))
        answer = next(self.answers, None)
        if answer is None:
            raise ConnectionRefusedError
        ours, theirs = socket.socketpair()
        Thread(target=self._serve, args=(theirs, answer), daemon=True).start()
        return ours

    def _serve(self, peer: socket.socket, answer: Iterable[bytes]) -> None:
        with peer, suppress(OSError):
            asked = peer.recv(65_536)
            self.received.append(asked)
            for piece in answer:
                peer.sendall(piece)
        self.ended.set()


def _row(address: str, port: int) -> tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]:
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


def answer(body: bytes = b"", status: int = 200, **headers: str) -> list[bytes]:
    """An HTTP answer; underscores in header names stand for hyphens."""
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return [f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode(), body]


def redirect(location: str, status: int = 302) -> list[bytes]:
    return answer(status=status, Location=location)
