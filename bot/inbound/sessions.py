"""Sessions and rate counters, in Redis or in this process: state that may be lost."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import fields
from itertools import islice
from threading import Lock
from typing import Any, Protocol, TypeVar, cast

from bot import metrics
from bot.logs import log
from handlers.ask import RecentAnswer, Session
from handlers.identity import Chat

GROUP_SECONDS = 600  # 「更多」 works for ten minutes in a group
PERSON_SECONDS = 24 * 3600
STEP_SECONDS = 3600  # life of a pending command: a person who comes back later has forgotten it, too
RECENT_SECONDS = 600
MOST_RECENT = 20
RATE_SECONDS = 60

PREFIX = "luopan:1:"  # sets our keys apart in a shared Redis; 1 is the version of the values
REDIS_SECONDS = 0.05  # longest wait for Redis, to connect and to answer
DROP_SECONDS = 1.0  # longest wait when a person wants to be forgotten
REST_SECONDS = 5.0  # for which Redis is left alone after it failed

SCANNED = 1000  # keys that one call to Redis looks at


T = TypeVar("T")


class Store(Protocol):
    """Texts under keys, each with a life in seconds. May lose anything at any time."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, value: str, life: int) -> None: ...

    def count(self, key: str, life: int) -> int:
        """Add one to a counter and return it; 0 when the store cannot count now."""

    def drop(self, prefix: str) -> bool:
        """Forget every key that begins with `prefix`; return False when that cannot be done now."""


class Sessions:
    """Conversation state that may be lost at any time."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def get(self, chat: Chat, user: str | None) -> Session:
        """Return the session of this person in this chat; an empty one when none is known."""
        kept = self.store.get(session_key(chat, user)) if user else None
        return _read(kept, lambda read: Session(**read), Session())

    def put(self, chat: Chat, user: str | None, session: Session) -> None:
        if user:
            life = GROUP_SECONDS if chat.is_group else STEP_SECONDS if session.pending else PERSON_SECONDS
            self.store.put(session_key(chat, user), _written(session), life)

    def has_recent_answer(self, chat: Chat, user: str) -> bool:
        """Tell whether 「更多」 of this person refers to something here; in a group for ten minutes after an answer."""
        return bool(self.get(chat, user).command)

    def recent(self, chat: Chat, now: float) -> tuple[RecentAnswer, ...]:
        """Return the answers given to anybody in this chat within ten minutes before `now` (epoch seconds), oldest first."""
        kept = self.store.get(_recent_key(chat))
        nothing: tuple[RecentAnswer, ...] = ()
        answered = _read(kept, lambda read: tuple(RecentAnswer(**one) for one in read), nothing)
        return tuple(recent for recent in answered if now - recent.at < RECENT_SECONDS)

    def add_recent(self, chat: Chat, answered: RecentAnswer) -> None:
        """Remember an answer. Of two at the same moment one may be lost; a repeat of it is then answered in full."""
        known = (*self.recent(chat, answered.at), answered)[-MOST_RECENT:]
        self.store.put(_recent_key(chat), _written(known), RECENT_SECONDS)

    def count_ask(self, user: str, now: float) -> int:
        """Count one more ask of this person, and return how many there were in the minute of `now`; 0 while the store cannot count."""
        return self.store.count(f"{_person_key(user)}asks:{int(now // RATE_SECONDS)}", RATE_SECONDS)

    def unsend(self, chat: Chat, user: str | None) -> None:
        """Forget this person's session here and the chat's recent answers, after the person took back a message."""
        self.store.drop(session_key(chat, user))
        self.store.drop(_recent_key(chat))

    def forget(self, user: str) -> bool:
        """Forget a person in every chat; return False when that cannot be done now."""
        return self.store.drop(_person_key(user))


class MemoryStore:
    """A Store within one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, capacity: int = 20_000) -> None:
        self._clock = clock
        self._capacity = capacity
        self._values: dict[str, tuple[float, str]] = {}
        self._lock = Lock()

    def get(self, key: str) -> str | None:
        with self._lock:
            ends, value = self._values.get(key, (0.0, ""))
            return value if ends > self._clock() else None

    def put(self, key: str, value: str, life: int) -> None:
        with self._lock:
            self._keep(key, value, self._clock() + life)

    def count(self, key: str, life: int) -> int:
        with self._lock:
            ends, value = self._values.get(key, (0.0, "0"))
            if ends <= self._clock():
                ends, value = self._clock() + life, "0"
            self._keep(key, str(int(value) + 1), ends)
            return int(value) + 1

    def drop(self, prefix: str) -> bool:
        with self._lock:
            for key in [key for key in self._values if key.startswith(prefix)]:
                del self._values[key]
        return True

    def _keep(self, key: str, value: str, ends: float) -> None:
        self._values.pop(key, None)  # it goes to the end: the oldest keys stand first
        self._values[key] = (ends, value)
        while len(self._values) > self._capacity:
            del self._values[next(iter(self._values))]


