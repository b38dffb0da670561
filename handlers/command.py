"""Command: a handler with the words that call it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.answer import Answer
from handlers.ask import Ask
from handlers.context import Context
from handlers.identity import Role


@dataclass(frozen=True, slots=True)
class Command:
    """A handler with the words that call it. Its first example is help text and test at once."""

    words: tuple[str, ...]  # the primary word first, an English alias last
    usage: str  # 「找 關鍵字」
    help: str  # one line
    examples: tuple[str, ...]  # what a person could type
    run: Handler
    role: Role = Role.GUEST
    group: bool = True  # False: one to one only; in a group a hint is given
    own_word: bool = False  # True: only as the whole message or before a space, since the word begins other words
    exact_only: bool = (
        False  # True: only as the whole message, with a page at most; before anything else it is an ordinary word
    )
    personal: bool = False  # True: concerns one person's own things; no button offers it to a group
    allowed_in_quiet_mode: bool = False  # True: a setting, which a chat with 只送摘要 still needs
    hidden: bool = False  # True: pressed rather than typed; not in the help
    editors_only: bool = False  # True: to people without a role in editing the words are ordinary ones
    is_talk: bool = False  # True: speaks of us or greets, and does nothing
    raw_rest: bool = False  # True: what follows the word is taken as typed, with its lines and full-width signs
    recognise: Callable[[Ask], bool] | None = None  # calls the handler by pattern, with the whole text


Handler = Callable[[Ask, Context], Answer | Ask]  # a returned Ask is handled as if it had been typed


def editing_command(
    words: tuple[str, ...],
    usage: str,
    help: str,
    run: Handler,
    role: Role = Role.EDITOR,
    *,
    recognise: Callable[[Ask], bool] | None = None,
    hidden: bool = False,
    verbatim: bool = False,
) -> Command:
    """Return a command for editors: one to one only, and its words are ordinary ones to everybody else."""
    return Command(
        words,
        usage,
        help,
        (usage,) if words else (),
        run,
        role,
        group=False,
        own_word=True,
        hidden=hidden,
        editors_only=True,
        raw_rest=verbatim,
        recognise=recognise,
    )
