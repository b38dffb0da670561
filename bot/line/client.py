"""The one door to LINE's API: bodies as they were frozen, a time-out on every call, and three honest ends for a send.

What a process that serves asks and sends goes over connections that are kept: LINE's SDK would take 17 MB and 0.3 s of each, and make
JSON of the bytes anew. The SDK sets the channel up. Each of its packages brings the same client; that of the Mission Stickers
comes without the hundreds of message classes, and so half the time and memory of `linebot.v3.messaging`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from functools import partial
from threading import Lock
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
import urllib3

from bot.config import Settings
from bot.line.channel_token import StatelessToken, TokenError

API = "https://api.line.me"
MEDIA = "https://api-data.line.me"

CONNECT_SECONDS = 2.0
READ_SECONDS = 8.0  # both together stay below the Ledger's lease
CONNECTIONS = 64
MENU_USERS = 500  # of one call
REQUEST_ID = "x-line-request-id"
AGENT = "luopan"
NO_HEADERS: Mapping[str, str] = {}

log = structlog.get_logger()

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """LINE has accepted it: now (200), or when it came before under the same retry key (409)."""

    messages: tuple[str, ...] = ()  # LINE's ids of the bubbles, where it tells them
    request_id: str = field(default="", compare=False)  # by which LINE's support finds the call; of all three


@dataclass(frozen=True, slots=True)
class Refused:
    """LINE has not accepted it. Status 0: the call never got there."""

    status: int
    message: str = ""
    request_id: str = field(default="", compare=False)

    @property
    def monthly(self) -> bool:
        """The month's messages are used up; nothing can be pushed before the next month."""
        return self.status == 429 and "monthly" in self.message.lower()

    @property
    def permanent(self) -> bool:
        """The same call would be refused again."""
        return 400 <= self.status < 500 and (self.status != 429 or self.monthly)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """LINE may or may not have accepted it: a 500, a time-out, a broken line."""

    reason: str
    request_id: str = field(default="", compare=False)


Result = Sent | Refused | Ambiguous


