"""The month's messages: priced before they are spent, read from LINE, and never overspent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

import bot.outbound.quota_tables  # noqa: F401  the quota's tables are there
from bot.line.client import LineClient, LineError
from bot.outbound.quota import COUNT_SECONDS, FREE_PLAN, FRESH_SECONDS, MessageQuota, QuotaStore
from corpus.database import reading, writing
from handlers.identity import Chat, Place

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp()
ANN, CLUB = Chat("Uann", Place.PERSON), Chat("Cclub", Place.GROUP)


class Teller(LineClient):
    """Tells what it is given, and counts how often it is asked."""

    def __init__(self, limit: int | None = 200, used: int = 0) -> None:
        super().__init__("http://127.0.0.1:1", "token")
        self.limit, self.used, self.asked, self.mute = limit, used, 0, False

    def quota(self) -> int | None:
        self.asked += 1
        if self.mute:
            raise LineError(500, "")
        return self.limit

    def consumption(self) -> int:
        return self.used

    def member_count(self, group: str) -> int:
        self.asked += 1
        return 87


@pytest.fixture
def line() -> Teller:
    return Teller()


@pytest.fixture
def quota_store(engine: Engine, line: Teller) -> QuotaStore:
    return QuotaStore(engine, line, ZoneInfo("Asia/Taipei"))


def spend(quota_store: QuotaStore, cost: int, *, by_staff: bool = False) -> bool:
    with writing(quota_store.engine) as connection:
        return quota_store.reserve_many(connection, [(cost, by_staff)], NOW) == [True]


def test_a_fifth_of_the_month_is_the_moderators(quota_store: QuotaStore) -> None:
    assert quota_store.refresh(NOW) == MessageQuota("2026-03", 200, 0)
    assert spend(quota_store, 160)
    assert not spend(quota_store, 1)
    assert spend(quota_store, 40, by_staff=True)
    assert not spend(quota_store, 1, by_staff=True)


@pytest.mark.parametrize(
    ("used", "left", "for_digests"), [(0, 200, 160), (159, 41, 1), (160, 40, 0), (190, 10, 0), (200, 0, 0), (230, 0, 0)]
)
def test_what_is_left_is_never_less_than_nothing(used: int, left: int, for_digests: int) -> None:
    quota = MessageQuota("2026-03", 200, used)
    assert (quota.left, quota.left_for_digests) == (left, for_digests)


def test_a_cheap_push_is_not_refused_because_a_dear_one_was(quota_store: QuotaStore) -> None:
    quota_store.refresh(NOW)
    with writing(quota_store.engine) as connection:
        assert quota_store.reserve_many(connection, [(300, False), (1, False), (170, True), (5, False)], NOW) == [
            False,
            True,
            True,
            False,
        ]


def test_lines_count_holds_where_it_is_higher_than_ours(quota_store: QuotaStore, line: Teller) -> None:
    quota_store.refresh(NOW)
    assert spend(quota_store, 10)
    line.used = 150
    assert quota_store.refresh(NOW + FRESH_SECONDS).left_for_digests == 10
    line.used = 5  # it lags behind
    assert quota_store.refresh(NOW + 2 * FRESH_SECONDS).used == 10


def test_what_was_not_sent_is_given_back(quota_store: QuotaStore) -> None:
    quota_store.refresh(NOW)
    assert spend(quota_store, 160)
    with writing(quota_store.engine) as connection:
        quota_store.refund(connection, 160, NOW)
    assert spend(quota_store, 160)


def test_line_is_asked_seldom(quota_store: QuotaStore, line: Teller) -> None:
    for seconds in range(0, 600, 60):
        quota_store.refresh(NOW + seconds)
    assert line.asked == 1
    quota_store.refresh(NOW + 600)
    assert line.asked == 2
    quota_store.refresh(NOW - 10_000)
    assert line.asked == 3, "nor is a clock that went back trusted"


def test_while_line_is_silent_what_was_known_holds(quota_store: QuotaStore, line: Teller) -> None:
    line.limit = 3000
    quota_store.refresh(NOW)
    line.mute = True
    assert quota_store.refresh(NOW + FRESH_SECONDS).limit == 3000


def test_while_line_has_never_told_the_free_plan_is_assumed(quota_store: QuotaStore, line: Teller) -> None:
    line.mute = True
    assert quota_store.refresh(NOW) == MessageQuota("2026-03", FREE_PLAN, 0)


def test_before_line_is_asked_the_free_plan_is_untouched_in_figures_too(quota_store: QuotaStore, line: Teller) -> None:
    with reading(quota_store.engine) as connection:
        assert quota_store.read(connection, NOW) == MessageQuota("2026-03", FREE_PLAN, 0)
    assert [value for *_, value in quota_store.figures(NOW)] == [0.0, float(FREE_PLAN)]
    line.limit = None
    quota_store.refresh(NOW)
    assert [value for *_, value in quota_store.figures(NOW)] == [0.0, -1.0]


def test_a_new_month_begins_in_the_communitys_zone(quota_store: QuotaStore) -> None:
    assert quota_store.month(datetime(2026, 3, 31, 15, 59, tzinfo=UTC).timestamp()) == "2026-03"
    assert quota_store.month(datetime(2026, 3, 31, 16, 0, tzinfo=UTC).timestamp()) == "2026-04"


def test_a_plan_without_a_limit_has_no_limit(quota_store: QuotaStore, line: Teller) -> None:
    line.limit = None
    assert quota_store.refresh(NOW).left_for_digests is None
    assert spend(quota_store, 10**6)


def test_a_month_that_is_used_up_is_heard_of_once(quota_store: QuotaStore) -> None:
    quota_store.refresh(NOW)
    with writing(quota_store.engine) as connection:
        assert [quota_store.mark_exhausted(connection, NOW) for _ in range(3)] == [True, False, False]
    assert not spend(quota_store, 1)
    assert not spend(quota_store, 1, by_staff=True)


def test_the_last_message_is_spent_once_by_ten_workers(quota_store: QuotaStore, line: Teller) -> None:
    line.used = 159
    quota_store.refresh(NOW)
    with ThreadPoolExecutor(10) as threads:
        assert sum(threads.map(lambda _: spend(quota_store, 1), range(10))) == 1


def test_a_push_to_a_group_costs_its_members_who_are_counted_once_a_day(quota_store: QuotaStore, line: Teller) -> None:
    with reading(quota_store.engine) as connection:
        assert quota_store.prices(connection, [ANN, CLUB]) == {ANN.id: 1}
    quota_store.count_members([ANN, CLUB, CLUB], NOW)
    quota_store.count_members([CLUB], NOW + COUNT_SECONDS - 1)
    assert line.asked == 1
    quota_store.count_members([Chat("Cother", Place.GROUP)], NOW + 3600)
    assert line.asked == 2, "one group's size tells nothing of another's"
    quota_store.count_members([CLUB], NOW + COUNT_SECONDS)
    assert line.asked == 3
    with reading(quota_store.engine) as connection:
        assert quota_store.prices(connection, [CLUB]) == {CLUB.id: 87}
