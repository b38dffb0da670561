"""Pictures of essays, fetched for their readers: of known types, of a limited size, a few at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from corpus.intake.allowed import AllowedHosts
from corpus.intake.errors import IntakeError

TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif")  # none that holds code, as SVG does
MOST_BYTES = 4 * 2**20
SECONDS = 8.0  # for one picture
AT_ONCE = 2  # of the threads that answer LINE
PATIENCE = 3.0  # seconds that a picture waits for its turn


@dataclass(frozen=True, slots=True)
class WebPicture:
    """A picture's bytes and their media type."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class PictureProxy:
    """Fetches pictures for readers, so that their sites learn nothing of who reads; `get` asks for an address."""

    get: Callable[[str], WebPicture | None]
    _turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))

    def picture(self, url: str) -> WebPicture | None:
        """Get the picture at an address; None where there is none, it is too large, or too many are asked for at once."""
        if not self._turns.acquire(timeout=PATIENCE):
            return None
        try:
            found = self.get(url)
        finally:
            self._turns.release()
        return found if found and found.media_type in TYPES and 0 < len(found.data) <= MOST_BYTES else None


def picture_on_the_web(url: str, allowed: AllowedHosts) -> WebPicture | None:
    """Ask a site for a picture, through the guard that every address passes."""
    from corpus.intake.fetch import WebGuard, request

    try:
        answer = request(url, {"Accept": ", ".join(TYPES)}, WebGuard(allowed=allowed), types=TYPES, seconds=SECONDS)
    except IntakeError:
        return None
    media_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    return WebPicture(answer.data, media_type) if answer.status == 200 else None
