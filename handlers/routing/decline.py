"""不用, 先不要: no to what was offered, in one short line."""

from __future__ import annotations

from dataclasses import replace

from handlers.answer import Answer, said
from handlers.ask import Ask, Session
from handlers.command import desk_command
from handlers.context import House


def decline(ask: Ask, house: House) -> Answer:
    """Nothing is done; a question that waits for its answer is dropped with it."""
    return said("好,那就先不要。", session=None if ask.pressed else Session())


COMMAND = replace(desk_command(("不用", "先不要"), "不用", "回絕剛才的提議", decline, hidden=True), bare=True)
