"""Walks a source: by the best door that is open, in batches that can be kept one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from corpus.intake.errors import IntakeError
from corpus.intake.sources.client import SourceClient
from corpus.intake.sources.discovery import find_maps
from corpus.intake.sources.feeds import Feed, parse_feed
from corpus.intake.sources.known import KnownPosts
from corpus.intake.sources.pages import is_gone, listed_posts, read_post_page
from corpus.intake.sources.post import Post
from corpus.intake.sources.sitemaps import MapEntry, entries
from corpus.intake.sources.source import Source, SourceState
from corpus.intake.sources.wordpress import A_PAGE, ClosedDoorError, PostPage, WordPress
from corpus.intake.sources.wordpress_news import edited_posts, new_posts
from corpus.storage.source_store import KnownPost

A_BATCH = 20  # pages that are read before what they hold is kept
RECHECKS = 10  # posts without a date of change that are asked for anew at each look
HALF_FEEDS = 3  # times that a feed which ends in the middle is asked for again
WALKS = 3  # times that a list is walked again because posts were missing from it
MOST_REMOVED = 50  # posts whose removal is looked into at one look
SUSPICIOUS = 0.3  # share of a site that does not vanish at once: more is trouble of the site


@dataclass(frozen=True, slots=True)
class WalkBatch:
    """Some posts of a walk, in the order in which they are to be kept, and where the walk goes on after them."""

    posts: tuple[Post, ...] = ()
    removed: tuple[KnownPost, ...] = ()
    checked: tuple[KnownPost, ...] = ()  # asked for, and unchanged
    cursor: Mapping[str, Any] | None = None
    moved_to: str = ""  # the host where the site now is, with its scheme


def walk(source: Source, client: SourceClient, known: KnownPosts) -> Iterator[WalkBatch]:
    """Yield the posts that are new, changed and gone; of a source that is not here yet, all. Raises SourceError, IntakeError."""
    if moved := client.new_host(source.doors.home):
        source = replace(source, doors=source.doors.moved(moved))
        yield WalkBatch(moved_to=moved)
    doors = source.doors
    if doors.api:
        try:
            yield from _by_wordpress(source, WordPress(client, doors.api), known)
            return
        except ClosedDoorError:
            pass
    maps = doors.maps or tuple(find_maps(client, doors.home)) if not doors.feeds or doors.api else doors.maps
    if maps:
        yield from _by_sitemap(replace(source, doors=replace(doors, maps=maps)), client, known)
    elif doors.feeds:
        yield from _by_feed(source, client, known)
    else:
        yield from _by_lists(source, client, known)


def _by_wordpress(source: Source, wordpress: WordPress, known: KnownPosts) -> Iterator[WalkBatch]:
    if source.state is not SourceState.KEPT:
        yield from _whole_archive(source, wordpress, known)
        return
    etag = str(source.cursor.get("etag", ""))
    for page in new_posts(wordpress, etag, known):
        etag = page.etag if page.number == 1 else etag
        yield _batch(page, source.cursor)
    for page in edited_posts(wordpress, known):
        yield _batch(page, source.cursor)
    yield WalkBatch(cursor={**source.cursor, "etag": etag})
    total = wordpress.total()
    if total is None or total == len(known.there()):
        return
    listed = wordpress.listed()
    gone = [post for post in known.there() if post.number and post.number not in listed]
    yield WalkBatch(removed=_confirmed(wordpress.client, gone, known), cursor={**source.cursor, "etag": etag})
    if any(known.find(Post(address, number=number)) is None for number, address in listed.items()):
        for page in wordpress.pages():
            yield _batch(page, {**source.cursor, "etag": etag})


def _whole_archive(source: Source, wordpress: WordPress, known: KnownPosts) -> Iterator[WalkBatch]:
    """Yield every post, the oldest first; again where some were missed, because a deletion moved them to a page that was read."""
    first, size = int(source.cursor.get("page", 1)), int(source.cursor.get("size", A_PAGE))
    for _ in range(WALKS):
        for page in wordpress.pages(first, size, orderby="date", order="asc"):
            yield _batch(page, {"page": page.number + 1, "size": page.size})
        total = wordpress.total()
        if total is None or len(known.there()) >= total:
            return
        first, size = 1, A_PAGE


def _batch(page: PostPage, cursor: Mapping[str, Any]) -> WalkBatch:
    return WalkBatch(page.posts, cursor=cursor)


def _by_sitemap(source: Source, client: SourceClient, known: KnownPosts) -> Iterator[WalkBatch]:
    hints = {known.key(post.address): post for post in _feed(source, client).posts}
    listed = list(entries(client, source.doors.maps, source.doors.home))
    wanted = [_hinted(entry, hints, known) for entry in listed if _is_news(entry, known)]
    keys = {known.key(entry.address) for entry in listed}
    late = [post for key, post in hints.items() if key not in keys and known.at(post.address) is None]
    yield from _read_all(client, [*wanted, *((post, True) for post in late)])
    undated = {known.key(entry.address) for entry in listed if not entry.modified}
    yield from _recheck(client, [post for post in known.longest_unchecked(A_PAGE) if post.key in undated][:RECHECKS])
    if listed:
        gone = [post for post in known.there() if post.key not in keys and post.key not in hints]
        yield WalkBatch(removed=_confirmed(client, gone, known))


def _is_news(entry: MapEntry, known: KnownPosts) -> bool:
    """Tell whether a post is new, has come back, or has changed since it was read."""
    post = known.at(entry.address)
    if post is None or post.state == "removed":
        return True
    return bool(entry.modified) and entry.modified != post.modified[: len(entry.modified)]


def _hinted(entry: MapEntry, hints: Mapping[str, Post], known: KnownPosts) -> tuple[Post, bool]:
    hint = hints.get(known.key(entry.address))
    post = replace(hint, address=entry.address, html="") if hint else Post(entry.address)
    return replace(post, modified=entry.modified or post.modified), entry.certain or hint is not None


def _by_feed(source: Source, client: SourceClient, known: KnownPosts) -> Iterator[WalkBatch]:
    """Yield a feed's posts; of a WordPress that has closed all else, its feed goes back page by page."""
    feed = _feed(source, client)
    is_first = source.state is not SourceState.KEPT
    seen: set[str] = set()
    for number in range(2, 10_000):
        new = [post for post in feed.posts if post.address not in seen]
        seen |= {post.address for post in new}
        unread = [post for post in new if not known.has_current(post)]
        yield WalkBatch(tuple(post for post in unread if post.html))
        yield from _read_all(client, [(post, True) for post in unread if not post.html])
        if not new or "wordpress" not in feed.generator.lower() or not (is_first or len(unread) == len(new)):
            break
        feed = _feed(source, client, f"?paged={number}")
    yield from _recheck(client, [post for post in known.longest_unchecked(RECHECKS) if post.address not in seen])


