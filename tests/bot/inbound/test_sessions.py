"""Sessions: what may be forgotten is kept while it can be, and never stands in the way."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.inbound.sessions import GROUP_SECONDS, PERSON_SECONDS, MemoryStore, RedisStore, Sessions, open_sessions
from bot.metrics import REDIS_FAILURES
from handlers.ask import RecentAnswer, Session
from handlers.identity import Chat, Place

GROUP = Chat("C1", Place.GROUP)
PERSON = Chat("U1", Place.PERSON)
COOLING = Session(
    command="找 散熱",
    page=2,
    essays=(3, 1),
    choices=("找 液冷", "都不是"),
    pending="訂閱",
    offered=(("更多", "更多"), ("收藏", "收藏 2")),
    passages=((3, 0), (1, 4)),
)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["memory", "redis"])
def sessions(request: pytest.FixtureRequest) -> Sessions:
    return open_sessions("" if request.param == "memory" else request.getfixturevalue("redis_url"))


@pytest.fixture
def silent_redis() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_session_comes_back_as_it_was_put(sessions: Sessions) -> None:
    sessions.put(GROUP, "U1", COOLING)
    assert sessions.get(GROUP, "U1") == COOLING


def test_a_session_belongs_to_one_person_in_one_chat(sessions: Sessions) -> None:
    sessions.put(GROUP, "U1", COOLING)
    assert sessions.get(GROUP, "U2") == Session()
    assert sessions.get(PERSON, "U1") == Session()


def test_nobody_shares_the_session_of_those_whose_id_line_withholds(sessions: Sessions) -> None:
    sessions.put(GROUP, None, COOLING)
    assert sessions.get(GROUP, None) == Session()


def test_only_who_was_answered_is_talking(sessions: Sessions) -> None:
    sessions.put(GROUP, "U1", COOLING)
    assert sessions.has_recent_answer(GROUP, "U1")
    assert not sessions.has_recent_answer(GROUP, "U2")


def test_answers_of_the_last_ten_minutes_are_remembered_for_the_whole_chat(sessions: Sessions) -> None:
    first, second = RecentAnswer("找 散熱", 1000.0, 7), RecentAnswer("2330", 1300.0, 9)
    sessions.add_recent(GROUP, first)
    sessions.add_recent(GROUP, second)
    assert sessions.recent(GROUP, 1400.0) == (first, second)
    assert sessions.recent(GROUP, 1599.0) == (first, second)
    assert sessions.recent(GROUP, 1600.0) == (second,)
    assert sessions.recent(PERSON, 1400.0) == ()


def test_of_many_answers_the_last_twenty_are_remembered(sessions: Sessions) -> None:
    answers = [RecentAnswer(f"找 {number}", 1000.0, number) for number in range(21)]
    for answer in answers:
        sessions.add_recent(GROUP, answer)
    assert sessions.recent(GROUP, 1000.0) == tuple(answers[1:])


def test_who_takes_a_message_back_leaves_no_trace_of_it_in_that_chat(sessions: Sessions) -> None:
    for chat, user in ((GROUP, "U1"), (GROUP, "U2"), (PERSON, "U1")):
        sessions.put(chat, user, COOLING)
    sessions.add_recent(GROUP, RecentAnswer("找 散熱", 1000.0, 7))
    sessions.unsend(GROUP, "U1")
    assert sessions.get(GROUP, "U1") == Session()
    assert sessions.recent(GROUP, 1000.0) == ()
    assert [sessions.get(GROUP, "U2"), sessions.get(PERSON, "U1")] == [COOLING, COOLING]


def test_asks_are_counted_per_person_and_minute(sessions: Sessions) -> None:
    assert [sessions.count_ask("U1", 600.0 + second) for second in (0, 20, 59)] == [1, 2, 3]
    assert sessions.count_ask("U2", 620.0) == 1
    assert sessions.count_ask("U1", 660.0) == 1


def test_in_memory_a_group_forgets_after_ten_minutes_and_a_person_after_a_day() -> None:
    clock = Clock()
    sessions = Sessions(MemoryStore(clock))
    sessions.put(GROUP, "U1", COOLING)
    sessions.put(PERSON, "U1", COOLING)
    clock.now += GROUP_SECONDS
    assert sessions.get(GROUP, "U1") == Session()
    assert sessions.get(PERSON, "U1") == COOLING
    clock.now += PERSON_SECONDS
    assert sessions.get(PERSON, "U1") == Session()


def test_in_redis_every_key_has_an_end(redis_url: str) -> None:
    sessions = open_sessions(redis_url)
    sessions.put(GROUP, "U1", COOLING)
    sessions.put(PERSON, "U1", COOLING)
    sessions.count_ask("U1", 0.0)
    with Redis.from_url(redis_url, decode_responses=True) as redis:
        lives = {key: redis.ttl(key) for key in redis.scan_iter()}
    assert len(lives) == 3
    assert all(key.startswith("luopan:1:") for key in lives)
    assert "U1" not in str([*lives])
    _, in_group, one_to_one = sorted(lives.values())
    assert 0 < min(lives.values()) <= in_group <= GROUP_SECONDS < one_to_one <= PERSON_SECONDS


def test_a_person_is_forgotten_in_every_chat_and_nobody_else(sessions: Sessions) -> None:
    for chat in (GROUP, PERSON):
        sessions.put(chat, "U1", COOLING)
    sessions.put(GROUP, "U2", COOLING)
    assert sessions.forget("U1")
    assert [sessions.get(GROUP, "U1"), sessions.get(PERSON, "U1")] == [Session(), Session()]
    assert sessions.get(GROUP, "U2") == COOLING


def test_what_could_not_be_forgotten_is_said_and_counted() -> None:
    failures = REDIS_FAILURES._value.get()
    assert not open_sessions("redis://127.0.0.1:1").forget("U1")
    assert REDIS_FAILURES._value.get() - failures == 1


def test_memory_holds_no_more_than_its_capacity_and_drops_the_oldest() -> None:
    store = MemoryStore(capacity=2)
    for key in ("a", "b", "c"):
        store.put(key, key, 60)
    assert [store.get(key) for key in ("a", "b", "c")] == [None, "b", "c"]
    store.put("b", "b", 60)
    store.put("d", "d", 60)
    assert [store.get(key) for key in ("b", "c", "d")] == ["b", None, "d"], "what was put last is the newest"


def test_in_memory_a_counter_begins_anew_when_its_life_is_over() -> None:
    store = MemoryStore(clock := Clock())
    assert [store.count("asks", 60), store.count("asks", 60)] == [1, 2]
    clock.now += 59
    assert store.count("asks", 60) == 3
    clock.now += 1
    assert store.count("asks", 60) == 1


def test_without_redis_answers_go_on_and_nothing_is_known() -> None:
    sessions = open_sessions("redis://127.0.0.1:1")
    sessions.put(GROUP, "U1", COOLING)
    assert sessions.get(GROUP, "U1") == Session()
    assert sessions.count_ask("U1", 0.0) == 0


def test_a_redis_that_hangs_costs_one_short_wait_and_is_then_left_alone(silent_redis: socket.socket) -> None:
    sessions = Sessions(RedisStore(f"redis://127.0.0.1:{silent_redis.getsockname()[1]}", Clock()))
    failures = REDIS_FAILURES._value.get()
    for _ in range(100):
        sessions.get(GROUP, "U1")
    assert REDIS_FAILURES._value.get() - failures == 1
    silent_redis.setblocking(False)
    silent_redis.accept()[0].close()
    with pytest.raises(BlockingIOError):
        silent_redis.accept()


def test_a_redis_that_comes_back_is_used_again(redis_url: str, tmp_path: Path) -> None:
    if not redis_url.startswith("unix://"):
        pytest.skip("only a socket file can be put in place later")
    door = tmp_path / "redis.sock"
    clock = Clock()
    sessions = Sessions(RedisStore(f"unix://{door}", clock))
    sessions.put(GROUP, "U1", COOLING)
    door.symlink_to(redis_url.removeprefix("unix://"))
    sessions.put(GROUP, "U1", COOLING)
    assert sessions.get(GROUP, "U1") == Session(), "still resting"
    clock.now += 6
    sessions.put(GROUP, "U1", COOLING)
    assert sessions.get(GROUP, "U1") == COOLING


def test_a_session_that_another_version_wrote_is_an_empty_one() -> None:
    store = MemoryStore()
    store.put("session:C1:U1", '{"page": "many"}', 60)
    assert Sessions(store).get(GROUP, "U1") == Session()
