"""The door to LINE: what goes out byte by byte, and what each answer of LINE's means."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from bot.ledger.outgoing import freeze
from bot.line.channel_token import TokenError
from bot.line.client import API, MEDIA, Ambiguous, LineClient, LineError, Refused, Sent
from tests.support.log_lines import kept_by

KEY = "5f0c2a5e-6f5e-5c5e-9a5e-0123456789ab"
MESSAGES = [{"type": "text", "text": "散熱 {x} 😀 \u202e"}]
HELLO = freeze(tuple(MESSAGES), quiet=False)
SENT = b'{"sentMessages": [{"id": "461230966842064897", "quoteToken": "IStG5h1Tz7b"}, {"id": "2"}]}'


@dataclass
class Answering:
    """A server that gives one answer to everything and takes down what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = b"{}"
    silent: bool = False
    pause: float = 0.0  # seconds before it answers
    headers: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    closing: Event = field(default_factory=Event)


@pytest.fixture
def server() -> Iterator[Answering]:
    answering = Answering()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answering.calls.append((self.command, self.path, headers, body))
            if answering.silent:
                answering.closing.wait()
                return
            answering.closing.wait(answering.pause)
            self.send_response(answering.status)
            for name, value in {"Content-Length": str(len(answering.body)), **answering.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answering.body)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    answering.url = f"http://127.0.0.1:{httpd.server_port}"
    Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
    yield answering
    answering.closing.set()
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def line(server: Answering) -> LineClient:
    return LineClient(server.url, "channel token")


def test_an_answer_may_take_longer_than_a_connection(server: Answering) -> None:
    server.body, server.pause = SENT, 0.3
    assert LineClient(server.url, "channel token", connect=0.1, read=5).push("U1", HELLO, KEY) == Sent(
        ("461230966842064897", "2")
    )


def test_a_reply_goes_out_with_its_token_and_comes_back_with_its_bubbles(line: LineClient, server: Answering) -> None:
    server.body = SENT
    assert line.reply("reply token", HELLO) == Sent(("461230966842064897", "2"))
    [(method, path, headers, body)] = server.calls
    assert (method, path) == ("POST", "/v2/bot/message/reply")
    assert json.loads(body) == {"replyToken": "reply token", "messages": MESSAGES}
    assert headers["authorization"] == "Bearer channel token"
    assert headers["content-type"] == "application/json"
    assert "x-line-retry-key" not in headers


def test_lines_id_of_a_request_is_known_however_it_ended(line: LineClient, server: Answering) -> None:
    server.headers = {"x-line-request-id": "5f3c"}
    for status in (200, 400, 500):
        server.status = status
        assert line.reply("reply token", HELLO).request_id == "5f3c"


def test_below_a_path_the_calls_go_there(server: Answering) -> None:
    line = LineClient(f"{server.url}/line/", "t")
    line.reply("reply token", HELLO)
    line.quota()
    assert [path for _, path, _, _ in server.calls] == ["/line/v2/bot/message/reply", "/line/v2/bot/message/quota"]


def test_a_frozen_push_is_repeated_byte_for_byte_under_its_key(line: LineClient, server: Answering) -> None:
    frozen = freeze(tuple(MESSAGES), quiet=True)
    for _ in range(2):
        line.push("U1", frozen, KEY)
    (_, path, headers, first), (_, _, _, second) = server.calls
    assert first == second
    assert first.endswith(frozen[1:])
    assert (path, headers["x-line-retry-key"]) == ("/v2/bot/message/push", KEY)


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (200, SENT, Sent(("461230966842064897", "2"))),
        (200, b"", Sent()),
        (200, b"not json", Sent()),
        (409, SENT, Sent(("461230966842064897", "2"))),
        (500, b'{"message": "oops"}', Ambiguous("500")),
        (503, b"<html>", Ambiguous("503")),
        (400, b'{"message": "Invalid reply token"}', Refused(400, "Invalid reply token")),
        (401, b"{}", Refused(401)),
        (
            429,
            b'{"message": "You have reached your monthly limit."}',
            Refused(429, "You have reached your monthly limit."),
        ),
        (
            400,
            b'{"message": "1 error", "details": [{"message": "too long", "property": "messages[0].text"}]}',
            Refused(400, "1 error; messages[0].text: too long"),
        ),
        (400, b"\xff\xfe", Refused(400)),
    ],
)
def test_each_answer_has_one_meaning(
    line: LineClient, server: Answering, status: int, body: bytes, result: object
) -> None:
    server.status, server.body = status, body
    assert line.push("U1", HELLO, KEY) == result


