"""The essays of an export, and what of it was left out."""

from __future__ import annotations

from corpus.intake.errors import IntakeError
from corpus.intake.extracted import Extracted, LeftOut, Reason, joined
from corpus.intake.sources.exports.form import read_export
from corpus.intake.sources.post import Post
from corpus.intake.sources.reading import read_posts

READ_AT_ONCE = 25  # posts that one reading process takes


def extract_export(data: bytes, name: str, form: str, *, drafts: bool = False) -> Extracted:
    """Extract all posts as essays; drafts and pages only where asked for. Raises IntakeError where there is none to take."""
    posts = read_export(data, name, form)
    wanted = [post for post in posts if not post.refusal and (drafts or not post.unpublished)]
    parts = [_left_out(post, post.unpublished or post.refusal) for post in posts if post not in wanted]
    for start in range(0, len(wanted), READ_AT_ONCE):
        some = wanted[start : start + READ_AT_ONCE]
        for post, found in zip(some, read_posts(some, ""), strict=True):
            parts.append(_left_out(post, found) if isinstance(found, str) else found)
    whole = joined(parts)
    if not whole.essays:
        raise IntakeError("這份匯出檔裡沒有公開的文章", name, "草稿也要收就加 --with-drafts")
    return whole


def _left_out(post: Post, why: str) -> Extracted:
    return Extracted((), (LeftOut(f"{post.title or post.address}：{why}", Reason.UNPUBLISHED),))
