"""`/members/stripe` and `/members/ghost`: what those platforms tell holds, and who paid gets the code."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from corpus.database import UnitOfWork
from handlers.ask import Ask
from handlers.club import erasure
from handlers.club.club import Club
from handlers.club.erasure import CLUB_RULES
from handlers.identity import Chat, Place
from tests.support.admin_site import Desk, open_desk

PLAN, OTHER = "決策者", "分析者"
WHSEC, GHOST = "whsec_shared", "ghost shared"
SESSION, UUID = "cs_test_a1b2c3", "6f1c7a52-0000-4000-8000-0123456789ab"
PAYER = "U0000payer"


@dataclass
class Platforms:
    """Stripe and Ghost, and the person who paid there."""

    desk: Desk

    @property
    def now(self) -> datetime:
        return self.desk.clock.at

    def post(self, path: str, said: object, header: str, signature: str) -> TestResponse:
        body = json.dumps(said).encode()
        return self.desk.bot.app.test_client().post(path, data=body, headers={header: signature})

    def stripe(self, said: object, secret: str = WHSEC, late: int = 0) -> TestResponse:
        at = int(self.now.timestamp()) - late
        made = hmac.new(secret.encode(), f"{at}.".encode() + json.dumps(said).encode(), hashlib.sha256).hexdigest()
        return self.post("/members/stripe", said, "Stripe-Signature", f"t={at},v0=old,v1={made}")

    def ghost(self, said: object, secret: str = GHOST, late: int = 0) -> TestResponse:
        at = str((int(self.now.timestamp()) - late) * 1000)
        made = hmac.new(secret.encode(), json.dumps(said).encode() + at.encode(), hashlib.sha256).hexdigest()
        return self.post("/members/ghost", said, "X-Ghost-Signature", f"sha256={made}, t={at}")

    def subscription(
        self, kind: str = "updated", price: str = "price_1", status: str = "active", later: int = 0, **more: Any
    ) -> dict[str, Any]:
        until = int((self.now + timedelta(days=30)).timestamp())
        items = {"data": [{"price": {"id": price}, "current_period_end": until}]}
        told = {"id": "sub_1", "customer": "cus_1", "status": status, "items": items}
        created = int(self.now.timestamp()) - 60 + later  # they are told a little after they were decided
        return {"type": f"customer.subscription.{kind}", "created": created, "data": {"object": told, **more}}

    def checkout(self) -> dict[str, Any]:
        told = {"id": SESSION, "customer": "cus_1"}
        created = int(self.now.timestamp())
        return {"type": "checkout.session.completed", "created": created, "data": {"object": told}}

    def member(self, *tiers: str, later: int = 0, **previous: Any) -> dict[str, Any]:
        at = (self.now + timedelta(seconds=later - 60)).isoformat()
        ends = (self.now + timedelta(days=30)).isoformat()
        subscriptions = [{"status": "active", "current_period_end": ends, "tier": {"slug": tier}} for tier in tiers]
        told = {"id": "m1", "uuid": UUID, "updated_at": at, "tiers": [{"slug": tier} for tier in tiers]}
        return {"member": {"current": told | {"subscriptions": subscriptions}, "previous": previous}}

    def page(self, claim: str, *, press: bool = True) -> str:
        client = self.desk.bot.app.test_client()
        answer = (
            client.post("/members/claim", data={"of": claim}) if press else client.get(f"/members/claim?of={claim}")
        )
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        return answer.text

    def activates(self, claim: str) -> None:
        found = re.search(r"開通 ([A-Z2-9]{10})", self.page(claim))
        assert found
        with UnitOfWork(self.desk.bot.engine) as work:
            standing = Club(work).people.standing(PAYER, self.now)
            ask = Ask(f"開通 {found[1]}", Chat(PAYER, Place.PERSON), PAYER, self.now, standing.role)
            conversation = self.desk.bot.conversation
            conversation.router.answer(ask, conversation.handler_context(ask, work))
            work.commit()

    def plans(self) -> set[str]:
        with UnitOfWork(self.desk.bot.engine) as work:
            return set(Club(work).people.standing(PAYER, self.now).plans)


@pytest.fixture
def platforms(tmp_path: Path) -> Platforms:
    desk = open_desk(
        tmp_path,
        luopan_stripe_secret=WHSEC,
        luopan_stripe_plans=f"price_1={PLAN}, price_2={OTHER}",
        luopan_ghost_secret=GHOST,
        luopan_ghost_plans=f"gold={PLAN}, silver={OTHER}",
    )
    with desk.book() as (club, _):
        for plan in (PLAN, OTHER):
            club.memberships.add_plan(plan, desk.clock.at)
    return Platforms(desk)


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_who_paid_at_stripe_gets_a_code_and_is_a_member(platforms: Platforms, order: tuple[int, ...]) -> None:
    events = [platforms.checkout(), platforms.subscription("created")]
    for number in order:
        assert platforms.stripe(events[number]).status_code == 200
    assert "看開通碼" in platforms.page(SESSION, press=False)
    platforms.activates(SESSION)
    assert platforms.plans() == {PLAN}
    assert "已經開通了" in platforms.page(SESSION)


def test_a_code_is_shown_when_the_platform_has_said_what_was_bought(platforms: Platforms) -> None:
    assert "還沒有告訴" in platforms.page(SESSION)
    platforms.stripe(platforms.checkout())
    assert "還沒有告訴" in platforms.page(SESSION)
    assert "還沒有告訴" in platforms.page("cs_test_of_somebody_else")


def test_another_price_an_ending_and_a_new_start_hold_at_once(platforms: Platforms) -> None:
    platforms.stripe(platforms.checkout())
    platforms.stripe(platforms.subscription("created"))
    platforms.activates(SESSION)
    before = {"items": {"data": [{"price": {"id": "price_1"}}]}}
    platforms.stripe(platforms.subscription(price="price_2", later=1, previous_attributes=before))
    assert platforms.plans() == {OTHER}
    platforms.stripe(platforms.subscription("deleted", price="price_2", status="canceled", later=2))
    assert platforms.plans() == set()
    platforms.stripe(platforms.subscription(price="price_2", status="past_due", later=3))
    assert platforms.plans() == {OTHER}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whatever_the_order_and_the_repeats_the_latest_word_of_stripe_holds(
    platforms: Platforms, order: tuple[int, ...]
) -> None:
    platforms.stripe(platforms.checkout())
    events = [
        platforms.subscription("created"),
        platforms.subscription(status="canceled", later=1),
        platforms.subscription(price="price_2", later=2),
    ]
    for number in (*order, *order):
        platforms.stripe(events[number])
    platforms.activates(SESSION)
    assert platforms.plans() == {OTHER}


def test_a_period_that_was_not_paid_again_ends_after_some_days(platforms: Platforms) -> None:
    platforms.stripe(platforms.checkout())
    platforms.stripe(platforms.subscription("created"))
    platforms.activates(SESSION)
    platforms.desk.clock.at += timedelta(days=32)
    assert platforms.plans() == {PLAN}
    platforms.desk.clock.at += timedelta(days=2)
    assert platforms.plans() == set()


def test_tiers_of_ghost_are_plans_and_their_end_is_an_end(platforms: Platforms) -> None:
    platforms.ghost(platforms.member("gold", status="free"))
    platforms.activates(UUID)
    assert platforms.plans() == {PLAN}
    platforms.ghost(platforms.member("silver", later=1, tiers=[]))
    assert platforms.plans() == {OTHER}
    deleted = {"member": {"current": {}, "previous": platforms.member(later=2)["member"]["current"]}}
    assert platforms.ghost(deleted).get_json() == {"status": "taken"}
    assert platforms.plans() == set()


def test_who_reads_for_free_is_nobody_here(platforms: Platforms) -> None:
    assert platforms.ghost(platforms.member(name="小安")).get_json() == {"status": "ignored"}
    assert "還沒有告訴" in platforms.page(UUID)


def test_what_decides_nothing_is_taken_without_a_word(platforms: Platforms) -> None:
    paid = {"type": "invoice.paid", "created": 1, "data": {"object": {}}}
    for said in (paid, platforms.subscription(status="incomplete")):
        assert platforms.stripe(said).get_json() == {"status": "ignored"}
    assert platforms.ghost({"post": {}}).get_json() == {"status": "ignored"}


@pytest.mark.parametrize(
    "said", [[], {}, {"type": "customer.subscription.updated"}, {"member": {"current": {"id": 1}}}]
)
def test_what_is_no_event_is_refused_with_a_reason(platforms: Platforms, said: object) -> None:
    assert platforms.stripe(said).status_code == 422
    answer = platforms.ghost(said)
    assert answer.status_code == 422 or answer.get_json() == {"status": "ignored"}


def test_a_price_of_a_plan_that_is_not_here_is_told(tmp_path: Path) -> None:
    desk = open_desk(tmp_path, luopan_stripe_secret=WHSEC, luopan_stripe_plans="price_1=沒有的方案")
    answer = Platforms(desk).stripe(Platforms(desk).subscription())
    assert (answer.status_code, answer.get_json()["field"]) == (422, "plan")


def test_forged_and_stale_webhooks_are_refused(platforms: Platforms) -> None:
    event, member = platforms.subscription(), platforms.member("gold")
    assert platforms.stripe(event, secret="guessed").status_code == 401
    assert platforms.stripe(event, late=301).status_code == 401
    assert platforms.ghost(member, secret="guessed").status_code == 401
    assert platforms.ghost(member, late=301).status_code == 401
    for header in ("", "t=1,v1=", "t=x,v1=00", "v1=00", "\xff=1"):
        assert platforms.post("/members/stripe", event, "Stripe-Signature", header).status_code == 401
        assert platforms.post("/members/ghost", member, "X-Ghost-Signature", header).status_code == 401


def test_without_their_secrets_there_are_no_such_places(tmp_path: Path) -> None:
    platforms = Platforms(open_desk(tmp_path))
    assert platforms.stripe(platforms.subscription(), secret="").status_code == 404
    assert platforms.ghost(platforms.member(), secret="").status_code == 404
    assert "還沒有告訴" in platforms.page(SESSION)


@pytest.mark.parametrize("odd", ["\ud800", "cus\x00", "c" * 500])
def test_an_id_that_no_database_can_hold_is_refused(platforms: Platforms, odd: str) -> None:
    sold, bought, member = platforms.subscription(), platforms.checkout(), platforms.member("gold")
    for told in (sold, bought):
        told["data"]["object"]["customer"] = odd
    member["member"]["current"]["id"] = odd
    answers = (platforms.stripe(sold), platforms.stripe(bought), platforms.ghost(member))
    assert [(answer.status_code, answer.get_json()["field"]) for answer in answers] == [(422, "key")] * 3


def test_who_was_erased_gets_a_code_again_from_what_the_platform_tells_next(platforms: Platforms) -> None:
    platforms.ghost(platforms.member("gold"))
    platforms.activates(UUID)
    with UnitOfWork(platforms.desk.bot.engine) as work:
        erasure.erase(work.writer, PAYER, CLUB_RULES)
        work.commit()
    assert platforms.plans() == set()
    assert platforms.ghost(platforms.member("gold", later=30)).status_code == 200
    platforms.activates(UUID)
    assert platforms.plans() == {PLAN}
