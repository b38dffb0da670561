"""The schedule: which moments are due, in whose time, and what becomes of those that nobody looked at."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select

from bot.ledger import count_unsent
from bot.ledger.tables import outbox, runs
from bot.outbound.schedule import LOOKBACK, WINDOW, Schedule, slot_name
from corpus.database import UnitOfWork, reading, writing
from corpus.storage.schema import archive, essays
from handlers.club.digest_tables import mailings
from handlers.club.subscriptions import FOR_GOOD
from handlers.club.timetable import Timetable, closures, is_trading_day
from handlers.identity import Chat, Place

TAIPEI = ZoneInfo("Asia/Taipei")
ANN, CLUB = Chat("Uann", Place.PERSON), Chat("Cclub", Place.GROUP)
MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=TAIPEI)
PATIENCE = 1200.0


@pytest.fixture
def schedule() -> Schedule:
    return Schedule(TAIPEI, PATIENCE)


def subscribe(engine: Engine, chat: Chat = ANN, since: datetime = MORNING - timedelta(days=9), **more: object) -> None:
    usual = {
        "days": "daily",
        "minute": 510,
        "on_time": False,
        "archive": False,
        "covered": 0,
        "since": since.timestamp(),
    }
    with writing(engine) as connection:
        connection.execute(insert(mailings).values({"chat": chat.id, "place": chat.place, **usual, **more}))


def publish(engine: Engine, born: int = 1) -> None:
    """A bare row of news: the schedule looks no further."""
    empty = {"tags": [], "further_reading": [], "blocks": [], "content_hash": "", "title_key": "", "title": str(born)}
    with writing(engine) as connection:
        connection.execute(
            insert(essays).values(
                revision=born, born=born, state="published", visibility="public", added_at=MORNING, **empty
            )
        )


def plan(engine: Engine, schedule: Schedule, now: datetime) -> int:
    with UnitOfWork(engine) as work:
        return schedule.plan(work, now, now.timestamp())


def noted(engine: Engine) -> dict[str, str]:
    with reading(engine) as connection:
        return dict(connection.execute(select(runs.c.name, runs.c.state)).all())  # type: ignore[arg-type]


# moments


def test_a_slot_is_a_moment_in_the_communitys_zone() -> None:
    [slot] = Timetable("daily", 510).slots(MORNING - timedelta(hours=1), MORNING, TAIPEI)
    assert slot == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    assert slot_name(slot) == slot_name(MORNING) == "digest 2026-03-02T00:30Z"


@pytest.fixture(params=["UTC", "America/New_York", "Pacific/Kiritimati"])
def host_zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """A host that believes to be elsewhere."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


@pytest.mark.usefixtures("host_zone")
def test_the_hosts_time_zone_does_not_matter(engine: Engine, schedule: Schedule) -> None:
    subscribe(engine)
    publish(engine)
    plan(engine, schedule, MORNING.astimezone(UTC) - timedelta(minutes=1))
    assert slot_name(MORNING) not in noted(engine)
    plan(engine, schedule, MORNING)
    assert noted(engine)[slot_name(MORNING)] == "planned"


@settings(deadline=None)  # the first look at a calendar takes its time
@given(
    days=st.sampled_from(["daily", "trading", "0", "135", "6"]),
    minute=st.integers(0, 1439),
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
    steps=st.lists(st.integers(1, 2000), min_size=1, max_size=6),
    zone=st.sampled_from(["Asia/Taipei", "Europe/Berlin", "America/New_York"]),
)
def test_slots_are_the_same_however_time_is_cut(
    days: str, minute: int, start: datetime, steps: list[int], zone: str
) -> None:
    table, here = Timetable(days, minute), ZoneInfo(zone)
    moments = [start.replace(tzinfo=UTC)]
    for step in steps:
        moments.append(moments[-1] + timedelta(minutes=step))
    whole = list(table.slots(moments[0], moments[-1], here))
    pieces = [slot for a, b in pairwise(moments) for slot in table.slots(a, b, here)]
    assert pieces == whole
    assert len({slot.astimezone(here).date() for slot in whole}) == len(whole), (
        "at most one a day, also when clocks change"
    )


# trading days


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2024-10-31", "a typhoon"),
        ("2024-07-24", "a typhoon"),
        ("2026-02-16", "New Year's Eve"),
        ("2026-10-09", "a holiday moved from Saturday"),
        ("2026-03-07", "a Saturday"),
        ("2026-03-08", "a Sunday"),
    ],
)
def test_days_on_which_nobody_trades(day: str, why: str) -> None:
    assert not is_trading_day(date.fromisoformat(day)), why


def test_ordinary_weekdays_trade() -> None:
    assert all(is_trading_day(date(2026, 3, day)) for day in (2, 3, 4, 5, 6))
    assert is_trading_day(date(2024, 11, 1))


def test_every_closure_falls_on_a_weekday_that_the_calendar_thinks_open() -> None:
    import holidays

    for day in closures():
        assert day.weekday() < 5
        assert day not in holidays.financial_holidays("TWSE", years=day.year), day


# what becomes of slots


