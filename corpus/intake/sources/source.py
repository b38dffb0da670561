"""A source: a site of whose posts the archive holds essays, and how far it has come with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=6)  # between two looks at a site
LOOKS_A_POST = 16  # looks in the time that passes between two posts of a site
MONTH = timedelta(days=30)
LONG_FAILURE = timedelta(days=1)  # after which the owner hears of it


class SourceKind(StrEnum):
    """The door by which a site gives its posts; the value is what an editor reads."""

    WORDPRESS = "WordPress"
    SITEMAP = "網站地圖"
    FEED = "訂閱來源"
    PAGES = "網頁"


class SourceRule(StrEnum):
    """The fate of a new post of a source that is kept up."""

    DRAFT = "draft"
    SHELVE = "shelve"
    PUBLISH = "publish"


class SourceState(StrEnum):
    """The stage that a source has come to."""

    FOUND = "found"  # looked at, and not taken in
    WALKING = "walking"  # its archive is being taken in
    KEPT = "kept"  # its archive is here, and it is kept up


@dataclass(frozen=True, slots=True)
class SourceDoors:
    """The addresses by which a site gives its posts; empty where there is none of a kind."""

    home: str
    api: str = ""
    maps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    hub: str = ""  # a WebSub hub that tells of what is new in `topic`
    topic: str = ""

    @property
    def kind(self) -> SourceKind:
        """The kind of the best door."""
        if self.api:
            return SourceKind.WORDPRESS
        return SourceKind.SITEMAP if self.maps else SourceKind.FEED if self.feeds else SourceKind.PAGES

    def moved(self, after: str) -> SourceDoors:
        """Return the same doors on another host, given with its scheme."""
        before = "/".join(self.home.split("/")[:3])

        def there(url: str) -> str:
            return after + url.removeprefix(before) if url.startswith(before) else url

        return SourceDoors(
            there(self.home),
            there(self.api),
            tuple(map(there, self.maps)),
            tuple(map(there, self.feeds)),
            there(self.hub),
            there(self.topic),
        )


@dataclass(frozen=True, slots=True)
class Source:
    """One site. `id` is 0 until the store has given it."""

    address: str
    title: str
    doors: SourceDoors
    rule: SourceRule
    added_at: datetime
    next_at: datetime
    state: SourceState = SourceState.FOUND
    is_ours: bool = False
    added_by: str | None = None
    found: dict[str, Any] = field(default_factory=dict)
    cursor: dict[str, Any] = field(default_factory=dict)
    synced_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    problem: str = ""
    owner_told: bool = False
    id: int = 0


def pause_after_success(posts_of_a_month: int) -> timedelta:
    """Return the time to wait for the next look at a site that wrote so many posts in the last month."""
    return min(max(MONTH / max(posts_of_a_month, 1) / LOOKS_A_POST, SHORTEST), LONGEST)


def pause_after_failures(failures: int) -> timedelta:
    """Return the time to wait with a site that failed so many times in a row."""
    return min(SHORTEST * float(2 ** min(failures - 1, 10)), LONGEST)
