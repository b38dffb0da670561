"""Which hubs are asked for what, and when again: a secret goes to no hub that is not safe, and no hub is asked in vain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.outbound.hub_keeper import HubKeeper
from corpus.database import reading, writing
from corpus.intake.allowed import allowed_hosts
from corpus.intake.sources.source import Source, SourceDoors, SourceRule, SourceState
from corpus.storage import hub_store, source_store
from corpus.storage.hub_store import HubSubscription

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
HUB, TOPIC = "https://hub.example/", "https://example.com/feed/"


class Asking(HubKeeper):
    """Notes what it asks for, in place of the hubs."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, "https://bot.example.com/websub/", allowed_hosts("127.0.0.1:8080"))
        self.asked = list[tuple[str, str]]()

    def _ask(self, mode: str, one: HubSubscription) -> None:
        self.asked.append((mode, one.hub))
        with writing(self.engine) as connection:
            hub_store.keep(connection, one)

    def after(self, later: timedelta = timedelta()) -> list[str]:
        """What it asks for in a look after so long."""
        self.asked.clear()
        self.tend(NOW + later)
        return [mode for mode, _ in self.asked]


@pytest.fixture
def keeper(engine: Engine) -> Asking:
    return Asking(engine)


def source(keeper: Asking, hub: str = HUB, state: SourceState = SourceState.KEPT) -> Source:
    doors = SourceDoors("https://example.com", hub=hub, topic=TOPIC)
    with writing(keeper.engine) as connection:
        number = len(source_store.every(connection))
        made = Source(f"https://example.com/{number}", "某站", doors, SourceRule.SHELVE, NOW, NOW, state)
        return source_store.add(connection, made)


def held(keeper: Asking, source_id: int, **more: object) -> HubSubscription:
    one = HubSubscription("callback", source_id, HUB, TOPIC, "secret", NOW - DAY, NOW + 9 * DAY)
    with writing(keeper.engine) as connection:
        return hub_store.keep(connection, replace(one, **more))  # type: ignore[arg-type]


def kept(keeper: Asking) -> list[HubSubscription]:
    with reading(keeper.engine) as connection:
        return hub_store.every(connection)


@pytest.mark.parametrize(
    ("hub", "is_asked"),
    [
        (HUB, True),
        ("HTTPS://hub.example/", True),
        ("http://127.0.0.1:8080/hub", True),
        ("http://hub.example/", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_a_hub_is_told_a_secret_where_nobody_listens_or_the_operator_named_it(
    keeper: Asking, hub: str, is_asked: bool
) -> None:
    """An address that cannot be read keeps no other from being asked."""
    source(keeper, hub)
    source(keeper)
    keeper.after()
    assert sorted(keeper.asked) == sorted([("subscribe", HUB)] + [("subscribe", hub)] * is_asked)


@pytest.mark.parametrize("state", [SourceState.FOUND, SourceState.WALKING])
def test_a_source_that_is_not_kept_up_needs_no_hub(keeper: Asking, state: SourceState) -> None:
    source(keeper, state=state)
    assert keeper.after() == []


def test_what_was_asked_for_is_asked_again_after_six_hours_until_the_hub_confirms(keeper: Asking) -> None:
    source(keeper)
    assert keeper.after() == ["subscribe"]
    assert keeper.after(6 * HOUR - SECOND) == []
    assert keeper.after(6 * HOUR) == ["subscribe"]
    [one] = kept(keeper)
    with writing(keeper.engine) as connection:
        hub_store.keep(connection, replace(one, until=NOW + 10 * DAY))
    assert keeper.after(2 * DAY) == []


def test_a_subscription_is_renewed_in_its_last_day(keeper: Asking) -> None:
    held(keeper, source(keeper).id)
    assert keeper.after(8 * DAY - SECOND) == []
    assert keeper.after(8 * DAY) == ["subscribe"]
    assert keeper.after(8 * DAY + 6 * HOUR - SECOND) == []
    [one] = kept(keeper)
    assert (one.callback, one.secret) == ("callback", "secret"), "the hub's calls stay good meanwhile"


def test_the_hub_of_a_source_that_is_gone_is_asked_to_stop_every_six_hours_until_the_lease_ends(
    keeper: Asking,
) -> None:
    held(keeper, 99, until=NOW + DAY)
    assert keeper.after() == ["unsubscribe"]
    assert kept(keeper)[0].is_leaving
    assert keeper.after(6 * HOUR - SECOND) == []
    assert keeper.after(6 * HOUR) == ["unsubscribe"]
    assert keeper.after(DAY - SECOND) == ["unsubscribe"]
    assert keeper.after(DAY) == []
    assert kept(keeper) == []


def test_what_a_hub_never_confirmed_is_dropped_with_its_source(keeper: Asking) -> None:
    held(keeper, 99, until=None)
    assert keeper.after() == []
    assert kept(keeper) == []


def test_a_source_that_comes_back_before_its_hub_has_stopped_is_subscribed_anew(keeper: Asking) -> None:
    held(keeper, source(keeper).id, is_leaving=True)
    assert keeper.after() == ["subscribe"]
    assert not kept(keeper)[0].is_leaving
    assert keeper.after(6 * HOUR) == []