def test_a_slot_is_planned_once(engine: Engine, schedule: Schedule) -> None:
    subscribe(engine)
    publish(engine)
    assert [plan(engine, schedule, MORNING), plan(engine, schedule, MORNING)] == [1, 0]
    assert plan(engine, Schedule(TAIPEI, PATIENCE), MORNING + timedelta(hours=2)) == 0, "nor by a new process"


def test_a_late_worker_plans_within_the_window_and_notes_what_is_older(engine: Engine, schedule: Schedule) -> None:
    subscribe(engine)
    publish(engine)
    plan(engine, schedule, MORNING + timedelta(days=2) + WINDOW - timedelta(seconds=1))
    assert noted(engine) == {
        slot_name(MORNING): "skipped",
        slot_name(MORNING + timedelta(days=1)): "skipped",
        slot_name(MORNING + timedelta(days=2)): "planned",
    }


def test_after_the_window_a_slot_is_skipped_and_noted(engine: Engine, schedule: Schedule) -> None:
    subscribe(engine)
    publish(engine)
    assert plan(engine, schedule, MORNING + WINDOW) == 0
    assert noted(engine)[slot_name(MORNING)] == "skipped"


def test_what_lies_long_ago_is_not_even_noted(engine: Engine, schedule: Schedule) -> None:
    subscribe(engine)
    plan(engine, schedule, MORNING + timedelta(days=30))
    assert len(noted(engine)) == LOOKBACK.days


def test_without_news_a_slot_is_empty_also_when_news_come_later(engine: Engine, schedule: Schedule) -> None:
    subscribe(engine, covered=1)
    publish(engine, 1)
    plan(engine, schedule, MORNING)
    publish(engine, 2)
    plan(engine, Schedule(TAIPEI, PATIENCE), MORNING + timedelta(hours=1))
    assert noted(engine)[slot_name(MORNING)] == "empty"


def test_a_slot_within_a_pause_moves_on_what_is_known(engine: Engine, schedule: Schedule) -> None:
    subscribe(engine, paused_until=FOR_GOOD)
    publish(engine)
    with writing(engine) as connection:
        connection.execute(insert(archive).values(id=1, revision=1))
    plan(engine, schedule, MORNING)
    assert noted(engine)[slot_name(MORNING)] == "paused"
    with reading(engine) as connection:
        assert connection.execute(select(mailings.c.covered)).scalar() == 1


def test_groups_ride_and_people_are_pushed_after_some_patience(engine: Engine, schedule: Schedule) -> None:
    subscribe(engine)
    subscribe(engine, CLUB)
    subscribe(engine, Chat("Cprompt", Place.GROUP), on_time=True)
    publish(engine)
    plan(engine, schedule, MORNING)
    with reading(engine) as connection:
        push_at = dict(connection.execute(select(outbox.c.chat, outbox.c.push_at)).all())  # type: ignore[arg-type]
    due = MORNING.timestamp() + PATIENCE
    assert push_at == {"Uann": due, "Cclub": None, "Cprompt": due}


@pytest.mark.parametrize("minutes", [0, 1, 60], ids=["with the slot", "after it", "this very moment"])
def test_a_chat_set_after_the_slot_is_not_due(engine: Engine, schedule: Schedule, minutes: int) -> None:
    subscribe(engine, since=MORNING + timedelta(minutes=minutes))
    publish(engine)
    plan(engine, schedule, MORNING + timedelta(hours=1))
    assert noted(engine) == {}


@pytest.mark.parametrize(("seconds", "state"), [(0, "planned"), (1, "paused")])
def test_a_pause_ends_with_its_last_moment(engine: Engine, schedule: Schedule, seconds: int, state: str) -> None:
    subscribe(engine, paused_until=MORNING.timestamp() + seconds)
    publish(engine)
    plan(engine, schedule, MORNING)
    assert noted(engine)[slot_name(MORNING)] == state


def test_when_the_clock_has_gone_back_slots_still_count(engine: Engine, schedule: Schedule) -> None:
    subscribe(engine, since=MORNING + timedelta(days=100))
    publish(engine)
    assert plan(engine, schedule, MORNING) == 1


def test_a_thousand_chats_are_planned_in_batches(engine: Engine, schedule: Schedule) -> None:
    usual = {
        "place": "person",
        "days": "daily",
        "minute": 510,
        "on_time": False,
        "archive": False,
        "covered": 0,
        "since": 0.0,
    }
    with writing(engine) as connection:
        connection.execute(insert(mailings), [{"chat": f"U{n:04}", **usual} for n in range(1200)])
    publish(engine)
    assert plan(engine, schedule, MORNING) == 1200
    assert plan(engine, Schedule(TAIPEI, PATIENCE), MORNING) == 0


def test_what_is_unsent_is_counted_and_what_rides_is_not(engine: Engine, schedule: Schedule) -> None:
    subscribe(engine)
    subscribe(engine, CLUB)
    publish(engine)
    plan(engine, schedule, MORNING)
    with reading(engine) as connection:
        assert count_unsent(connection, MORNING, WINDOW) == 0, "its patience is not at its end"
        assert count_unsent(connection, MORNING + timedelta(seconds=PATIENCE), WINDOW) == 1
