"""The bot's side of the simulated platform: LINE's API with its rules, prices and failures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import urllib3
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.dev.simulator.app import create_app, start_in_thread
from bot.dev.simulator.failures import Fault
from bot.dev.simulator.people import group, person
from bot.dev.simulator.platform import Platform

HELLO = {"type": "text", "text": "你好"}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 31, 15, tzinfo=UTC)  # one hour before April in Taipei

    def __call__(self) -> datetime:
        return self.now


class Channel:
    """The bot's end of LINE's API."""

    def __init__(self, client: FlaskClient, token: str = "token") -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/v2/bot{path}", headers=self.headers)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.client.post(f"/v2/bot{path}", json=body, headers={**self.headers, **headers})

    def reply(self, token: str, *messages: dict[str, Any]) -> TestResponse:
        return self.post("/message/reply", {"replyToken": token, "messages": messages or [HELLO]})

    def push(self, to: str, *messages: dict[str, Any], key: str = "") -> TestResponse:
        headers = {"X-Line-Retry-Key": key} if key else {}
        return self.post("/message/push", {"to": to, "messages": messages or [HELLO]}, **headers)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(clock: Clock) -> Platform:
    return Platform("secret", "token", lambda body, headers: 200, clock=clock, monthly_limit=20)


@pytest.fixture
def channel(line: Platform) -> Channel:
    return Channel(create_app(line).test_client())


@pytest.fixture
def xiaoan(line: Platform) -> str:
    return line.chats.person("小安").id


@pytest.fixture
def club(line: Platform) -> str:
    return line.chats.group("投資讀書會").id


def test_a_wrong_token_is_turned_away(line: Platform) -> None:
    assert Channel(create_app(line).test_client(), "stolen").get("/info").status_code == 401


def test_a_reply_appears_in_the_chat_and_costs_nothing(line: Platform, channel: Channel) -> None:
    post = line.say("投資讀書會", "美玲", "散熱", mention=True)
    answer = channel.reply(post.event["replyToken"], HELLO, HELLO)
    assert answer.status_code == 200
    sent = answer.json["sentMessages"]
    assert [bubble.id for bubble in line.history("投資讀書會")[1:]] == [message["id"] for message in sent]
    assert all(message["quoteToken"] for message in sent)
    assert line.reply_to(post) == [HELLO, HELLO]
    assert channel.get("/message/quota/consumption").json == {"totalUsage": 0}


def test_a_reply_token_works_once(line: Platform, channel: Channel) -> None:
    token = line.say("小安", "小安", "散熱").event["replyToken"]
    assert channel.reply(token).status_code == 200
    again = channel.reply(token)
    assert (again.status_code, again.json) == (400, {"message": "Invalid reply token"})


def test_a_refused_body_leaves_the_reply_token_alone(line: Platform, channel: Channel) -> None:
    token = line.say("小安", "小安", "散熱").event["replyToken"]
    refused = channel.reply(token, {"type": "text", "text": ""})
    assert refused.status_code == 400
    assert refused.json == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "May not be empty", "property": "messages[0].text"}],
    }
    assert channel.reply(token).status_code == 200


def test_a_reply_token_lives_a_minute_and_a_redelivery_revives_it(
    line: Platform, channel: Channel, clock: Clock
) -> None:
    post = line.say("小安", "小安", "散熱")
    clock.now += timedelta(seconds=61)
    assert channel.reply(post.event["replyToken"]).status_code == 400
    line.redeliver(post.id)
    clock.now += timedelta(seconds=60)
    assert channel.reply(post.event["replyToken"]).status_code == 200


def test_a_reply_takes_no_retry_key(line: Platform, channel: Channel) -> None:
    body = {"replyToken": line.say("小安", "小安", "散熱").event["replyToken"], "messages": [HELLO]}
    assert channel.post("/message/reply", body, **{"X-Line-Retry-Key": str(uuid4())}).status_code == 400


def test_a_reply_may_quote_only_what_stands_in_its_chat(line: Platform, channel: Channel) -> None:
    elsewhere = line.say("小安", "小安", "散熱").event["message"]["quoteToken"]
    post = line.say("投資讀書會", "美玲", "散熱")
    token, here = post.event["replyToken"], post.event["message"]["quoteToken"]
    assert channel.reply(token, HELLO | {"quoteToken": elsewhere}).status_code == 400
    assert channel.reply(token, HELLO | {"quoteToken": here}).status_code == 200
    assert line.history("投資讀書會")[-1].quoted == post.message_id


def test_a_push_to_a_group_costs_its_members(channel: Channel, club: str) -> None:
    assert channel.push(club, HELLO, HELLO).status_code == 200
    assert channel.get("/message/quota/consumption").json == {"totalUsage": 12}


def test_beyond_the_monthly_limit_nothing_goes_out_until_next_month(channel: Channel, clock: Clock, club: str) -> None:
    assert channel.push(club).status_code == 200
    refused = channel.push(club)
    assert (refused.status_code, refused.json) == (429, {"message": "You have reached your monthly limit."})
    clock.now += timedelta(hours=1)
    assert channel.push(club).status_code == 200
    assert channel.get("/message/quota/consumption").json == {"totalUsage": 12}


def test_a_push_to_who_blocked_the_bot_is_accepted_free_and_unseen(
    line: Platform, channel: Channel, xiaoan: str
) -> None:
    line.unfollow("小安")
    answer = channel.push(xiaoan)
    assert answer.status_code == 200
    assert answer.json["sentMessages"][0]["id"]
    assert line.history("小安") == []
    assert line.quota.used(line.clock()) == 0
    assert channel.get(f"/profile/{xiaoan}").status_code == 404


@pytest.mark.parametrize("to", ["U" + "0" * 32, "C" + "0" * 32, "小安", ""])
def test_an_unknown_receiver_is_refused(channel: Channel, to: str) -> None:
    assert channel.push(to).status_code == 400


def test_a_retry_key_is_executed_once_within_a_day(line: Platform, channel: Channel, clock: Clock, xiaoan: str) -> None:
    key = str(uuid4())
    first = channel.push(xiaoan, key=key)
    clock.now += timedelta(hours=24)
    again = channel.push(xiaoan, key=key)
    assert again.status_code == 409
    assert again.json["sentMessages"] == first.json["sentMessages"]
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert len(line.history("小安")) == 1
    clock.now += timedelta(seconds=1)
    assert channel.push(xiaoan, key=key).status_code == 200


def test_a_retry_key_of_a_refused_push_is_still_free(channel: Channel, xiaoan: str) -> None:
    key = str(uuid4())
    assert channel.push(xiaoan, {"type": "text", "text": ""}, key=key).status_code == 400
    assert channel.push(xiaoan, key=key).status_code == 200
    assert channel.push(xiaoan, key="not a uuid").status_code == 400


def test_a_multicast_reaches_each_person_once_and_no_group(
    line: Platform, channel: Channel, xiaoan: str, club: str
) -> None:
    meiling = line.chats.person("美玲").id
    answer = channel.post("/message/multicast", {"to": [xiaoan, meiling, xiaoan], "messages": [HELLO]})
    assert (answer.status_code, answer.json) == (200, {})
    assert [len(line.history(name)) for name in ("小安", "美玲")] == [1, 1]
    assert line.quota.used(line.clock()) == 2
    assert channel.post("/message/multicast", {"to": [club], "messages": [HELLO]}).status_code == 400


@pytest.mark.parametrize(("fault", "status"), [(Fault.ERROR, 500), (Fault.RATE, 429), (Fault.MONTHLY, 429)])
def test_an_ordered_failure_hits_the_next_calls_only(
    line: Platform, channel: Channel, xiaoan: str, fault: Fault, status: int
) -> None:
    line.fail(fault, next=2)
    assert [channel.push(xiaoan).status_code for _ in range(3)] == [status, status, 200]
    assert [call.accepted for call in line.calls] == [False, False, True]


def test_a_failure_after_acceptance_has_done_its_work(line: Platform, channel: Channel, xiaoan: str) -> None:
    key = str(uuid4())
    line.fail(Fault.ERROR, after_accept=True)
    assert channel.push(xiaoan, key=key).status_code == 500
    assert channel.push(xiaoan, key=key).status_code == 409
    assert len(line.history("小安")) == 1
    assert [(call.status, call.accepted) for call in line.calls] == [(500, True), (409, False)]


def test_a_failure_may_wait_for_one_kind_of_call(line: Platform, channel: Channel, xiaoan: str) -> None:
    line.fail(Fault.ERROR, on="quota")
    assert channel.push(xiaoan).status_code == 200
    assert channel.get("/message/quota").status_code == 500
    assert channel.get("/message/quota").json == {"type": "limited", "value": 20}


def test_the_journal_tells_what_was_sent_to_whom_at_what_price(line: Platform, channel: Channel, club: str) -> None:
    key = str(uuid4())
    body = {"to": club, "messages": [HELLO], "notificationDisabled": True}
    channel.post("/message/push", body, **{"X-Line-Retry-Key": key})
    (call,) = line.calls
    assert (call.kind, call.to, call.messages, call.cost) == ("push", (club,), (HELLO,), 12)
    assert (call.retry_key, call.silent, call.accepted) == (key, True, True)


def test_profiles_and_groups_are_known(line: Platform, channel: Channel, xiaoan: str, club: str) -> None:
    assert channel.get(f"/profile/{xiaoan}").json["displayName"] == "小安"
    assert channel.get(f"/group/{club}/member/{xiaoan}").json == {"userId": xiaoan, "displayName": "小安"}
    assert channel.get(f"/group/{club}/summary").json == {"groupId": club, "groupName": "投資讀書會"}
    assert channel.get(f"/group/{club}/members/count").json == {"count": 12}
    assert channel.get(f"/group/{'C' + '0' * 32}/summary").status_code == 404
    line.leave("投資讀書會")
    assert channel.get(f"/group/{club}/members/count").status_code == 404
    assert channel.push(club).status_code == 400


def test_the_content_of_a_file_can_be_fetched_until_it_is_unsent(line: Platform, channel: Channel) -> None:
    post = line.send_file("小安", "小安", "年報.pdf", b"%PDF-")
    answer = channel.get(f"/message/{post.message_id}/content")
    assert (answer.data, answer.mimetype) == (b"%PDF-", "application/pdf")
    line.unsend(post.message_id)
    assert channel.get(f"/message/{post.message_id}/content").status_code == 404


def test_validation_sends_nothing(line: Platform, channel: Channel) -> None:
    assert channel.post("/message/validate/reply", {"messages": [HELLO]}).status_code == 200
    assert channel.post("/message/validate/push", {"messages": [{"type": "text"}]}).status_code == 400
    assert line.calls == []


def test_the_loading_animation_is_for_one_to_one_and_ends_with_the_answer(
    line: Platform, channel: Channel, xiaoan: str, club: str
) -> None:
    assert channel.post("/chat/loading/start", {"chatId": xiaoan, "loadingSeconds": 10}).status_code == 202
    assert xiaoan in line.chats.typing
    channel.push(xiaoan)
    assert xiaoan not in line.chats.typing
    assert channel.post("/chat/loading/start", {"chatId": xiaoan, "loadingSeconds": 7}).status_code == 400
    assert channel.post("/chat/loading/start", {"chatId": club}).status_code == 400


def test_messages_are_marked_as_read_by_their_token(line: Platform, channel: Channel) -> None:
    line.has_inbox = True
    assert channel.get("/info").json["markAsReadMode"] == "manual"
    _first, second, third = [line.say("小安", "小安", text) for text in ("散熱", "2330", "AI")]
    assert [bubble.read for bubble in line.history("小安")] == [False, False, False]
    token = second.event["message"]["markAsReadToken"]
    assert channel.post("/chat/markAsRead", {"markAsReadToken": token}).status_code == 200
    assert [bubble.id for bubble in line.unread("小安")] == [third.message_id]  # all before it are read as well
    assert channel.post("/chat/markAsRead", {"markAsReadToken": "made up"}).status_code == 400


def test_without_an_inbox_everything_is_read_at_once_and_no_mark_is_taken(line: Platform, channel: Channel) -> None:
    token = line.say("小安", "小安", "散熱").event["message"]["markAsReadToken"]
    assert line.unread("小安") == []
    assert channel.post("/chat/markAsRead", {"markAsReadToken": token}).status_code == 400


def test_the_verify_button_posts_no_events(line: Platform, channel: Channel) -> None:
    answer = channel.post("/channel/webhook/test", {})
    assert (answer.json["success"], answer.json["statusCode"]) == (True, 200)
    assert line.deliveries == []


@pytest.fixture
def served(line: Platform) -> Iterator[str]:
    url, stop = start_in_thread(line)
    yield url
    stop()


def test_a_call_that_hangs_has_been_done_all_the_same(line: Platform, served: str, xiaoan: str) -> None:
    line.fail(Fault.TIMEOUT, after_accept=True)
    with urllib3.PoolManager(retries=False) as pool, pytest.raises(urllib3.exceptions.ReadTimeoutError):
        pool.request(
            "POST",
            f"{served}/v2/bot/message/push",
            json={"to": xiaoan, "messages": [HELLO]},
            headers={"Authorization": "Bearer token"},
            timeout=urllib3.Timeout(connect=60, read=0.2),
        )
    with line.chats.changed:
        line.chats.changed.wait_for(lambda: line.history("小安"), 60)
    assert len(line.history("小安")) == 1


def test_one_connection_carries_many_calls(line: Platform, served: str) -> None:
    with urllib3.PoolManager() as pool:
        for _ in range(3):
            assert pool.request("GET", f"{served}/v2/bot/info", headers={"Authorization": "Bearer token"}).status == 200
        assert pool.connection_from_url(served).num_connections == 1


def test_each_group_is_charged_by_its_own_size(line: Platform, channel: Channel) -> None:
    sizes = range(5, 301, 15)
    crowd = tuple(person(f"群友{number}") for number in range(5))
    line.add(*crowd, *(group(f"{size} 人群", crowd, size=size) for size in sizes))
    line.quota.limit = None
    for size in sizes:
        channel.push(line.chats.group(f"{size} 人群").id)
    assert [call.cost for call in line.calls] == list(sizes)
    assert line.quota.used(line.clock()) == sum(sizes)
