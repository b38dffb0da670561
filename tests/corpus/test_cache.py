"""What one process remembers, and what it lets go."""

from __future__ import annotations

from corpus.cache import BoundedCache


def test_the_values_used_last_are_kept() -> None:
    cache: BoundedCache[str, str] = BoundedCache(2)
    for key in "abac":
        cache.remember(key, key.upper)
    assert [cache.get(key) for key in "abc"] == ["A", None, "C"]


def test_values_are_kept_by_what_they_weigh() -> None:
    cache: BoundedCache[str, str] = BoundedCache(10, len)
    for key, text in {"light": "a", "heavy": "b" * 7, "next": "c" * 4}.items():
        cache.put(key, text)
    assert (cache.get("light"), cache.get("heavy"), cache.get("next")) == (None, None, "cccc")


def test_what_weighs_more_than_all_may_is_found_and_not_kept() -> None:
    cache: BoundedCache[str, str] = BoundedCache(3, len)
    assert cache.remember("long", lambda: "abcd") == "abcd"
    assert cache.get("long") is None
