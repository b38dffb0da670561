"""Calls to LINE's API: each once, with the channel's token and a time-out, and with three honest ends for a send.

A serving process keeps its connections to LINE and does without LINE's SDK, which would take 17 MB and 0.3 s of each process and
make JSON of the frozen bytes anew. The SDK only sets the channel up. Each of its packages brings the same client; that of the
Mission Stickers (`linebot.v3.shop`) comes without the hundreds of message classes, in half the time and memory of `linebot.v3.messaging`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import urllib3

from bot.line.channel_token import TokenError
from bot.logs import log

API = "https://api.line.me"
MEDIA = "https://api-data.line.me"

CONNECT_SECONDS = 2.0
READ_SECONDS = 8.0  # both together stay below the Ledger's lease
CONNECTIONS = 64
REQUEST_ID = "x-line-request-id"
AGENT = "luopan"
NO_HEADERS: Mapping[str, str] = {}


Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """LINE has accepted the call: now (200), or when it came before under the same retry key (409)."""

    messages: tuple[str, ...] = ()  # LINE's ids of the bubbles, where it tells them
    request_id: str = field(default="", compare=False)  # by which LINE's support finds the call


@dataclass(frozen=True, slots=True)
class Refused:
    """LINE has not accepted the call. Status 0: it never got there."""

    status: int
    message: str = ""
    request_id: str = field(default="", compare=False)

    @property
    def monthly(self) -> bool:
        """Whether the month's messages are used up: nothing can be pushed before the next month."""
        return self.status == 429 and "monthly" in self.message.lower()

    @property
    def permanent(self) -> bool:
        """Whether the same call would be refused again."""
        return 400 <= self.status < 500 and (self.status != 429 or self.monthly)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """LINE may or may not have accepted the call: a 500, a time-out, a broken line."""

    reason: str
    request_id: str = field(default="", compare=False)


Result = Sent | Refused | Ambiguous


class LineError(Exception):
    """A question to LINE that got no answer; `status` is 0 when the call did not come back."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"LINE answered {status}: {message}" if status else message)
        self.status = status
        self.message = message


class LineTransport:
    """Calls the API of one channel. Safe to share among threads, and to make before a fork."""

    def __init__(
        self, base: str, token: str | Callable[[], str], *, connect: float = CONNECT_SECONDS, read: float = READ_SECONDS
    ) -> None:
        self.base = base.rstrip("/")
        self.media = MEDIA if self.base == API else self.base
        self._token: Callable[[], str] = token if callable(token) else partial(str, token)
        self._timeout = urllib3.Timeout(connect=connect, read=read)
        self.is_token_refused = False  # by LINE's last answer
        self._connections: dict[tuple[int, str], urllib3.HTTPConnectionPool] = {}
        self._lock = Lock()

    def _send(self, path: str, body: bytes, retry_key: str | None = None) -> Result:
        result = self._attempt(path, body, {"X-Line-Retry-Key": retry_key} if retry_key else {})
        if not isinstance(result, Sent):
            log.warning("line_did_not_accept", path=path, result=result)
        return result

    def _attempt(self, path: str, body: bytes, headers: dict[str, str]) -> Result:
        try:
            status, answer, request = self._post(path, body, headers)
        except TokenError as error:
            self._note_refusal(error)
            return Refused(0, "no channel token")
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            return Refused(0, type(error).__name__)
        except urllib3.exceptions.HTTPError as error:
            return Ambiguous(type(error).__name__)
        if status == 409 or 200 <= status < 300:
            return Sent(_message_ids(answer), request)
        return Refused(status, reason_in(answer), request) if 400 <= status < 500 else Ambiguous(str(status), request)

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        """Post a body; return the answer's status and body, and LINE's id of the request."""
        answer = self._open("POST", self.base, path, body=body, headers={"Content-Type": "application/json", **headers})
        self.is_token_refused = answer.status == 401
        return answer.status, answer.data, str(answer.headers.get(REQUEST_ID, ""))

    def _ask(self, path: str) -> Body:
        with self._expecting_an_answer():
            answer = self._open("GET", self.base, path)
        self.is_token_refused = answer.status == 401
        if not 200 <= answer.status < 300:
            raise LineError(answer.status, reason_in(answer.data))
        return json_object(answer.data)

    def _change(self, path: str, method: str, body: Body | None = None) -> Body:
        """Change a setting of the channel by LINE's SDK; an operator's command has the time to load it. Raises LineError."""
        from linebot.v3.shop import ApiClient, ApiException, Configuration

        with self._expecting_an_answer():
            configuration = Configuration(host=self.base, access_token=self._token())
            configuration.retries = False  # urllib3 would try again
            try:
                response = ApiClient(configuration).call_api(
                    path,
                    method,
                    body=body,
                    header_params={"Content-Type": "application/json"} if body is not None else {},
                    auth_settings=["Bearer"],
                    response_types_map={},
                    _preload_content=False,
                    _request_timeout=(self._timeout.connect_timeout, self._timeout.read_timeout),
                )
            except ApiException as error:
                self.is_token_refused = error.status == 401
                raise LineError(error.status or 0, reason_in(error.body)) from error
            self.is_token_refused = False
            return json_object(response.raw_data)

    @contextmanager
    def _expecting_an_answer(self) -> Iterator[None]:
        """Turn a call that does not come back, or has no token to go with, into a LineError."""
        try:
            yield
        except TokenError as error:
            self._note_refusal(error)
            raise LineError(401 if self.is_token_refused else error.status, "no channel token") from error
        except (urllib3.exceptions.HTTPError, UnicodeDecodeError) as error:
            raise LineError(0, type(error).__name__) from error

    def _note_refusal(self, error: TokenError) -> None:
        self.is_token_refused = error.status in (400, 401, 403)

    def _open(
        self, method: str, host: str, path: str, *, headers: Mapping[str, str] = NO_HEADERS, **more: Any
    ) -> urllib3.BaseHTTPResponse:
        """Make one call, never repeated: urllib3 would do that behind the Ledger's back."""
        authorised = {"Authorization": f"Bearer {self._token()}", "User-Agent": AGENT, **headers}
        with self._lock:  # connections must not be shared across a fork
            key = os.getpid(), host
            if key not in self._connections:
                self._connections[key] = urllib3.connection_from_url(host, maxsize=CONNECTIONS)
        below = urlsplit(host).path
        return self._connections[key].urlopen(
            method, below + path, headers=authorised, timeout=self._timeout, retries=False, **more
        )


def as_json(body: Body) -> bytes:
    return json.dumps(body).encode()


def json_object(raw: bytes | str | None) -> Body:
    try:
        found = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def reason_in(raw: bytes | str | None) -> str:
    """Return LINE's message about a fault, with the places in the body where it lies."""
    found = json_object(raw)
    details = [f"{d.get('property')}: {d.get('message')}" for d in found.get("details", ()) if isinstance(d, dict)]
    return "; ".join([str(found.get("message", "")), *details])


def _message_ids(raw: bytes | str | None) -> tuple[str, ...]:
    sent = json_object(raw).get("sentMessages")
    return tuple(str(m["id"]) for m in sent if isinstance(m, dict) and "id" in m) if isinstance(sent, list) else ()
