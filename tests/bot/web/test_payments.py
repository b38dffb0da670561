"""`POST /members`: what a paying platform says is done once, in the order in which it was decided, for who typed its code."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from corpus.database import UnitOfWork
from handlers.answer import Answer
from handlers.ask import Ask
from handlers.club.club import Club
from handlers.identity import Chat, Place
from tests.support.admin_site import Desk, open_desk

SECRET = "shared with the payer"
PLAN, OTHER = "決策者", "分析者"
PAYER = "U0000payer"


@dataclass
class Payer:
    """A platform that takes money, and the person who paid."""

    desk: Desk

    @property
    def now(self) -> datetime:
        return self.desk.clock.at

    def told(self, **said: Any) -> dict[str, Any]:
        known = {"key": "cus_1", "plan": PLAN, "action": "grant", "at": self.now.isoformat()}
        return known | {"until": (self.now + timedelta(days=30)).isoformat()} | said

    def send(
        self, body: bytes, secret: str = SECRET, *, signature: str | None = None, repeat: str = ""
    ) -> TestResponse:
        made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Luopan-Signature": made if signature is None else signature, "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": repeat} if repeat else {}
        return self.desk.bot.app.test_client().post("/members", data=body, headers=headers)

    def says(self, *, repeat: str = "", **said: Any) -> dict[str, Any]:
        answer = self.send(json.dumps(self.told(**said)).encode(), repeat=repeat)
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def types(self, text: str, user: str = PAYER) -> str:
        with UnitOfWork(self.desk.bot.engine) as work:
            standing = Club(work).people.standing(user, self.now)
            ask = Ask(text, Chat(user, Place.PERSON), user, self.now, standing.role, plans=standing.plans)
            conversation = self.desk.bot.conversation
            answer = conversation.router.answer(ask, conversation.handler_context(ask, work))
            work.commit()
        return answer.text if isinstance(answer, Answer) else ""

    def plans(self, user: str = PAYER) -> set[str]:
        with self.desk.book() as (club, _):
            return set(club.people.standing(user, self.now).plans)


@pytest.fixture
def payer(tmp_path: Path) -> Payer:
    desk = open_desk(tmp_path, luopan_members_secret=SECRET)
    with desk.book() as (club, _):
        for name in (PLAN, OTHER):
            club.memberships.add_plan(name, desk.clock.at)
    return Payer(desk)


def test_the_first_grant_gives_a_code_and_who_types_it_is_a_member_until_the_end(payer: Payer) -> None:
    said = payer.says()
    assert said["status"] == "granted"
    assert payer.plans() == set()
    assert "決策者已開通，到 2026/12/20" in payer.types(f"開通 {said['code']}")
    assert payer.plans() == {PLAN}
    assert "決策者" in payer.types("會員")
    payer.desk.clock.at += timedelta(days=30)
    assert payer.plans() == set()


def test_from_then_on_grants_and_endings_act_at_once(payer: Payer) -> None:
    payer.types(f"開通 {payer.says()['code']}")
    assert "code" not in payer.says(plan=OTHER)
    assert payer.plans() == {PLAN, OTHER}
    assert payer.says(action="end")["status"] == "ended"
    assert payer.plans() == {OTHER}
    payer.desk.clock.at += timedelta(minutes=1)
    payer.says()
    assert payer.plans() == {PLAN, OTHER}


def test_a_repeat_is_answered_with_the_first_answer_and_does_nothing_more(payer: Payer) -> None:
    first = payer.says(repeat="order 7")
    payer.types(f"開通 {first['code']}")
    payer.desk.clock.at += timedelta(minutes=1)
    payer.says(action="end", repeat="order 8")
    payer.desk.clock.at += timedelta(minutes=1)
    assert payer.says(repeat="order 7") == first
    assert payer.plans() == set()


def test_a_key_of_one_request_is_no_key_of_another(payer: Payer) -> None:
    payer.says(repeat="order 7")
    answer = payer.send(json.dumps(payer.told(key="cus_2")).encode(), repeat="order 7")
    assert (answer.status_code, answer.get_json()["field"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_whatever_the_order_the_latest_decision_holds(payer: Payer, order: tuple[int, ...]) -> None:
    payer.types(f"開通 {payer.says(plan=OTHER)['code']}")
    start = payer.now
    decided: list[dict[str, Any]] = [
        {"action": ("grant", "end")[n % 2], "at": (start + timedelta(seconds=n)).timestamp()} for n in range(4)
    ]
    payer.desk.clock.at += timedelta(seconds=30)
    for place in order:
        payer.says(**decided[place])
    assert payer.plans() == {OTHER}
    payer.says()
    assert payer.plans() == {OTHER, PLAN}


def test_an_end_that_comes_before_its_grant_is_not_revived_by_it(payer: Payer) -> None:
    before = payer.told()
    payer.desk.clock.at += timedelta(seconds=5)
    payer.says(action="end")
    late = payer.send(json.dumps(before).encode()).get_json()
    assert late["status"] == "superseded"
    assert "已經結束" in payer.types(f"開通 {late['code']}")
    assert payer.plans() == set()
    payer.desk.clock.at += timedelta(seconds=5)
    payer.says()
    assert payer.plans() == {PLAN}


def test_a_grant_whose_time_is_over_already_is_an_end_and_gives_no_code(payer: Payer) -> None:
    late = payer.says(until=(payer.now - timedelta(days=1)).isoformat())
    assert (late["status"], "code" in late) == ("ended", False)
    payer.types(f"開通 {payer.says()['code']}")
    payer.desk.clock.at += timedelta(minutes=1)
    assert payer.says(until=payer.now.timestamp())["status"] == "ended"
    assert payer.plans() == set()


def test_a_code_binds_one_person_once(payer: Payer) -> None:
    first, second = payer.says()["code"], payer.says()["code"]
    payer.types(f"開通 {second.lower()}")
    for code in (first, second):
        assert "不對、用過了或過期了" in payer.types(f"開通 {code}", "Uother")
    assert payer.plans("Uother") == set()
    assert payer.plans() == {PLAN}


@pytest.mark.parametrize("signature", ["", "00", "é", "sha256=", "f" * 64])
def test_who_does_not_know_the_secret_is_refused(payer: Payer, signature: str) -> None:
    body = json.dumps(payer.told()).encode()
    assert payer.send(body, signature=signature.encode().decode("latin-1")).status_code == 401
    assert payer.send(body, "another secret").status_code == 401


def test_a_request_that_was_changed_on_its_way_is_refused(payer: Payer) -> None:
    body = json.dumps(payer.told()).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert payer.send(body.replace(b"cus_1", b"cus_2"), signature=signature).status_code == 401


@pytest.mark.parametrize("seconds", [-301, 301, -86_400])
def test_an_old_request_is_refused_however_it_is_signed(payer: Payer, seconds: int) -> None:
    at = payer.now + timedelta(seconds=seconds)
    for written in (at.isoformat(), at.timestamp(), f"{at:%Y-%m-%dT%H:%M:%S%z}"):
        assert payer.send(json.dumps(payer.told(at=written)).encode(), repeat="order 7").status_code == 401


@pytest.mark.parametrize("seconds", [-290, 0, 290])
def test_a_fresh_one_is_read_in_either_way_of_writing_a_moment(payer: Payer, seconds: int) -> None:
    at = payer.now + timedelta(seconds=seconds)
    utc = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    for number, written in enumerate((at.isoformat(), at.timestamp(), int(at.timestamp()), str(at.timestamp()), utc)):
        assert payer.says(at=written, key=f"cus_{number}")["status"] == "granted"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b"[" * 9999, 400),
    ],
)
def test_what_is_no_json_object_is_told_so(payer: Payer, body: bytes, status: int) -> None:
    answer = payer.send(body)
    assert answer.status_code == status
    assert answer.get_json()["error"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"key": ""}, "key"),
        ({"key": 7}, "key"),
        ({"key": "x" * 201}, "key"),
        ({"key": "a\x00"}, "key"),
        ({"plan": "不存在"}, "plan"),
        ({"plan": None}, "plan"),
        ({"action": "give"}, "action"),
        ({"until": None}, "until"),
        ({"until": "soon"}, "until"),
        ({"until": True}, "until"),
        ({"until": 1e300}, "until"),
        ({"at": None}, "at"),
        ({"at": "now"}, "at"),
    ],
)
def test_what_cannot_be_followed_is_told_with_its_field(payer: Payer, said: dict[str, Any], field: str) -> None:
    answer = payer.send(json.dumps(payer.told(**said)).encode())
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)
    assert payer.plans() == set()


def test_without_a_secret_there_is_no_such_place(tmp_path: Path) -> None:
    payer = Payer(open_desk(tmp_path))
    assert payer.send(json.dumps(payer.told()).encode(), "").status_code == 404


def test_members_of_no_plan_are_granted_and_ended_too(payer: Payer) -> None:
    payer.types(f"開通 {payer.says(plan='members')['code']}")
    assert "會員，到" in payer.types("會員")
    payer.says(plan="members", action="end", until=None)
    assert "不是會員" in payer.types("會員")


def test_who_was_erased_is_nobody_to_the_payer_until_a_new_code_is_typed(payer: Payer) -> None:
    payer.types(f"開通 {payer.says()['code']}")
    payer.types("刪除我的資料 確定")
    said = payer.says()
    assert payer.plans() == set()
    payer.types(f"開通 {said['code']}")
    assert payer.plans() == {PLAN}


def test_what_is_kept_of_a_payer_stands_in_what_they_are_shown(payer: Payer) -> None:
    payer.types(f"開通 {payer.says()['code']}")
    with payer.desk.book() as (club, _):
        club.people.set_note(PAYER, "讀書會的小安", payer.now)
        rows = dict(club.rows_about(Chat(PAYER, Place.PERSON), PAYER))
    assert (rows["會員資格"], rows["收款平台"], rows["編輯的備註"]) == (PLAN, "已連結", "讀書會的小安")


def test_what_was_given_at_the_desk_is_not_the_payers_to_end(payer: Payer) -> None:
    payer.types(f"開通 {payer.says()['code']}")
    with payer.desk.book() as (club, _):
        club.memberships.set_until(PAYER, OTHER, payer.now + timedelta(days=9), payer.now)
    payer.says(action="end")
    payer.says(action="end", plan=OTHER)
    assert payer.plans() == {OTHER}
