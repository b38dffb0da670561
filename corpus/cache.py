"""Remember what one process has read: values under keys that say which revision they belong to."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """Keep at most `most` values, those used last. Threads may share it; a value may be made twice at the same time."""

    def __init__(self, most: int) -> None:
        self._values: LRUCache[K, V] = LRUCache(most)
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        with self._lock:
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