class LineError(Exception):
    """A question to LINE that got no answer; `status` is 0 when the call did not come back."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"LINE answered {status}: {message}" if status else message)
        self.status = status
        self.message = message


class LineClient:
    """LINE's Messaging API for one channel. Safe to share among threads, and to make before a fork."""

    def __init__(
        self, base: str, token: str | Callable[[], str], *, connect: float = CONNECT_SECONDS, read: float = READ_SECONDS
    ) -> None:
        self.base = base.rstrip("/")
        self.media = MEDIA if self.base == API else self.base
        self._token: Callable[[], str] = token if callable(token) else partial(str, token)
        self._timeout = urllib3.Timeout(connect=connect, read=read)
        self.basic_id: str | None = None  # the bot's own @id, once LINE has told it
        self.user_id: str | None = None  # the bot's own user id: the destination of its webhooks
        self.has_inbox = False  # 聊天 is on: people may read and answer in LINE's own inbox
        self.is_token_refused = False  # by LINE's last answer
        self._connections: dict[tuple[int, str], urllib3.HTTPConnectionPool] = {}
        self._lock = Lock()

    # Sending

    def reply(self, token: str, body: bytes) -> Result:
        """Answer with a reply token. `body`: JSON of messages and options, without the token."""
        result = self._send("/v2/bot/message/reply", _addressed("replyToken", token, body))
        if isinstance(result, Refused) and result.status == 400 and "quotetoken" in result.message.lower():
            return self._send("/v2/bot/message/reply", _addressed("replyToken", token, _unquoted(body)))
        return result

    def push(self, to: str, body: bytes, retry_key: str) -> Result:
        """Send to a user, group or room. The same key with an equal `body` is carried out once within 24 hours."""
        return self._send("/v2/bot/message/push", _addressed("to", to, body), retry_key)

    def validate(self, kind: str, messages: list[Body]) -> Result:
        """Have messages checked as a `reply`, `push` or `multicast` would check them, without sending any."""
        return self._send(f"/v2/bot/message/validate/{quote(kind)}", _json({"messages": messages}))

    def loading(self, user: str, seconds: int = 20) -> Result:
        """Show the loading animation; one to one only, 5 to 60 seconds in steps of five."""
        return self._send("/v2/bot/chat/loading/start", _json({"chatId": user, "loadingSeconds": seconds}))

    def leave(self, group: str) -> Result:
        """Leave a group (C...) or room (R...)."""
        kind = "room" if group.startswith("R") else "group"
        return self._send(f"/v2/bot/{kind}/{quote(group, safe='')}/leave", _json({}))

    def mark_read(self, token: str) -> Result:
        """Mark as read up to the message that came with this markAsReadToken."""
        return self._send("/v2/bot/chat/markAsRead", _json({"markAsReadToken": token}))

    # Asking; each raises LineError

    def quota(self) -> int | None:
        """Messages that may be pushed this month; None: no limit."""
        found = self._ask("/v2/bot/message/quota")
        return int(found["value"]) if found.get("type") == "limited" else None

    def consumption(self) -> int:
        """Messages pushed this month, by LINE's approximate count."""
        return int(self._ask("/v2/bot/message/quota/consumption").get("totalUsage", 0))

    def followers(self, day: date) -> tuple[int, int] | None:
        """(accounts that ever added the bot, those of them that block it) at the end of a day of LINE's; None: not counted yet."""
        found = self._ask(f"/v2/bot/insight/followers?date={day:%Y%m%d}")
        is_told = found.get("status") == "ready" and found.get("followers") is not None
        return (int(found["followers"]), int(found.get("blocks") or 0)) if is_told else None

    def member_count(self, group: str) -> int:
        """Members of a group (C...) or room (R...), without the bot."""
        kind = "room" if group.startswith("R") else "group"
        return int(self._ask(f"/v2/bot/{kind}/{quote(group, safe='')}/members/count").get("count", 0))

    def profile(self, user: str, group: str | None = None) -> Body:
        """displayName, pictureUrl, language of a friend, or of a group's member."""
        where = f"group/{quote(group, safe='')}/member" if group else "profile"
        return self._ask(f"/v2/bot/{where}/{quote(user, safe='')}")

    def learn_about_itself(self) -> None:
        """Learn the bot's own ids, without which answers lack the link that opens the one-to-one chat, and whether 聊天 is on."""
        try:
            info = self.bot_info()
        except LineError as error:
            log.warning("own_id_not_read", status=error.status)
            return
        self.basic_id, self.user_id = info.get("basicId"), info.get("userId")
        self.has_inbox = info.get("chatMode") == "chat"

    def bot_info(self) -> Body:
        """userId, basicId, displayName, chatMode, markAsReadMode of the bot itself."""
        return self._ask("/v2/bot/info")

    def clock(self) -> float | None:
        """LINE's time in epoch seconds, by the header of an answer; None where it tells none. Raises LineError."""
        with self._expecting_an_answer():
            answer = self._open("GET", self.base, "/v2/bot/info")
        told = parsedate_to_datetime(answer.headers["Date"]) if "Date" in answer.headers else None
        return told.timestamp() if told else None

    def webhook(self) -> Body:
        """endpoint and active, as the console has them."""
        return self._ask("/v2/bot/channel/webhook/endpoint")

    def test_webhook(self, endpoint: str | None = None) -> Body:
        """Have LINE call the webhook: success, statusCode, reason, detail."""
        return self._change("/v2/bot/channel/webhook/test", "POST", {"endpoint": endpoint} if endpoint else {})

    def set_webhook(self, endpoint: str) -> None:
        """Have LINE call this address."""
        self._change("/v2/bot/channel/webhook/endpoint", "PUT", {"endpoint": endpoint})

    def menus(self) -> list[Body]:
        """The rich menus of the channel."""
        return list(self._ask("/v2/bot/richmenu/list").get("richmenus", []))

    def create_menu(self, menu: Body, picture: bytes) -> str:
        """A rich menu with its picture (PNG): its id. Nobody sees it yet."""
        menu_id = str(self._change("/v2/bot/richmenu", "POST", menu)["richMenuId"])
        path = f"/v2/bot/richmenu/{quote(menu_id, safe='')}/content"
        with self._expecting_an_answer():
            answer = self._open("POST", self.media, path, body=picture, headers={"Content-Type": "image/png"})
        if answer.status != 200:
            raise LineError(answer.status, _message(answer.data))
        return menu_id

    def set_menu_alias(self, alias: str, menu_id: str) -> None:
        """Let an alias lead to this menu, whether or not it was there before."""
        try:
            self._change("/v2/bot/richmenu/alias", "POST", {"richMenuAliasId": alias, "richMenuId": menu_id})
        except LineError as error:
            if error.status not in (400, 409):
                raise
            self._change(f"/v2/bot/richmenu/alias/{quote(alias, safe='')}", "POST", {"richMenuId": menu_id})

    def show_menu_to_all(self, menu_id: str) -> None:
        """The menu of everybody who has none of their own."""
        self._change(f"/v2/bot/user/all/richmenu/{quote(menu_id, safe='')}", "POST", {})

    def menu_aliases(self) -> dict[str, str]:
        """Where each alias leads: the ids of menus."""
        listed = self._ask("/v2/bot/richmenu/alias/list").get("aliases", [])
        return {str(one["richMenuAliasId"]): str(one["richMenuId"]) for one in listed}

    def show_own_menus(self, menu_id: str, users: Sequence[str]) -> None:
        """Show these people a menu of their own."""
        self._to_many("/v2/bot/richmenu/bulk/link", users, {"richMenuId": menu_id})

    def hide_own_menus(self, users: Sequence[str]) -> None:
        """Show these people the menu of everybody again."""
        self._to_many("/v2/bot/richmenu/bulk/unlink", users, {})

    def delete_menu(self, menu_id: str) -> None:
        self._change(f"/v2/bot/richmenu/{quote(menu_id, safe='')}", "DELETE")

    def content(self, message: str, limit: int) -> bytes:
        """The file that was sent as `message`. Raises LineError when it is larger than `limit` bytes."""
        path = f"/v2/bot/message/{quote(message, safe='')}/content"
        with self._expecting_an_answer():
            response = self._open("GET", self.media, path, preload_content=False)  # measured while it is read
            data: bytes = response.read(limit + 1)
            response.close()
        if response.status != 200:
            raise LineError(response.status, _message(data))
        if len(data) > limit:
            raise LineError(413, f"larger than {limit} bytes")
        return data

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
        return Refused(status, _message(answer), request) if 400 <= status < 500 else Ambiguous(str(status), request)

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        """Status, body, and LINE's id of the request."""
        answer = self._open("POST", self.base, path, body=body, headers={"Content-Type": "application/json", **headers})
        self.is_token_refused = answer.status == 401
        return answer.status, answer.data, str(answer.headers.get(REQUEST_ID, ""))

    def _ask(self, path: str) -> Body:
        with self._expecting_an_answer():
            answer = self._open("GET", self.base, path)
        self.is_token_refused = answer.status == 401
        if not 200 <= answer.status < 300:
            raise LineError(answer.status, _message(answer.data))
        return _object(answer.data)

    def _to_many(self, path: str, users: Sequence[str], body: Body) -> None:
        """What the worker changes for people, as many in a call as LINE takes. Raises LineError."""
        for first in range(0, len(users), MENU_USERS):
            result = self._send(path, _json({**body, "userIds": users[first : first + MENU_USERS]}))
            if not isinstance(result, Sent):
                raise LineError(result.status if isinstance(result, Refused) else 0, str(result))

    def _change(self, path: str, method: str, body: Body | None = None) -> Body:
        """What the channel is set to, by LINE's SDK; an operator's command has the time to load it."""
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
                raise LineError(error.status or 0, _message(error.body)) from error
            self.is_token_refused = False
            return _object(response.raw_data)

    @contextmanager
    def _expecting_an_answer(self) -> Iterator[None]:
        """A call that does not come back, or has no token to go with, is a LineError."""
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
        """One call, never repeated: urllib3 would do that behind the Ledger's back."""
        authorised = {"Authorization": f"Bearer {self._token()}", "User-Agent": AGENT, **headers}
        with self._lock:  # connections must not be shared across a fork
            key = os.getpid(), host
            if key not in self._connections:
                self._connections[key] = urllib3.connection_from_url(host, maxsize=CONNECTIONS)
        below = urlsplit(host).path
        return self._connections[key].urlopen(
            method, below + path, headers=authorised, timeout=self._timeout, retries=False, **more
        )


