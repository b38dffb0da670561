"""News of a WordPress that is here already: posts written and changed since the last look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from corpus.intake.sources.known import KnownPosts
from corpus.intake.sources.wordpress import PostPage, WordPress

NEWEST = 20  # posts of the first page of a look
MARGIN = timedelta(hours=14)  # WordPress compares with its own clock, whose time zone is not known here


def new_posts(wordpress: WordPress, etag: str, known: KnownPosts) -> Iterator[PostPage]:
    """Yield the newest posts, page after page while all of them are new; nothing where nothing changed since `etag`."""
    number, is_new = 1, True
    while is_new and (page := wordpress.page(number, NEWEST, etag=etag)) is not None:
        is_new = not any(known.find(post) for post in page.posts)
        number, etag = number + 1, ""
        yield page
        if page.last is not None and number > page.last:
            return


def edited_posts(wordpress: WordPress, known: KnownPosts) -> Iterator[PostPage]:
    """Yield the posts that changed after the latest change that is known."""
    moments = [post.modified for post in known.there() if len(post.modified) > len("2026-01-01")]
    if not moments:
        return
    since = datetime.fromisoformat(max(moments)) - MARGIN
    yield from wordpress.pages(modified_after=since.strftime("%Y-%m-%dT%H:%M:%SZ"))
