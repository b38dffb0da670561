"""Remember what one process has read: values under keys that say which revision they belong to."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """Keep the values used last, at most `most` of them or of what they weigh. Threads may share it; a value may be made twice at the same time."""

    def __init__(self, most: int, weigh: Callable[[V], int] = lambda _value: 1) -> None:
        self._values: LRUCache[K, V] = LRUCache(most, weigh)
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Keep a value, unless it weighs more than all may."""
        with self._lock, suppress(ValueError):
            self._values[key] = value

    def drop(self, key: K) -> None:
        with self._lock:
            self._values.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._values.clear()

    def remember(self, key: K, find: Callable[[], V]) -> V:
        """Return the value under this key, or call `find` for it and keep that."""
        found = self.get(key)
        if found is None:
            self.put(key, found := find())
        return found
