"""A text within its frame."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.intake.lines import TextLine


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines in reading order, the frame's own told by their role, and what the frame says of the text.

    `is_one`: whoever wrote it sent it as one text, so it is one essay.
    """

    lines: tuple[TextLine, ...]
    title: str | None = None
    author: str | None = None
    published: date | None = None
    is_one: bool = False
