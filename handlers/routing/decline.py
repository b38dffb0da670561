"""不用, 先不要: no to what was offered, in one short line."""

from __future__ import annotations

from dataclasses import replace

from handlers.answer import Answer, text_answer
from handlers.ask import Ask, Session
from handlers.command import editing_command
from handlers.context import Context
from handlers.verb import Verb


def decline(ask: Ask, context: Context) -> Answer:
    """Do nothing, and drop a question that waits for its answer."""
    return text_answer("好，那就先不要。", session=None if ask.pressed else Session())


COMMAND = replace(
    editing_command((Verb.NO_NEED, "先不要"), "不用", "回絕剛才的提議", decline, hidden=True), exact_only=True
)