def line_client(settings: Settings) -> LineClient:
    """With the long-lived token of the settings; without one, with short-lived ones."""
    if settings.line_channel_access_token:
        return LineClient(settings.line_api_base, settings.line_channel_access_token)
    secret = next(iter(settings.channel_secrets), "")
    return LineClient(settings.line_api_base, StatelessToken(settings.line_api_base, settings.line_channel_id, secret))


def _json(body: Body) -> bytes:
    return json.dumps(body).encode()


def _addressed(name: str, value: str, body: bytes) -> bytes:
    """A frozen body with its address in front."""
    return b"{%s: %s, %s" % (json.dumps(name).encode(), json.dumps(value).encode(), body[1:])


def _unquoted(body: bytes) -> bytes:
    """A frozen body whose messages quote nothing: what they would quote is gone."""
    frozen = _object(body)
    kept = [{key: value for key, value in one.items() if key != "quoteToken"} for one in frozen.get("messages", [])]
    return _json({**frozen, "messages": kept})


def _object(raw: bytes | str | None) -> Body:
    try:
        found = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _message(raw: bytes | str | None) -> str:
    """What LINE says is wrong, with the places in the body where."""
    found = _object(raw)
    details = [f"{d.get('property')}: {d.get('message')}" for d in found.get("details", ()) if isinstance(d, dict)]
    return "; ".join([str(found.get("message", "")), *details])


def _message_ids(raw: bytes | str | None) -> tuple[str, ...]:
    sent = _object(raw).get("sentMessages")
    return tuple(str(m["id"]) for m in sent if isinstance(m, dict) and "id" in m) if isinstance(sent, list) else ()
