"""A source whose site has a hub (WebSub) is looked at when the hub calls, and only then and there: no call is believed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from bot.outbound.source_keeper import SourceKeeper
from corpus.database import reading, writing
from corpus.intake.allowed import allowed_hosts
from corpus.intake.sources.client import SourceClient
from corpus.intake.sources.discovery import discover, new_source
from corpus.intake.sources.manners import Manners
from corpus.intake.sources.source import Source, SourceRule, SourceState
from corpus.storage import hub_store, source_store
from corpus.storage.hub_store import HubSubscription
from tests.support.admin_site import Desk, open_desk
from tests.support.fake_hub import FakeHub
from tests.support.fake_wordpress import FakeSite, FakeWordPress, make_post

BODY = "<feed><title>最新</title></feed>".encode()


@dataclass
class Ear:
    """A community that keeps a source with a hub."""

    desk: Desk
    hub: FakeHub
    fake: FakeWordPress

    @property
    def keeper(self) -> SourceKeeper:
        keeper = self.desk.bot.worker.keeper
        assert keeper is not None
        object.__setattr__(keeper.manners, "sleep", lambda _: None)
        return keeper

    def add(self) -> Source:
        manners = Manners(allowed=allowed_hosts(self.fake.host), sleep=lambda _: None)
        found = discover(self.fake.url, SourceClient(manners))
        source = new_source(self.fake.url, found, SourceRule.SHELVE, self.desk.clock.at, is_ours=False)
        with writing(self.desk.bot.engine) as connection:
            source = source_store.add(connection, replace(source, state=SourceState.WALKING))
        self.keeper.look(self.desk.clock.at)
        self.tend()
        return source

    def tend(self, **later: float) -> None:
        """What the worker does after so long."""
        self.desk.clock.at += timedelta(**later)
        assert self.keeper.hubs is not None
        self.keeper.hubs.tend(self.desk.clock.at)

    def held(self) -> list[HubSubscription]:
        with reading(self.desk.bot.engine) as connection:
            return hub_store.every(connection)

    def source(self, source: Source) -> Source:
        with reading(self.desk.bot.engine) as connection:
            return source_store.get(connection, source.id) or source

    def verify(self, **said: str) -> TestResponse:
        """The hub asks back about what it was asked last."""
        asked = self.hub.asked[-1]
        told = {"hub.mode": asked["hub.mode"], "hub.topic": asked["hub.topic"], "hub.challenge": "c4a11"}
        told |= {"hub.lease_seconds": asked["hub.lease_seconds"]}
        told |= {f"hub.{name}": value for name, value in said.items()}
        return self.desk.bot.app.test_client().get(self._path, query_string=told)

    def call(self, body: bytes = BODY, *, secret: str = "", method: str = "sha256") -> int:
        made = hmac.new((secret or self.hub.asked[-1]["hub.secret"]).encode(), body, getattr(hashlib, method))
        headers = {"X-Hub-Signature": f"{method}={made.hexdigest()}"}
        return self.desk.bot.app.test_client().post(self._path, data=body, headers=headers).status_code

    @property
    def _path(self) -> str:
        return self.hub.asked[-1]["hub.callback"].removeprefix("https://bot.example.com")


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    with FakeHub() as hub, FakeWordPress(FakeSite.of(4)) as fake:
        fake.site.hub = f"http://{hub.host}/"
        yield Ear(open_desk(tmp_path, luopan_fetch_allow=f"{hub.host},{fake.host}"), hub, fake)


@pytest.mark.parametrize("in_header", [False, True])
def test_a_hub_that_a_feed_names_is_asked_and_its_question_answered(ear: Ear, in_header: bool) -> None:
    ear.fake.site.hub_in_header = in_header
    ear.add()
    (asked,) = ear.hub.asked
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", f"{ear.fake.url}feed/")
    assert asked["hub.callback"].startswith("https://bot.example.com/websub/")
    assert len(asked["hub.secret"]) >= 32
    assert ear.verify(topic="https://elsewhere.example/feed").status_code == 404
    assert ear.verify(mode="unsubscribe").status_code == 404
    assert ear.held()[0].until is None
    answer = ear.verify()
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "c4a11", "text/plain")
    assert ear.held()[0].until == ear.desk.clock.at + timedelta(days=10)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha512"])
def test_a_signed_call_leads_to_a_look(ear: Ear, method: str) -> None:
    source = ear.add()
    ear.verify()
    ear.desk.clock.at += timedelta(minutes=10)
    post = ear.fake.site.posts[9] = make_post(9, ear.desk.clock.at)
    assert ear.keeper.look(ear.desk.clock.at) == 0, "its time has not come"
    assert ear.call(method=method) == 202
    assert ear.keeper.look(ear.desk.clock.at) == 1
    with ear.desk.book() as (_, library):
        assert post.title in {essay.title for essay in library.latest(10)}
    assert ear.source(source).next_at > ear.desk.clock.at + timedelta(minutes=14)


def test_a_forged_call_changes_nothing(ear: Ear) -> None:
    source = ear.add()
    ear.verify()
    before = ear.source(source)
    ear.desk.clock.at += timedelta(minutes=10)
    assert ear.call(secret="guessed") == 202
    assert ear.call(method="md5") == 202
    client = ear.desk.bot.app.test_client()
    assert client.post("/websub/guessed", data=BODY).status_code == 404
    assert client.get("/websub/guessed").status_code == 404
    assert ear.source(source) == before


def test_what_a_call_says_is_never_taken_in(ear: Ear) -> None:
    ear.add()
    ear.verify()
    ear.desk.clock.at += timedelta(minutes=10)
    forged = make_post(77, ear.desk.clock.at)
    assert ear.call(f"<rss><item><title>{forged.title}</title>{forged.html}</item></rss>".encode()) == 202
    ear.keeper.look(ear.desk.clock.at)
    with ear.desk.book() as (_, library):
        assert forged.title not in {essay.title for essay in library.latest(100)}


def test_a_flood_of_calls_leads_to_one_look_a_minute(ear: Ear) -> None:
    ear.add()
    ear.verify()
    looks = 0
    for _ in range(30):
        ear.desk.clock.at += timedelta(seconds=10)
        ear.call()
        with reading(ear.desk.bot.engine) as connection:
            is_due = bool(source_store.due(connection, ear.desk.clock.at))
        looks += ear.keeper.look(ear.desk.clock.at) if is_due else 0
    assert 1 <= looks <= 5


def test_a_lease_is_renewed_before_it_ends_and_an_answer_that_never_came_is_asked_for_again(ear: Ear) -> None:
    ear.add()
    ear.tend(hours=1)
    assert len(ear.hub.asked) == 1
    ear.tend(hours=6)
    assert len(ear.hub.asked) == 2, "it was not confirmed"
    ear.verify()
    ear.tend(days=8)
    assert len(ear.hub.asked) == 2
    ear.tend(days=1.5)
    assert [asked["hub.mode"] for asked in ear.hub.asked] == ["subscribe"] * 3
    assert len({asked["hub.callback"] for asked in ear.hub.asked}) == 1


def test_a_source_that_is_given_up_takes_leave_of_its_hub(ear: Ear) -> None:
    source = ear.add()
    ear.verify()
    with writing(ear.desk.bot.engine) as connection:
        source_store.remove(connection, source.id)
    ear.tend(minutes=1)
    assert ear.hub.asked[-1]["hub.mode"] == "unsubscribe"
    assert ear.verify(mode="subscribe").status_code == 404
    assert ear.verify().text == "c4a11"
    assert ear.held() == []


def test_a_hub_that_does_not_let_go_is_asked_seldom_and_forgotten_once_the_lease_is_over(ear: Ear) -> None:
    source = ear.add()
    ear.verify()
    with writing(ear.desk.bot.engine) as connection:
        source_store.remove(connection, source.id)
    for hours, asked in ((1, 2), (5, 2), (1, 3), (5, 3), (1, 4)):
        ear.tend(hours=hours)
        assert len(ear.hub.asked) == asked
    ear.tend(days=10)
    assert ear.held() == []
    assert len(ear.hub.asked) == 4


def test_a_hub_whose_address_makes_no_sense_is_not_asked(ear: Ear) -> None:
    ear.fake.site.hub = "http://["
    ear.add()
    assert ear.held() == []


def test_without_an_https_address_or_a_safe_hub_nobody_is_asked(ear: Ear, tmp_path: Path) -> None:
    bare = open_desk(tmp_path / "bare", public_url="http://bot.example.com")
    assert bare.bot.worker.keeper is not None and bare.bot.worker.keeper.hubs is None
    ear.fake.site.hub = "http://hub.example.com/"
    ear.add()
    assert ear.hub.asked == [] and ear.held() == []
