"""What one process remembers of what it has read: values under keys that say which revision they belong to."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """At most `most` values; a full one starts anew. Each step is one of dict's own, so threads may share it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._values: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        if len(self._values) >= self.most:
            self._values.clear()
        self._values[key] = value

    def remember(self, key: K, find: Callable[[], V]) -> V:
        """What was found before under this key, else what is found now."""
        found = self.get(key)
        if found is None:
            self.put(key, found := find())
        return found
