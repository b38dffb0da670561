"""Known posts of a source while it is walked: found by number or by address."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from corpus.intake.sources.addresses import address_key, path_key, same_site
from corpus.intake.sources.post import Post
from corpus.storage.source_store import KnownPost


class KnownPosts:
    """The posts of one source as the archive knows them; kept up while a walk goes on."""

    def __init__(self, home: str, posts: Iterable[KnownPost]) -> None:
        self.home = home
        self._by_key: dict[str, KnownPost] = {}
        self._by_number: dict[str, KnownPost] = {}
        for post in posts:
            self.note(post)

    def note(self, post: KnownPost) -> None:
        """Take in a post that has just been kept."""
        self._by_key[post.key] = post
        if post.number:
            self._by_number[post.number] = post

    def key(self, address: str) -> str:
        """Return the identity of an address within the source: without the host where it is the source's own, so that a move keeps it."""
        return path_key(address) if same_site(address, self.home) else address_key(address)

    def find(self, post: Post) -> KnownPost | None:
        return self._by_number.get(post.number) or self.at(post.address)

    def at(self, address: str) -> KnownPost | None:
        return self._by_key.get(self.key(address))

    def has_current(self, post: Post) -> bool:
        """Tell whether a post is here as it is now, by the moment of its last change."""
        known = self.find(post)
        return (
            known is not None
            and known.state != "removed"
            and bool(post.modified)
            and known.modified == post.modified
            and known.key == self.key(post.address)
            and known.address == post.address
        )

    def there(self) -> list[KnownPost]:
        """Return all posts that were there when they were last looked for, taken in or not."""
        return [post for post in self._by_key.values() if post.state != "removed"]

    def left_behind(self) -> list[KnownPost]:
        """Return the site's own posts whose address is on a host that it has moved away from."""
        return [
            post
            for post in self.there()
            if post.key == path_key(post.address) and not same_site(post.address, self.home)
        ]

    def at_home(self, address: str) -> str:
        """Return the same address on the host of the source."""
        home = urlsplit(self.home)
        return urlsplit(address)._replace(scheme=home.scheme, netloc=home.netloc).geturl()

    def longest_unchecked(self, count: int) -> list[KnownPost]:
        """Return the posts that were looked at longest ago."""
        return sorted(self.there(), key=lambda post: (post.checked_at is not None, post.checked_at))[:count]
