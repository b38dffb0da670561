"""Posts as essays: read by the readers of web pages, many at a time, in a process that may be killed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from itertools import accumulate

from corpus.essay import Essay, Visibility
from corpus.intake.extracted import Extracted, LeftOut, Reason
from corpus.intake.login_wall import SHORTEST_WHOLE
from corpus.intake.parsing import parse_apart
from corpus.intake.sandbox_protocol import ParseReply
from corpus.intake.sanitize import sanitize
from corpus.intake.sources.post import Post

SECONDS_A_POST, START_SECONDS = 5, 40
WALLED = "只看得到登入前的開頭"
NO_TEXT = "裡面讀不出文章"
TOP = 2  # blocks above which the byline of the whole stands

_BASE, _HEAD = re.compile(r"<base\b", re.IGNORECASE), re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_READER = "corpus.intake.sources.reading_process"


def read_posts(posts: Sequence[Post], source: str) -> list[Extracted | str]:
    """Return the essay of each post, with what was left out beside it; or why there is none."""
    if not posts:
        return []
    replies = _replies(posts)
    if replies is None and len(posts) == 1:
        return ["太大或太複雜，讀不下去"]
    if replies is None:  # one of them took the process with it: each by itself
        return [found for post in posts for found in read_posts([post], source)]
    return [_read(post, reply, source) for post, reply in zip(posts, replies, strict=True)]


def _replies(posts: Sequence[Post]) -> list[ParseReply] | None:
    """Return the reply to each post; None where the process did not come to an end."""
    pages = json.dumps([_page(post) for post in posts]).encode()
    return parse_apart(_READER, pages, len(posts), START_SECONDS + SECONDS_A_POST * len(posts))


def _page(post: Post) -> str:
    """Return a post's text as a page of its own."""
    base = f'<base href="{escape(post.address)}">' if post.address else ""  # its links and pictures may be relative
    if post.whole_page:
        return post.html if _BASE.search(post.html) else _HEAD.sub(lambda head: head[0] + base, post.html, count=1)
    title = escape(post.title)
    head = (
        f'<head>{base}<meta charset="utf-8"><title>{title}</title><meta property="og:title" content="{title}"></head>'
    )
    return f"<!DOCTYPE html><html>{head}<body><article><h1>{title}</h1>\n{post.html}\n</article></body></html>"


def _read(post: Post, reply: ParseReply, source: str) -> Extracted | str:
    found = [essay for essay in reply.essays if essay.blocks]
    if not found:
        return reply.what or NO_TEXT
    left_out = tuple(replace(left, essay=0) for left in reply.left_out)
    if post.whole_page:  # other essays on the page are other posts' cards
        whole = max(found, key=lambda essay: len(essay.body))
        left_out += tuple(
            LeftOut(f"{other.title}\n{other.body}".strip(), Reason.RELATED) for other in found if other is not whole
        )
    else:
        whole = _as_one(found)
    visibility = post.visibility if whole.visibility.is_public else whole.visibility
    if not visibility.is_public and post.whole_page and len(whole.body) < SHORTEST_WHOLE // 2:
        return WALLED
    pieces = max(len(found), 1 + len(_bylines_inside(whole, reply.left_out)))
    return Extracted((_as_published(post, whole, source, visibility),), left_out, pieces)


def _bylines_inside(essay: Essay, left_out: Sequence[LeftOut]) -> set[int]:
    """Return the blocks inside an essay above which a line of author or date stood: another piece may begin there."""
    return {
        line.before for line in left_out if line.reason is Reason.BYLINE and TOP < line.before < len(essay.blocks) - 1
    }


def _as_one(found: Sequence[Essay]) -> Essay:
    """Join the essays of one post: for whom the first is that is not for all, and open as far as the first mark in it."""
    blocks = tuple(block for essay in found for block in essay.blocks)
    closed = next((essay.visibility for essay in found if not essay.visibility.is_public), found[0].visibility)
    lengths = list(accumulate((len(essay.blocks) for essay in found), initial=0))
    opened = (above + essay.open_blocks for above, essay in zip(lengths, found, strict=False) if essay.open_blocks)
    return replace(found[0], blocks=blocks, visibility=closed, open_blocks=next(opened, 0))


def _as_published(post: Post, read: Essay, source: str, visibility: Visibility) -> Essay:
    """Return the essay with what its site says of it, which counts more than what its text does."""
    return sanitize(
        replace(
            read,
            title=post.title or read.title,
            author=post.author or read.author,
            source=source or read.source,
            url=post.address or None,
            published=post.published or read.published,
            tags=post.tags or read.tags,
            visibility=visibility,
        )
    )
