"""A page or file from the web, fetched as if its address had been chosen by somebody who means harm."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from http.client import HTTPException
from threading import Thread, Timer
from time import monotonic
from typing import TypeVar
from urllib.parse import urlencode, urljoin

from ssrfguard import Resolver
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from corpus.intake.address import (
    Connect,
    SafeTarget,
    addresses_of,
    check_url,
    connect_to,
    connect_to_allowed,
)
from corpus.intake.allowed import NO_HOSTS, AllowedHosts
from corpus.intake.errors import IntakeError, TooLargeError, UnreachableError

MOST_BYTES = 10 * 2**20  # as they are after decompression
MOST_SECONDS = 15.0
MOST_REDIRECTS = 5

_TYPES = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; Luopan)",
    "Accept": ", ".join(_TYPES),
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "zh-TW,zh;q=0.9,en;q=0.5",
    "Connection": "close",
}
_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
_CHUNK = 2**16

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched file: its bytes, its media type without parameters (empty where the server gave none), its last address."""

    data: bytes
    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class WebResponse:
    """The answer of a server after its redirects: the body is empty unless the status is 200. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    data: bytes
    url: str
    moved: bool = False  # every redirect on the way is for good


@dataclass(frozen=True, slots=True)
class WebGuard:
    """The look-up and the connection of a request, and the private hosts that it may reach."""

    resolve: Resolver = socket.getaddrinfo
    connect: Connect = connect_to
    allowed: AllowedHosts = NO_HOSTS


_GUARD = WebGuard()


def fetch(
    url: str,
    *,
    resolve: Resolver = socket.getaddrinfo,
    connect: Connect = connect_to,
    allowed: AllowedHosts = NO_HOSTS,
    seconds: float = MOST_SECONDS,
) -> Fetched:
    """Fetch what stands behind a URL. Raises IntakeError for all that may not be opened, and all that cannot be had.

    Each hop is looked up once, every address that comes back is checked, and the connection goes to one of those, so that
    a name that changes its address in between (DNS rebinding) gains nothing. ssrfguard judges and connects; its own HTTP
    clients are left out because none has a limit for the whole: here all hops together have `seconds` and 10 MB.
    """
    answer = request(url, {}, WebGuard(resolve, connect, allowed), types=_TYPES, seconds=seconds)
    if answer.status != 200:
        raise _no_page(answer.status, url)
    return Fetched(answer.data, _media_type(answer.headers), answer.url)


def request(
    url: str,
    headers: Mapping[str, str],
    guard: WebGuard = _GUARD,
    *,
    types: tuple[str, ...] = (),
    seconds: float = MOST_SECONDS,
) -> WebResponse:
    """Ask for a URL as `fetch` does, with headers of one's own; a status is no error. Any media type will do without `types`.

    Raises UnreachableError where nothing whole comes back in time, and IntakeError for what may not be opened or is too large.
    """
    deadline = monotonic() + seconds
    try:
        return _follow(url, {**_HEADERS, **headers}, guard, types, deadline)
    except IntakeError:
        raise
    except (OSError, HTTPError, HTTPException, ValueError) as problem:
        if isinstance(problem, TimeoutError) or monotonic() >= deadline:
            raise UnreachableError("這個網站太慢", url, "請晚點再試，或把文章內容直接貼過來") from problem
        raise UnreachableError("這個網站連不上", url, "請檢查網址，或把文章內容直接貼過來") from problem


def send_form(url: str, form: Mapping[str, str], guard: WebGuard = _GUARD, *, seconds: float = MOST_SECONDS) -> int:
    """Send a form to a URL through the same guard and return the status; a redirect is not followed. Raises IntakeError."""
    deadline = monotonic() + seconds
    headers = {**_HEADERS, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        place = check_url(url, guard.allowed)
        body = urlencode(form).encode()
        with (
            _reached(place, guard, deadline) as sock,
            _leash(sock, deadline),
            _asked(place, sock, headers, _left(deadline), body) as answer,
        ):
            return answer.status
    except (OSError, HTTPError, HTTPException, ValueError) as problem:
        raise UnreachableError("這個網站連不上", url, "晚一點會自己再試") from problem


def _reached(place: SafeTarget, guard: WebGuard, deadline: float) -> socket.socket:
    """Connect to an address that was looked up and judged just now."""
    found = _within(_left(deadline), partial(addresses_of, place, guard.resolve))
    return (connect_to_allowed if place.allowed else guard.connect)(found, _left(deadline))


def _follow(
    url: str, headers: Mapping[str, str], guard: WebGuard, types: tuple[str, ...], deadline: float
) -> WebResponse:
    at, for_good = url, True
    for hop in range(MOST_REDIRECTS + 1):
        place = check_url(at, guard.allowed)
        with (
            _reached(place, guard, deadline) as sock,
            _leash(sock, deadline),
            _asked(place, sock, headers, _left(deadline)) as answer,
        ):
            if answer.status not in _REDIRECTS:
                data = _body(answer, url, types, deadline) if answer.status == 200 else b""
                given = {name.lower(): value for name, value in answer.headers.items()}
                return WebResponse(answer.status, given, data, at, moved=for_good and hop > 0)
            for_good &= answer.status in _FOR_GOOD
            at = _next(at, answer.headers.get("Location", ""))
    raise IntakeError("這個網址一直轉來轉去", url, "請貼最後那一頁的網址，或把文章內容直接貼過來")


@contextmanager
def _asked(
    place: SafeTarget, sock: socket.socket, headers: Mapping[str, str], seconds: float, form: bytes | None = None
) -> Iterator[BaseHTTPResponse]:
    """Send a request over a connection that is there already, so that nothing is looked up again; yield the answer, its body unread."""
    sock.settimeout(seconds)
    secure = place.target.scheme == "https"
    connection = (HTTPSConnection if secure else HTTPConnection)(place.host, place.target.port, timeout=seconds)
    connection.sock = _trust().wrap_socket(sock, server_hostname=place.host) if secure else sock
    with closing(connection):
        method = "GET" if form is None else "POST"
        connection.request(method, place.wanted, form, headers=dict(headers), preload_content=False)
        with closing(connection.getresponse()) as answer:
            yield answer


@cache
def _trust() -> ssl.SSLContext:
    """Return the system's certificates, read once."""
    return ssl.create_default_context()


