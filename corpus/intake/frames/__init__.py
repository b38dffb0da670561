"""Frames that a forum, a chat or a mail puts around a text: its head, its foot, what others say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from corpus.intake.frames.chat import read_chat
from corpus.intake.frames.forum import read_forum
from corpus.intake.frames.mail import read_mail
from corpus.intake.frames.piece import Piece
from corpus.intake.frames.status import read_status
from corpus.intake.frames.thread import read_thread
from corpus.intake.lines import TextLine

__all__ = ["Piece", "pieces"]

_READERS = (read_chat, read_forum, read_mail, read_thread)


def pieces(lines: Sequence[TextLine], today: date | None = None) -> list[Piece]:
    """Return the lines as pieces that are read on their own: one, unless they are a chat with several long messages.

    `today` is the day on which they were copied, where that is known.
    """
    found = next((pieces for reader in _READERS if (pieces := reader(lines))), None)
    return found or read_status(lines, today) or [Piece(tuple(lines))]
