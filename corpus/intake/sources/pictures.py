"""Pictures of posts: whether they are still to be had."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.intake.errors import IntakeError
from corpus.intake.sources.client import SourceClient

POSTS_A_LOOK = 5  # whose pictures are looked for at one look


def count_lost(client: SourceClient, pictures: Sequence[str]) -> int:
    """Count the addresses that give no picture. Raises SourceError where a site gives nothing for now."""
    return sum(not _is_there(client, url) for url in dict.fromkeys(pictures))


def _is_there(client: SourceClient, url: str) -> bool:
    try:
        answer = client.get(url, accept="image/*")
    except IntakeError as error:
        if type(error) is not IntakeError:  # trouble, not the picture's
            raise
        return False
    return answer.status == 200 and answer.headers.get("content-type", "").startswith("image/")