def _next(at: str, location: str) -> str:
    """Return the URL that a redirect leads to; a page that was asked for in secret is not fetched in the open."""
    location = location.encode("latin-1", "replace").decode("utf-8", "replace")  # headers are read as Latin-1
    target = urljoin(at, location)
    if not location or (at[:6].lower() == "https:" and target[:5].lower() == "http:"):
        raise IntakeError("這個網址轉到不能打開的地方", at, "請貼最後那一頁的網址，或把文章內容直接貼過來")
    return target


def _body(answer: BaseHTTPResponse, url: str, types: tuple[str, ...], deadline: float) -> bytes:
    """Return the decompressed body, read in small pieces so that a compression bomb ends at the limit."""
    if types and (media := _media_type(answer.headers)) and media not in types:
        raise IntakeError("這不是文章的網頁", url, "能讀的是網頁、純文字、Markdown、PDF 和 Word(.docx)")
    data = bytearray()
    for piece in answer.stream(_CHUNK, decode_content=True):
        data += piece
        _left(deadline)
        if len(data) > MOST_BYTES:
            raise TooLargeError(f"這一頁超過 {MOST_BYTES // 2**20} MB", url, "請把文章內容直接貼過來")
    _left(deadline)  # a connection that the leash has cut looks like one that has ended
    return bytes(data)


def _no_page(status: int, url: str) -> IntakeError:
    if status in (401, 402, 403, 407, 451):
        return IntakeError("這一頁要登入才看得到，或不讓外人讀", url, "請把文章內容直接貼過來")
    if status in (404, 410):
        return IntakeError("網站上沒有這一頁", url, "請檢查網址")
    return IntakeError(f"這個網站沒有給文章（代碼 {status}）", url, "請晚點再試，或把文章內容直接貼過來")


def _media_type(headers: Mapping[str, str]) -> str:
    return (headers.get("content-type") or headers.get("Content-Type") or "").split(";")[0].strip().lower()


def _left(deadline: float) -> float:
    """Return the seconds that are left. Raises TimeoutError when there are none."""
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _within(seconds: float, work: Callable[[], T]) -> T:
    """Return the outcome of `work`, or raise TimeoutError: the system's look-up of names takes no time-out."""
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as problem:
            outcome.set_exception(problem)

    Thread(target=run, daemon=True).start()
    return outcome.result(timeout=seconds)


@contextmanager
def _leash(sock: socket.socket, deadline: float) -> Iterator[None]:
    """Cut the connection at the deadline, whatever it is at: a time-out per read would let a slow drip go on for hours."""
    handle = sock.dup()  # TLS takes the socket's own handle away

    def cut() -> None:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = Timer(max(0.0, deadline - monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        handle.close()
