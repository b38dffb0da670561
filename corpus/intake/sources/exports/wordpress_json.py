"""An answer of WordPress's own door for programs, saved as a file."""

from __future__ import annotations

import json

from corpus.intake.sources.post import Post
from corpus.intake.sources.wordpress import post_of_row


def read(data: bytes, name: str) -> list[Post]:
    """Return the posts of a saved answer."""
    rows = json.loads(data)
    return [post_of_row(row) for row in (rows if isinstance(rows, list) else [rows]) if isinstance(row, dict)]