def _feed(source: Source, client: SourceClient, page: str = "") -> Feed:
    """Return the feed of a source; an empty one where there is none, or it is only a help beside a sitemap."""
    for url in source.doors.feeds[:1]:
        try:
            return _read_feed(client, url + page)
        except IntakeError:
            if not (source.doors.maps or page):
                raise
    return Feed("", ())


def _read_feed(client: SourceClient, url: str) -> Feed:
    """Read the feed at an address, asking again where it ends in the middle."""
    feed = Feed("", ())
    for _ in range(HALF_FEEDS):
        answer = client.get(url)
        if answer.status != 200:
            break
        feed = parse_feed(answer.data, answer.url)
        if feed.is_whole:
            break
    return feed


def _by_lists(source: Source, client: SourceClient, known: KnownPosts) -> Iterator[WalkBatch]:
    """Yield the posts on the pages that list them, the newest first; of a source that is here, down to what is known."""
    for _, addresses in listed_posts(client, source.doors.home):
        unknown = [address for address in addresses if known.at(address) is None]
        yield from _read_all(client, [(Post(address), True) for address in unknown])
        if source.state is SourceState.KEPT and not unknown:
            break
    yield from _recheck(client, known.longest_unchecked(RECHECKS))


def _read_all(client: SourceClient, wanted: list[tuple[Post, bool]]) -> Iterator[WalkBatch]:
    """Yield the posts at these addresses, read page by page."""
    waiting = iter(wanted)
    while some := list(islice(waiting, A_BATCH)):
        read = [_read_page(client, hint, certain) for hint, certain in some]
        yield WalkBatch(tuple(post for post in read if post is not None))


def _read_page(client: SourceClient, hint: Post, certain: bool) -> Post | None:
    try:
        return read_post_page(client, hint, certain=certain)[0]
    except IntakeError as error:
        if type(error) is not IntakeError:  # the site has trouble, not the page
            raise
        return replace(hint, refusal=error.what)


def _recheck(client: SourceClient, posts: list[KnownPost]) -> Iterator[WalkBatch]:
    """Ask anew for posts whose site does not say when they changed; yield the changed, the gone and the unchanged."""
    found: list[Post] = []
    gone: list[KnownPost] = []
    same: list[KnownPost] = []
    for known in posts:
        hint = Post(known.address, number=known.number, etag=known.etag, last_modified=known.last_modified)
        try:
            post, status = read_post_page(client, hint)
        except IntakeError as error:
            if type(error) is not IntakeError:
                raise
            continue
        if status in (404, 410):
            gone.append(known)
        elif post is not None:
            found.append(post)
        else:
            same.append(known)
    yield WalkBatch(tuple(found), tuple(gone), tuple(same))


def _confirmed(client: SourceClient, gone: list[KnownPost], known: KnownPosts) -> tuple[KnownPost, ...]:
    """Return the missing posts that are truly gone; none where much of a site is missing, for then the site has trouble."""
    if len(gone) > max(SUSPICIOUS * len(known.there()), A_BATCH):
        return ()
    return tuple(post for post in gone[:MOST_REMOVED] if is_gone(client, post.address))