@pytest.mark.parametrize(
    ("refused", "permanent", "monthly"),
    [
        (Refused(400, "Invalid reply token"), True, False),
        (Refused(403), True, False),
        (Refused(429, "You have reached your monthly limit."), True, True),
        (Refused(429, "The API rate limit has been exceeded. Try again later."), False, False),
        (Refused(0, "NewConnectionError"), False, False),
    ],
)
def test_only_some_refusals_are_worth_another_try(refused: Refused, permanent: bool, monthly: bool) -> None:
    assert (refused.permanent, refused.monthly) == (permanent, monthly)


def test_a_server_that_hangs_is_given_up_after_the_time_out_and_asked_once(server: Answering) -> None:
    server.silent = True
    assert LineClient(server.url, "t", read=0.1).push("U1", HELLO, KEY) == Ambiguous("ReadTimeoutError")
    assert len(server.calls) == 1


def test_where_nobody_listens_nothing_was_sent() -> None:
    assert LineClient("http://127.0.0.1:1", "t").push("U1", HELLO, KEY) == Refused(0, "NewConnectionError")


def test_quota_consumption_and_members(line: LineClient, server: Answering) -> None:
    server.body = b'{"type": "limited", "value": 200}'
    assert line.quota() == 200
    server.body = b'{"type": "none"}'
    assert line.quota() is None
    server.body = b'{"totalUsage": 57}'
    assert line.consumption() == 57
    server.body = b'{"count": 300}'
    assert [line.member_count("C1"), line.member_count("R1")] == [300, 300]
    paths = [path for _, path, _, _ in server.calls]
    assert paths[2:] == [
        "/v2/bot/message/quota/consumption",
        "/v2/bot/group/C1/members/count",
        "/v2/bot/room/R1/members/count",
    ]


def test_a_question_that_line_refuses_raises(line: LineClient, server: Answering) -> None:
    server.status, server.body = 404, b'{"message": "Not found"}'
    with pytest.raises(LineError, match="404: Not found"):
        line.profile("U1")
    with pytest.raises(LineError) as nobody:
        LineClient("http://127.0.0.1:1", "t").bot_info()
    assert nobody.value.status == 0


def test_profiles_are_asked_of_the_group_where_somebody_is_no_friend(line: LineClient, server: Answering) -> None:
    server.body = '{"displayName": "小安"}'.encode()
    assert line.profile("U/1", "C1") == {"displayName": "小安"}
    line.profile("U1")
    assert [path for _, path, _, _ in server.calls] == ["/v2/bot/group/C1/member/U%2F1", "/v2/bot/profile/U1"]


def test_files_come_from_the_media_host_up_to_a_limit(line: LineClient, server: Answering) -> None:
    server.body = bytes(range(256)) * 40
    assert line.content("m1", limit=len(server.body)) == server.body
    with pytest.raises(LineError, match="larger"):
        line.content("m1", limit=len(server.body) - 1)
    server.status = 404
    with pytest.raises(LineError, match="404"):
        line.content("m1", limit=10)
    assert line.media == server.url
    assert LineClient(API, "t").media == MEDIA


def test_other_calls_go_where_line_has_them(line: LineClient, server: Answering) -> None:
    line.loading("U1", 5)
    line.mark_read("mark")
    line.bot_info()
    line.webhook()
    line.test_webhook()
    assert [(method, path) for method, path, _, _ in server.calls] == [
        ("POST", "/v2/bot/chat/loading/start"),
        ("POST", "/v2/bot/chat/markAsRead"),
        ("GET", "/v2/bot/info"),
        ("GET", "/v2/bot/channel/webhook/endpoint"),
        ("POST", "/v2/bot/channel/webhook/test"),
    ]


def test_the_log_knows_neither_tokens_nor_people(line: LineClient, server: Answering) -> None:
    server.status = 500
    logs: list[dict[str, Any]] = []
    with kept_by(logs.append):
        line.push("U1", HELLO, KEY)
        line.reply("reply token", HELLO)
    assert len(logs) == 2
    assert not any(secret in str(logs) for secret in ("U1", "reply token", "channel token", "散熱"))


@pytest.mark.parametrize(
    "ask",
    [
        lambda line: line.content("1", 10),
        lambda line: line.clock(),
        lambda line: line.bot_info(),
        lambda line: line.set_webhook("https://bot.example.com/callback"),
    ],
)
def test_a_question_without_a_channel_token_is_one_without_an_answer(ask: Callable[[LineClient], object]) -> None:
    def refused() -> str:
        raise TokenError(400)

    line = LineClient("http://127.0.0.1:9", refused)
    with pytest.raises(LineError) as found:
        ask(line)
    assert (found.value.status, line.is_token_refused) == (401, True)