class RedisStore:
    """A Store shared by all processes. After Redis was slow or gone it is left alone for REST_SECONDS: nothing is found, nothing kept."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = _connect(url, REDIS_SECONDS)
        self._patient = _connect(url, DROP_SECONDS)
        self._clock = clock
        self._rests_until = 0.0

    def get(self, key: str) -> str | None:
        return self._try(lambda: cast(str | None, self._redis.get(PREFIX + key)), None)

    def put(self, key: str, value: str, life: int) -> None:
        self._try(lambda: self._redis.set(PREFIX + key, value, ex=life), None)

    def count(self, key: str, life: int) -> int:
        return self._try(lambda: self._count(PREFIX + key, life), 0)

    def drop(self, prefix: str) -> bool:
        """Forget every key that begins with `prefix`, with a longer time-out and even while Redis is left alone: a person was promised it."""
        from redis import RedisError

        try:
            found = self._patient.scan_iter(match=f"{PREFIX}{prefix}*", count=SCANNED)
            while keys := list(islice(found, SCANNED)):
                self._patient.delete(*keys)
        except RedisError as error:
            _note_failure(error)
            return False
        return True

    def _count(self, key: str, life: int) -> int:
        with self._redis.pipeline() as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, life)
            return int(pipeline.execute()[0])

    def _try(self, run: Callable[[], T], otherwise: T) -> T:
        from redis import RedisError

        if self._clock() < self._rests_until:
            return otherwise
        try:
            return run()
        except RedisError as error:
            self._rests_until = self._clock() + REST_SECONDS
            _note_failure(error)
            return otherwise


def _note_failure(error: Exception) -> None:
    metrics.REDIS_FAILURES.inc()
    log.warning("redis_failed", error=type(error).__name__)


def _connect(url: str, seconds: float) -> Any:
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    retry = Retry(NoBackoff(), 0)
    return Redis.from_url(
        url, decode_responses=True, socket_timeout=seconds, socket_connect_timeout=seconds, retry=retry
    )


def trouble_of_redis(url: str, seconds: float) -> str:
    """Return the reason why Redis keeps nothing: it does not answer, or takes no writes; empty when none is found."""
    from redis import RedisError
    from redis.exceptions import NoPermissionError

    try:
        with _connect(url, seconds) as redis:
            told = redis.info()
    except NoPermissionError:  # the server does not let our user look
        return ""
    except (RedisError, OSError, ValueError) as error:
        return type(error).__name__
    if told.get("role") != "master":
        return "唯讀的複本"
    most, is_kept = told.get("maxmemory", 0), told.get("maxmemory_policy") == "noeviction"
    return "記憶體滿了，又設成 noeviction" if most and is_kept and told.get("used_memory", 0) >= most else ""


def open_sessions(redis_url: str) -> Sessions:
    """Open the sessions in Redis; without its address, in this process."""
    return Sessions(RedisStore(redis_url) if redis_url else MemoryStore())


def session_key(chat: Chat, user: str | None) -> str:
    return f"{_person_key(user or '')}session:{_trace(chat.id)}"


def _recent_key(chat: Chat) -> str:
    return f"recent:{_trace(chat.id)}"


def _person_key(user: str) -> str:
    """Return the beginning of every key of a person."""
    return f"person:{_trace(user)}:"


def _trace(line_id: str) -> str:
    """Hash an id of LINE's for use in a key, where it never stands in clear."""
    return hashlib.sha256(f"session {line_id}".encode()).hexdigest()[:32]


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_fields)


def _fields(value: Any) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value)}


def _read(kept: str | None, make: Callable[[Any], T], otherwise: T) -> T:
    """Return a value as it was put; `otherwise` when it is gone, or was put by a version of the bot with other fields."""
    try:
        return make(_with_tuples(json.loads(kept))) if kept else otherwise
    except (TypeError, ValueError):
        return otherwise


def _with_tuples(value: Any) -> Any:
    """Make tuples of the lists in a JSON value, as our values hold them."""
    if isinstance(value, dict):
        return {name: _with_tuples(one) for name, one in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value
