"""A feed that was saved as a file."""

from __future__ import annotations

from dataclasses import replace

from corpus.intake.sources.feeds import parse_feed
from corpus.intake.sources.post import Post


def read(data: bytes, name: str) -> list[Post]:
    """Return the posts of a feed; those of which it holds only a teaser are refused."""
    return [post if post.html else replace(post, refusal="訂閱來源裡只有摘要") for post in parse_feed(data, name).posts]
